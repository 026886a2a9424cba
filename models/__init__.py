"""The models, one a file, as a statistician would write them on the board.

Each is a frozen specification whose fields are priors. ``build(effects)`` makes the PyMC model,
``gaussian(effects)`` the Gaussian hierarchy that the exact engine integrates.
"""

from bayes_ps import priors
from models.bias_adjusted import BiasAdjusted
from models.common_effect import CommonEffect
from models.meta_regression import MetaRegression
from models.network import Network
from models.pooled_evidence import PooledEvidence
from models.random_effects import RandomEffects
from models.robust import StudentTEffects
from models.three_level import ThreeLevel

__all__ = [
    "BiasAdjusted",
    "CommonEffect",
    "MetaRegression",
    "Network",
    "PooledEvidence",
    "RandomEffects",
    "StudentTEffects",
    "ThreeLevel",
    "priors",
]
