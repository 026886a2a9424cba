"""What a Cochrane file says of an analysis: its measure, how it pools, and by which model."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MEASURES = {
    "odds ratio": "OR", "or": "OR",
    "peto odds ratio": "PETO", "peto or": "PETO",
    "risk ratio": "RR", "relative risk": "RR", "rr": "RR",
    "risk difference": "RD", "rd": "RD",
    "mean difference": "MD", "md": "MD",
    "std mean difference": "SMD", "standardized mean difference": "SMD",
    "standardised mean difference": "SMD", "smd": "SMD",
    "hazard ratio": "HR", "hazards ratio": "HR", "hazard ratios": "HR", "hr": "HR",
    "rate ratio": "IRR", "incidence rate ratio": "IRR", "rate difference": "IRD",
    "ratio of means": "ROM",
}  # fmt: skip
RATIOS = frozenset(["OR", "PETO", "RR", "HR", "IRR", "ROM"])


@dataclass(frozen=True)
class Settings:
    """One analysis: metafor's code of the measure ("GEN" if it has none), pooling, model."""

    effect_measure: str = ""
    measure: str = ""
    pooling: str = ""
    model: str = ""
    swap_events: bool = False


def settings(measure: str, method: str, model: str, swap: str = "") -> Settings:
    """The settings as codes, from the words or codes of RevMan 5 and RevMan Web."""
    return Settings(
        effect_measure=measure.strip(),
        measure=measure_code(measure),
        pooling=pooling_code(method),
        model=model_code(model),
        swap_events=swap.strip().lower() in ("yes", "true", "1") or "non-event" in measure.lower(),
    )


def measure_code(words: str) -> str:
    """metafor's code of an effect measure; "GEN" for one it has no code for, "" for nothing."""
    plain = re.sub(r"\(.*?\)", "", words.lower())
    key = " ".join(re.findall(r"[a-z]+", plain))
    return _MEASURES.get(key, "GEN" if key else "")


def pooling_code(words: str) -> str:
    """ "IV", "MH" or "PETO"; "" for nothing."""
    key = re.sub(r"[^a-z]", "", words.lower())
    if not key:
        return ""
    if "peto" in key or key.startswith("expoe"):  # RevMan's code of exp[(O-E)/V] is EXP_O_E_VAR
        return "PETO"
    return "MH" if key in ("mh", "mantelhaenszel") else "IV"


def model_code(words: str) -> str:
    """ "FE" or "RE"; "" for nothing."""
    key = words.strip().lower()
    if key.startswith(("fixed", "common", "fe", "no")):
        return "FE"
    return "RE" if key.startswith(("random", "re", "yes")) else ""
