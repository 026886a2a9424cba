"""Whether to trust a fit: sampling diagnostics, the certificate, predictive checks."""

from bayes_ps.diagnostics.calibration import Calibration, calibrate
from bayes_ps.diagnostics.certificate import Certificate, certify
from bayes_ps.diagnostics.predictive_checks import PredictiveCheck, predictive_check
from bayes_ps.diagnostics.sampling import Diagnosis, diagnose

__all__ = [
    "Calibration",
    "Certificate",
    "Diagnosis",
    "PredictiveCheck",
    "calibrate",
    "certify",
    "diagnose",
    "predictive_check",
]
