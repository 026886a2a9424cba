"""Effects: y and se per study on one scale. One measure family a file."""

from bayes_ps.effects.arms import effect_sizes
from bayes_ps.effects.effects import Direction, Effects
from bayes_ps.effects.standard_errors import se_from_ci, se_from_p

__all__ = ["Direction", "Effects", "effect_sizes", "se_from_ci", "se_from_p"]
