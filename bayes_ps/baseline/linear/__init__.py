"""Linear algebra and tests that regression, multilevel, multivariate and robust models share."""

from bayes_ps.baseline.linear.coefficients import Coefficients
from bayes_ps.baseline.linear.joint_tests import JointTest
from bayes_ps.baseline.linear.predictions import Predictions

__all__ = ["Coefficients", "JointTest", "Predictions"]
