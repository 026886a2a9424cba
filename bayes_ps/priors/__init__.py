"""Priors as values: each has a density, quantiles, a source, and makes a PyMC variable.

For an effect: flat, normal, student_t, cauchy. For the between-study standard deviation tau:
half_normal, half_student_t, half_cauchy, uniform, exponential, gamma, inverse_gamma, log_normal,
log_student_t; on the scale of the standard errors jeffreys, overall_jeffreys, berger_deely,
conventional, dumouchel, uniform_shrinkage, uniform_i2; improper improper_uniform, sqrt_uniform;
published turner2012, turner2015, rhodes2015, cochrane, and empirical, which picks among them by
outcome and comparison. For both: mixture, point. A PreliZ distribution may stand wherever a prior
is asked for. `effective_sample_size` says how many patients a prior of an effect is worth.
"""

from bayes_ps.priors.by_outcome import empirical
from bayes_ps.priors.coercion import PreliZ, for_external, for_location, for_scale
from bayes_ps.priors.effective_size import effective_sample_size, unit_information_sd
from bayes_ps.priors.half import HalfCauchy as half_cauchy
from bayes_ps.priors.half import HalfNormal as half_normal
from bayes_ps.priors.half import HalfStudentT as half_student_t
from bayes_ps.priors.information import BergerDeely as berger_deely
from bayes_ps.priors.information import Conventional as conventional
from bayes_ps.priors.information import Jeffreys as jeffreys
from bayes_ps.priors.information import OverallJeffreys as overall_jeffreys
from bayes_ps.priors.location import Cauchy as cauchy
from bayes_ps.priors.location import Flat as flat
from bayes_ps.priors.location import Normal as normal
from bayes_ps.priors.location import Point as point
from bayes_ps.priors.location import StudentT as student_t
from bayes_ps.priors.log_scale import LogNormal as log_normal
from bayes_ps.priors.log_scale import LogStudentT as log_student_t
from bayes_ps.priors.mixtures import Mixture as mixture
from bayes_ps.priors.positive import Exponential as exponential
from bayes_ps.priors.positive import Gamma as gamma
from bayes_ps.priors.positive import ImproperUniform as improper_uniform
from bayes_ps.priors.positive import InverseGamma as inverse_gamma
from bayes_ps.priors.positive import SqrtUniform as sqrt_uniform
from bayes_ps.priors.positive import Uniform as uniform
from bayes_ps.priors.prior import Prior
from bayes_ps.priors.published import (
    EffectAndHeterogeneity,
    cochrane,
    rhodes2015,
    turner2012,
    turner2015,
)
from bayes_ps.priors.shrinkage import DuMouchel as dumouchel
from bayes_ps.priors.shrinkage import UniformI2 as uniform_i2
from bayes_ps.priors.shrinkage import UniformShrinkage as uniform_shrinkage

__all__ = [
    "EffectAndHeterogeneity",
    "PreliZ",
    "Prior",
    "berger_deely",
    "cauchy",
    "cochrane",
    "conventional",
    "dumouchel",
    "effective_sample_size",
    "empirical",
    "exponential",
    "flat",
    "for_external",
    "for_location",
    "for_scale",
    "gamma",
    "half_cauchy",
    "half_normal",
    "half_student_t",
    "improper_uniform",
    "inverse_gamma",
    "jeffreys",
    "log_normal",
    "log_student_t",
    "mixture",
    "normal",
    "overall_jeffreys",
    "point",
    "rhodes2015",
    "sqrt_uniform",
    "student_t",
    "turner2012",
    "turner2015",
    "uniform",
    "uniform_i2",
    "uniform_shrinkage",
    "unit_information_sd",
]
