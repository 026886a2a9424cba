"""Common spellings of column names, and which of our names they can only mean."""

from __future__ import annotations

import re
from collections.abc import Iterable

_ARMS = {
    "t": "experimental exp intervention interv int treatment treat treated trt active e",
    "c": "control ctrl ctl con comparator placebo c",
}
_QUANTITIES = {
    "mean": "mean m average",
    "sd": "sd std stdev std-dev standard-deviation",
    "n": "n total sample-size participants number-of-participants",
    "events": "event events cases number-of-events",
}
_WHOLE = {
    "study": "study study-name study-id study-label author authors first-author trial trial-name "
    "slab studlab",
    "year": "year study-year publication-year year-of-publication pub-year",
    "outcome": "outcome outcome-name",
    "subgroup": "subgroup",
    "instrument": "instrument scale outcome-measure",
    "followup": "followup follow-up",
    "comparison": "comparison",
    "n_t": "n1i", "mean_t": "m1i", "sd_t": "sd1i", "n_c": "n2i", "mean_c": "m2i", "sd_c": "sd2i",
    "events_t": "ai x1i", "events_c": "ci x2i", "time_t": "t1i", "time_c": "t2i",
    "estimate": "yi te estimate",
    "se": "sei sete se standard-error",
    "ci_low": "ci-low ci-lower lower-ci ci-lb ci-start lower-95-ci 95-ci-lower lci",
    "ci_high": "ci-high ci-upper upper-ci ci-ub ci-end upper-95-ci 95-ci-upper uci",
    "p": "p p-value pval pvalue",
}  # fmt: skip
_FILLER = {"group", "arm", "of", "in", "the"}
_TWINS = {f"{q}_{a}": f"{q}_{b}" for q in [*_QUANTITIES, "time"] for a, b in ("tc", "ct")}
_TWINS |= {"ci_low": "ci_high", "ci_high": "ci_low"}
_NEEDS_ESTIMATE = ("se", "ci_low", "ci_high", "p")


def _table() -> dict[str, str]:
    spelled = {word: ours for ours, words in _WHOLE.items() for word in words.split()}
    for arm, arm_words in _ARMS.items():
        for quantity, words in _QUANTITIES.items():
            for of_arm in arm_words.split():
                for word in words.split():
                    spelled[f"{of_arm}-{word}"] = spelled[f"{word}-{of_arm}"] = f"{quantity}_{arm}"
    return spelled


_SPELLED = _table()


def guessed(names: Iterable[str], taken: Iterable[str]) -> tuple[dict[str, str], list[str]]:
    """Which of the file's names mean one of ours: {theirs: ours}, and a sentence for each.

    A name is guessed only if no other column could mean the same, if ours is not there already,
    and if what belongs with it is there: the other arm, the other limit, the estimate of an `se`.
    """
    names, taken = list(names), set(taken)
    meant: dict[str, list[str]] = {}
    for name in names:
        ours = _SPELLED.get(_key(name))
        if ours is not None and name not in taken:
            meant.setdefault(ours, []).append(name)
    own = set(names) | taken
    said = []
    for ours in [ours for ours in meant if ours in own]:
        del meant[ours]
    for ours, theirs in list(meant.items()):
        if len(theirs) > 1:
            spelled = " or ".join(f"'{name}'" for name in theirs)
            said.append(f"Not guessed: {ours} may be {spelled}; say columns={{'{ours}': '…'}}.")
            del meant[ours]
    _drop_halves(meant, own, {_key(name) for name in names})
    guesses = {theirs[0]: ours for ours, theirs in meant.items()}
    return guesses, [f"Read '{theirs}' as {ours}." for theirs, ours in guesses.items()] + said


def _drop_halves(meant: dict[str, list[str]], own: set[str], keys: set[str]) -> None:
    """A guess needs its twin; counts of metafor need their cells; a precision needs an estimate."""
    if not ({"bi", "di"} <= keys or {"n1i", "n2i"} <= keys):
        for ours in ("events_t", "events_c"):
            if meant.get(ours, [""])[0].lower() in ("ai", "ci"):
                del meant[ours]
    for ours in [ours for ours in meant if ours in _TWINS]:
        if _TWINS[ours] not in own and _TWINS[ours] not in meant:
            del meant[ours]
    if "estimate" not in own and "estimate" not in meant:
        for ours in _NEEDS_ESTIMATE:
            meant.pop(ours, None)


def _key(name: str) -> str:
    words = re.sub(r"[^a-z0-9]+", " ", name.lower()).split()
    return "-".join(word for word in words if word not in _FILLER)
