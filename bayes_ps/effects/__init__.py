"""Effects: y and se per study on one scale. One measure family a file."""

from bayes_ps.effects.effects import Direction, Effects
from bayes_ps.effects.from_table import effect_sizes
from bayes_ps.effects.measure import Measure
from bayes_ps.effects.registry import MEASURES
from bayes_ps.effects.shared_controls import with_shared_controls
from bayes_ps.effects.standard_errors import se_from_ci, se_from_p

__all__ = [
    "MEASURES",
    "Direction",
    "Effects",
    "Measure",
    "effect_sizes",
    "se_from_ci",
    "se_from_p",
    "with_shared_controls",
]
