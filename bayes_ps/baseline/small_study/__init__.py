"""Small-study effects: tests of the funnel, and what the mean would be without them."""

from bayes_ps.baseline.small_study.asymmetry import AsymmetryTest
from bayes_ps.baseline.small_study.fail_safe import FailSafeN, fail_safe_n
from bayes_ps.baseline.small_study.filling import TrimAndFill, trim_and_fill
from bayes_ps.baseline.small_study.harbord_test import harbord
from bayes_ps.baseline.small_study.limit_effect import PetPeese, pet_peese
from bayes_ps.baseline.small_study.peters_test import peters
from bayes_ps.baseline.small_study.rank_correlation import begg
from bayes_ps.baseline.small_study.regression_test import egger
from bayes_ps.baseline.small_study.selection import selection_model
from bayes_ps.baseline.small_study.selection_result import SelectionModel

__all__ = [
    "AsymmetryTest",
    "FailSafeN",
    "PetPeese",
    "SelectionModel",
    "TrimAndFill",
    "begg",
    "egger",
    "fail_safe_n",
    "harbord",
    "pet_peese",
    "peters",
    "selection_model",
    "trim_and_fill",
]
