"""Priors as values: each has a density, quantiles, a source, and makes a PyMC variable.

For an effect: flat, normal, student_t. For the between-study standard deviation tau: half_normal,
half_student_t, half_cauchy, uniform, exponential, gamma, inverse_gamma, log_normal, log_student_t.
A PreliZ distribution may stand wherever a prior is asked for.
"""

from bayes_ps.priors.coercion import PreliZ, for_location, for_scale
from bayes_ps.priors.half import HalfCauchy as half_cauchy
from bayes_ps.priors.half import HalfNormal as half_normal
from bayes_ps.priors.half import HalfStudentT as half_student_t
from bayes_ps.priors.location import Flat as flat
from bayes_ps.priors.location import Normal as normal
from bayes_ps.priors.location import StudentT as student_t
from bayes_ps.priors.log_scale import LogNormal as log_normal
from bayes_ps.priors.log_scale import LogStudentT as log_student_t
from bayes_ps.priors.positive import Exponential as exponential
from bayes_ps.priors.positive import Gamma as gamma
from bayes_ps.priors.positive import ImproperUniform as improper_uniform
from bayes_ps.priors.positive import InverseGamma as inverse_gamma
from bayes_ps.priors.positive import Uniform as uniform
from bayes_ps.priors.prior import Prior

__all__ = [
    "PreliZ",
    "Prior",
    "exponential",
    "flat",
    "for_location",
    "for_scale",
    "gamma",
    "half_cauchy",
    "half_normal",
    "half_student_t",
    "improper_uniform",
    "inverse_gamma",
    "log_normal",
    "log_student_t",
    "normal",
    "student_t",
    "uniform",
]
