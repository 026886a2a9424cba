"""Whether to trust a fit: sampling diagnostics, and the certificate against the exact engine."""

from bayes_ps.diagnostics.certificate import Certificate, certify
from bayes_ps.diagnostics.sampling import Diagnosis, diagnose

__all__ = ["Certificate", "Diagnosis", "certify", "diagnose"]
