"""The exact engine: the posterior of a Gaussian hierarchy by quadrature over tau."""

from bayes_ps.exact.posterior import (
    ExactPosterior,
    integrate,
    moments,
    moments_of_beta,
    posterior_tail,
)
from bayes_ps.exact.whitening import Conditional, Whitened, whiten

__all__ = [
    "Conditional",
    "ExactPosterior",
    "Whitened",
    "integrate",
    "moments",
    "moments_of_beta",
    "posterior_tail",
    "whiten",
]
