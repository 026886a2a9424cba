"""The exact engine: the posterior of a Gaussian hierarchy by quadrature over its scales."""

from bayes_ps.exact.any_prior import TiltedPosterior
from bayes_ps.exact.inversion import invert
from bayes_ps.exact.line import Line
from bayes_ps.exact.nested import NestedPosterior, integrate
from bayes_ps.exact.posterior import ExactPosterior, Posterior
from bayes_ps.exact.quotient import Quotient
from bayes_ps.exact.scale import Scale
from bayes_ps.exact.tails import moments, moments_of_beta, posterior_tail, refuse_improper
from bayes_ps.exact.whitening import Conditional, Whitened, whiten

__all__ = [
    "Conditional",
    "ExactPosterior",
    "Line",
    "NestedPosterior",
    "Posterior",
    "Quotient",
    "Scale",
    "TiltedPosterior",
    "Whitened",
    "integrate",
    "invert",
    "moments",
    "moments_of_beta",
    "posterior_tail",
    "refuse_improper",
    "whiten",
]
