"""`empirical`: the published prior of tau for a measure, an outcome and a comparison, in words."""

from __future__ import annotations

import re

from bayes_ps.checks import PriorError
from bayes_ps.priors.prior import Prior
from bayes_ps.priors.published import rhodes2015, turner2015

SMD, RATIO = ("SMD", "SMDH"), ("OR", "PETO", "RR")
OUTCOMES = {  # what reviewers write, and what both tables call it
    "mortality": "all-cause mortality",
    "death": "all-cause mortality",
    "deaths": "all-cause mortality",
    "function": "quality of life",
    "functioning": "quality of life",
    "physical function": "quality of life",
    "disability": "quality of life",
    "depression": "mental health",
    "anxiety": "mental health",
    "adverse events": "adverse event",
    "harms": "adverse event",
    "dropouts": "withdrawals",
    "symptoms": "signs",
    "hospital stay": "resource use",
    "length of stay": "resource use",
    "self-efficacy": "subjective",
}
DRUG, OTHER, CONTROL = "pharmacological", "non-pharmacological", "placebo / control"
SIDES = {  # what one side of a comparison may be called; nothing else is guessed
    OTHER: (
        *("non-pharmacological", "nonpharmacological", "non-drug", "exercise", "physiotherapy"),
        *("surgery", "device", "psychotherapy", "psychological therapy", "education", "training"),
        *("self-management", "peer support"),
    ),
    DRUG: ("pharmacological", "drug", "drugs", "medication"),
    CONTROL: (
        *("placebo / control", "placebo/control", "placebo", "control", "sham", "usual care"),
        *("standard care", "no treatment", "no intervention", "waiting list", "wait list"),
    ),
}
ORDER = (OTHER, DRUG, CONTROL)  # in which the tables name the two sides


def empirical(
    measure: str, outcome: str, comparison: str, *, area: str = "other", sd: float | None = None
) -> Prior:
    """The published prior of tau: Turner 2015 for ratios, Rhodes 2015 for mean differences.

    Parameters
    ----------
    measure : ``"OR"``, ``"PETO"`` or ``"RR"`` (Turner, made for log odds ratios, used for log risk
        ratios with care); ``"SMD"``, ``"SMDH"`` or ``"MD"`` (Rhodes).
    outcome : as in ``"pain"``, ``"disability"``, ``"mortality"``, or as the tables name it.
    comparison : as in ``"drug vs placebo"``, ``"drug vs drug"``, ``"exercise vs usual care"``, or
        as the tables name it. Rhodes tells what is not a drug from nothing else.
    area : for Rhodes, ``"respiratory"``, ``"cancer"`` or ``"other"``.
    sd : for ``"MD"``, and only there: the standard deviation of the outcome in its unit. tau of
        mean differences is that of SMDs times `sd`.

    Returns
    -------
    Prior
        Its ``source`` names paper, table and cell: look whether it is the one that was meant.

    Raises
    ------
    PriorError
        For a measure without such a table, an `sd` that is missing or out of place, and words that
        name no cell, or several, with what there is.

    Notes
    -----
    The same as :func:`turner2015` and :func:`rhodes2015`, whose golden tests hold the cells; tests
    of the words: ``tests/unit/test_priors_by_outcome.py``.
    """
    named = OUTCOMES.get(_plain(outcome), outcome)
    if not _plain(outcome) or not _plain(comparison):
        raise PriorError(
            'empirical() needs outcome and comparison, as in empirical("SMD", "pain", "drug vs '
            'placebo"). Without them: priors.turner2015() for ratios, priors.rhodes2015() for SMDs.'
        )
    if (sd is not None) != (measure == "MD"):
        raise PriorError(
            "A mean difference needs the SD of its outcome, to scale the prior of SMDs: "
            'empirical("MD", outcome, comparison, sd=20).'
            if measure == "MD"
            else f"sd scales the prior to mean differences, and {measure} is none: leave it out."
        )
    sides = _sides(comparison)
    if measure in RATIO:
        return turner2015(named, " vs ".join(sides) if sides else comparison)
    if measure in (*SMD, "MD"):
        any_other = sides is not None and OTHER in sides
        asked = " vs ".join(sides) if sides and not any_other else comparison
        return rhodes2015(area, named, OTHER if any_other else asked, sd=sd)
    raise PriorError(
        f"There is no table of tau by outcome for {measure}: Turner is for OR and RR, Rhodes for "
        f"SMD and MD. For HR and RD see priors.cochrane({measure!r}).tau."
    )


def _sides(comparison: str) -> list[str] | None:
    """The kinds of the two sides in the order of the tables; None where one is not known."""
    given = re.split(r"\s+(?:versus|vs?\.?)\s+", _plain(comparison))
    kinds = [kind for kind in map(_kind, given) if kind is not None]
    return sorted(kinds, key=ORDER.index) if len(kinds) == len(given) == 2 else None


def _kind(side: str) -> str | None:
    return next((kind for kind, words in SIDES.items() if side in words), None)


def _plain(words: str) -> str:
    return re.sub(r"\s+", " ", words).strip().lower()
