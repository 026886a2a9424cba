"""`Studies`: a table of what the papers reported, with where it came from and what was guessed."""

from __future__ import annotations

from typing import Any, ClassVar

import pandas as pd

ARMS = ("n", "mean", "sd", "events", "time", "mean_pre", "sd_pre", "mean_post", "sd_post", "r")
NUMBERS = frozenset(
    [f"{name}_{arm}" for name in ARMS for arm in "tc"]
    + ["n", "mean", "sd", "events", "estimate", "se", "ci_low", "ci_high", "p", "o_e", "v"]
    + ["published", "published_low", "published_high"]
)
"""The fixed columns that hold numbers: text in one of them is an error."""


class Studies(pd.DataFrame):
    """A data frame of studies, a row a comparison, with its source and what was guessed.

    Any DataFrame with the same columns does as well; this one remembers. Each column is there
    only where the file has it:

    * `study` (may repeat), `year`, `review`, `comparison`, `analysis` ("1.2"), `outcome`,
      `subgroup`, `instrument`, `unit`, `better`, `followup`, `group`, `footnotes`;
    * arms: `n_t, mean_t, sd_t, n_c, mean_c, sd_c`; `events_t, events_c`; `time_t, time_c`;
      one group: `n, mean, sd, events`; `mean_pre_t, sd_pre_t, mean_post_t, sd_post_t, r_t` and
      the same for `_c`;
    * statements: `estimate, se, ci_low, ci_high, p` (ratios on the log scale); `o_e, v`;
    * as the file prints them: `published, published_low, published_high` (ratios on the natural
      scale), `weight` (per cent), `applicability`;
    * `rob_<domain>` and `rob_overall`: "low", "some concerns", "high", "unclear";
    * the analysis, in Cochrane's files: `data_type`; `effect_measure` as printed and `measure` as
      metafor's code; `pooling` ("IV", "MH", "PETO"); `model` ("FE", "RE"); `measure_stated`;
      `swap_events` (the published effect is of the non-event); `heterogeneity_estimator`,
      `ci_method`, `ci_level` as printed. Empty text where the file does not say.

    Attributes
    ----------
    source : str
        File and format.
    notes : tuple of str
        A sentence for everything that was guessed, computed or dropped while reading.
    """

    _metadata: ClassVar[list[str]] = ["source", "notes"]  # pandas carries these along
    source: str = ""
    notes: tuple[str, ...] = ()

    @property
    def _constructor(self) -> type[Studies]:
        return Studies


def remembering(columns: Any, source: str, notes: tuple[str, ...] = ()) -> Studies:
    """A table of these columns, with its source and notes."""
    table = Studies(columns)
    table.source, table.notes = source, notes
    return table
