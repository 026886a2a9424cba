"""Several models of the same studies: evidence, Bayes factors, and their average."""

from bayes_ps.comparison.averaged import Averaged
from bayes_ps.comparison.averaged_fit import AveragedFit
from bayes_ps.comparison.evidence import Comparison, compare

__all__ = ["Averaged", "AveragedFit", "Comparison", "compare"]
