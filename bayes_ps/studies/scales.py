"""`with_instruments`: unit, direction and range of each row, from the instrument that it names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bayes_ps.checks import StudyTableError
from bayes_ps.studies.instrument_table import Instrument, near, stated_range, versions

if TYPE_CHECKING:
    import pandas as pd

FILLED = ("unit", "better", "low", "high")


def with_instruments(studies: pd.DataFrame) -> pd.DataFrame:
    """A copy of the table with `unit, better, low, high` filled from the column `instrument`.

    Only empty cells are filled: what the file says stays. A name that fits several versions
    (``"VAS"``: 0-10 or 0-100) fills only what they agree on. The column `instrument_matched` says
    what each row was read as, empty where nothing bears the name; sentences in `.notes` (of a
    plain DataFrame ``.attrs["notes"]``) say it in words, with near matches.

    Parameters
    ----------
    studies : table with a column `instrument`.

    Raises
    ------
    StudyTableError
        If there is no column `instrument`.
    """
    if "instrument" not in studies:
        raise StudyTableError(
            'The table has no column "instrument". Add it: studies["instrument"] = "RMDQ".'
        )
    filled = studies.copy()
    texts = [text if isinstance(text, str) else "" for text in filled["instrument"]]
    found = {text: versions(text) for text in dict.fromkeys(texts)}
    for column in FILLED:
        known = {text: _agreed(text, each, column) for text, each in found.items()}
        _fill(filled, column, [known[text] for text in texts])
    matched = {text: _or([each.name for each in versions]) for text, versions in found.items()}
    filled["instrument_matched"] = [matched[text] for text in texts]
    _note(filled, [*_sentences(found), *_contradictions(studies, texts, found)])
    return filled


def _agreed(text: str, found: Sequence[Instrument], column: str) -> object:
    """What all versions say; a range in the text wins over that of the table."""
    stated = stated_range(text)
    if found and stated and all((each.low, each.high) != stated for each in found):
        own = {"low": stated[0], "high": stated[1], "unit": f"points ({_ends(stated)})"}
        if column in own:
            return own[column]
    values = {getattr(each, column) for each in found}
    return values.pop() if len(values) == 1 else None


def _ends(stated: tuple[float, float]) -> str:
    return f"{stated[0]:g}-{stated[1]:g}"


def _fill(filled: pd.DataFrame, column: str, values: list[object]) -> None:
    import pandas as pd

    new = pd.Series(
        values, index=filled.index, dtype=float if column in ("low", "high") else object
    )
    old = filled[column].replace("", None) if column in filled else None
    filled[column] = new if old is None else old.where(old.notna(), new)


def _sentences(found: dict[str, tuple[Instrument, ...]]) -> list[str]:
    said = []
    for text, each in found.items():
        if not text:
            continue
        if len(each) == 1:
            said.append(f'"{text}" is read as {each[0]}')
        elif each:
            names = _or([version.name for version in each])
            said.append(f'"{text}" may be {names}: only what they share is filled. Write which.')
        else:
            like = near(text)
            hint = f" Near: {', '.join(like)}." if like else ""
            said.append(f'"{text}" is no instrument of the table.{hint}')
    return said


def _contradictions(
    studies: pd.DataFrame, texts: list[str], found: dict[str, tuple[Instrument, ...]]
) -> list[str]:
    """Rows whose own direction is not that of their instrument: the row's is kept."""
    if "better" not in studies:
        return []
    said: dict[str, None] = {}
    for text, own in zip(texts, studies["better"], strict=True):
        usual = _agreed(text, found[text], "better")
        if isinstance(own, str) and own and usual and own != usual:
            said[f'"{text}" is {own} is better in the file, and {usual} in the table: kept.'] = None
    return list(said)


def _or(names: list[str]) -> str:
    return " or ".join(names)


def _note(filled: pd.DataFrame, said: list[str]) -> None:
    if hasattr(type(filled), "notes") or "notes" in getattr(filled, "_metadata", ()):
        object.__setattr__(filled, "notes", (*(getattr(filled, "notes", None) or ()), *said))
    else:
        filled.attrs["notes"] = (*filled.attrs.get("notes", ()), *said)
