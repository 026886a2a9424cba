"""Studies and arms such as hypothesis may think of, in the range of real ones."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pandas as pd

from bayes_ps.effects import Effects
from tests.unit.making import made


def numbers(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high)


def effects(least: int = 1, most: int = 6) -> st.SearchStrategy[Effects]:
    """Independent estimates between −50 and 50, standard errors between 0.1 and 20."""
    study = st.tuples(numbers(-50, 50), numbers(0.1, 20))
    return st.lists(study, min_size=least, max_size=most).map(
        lambda rows: made([y for y, _ in rows], [se for _, se in rows])
    )


@st.composite
def correlated(draw: st.DrawFn) -> Effects:
    """Estimates with a dense V and a column of data that names its study."""
    k = draw(st.integers(2, 6))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    root = rng.normal(size=(k, k + 2))
    V = root @ root.T
    names = [f"Study {i}" for i in range(k)]
    effects = made(rng.normal(0, 9, k), np.sqrt(np.diag(V)), (V + V.T) / 2, study=names)
    return effects.with_data(pd.DataFrame({"tag": names, "dose": rng.integers(0, 3, k)}))


def arms(least: int = 1, most: int = 4) -> st.SearchStrategy[pd.DataFrame]:
    """A table of arms."""
    n = st.integers(2, 500)
    arm = (n, numbers(-100, 100), numbers(0.5, 50))
    columns = ["n_t", "mean_t", "sd_t", "n_c", "mean_c", "sd_c"]
    return st.lists(st.tuples(*arm, *arm), min_size=least, max_size=most).map(
        lambda rows: pd.DataFrame(rows, columns=columns).assign(study=range(len(rows)))
    )
