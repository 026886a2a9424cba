"""The judgements of risk of bias that the effects carry: a sign and a word each."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from bayes_ps.reporting.blocks import Block, Table, Text
from bayes_ps.reporting.material import Material

SIGNS = {"low": "+", "high": "−", "unclear": "?", "some concerns": "!"}
NONE = "– no judgement"
OVERALL = "rob_overall"


def risk_of_bias(m: Material) -> Iterator[Block]:
    """A row a study, a column a domain, the overall judgement last; how many of each."""
    columns = [name for name in m.effects.columns if name.startswith("rob_")]
    columns.sort(key=lambda name: name == OVERALL)
    if not columns:
        yield Text("No judgements of risk of bias came with the effects (columns rob_…).")
        return
    data = m.effects.data[columns]
    head = ("Study", *(name.removeprefix("rob_").replace("_", " ") for name in columns))
    cells = [[light(value) for value in row] for row in data.itertuples(index=False, name=None)]
    rows = tuple((str(name), *row) for name, row in zip(m.effects.study, cells, strict=True))
    yield Table("Risk of bias, as judged by the review", head, rows, lights=True)
    if OVERALL in columns:
        counts = pd.Series([row[-1] for row in cells]).value_counts()
        said = ", ".join(f"{n} {cell[2:]}" for cell, n in counts.items())
        yield Text(f"Overall: {said}.")


def light(value: object) -> str:
    """As in ``+ low``; another word stays as it is."""
    if value is None or value != value or not str(value).strip():
        return NONE
    word = str(value).strip().lower()
    return f"{SIGNS.get(word, '·')} {word}"
