"""Cluster-robust standard errors: CR0, CR1 and CR2 with Satterthwaite degrees of freedom."""

from bayes_ps.baseline.robust.inference import cluster_robust
from bayes_ps.baseline.robust.results import ClusterRobust

__all__ = ["ClusterRobust", "cluster_robust"]
