"""`Studies`: a DataFrame that remembers where it came from."""

import pickle

import pandas as pd

from bayes_ps.studies import Studies
from bayes_ps.studies.studies import remembering


def test_source_and_notes_travel_with_the_rows():
    table = remembering({"study": ["A", "B"], "y": [1, 2]}, "pain.csv (CSV)", ("a note",))
    for made in (table[table["y"] > 1], table.copy(), table.rename(columns={"y": "z"})):
        assert isinstance(made, Studies)
        assert (made.source, made.notes) == ("pain.csv (CSV)", ("a note",))
    assert pickle.loads(pickle.dumps(table)).notes == ("a note",)


def test_it_is_a_data_frame_and_two_tables_share_nothing():
    plain = Studies({"y": [1, 2]})
    assert isinstance(plain, pd.DataFrame) and plain.notes == () and plain.source == ""
    remembering({"y": [1]}, "a", ("b",))
    assert plain.notes == () and isinstance(plain["y"], pd.Series)
