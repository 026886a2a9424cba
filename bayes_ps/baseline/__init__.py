"""The frequentist baseline: inverse-variance meta-analysis, one tau² plugged in."""

from bayes_ps.baseline.heterogeneity import i2_from_q
from bayes_ps.baseline.interval import Interval
from bayes_ps.baseline.pooling import baseline
from bayes_ps.baseline.results import Baseline
from bayes_ps.baseline.weighting import plug_in

__all__ = ["Baseline", "Interval", "baseline", "i2_from_q", "plug_in"]
