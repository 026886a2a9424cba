"""What a row of results holds, by number for the kernels and by name for people."""

from __future__ import annotations

# Of an effect: mu, theta_new, or theta of one study. Of tau: the first five.
MEAN_OF, SD_OF, MEDIAN, LOW, HIGH, P_BENEFIT, P_MCID, P_HARM = range(8)
OF_AN_EFFECT = ("mean", "sd", "median", "lower", "upper", "p_benefit", "p_mcid", "p_harm")
WIDE = len(OF_AN_EFFECT)

OF_MU, OF_TAU, OF_NEW = 0, WIDE, WIDE + 5
LOG_EVIDENCE, ERROR, STATUS = 2 * WIDE + 5, 2 * WIDE + 6, 2 * WIDE + 7
COLUMNS = 2 * WIDE + 8
NAMES = (
    *(f"mu_{name}" for name in OF_AN_EFFECT),
    *(f"tau_{name}" for name in OF_AN_EFFECT[:5]),
    *(f"theta_new_{name}" for name in OF_AN_EFFECT),
    "log_evidence",
    "error",
)

RANKS = ("mu", "tau", "theta_new")  # the first columns where P(unknown <= point) is asked

# How an analysis ended: all well, its posterior improper, no density anywhere in reach.
FINE, IMPROPER, NOWHERE = range(3)
TOLERANCE = 1e-10  # of `error`: the rule is refined until it is met


def unasked(*, better: bool, mcid: bool) -> list[str]:
    """The names of probabilities that nobody asked for, without a direction or without an MCID."""
    names = ([] if better else ["p_benefit"]) + ([] if mcid else ["p_mcid", "p_harm"])
    return [f"{of}_{name}" for of in ("mu", "theta_new") for name in names]
