"""`fit`: a model and effects in, a `Fit` out, by either engine."""

from bayes_ps.fitting.engines import fit

__all__ = ["fit"]
