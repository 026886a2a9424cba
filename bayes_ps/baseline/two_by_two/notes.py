"""What a reader must know of trials pooled by their counts, a sentence each."""

from __future__ import annotations

from bayes_ps.baseline.two_by_two.counts import Counts

FEW_TRIALS = 5


def notes_on(
    counts: Counts, measure: str, estimator: str, *, halves: str | None
) -> tuple[str, ...]:
    """The sentences that belong to a result; `halves` says where ½ was added, None nowhere."""
    said = []
    silent = counts.study[~counts.informative]
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
