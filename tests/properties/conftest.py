"""Hypothesis: the same examples each time, few of them, and no clock."""

from hypothesis import settings

settings.register_profile(
    "bayes_ps", derandomize=True, deadline=None, max_examples=20, database=None
)
settings.load_profile("bayes_ps")
