"""Effects that are not independent: multilevel and multivariate models with known V."""

from bayes_ps.baseline.components.levels import multilevel
from bayes_ps.baseline.components.multilevel_results import Multilevel, VarianceComponent
from bayes_ps.baseline.components.multivariate_results import Multivariate
from bayes_ps.baseline.components.outcomes import multivariate
from bayes_ps.baseline.components.sampling_covariance import impute_covariance

__all__ = [
    "Multilevel",
    "Multivariate",
    "VarianceComponent",
    "impute_covariance",
    "multilevel",
    "multivariate",
]
