"""The rows of one outcome of a RevMan 5 file."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from bayes_ps.studies.analysis_words import settings
from bayes_ps.studies.data_types import CONTINUOUS, DICHOTOMOUS, INVERSE_VARIANCE, O_E, OPTIONAL

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

KINDS = {"CONT": CONTINUOUS, "DICH": DICHOTOMOUS, "IV": INVERSE_VARIANCE, "IPD": O_E}
ATTRIBUTES = {
    CONTINUOUS: {
        "MEAN_1": "mean_t", "SD_1": "sd_t", "TOTAL_1": "n_t",
        "MEAN_2": "mean_c", "SD_2": "sd_c", "TOTAL_2": "n_c",
    },
    DICHOTOMOUS: {
        "EVENTS_1": "events_t", "TOTAL_1": "n_t", "EVENTS_2": "events_c", "TOTAL_2": "n_c",
    },
    INVERSE_VARIANCE: {"SE": "se", "TOTAL_1": "n_t", "TOTAL_2": "n_c"},
    O_E: {
        "O_E": "o_e", "VAR": "v", "EVENTS_1": "events_t", "TOTAL_1": "n_t",
        "EVENTS_2": "events_c", "TOTAL_2": "n_c",
    },
}  # fmt: skip
SHOWN = {
    "EFFECT_SIZE": "published", "CI_START": "published_low", "CI_END": "published_high",
    "WEIGHT": "weight",
}  # fmt: skip
TOTALS = {"YES": "SUBGROUP_AND_OVERALL", "SUB": "SUBGROUP", "NO": "NONE"}
Row = dict[str, Any]
Broken = str


def outcome_rows(
    comparison: Element, outcome: Element, names: Mapping[str, tuple[str, str]]
) -> tuple[list[Row], list[Broken]]:
    """The rows of an outcome and what is wrong with those that cannot be read.

    `names` gives the name and year of a study by its ID.
    """
    prefix = outcome.tag.removesuffix("_OUTCOME")
    kind = KINDS.get(prefix, "")
    label = f"{comparison.get('NO', '')}.{outcome.get('NO', '')}"
    if not kind:
        return [], [f"analysis {label}: <{outcome.tag}> is no kind of outcome that is known"]
    about = _about(comparison, outcome, kind, label)
    rows: list[Row] = []
    broken: list[Broken] = []
    for subgroup, data in _data(outcome, prefix):
        identity = data.get("STUDY_ID", "")
        study, year = names.get(identity, (identity, ""))
        try:
            numbers = _numbers(data, kind)
        except ValueError as error:
            broken.append(f'analysis {label}, "{study}": {error}')
            continue
        row: Row = {**about, "subgroup": subgroup, "study": study, "study_id": identity}
        row["year"] = float(digits) if (digits := year.strip(" .")).isdigit() else math.nan
        rows.append(row | numbers)
    if kind == INVERSE_VARIANCE:
        _put_on_scale(rows, float(outcome.get("CI_STUDY") or 95))
    return rows, broken


def _about(comparison: Element, outcome: Element, kind: str, label: str) -> Row:
    """What holds for all rows of an outcome."""
    measure = outcome.get("EFFECT_MEASURE") or (outcome.findtext("EFFECT_MEASURE") or "")
    method = outcome.get("METHOD") or ("PETO" if kind == O_E else "IV")
    random = outcome.get("RANDOM") or ("NO" if kind == O_E else "")
    model = {"YES": "RE", "NO": "FE"}.get(random, "")
    said = settings(measure, method, model, outcome.get("SWAP_EVENTS", ""))
    return {
        "comparison": _name(comparison),
        "analysis": label,
        "outcome": _name(outcome),
        "data_type": kind,
        "applicability": TOTALS.get(outcome.get("TOTALS", ""), ""),
        "effect_measure": said.effect_measure,
        "measure": said.measure,
        "pooling": said.pooling,
        "model": said.model,
        "swap_events": said.swap_events,
        "measure_stated": said.measure != "",
    }


def _data(outcome: Element, prefix: str) -> Iterator[tuple[str | None, Element]]:
    for child in outcome:
        if child.tag == f"{prefix}_DATA":
            yield None, child
        elif child.tag == f"{prefix}_SUBGROUP":
            for data in child.iterfind(f"{prefix}_DATA"):
                yield _name(child), data


def _name(element: Element) -> str:
    name = element.find("NAME")
    return "" if name is None else " ".join("".join(name.itertext()).split())


def _numbers(data: Element, kind: str) -> Row:
    row = {ours: _number(data, theirs) for theirs, ours in ATTRIBUTES[kind].items()}
    for pair in OPTIONAL.get(kind, ()):
        if not any(row[name] > 0 for name in pair):  # RevMan writes 0 for what was not entered
            row |= dict.fromkeys(pair, math.nan)
    shown = {ours: _number(data, theirs) for theirs, ours in SHOWN.items()}
    if data.get("ESTIMABLE") == "NO":
        shown = dict.fromkeys(shown, math.nan)
    if kind == INVERSE_VARIANCE:
        row["estimate"] = _number(data, "ESTIMATE")
    return row | shown


def _number(data: Element, attribute: str) -> float:
    said = data.get(attribute, "").strip()
    try:
        value = float(said) if said else math.nan
    except ValueError:
        raise ValueError(f"{attribute} must be a number, but is {said!r}") from None
    return value if math.isfinite(value) else math.nan


def _put_on_scale(rows: list[Row], level: float) -> None:
    """Fill `estimate` from the effect as shown: its log, if the intervals are symmetric there."""
    width = 2 * NormalDist().inv_cdf(0.5 + level / 200)
    votes = 0
    for row in rows:
        low, high, se = (row[name] for name in ("published_low", "published_high", "se"))
        if low > 0 and high > low and se > 0:
            off_log = abs(math.log(high / low) - width * se)
            votes += 1 if off_log < abs(high - low - width * se) else -1
    for row in rows:
        shown = row["published"]
        if math.isnan(row["estimate"]):
            row["estimate"] = math.log(shown) if votes > 0 and shown > 0 else shown
