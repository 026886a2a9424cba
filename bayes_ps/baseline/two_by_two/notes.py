"""What a reader must know of trials pooled by their counts, a sentence each."""

from __future__ import annotations

from bayes_ps.baseline.two_by_two.counts import Counts

FEW_TRIALS = 5


def notes_on(counts: Counts, measure: str, estimator: str, convention: str) -> tuple[str, ...]:
    """The sentences that belong to a result."""
    said = []
    halves = _halves(measure, convention)
    alike = counts.everybody & ((convention, measure) == ("RevMan", "RR"))
    silent = counts.study[~counts.informative & ~alike]
    zeros = counts.study[counts.with_zero & counts.informative]
    if counts.empty:
        said.append(f"Left out, because an arm holds nobody: {', '.join(counts.empty)}.")
    if silent.size and measure == "RD":
        said.append(
            f"No event (or nothing but events) in both arms, which pulls the risk difference "
            f"towards 0: {', '.join(silent)}."
        )
    elif silent.size:
        said.append(
            f"No event (or nothing but events) in both arms, so no weight: {', '.join(silent)}."
        )
    if alike.any():
        said.append(
            f"Nothing but events in both arms of {', '.join(counts.study[alike])}: RevMan takes "
            f"the ratio for 1, and ½ for its standard error."
        )
    if zeros.size and halves:
        said.append(
            f"A cell is 0 in {', '.join(zeros)}: ½ was added to the four cells there for {halves}."
        )
    if estimator == "DL" and counts.informative.sum() < FEW_TRIALS:
        said.append(
            f"tau² rests on {counts.informative.sum()} trials, and the interval takes it as known: "
            f'it is too narrow. baseline(..., ci="hksj") allows for that.'
        )
    return tuple(said)


def _halves(measure: str, convention: str) -> str | None:
    """What ½ is added for where a cell is 0; None for nothing."""
    if convention == "Peto":
        return None
    if convention == "metafor":
        return "the trial's own estimate"
    return None if measure == "RD" else "the trial's own estimate and for the pooled counts"
