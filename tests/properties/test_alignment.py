"""Whatever is done to the rows, each study keeps its own y, se, V and data."""

import hypothesis.strategies as st
import numpy as np
from hypothesis import given
from pytest import approx

from tests.properties.strategies import correlated


def same_studies(part, whole):
    """Every study of `part` is as it is in `whole`, found by its name."""
    frame = whole.to_frame().set_index("study")
    for i, name in enumerate(part.study):
        row = whole.row(name)
        assert (part.y[i], part.se[i]) == (whole.y[row], whole.se[row])
        assert part.data.loc[i, "tag"] == name
        assert part.data.loc[i, "dose"] == frame.loc[name, "dose"]
        for j, other in enumerate(part.study):
            assert part.V[i, j] == whole.V[row, whole.row(other)]


@given(effects=correlated(), data=st.data())
def test_drop_where_and_sort_keep_the_rows_together(effects, data):
    left = effects
    for _ in range(data.draw(st.integers(1, 4))):
        step = data.draw(st.sampled_from(["drop", "where", "sort"]))
        if step == "drop" and left.k > 1:
            gone = data.draw(st.sampled_from(list(left.study)))
            left = left.drop(gone)
            assert gone not in left.study
        elif step == "where":
            mask = np.array(data.draw(st.lists(st.booleans(), min_size=left.k, max_size=left.k)))
            if mask.any():
                kept, left = left.study[mask], left.where(mask)
                assert left.study.tolist() == kept.tolist()
        else:
            by = data.draw(st.sampled_from(["study", "y", "se", "dose", "tag"]))
            falling = data.draw(st.booleans())
            before, left = left, left.sort(by, descending=falling)
            column = left.to_frame()[by].tolist()
            assert column == sorted(column, reverse=falling)
            assert set(left.study) == set(before.study)
        same_studies(left, effects)
    assert np.sqrt(np.diag(left.V)) == approx(left.se, rel=1e-9)


@given(effects=correlated())
def test_where_is_drop_of_the_others(effects):
    first = effects.where(effects.data["dose"] == effects.data["dose"][0])
    others = set(effects.study) - set(first.study)
    again = effects.drop(*others)
    assert again.study.tolist() == first.study.tolist() and again.V.tolist() == first.V.tolist()
