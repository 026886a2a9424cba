"""What kind of data a row of RevMan holds, and the columns that then apply."""

from __future__ import annotations

import numpy as np
import pandas as pd

CONTINUOUS, DICHOTOMOUS = "continuous", "dichotomous"
INVERSE_VARIANCE, O_E = "inverse variance", "O-E and variance"
APPLIES = {
    CONTINUOUS: ("n_t", "mean_t", "sd_t", "n_c", "mean_c", "sd_c"),
    DICHOTOMOUS: ("events_t", "n_t", "events_c", "n_c"),
    INVERSE_VARIANCE: ("estimate", "se"),
    O_E: ("o_e", "v"),
}
OPTIONAL = {  # arms that may be told beside a statement; none of them filled = not told
    INVERSE_VARIANCE: (("n_t", "n_c"),),
    O_E: (("n_t", "n_c"), ("events_t", "events_c")),
}
COLUMNS = tuple(dict.fromkeys(name for names in APPLIES.values() for name in names))


def data_type(table: pd.DataFrame, analysis: pd.Series, stated: pd.Series) -> pd.Series:
    """The kind of data in each row, ``""`` where nothing tells.

    A row is what its filled columns say. One that is 0 throughout (no event, or nothing known) is
    of the kind that is stated for its analysis, else of the one kind of the analysis' other rows.

    Parameters
    ----------
    table : frame with :data:`COLUMNS` and `published`; a 0 or a gap may mean "does not apply".
    analysis : (k,) key of each row's analysis.
    stated : (k,) kind that the settings of the analysis state, ``""`` if they do not.
    """
    filled = {name: (table[name].fillna(0) != 0) for name in COLUMNS}
    arms = filled["mean_t"] | filled["sd_t"] | filled["mean_c"] | filled["sd_c"]
    events = filled["events_t"] | filled["events_c"]
    statement = filled["estimate"] | filled["se"]
    cases = [
        (filled["o_e"] | (stated == O_E), O_E),
        ((stated == INVERSE_VARIANCE) & statement, INVERSE_VARIANCE),
        (arms, CONTINUOUS),
        (events, DICHOTOMOUS),
        (filled["estimate"], INVERSE_VARIANCE),
    ]
    found = np.select([case for case, _ in cases], [kind for _, kind in cases], default="")
    kind = pd.Series(found, index=table.index, dtype=object)
    kind = kind.where(kind != "", stated)
    known = kind != ""
    others = kind[known].groupby(analysis[known]).agg(["nunique", "first"])
    alone = others.loc[others["nunique"] == 1, "first"].to_dict()
    kind = kind.where(known, [alone.get(key, "") for key in analysis])
    return kind.mask((kind == "") & filled["se"] & table["published"].notna(), INVERSE_VARIANCE)


def only_what_applies(table: pd.DataFrame, kind: pd.Series) -> pd.DataFrame:
    """A copy with gaps where a column does not apply to the kind of the row."""
    keep = {
        name: kind.isin([k for k, names in APPLIES.items() if name in names]) for name in COLUMNS
    }
    for of_kind, pairs in OPTIONAL.items():
        for first, second in pairs:
            told = (kind == of_kind) & (table[[first, second]].fillna(0) != 0).any(axis=1)
            keep[first] |= told
            keep[second] |= told
    return table.assign(**{name: table[name].where(kept) for name, kept in keep.items()})
