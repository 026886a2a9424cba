"""Meta-regression and subgroups: coefficients, omnibus tests, R², VIF, predictions."""

from bayes_ps.baseline.regression.fitting import meta_regression
from bayes_ps.baseline.regression.results import Regression
from bayes_ps.baseline.regression.subgroup_analysis import subgroups
from bayes_ps.baseline.regression.subgroup_results import Subgroup, SubgroupAnalysis

__all__ = ["Regression", "Subgroup", "SubgroupAnalysis", "meta_regression", "subgroups"]
