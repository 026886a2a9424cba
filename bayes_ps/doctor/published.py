"""The effect that the file publishes for a row, against the one that its arms give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from bayes_ps.checks import Array, BayesPSError
from bayes_ps.doctor.finding import Finding, Sure
from bayes_ps.doctor.table import Table

ARMS = ("n_t", "mean_t", "sd_t", "n_c", "mean_c", "sd_c")
CANDIDATES = (("MD", "LS"), ("SMD", "LS"), ("SMD", "RevMan"))
CLOSE = 0.005  # in standard errors of the effect


@dataclass(frozen=True, eq=False)
class Published:
    """(k,) the published effect and its SE, NaN where there is none, and its column."""

    effect: Array
    se: Array
    column: str


def published_of(table: Table) -> Published:
    """From `published, published_low, published_high`, or `published_g, published_g_se`."""
    if "published_g" in table.frame:
        se = table.number("published_g_se")
        return Published(table.number("published_g"), se, "published_g")
    low, high = table.number("published_low"), table.number("published_high")
    return Published(table.number("published"), (high - low) / (2 * 1.959963984540054), "published")


def from_arms(table: Table, measure: str, variance: str) -> tuple[Array, Array]:
    """(k,) effect and SE of each row from its arms, NaN where they do not give one.

    Where a row has no final values, its changes from baseline are used; where it has no SD, its
    SE times √n.
    """
    import pandas as pd

    from bayes_ps.effects import effect_sizes

    arms = {name: _arm(table, name) for name in ARMS}
    usable = np.all([np.isfinite(each) for each in arms.values()], axis=0)
    for arm in ("t", "c"):
        usable &= (arms[f"n_{arm}"] >= 2) & (arms[f"sd_{arm}"] > 0)
    y, se = np.full(len(table), np.nan), np.full(len(table), np.nan)
    rows = np.flatnonzero(usable)
    if not rows.size:
        return y, se
    frame = pd.DataFrame({name: each[rows] for name, each in arms.items()})
    frame["study"] = [f"row {row + 1}" for row in rows]
    try:
        effects = effect_sizes(
            frame,
            measure=measure,
            variance=variance,
            better="lower",
            unit="points" if measure == "MD" else None,
        )
    except BayesPSError:
        return y, se
    y[rows], se[rows] = effects.y, effects.se
    return y, se


def _arm(table: Table, name: str) -> Array:
    own = table.number(name)
    if name.startswith("sd"):
        n = np.fmax(table.number(f"n_{name[-1]}"), 0)
        own = np.where(np.isnan(own), table.number(f"se_{name[-1]}") * np.sqrt(n), own)
    return np.where(np.isnan(own), table.number(f"change_{name}"), own)


def reproduces(table: Table, row: int, changed: Mapping[str, float]) -> bool:
    """Whether the published effect of a row follows after these changes, but not without."""
    said = published_of(table).effect[row]
    if not np.isfinite(said):
        return False
    if _fits(table.once(computed_effects), row, said):
        return False
    one = Table(table.frame.iloc[[row]].assign(**changed))
    return _fits([from_arms(one, *each) for each in CANDIDATES], 0, said)


def computed_effects(table: Table) -> list[tuple[Array, Array]]:
    """Effects and SEs of all rows by each of the formulas in CANDIDATES."""
    return [from_arms(table, *each) for each in CANDIDATES]


def _fits(computed: list[tuple[Array, Array]], row: int, said: float) -> bool:
    """Whether one of the formulas gives the published effect, up to its sign."""
    return any(abs(abs(y[row]) - abs(said)) < CLOSE * se[row] for y, se in computed)


def against_published(table: Table) -> Iterator[Finding]:
    """Published effects of the other sign, of another size, or with another SE.

    A pool's formula is the one that most of its rows follow (up to the sign that most have: some
    reviews turn all effects so that positive is better); where fewer than half follow any, the
    published effects are of another kind, and nothing is said.
    """
    said = published_of(table)
    if not np.isfinite(said.effect).any():
        return
    computed = table.once(computed_effects)
    for pool in np.unique(table.pool):
        rows = np.flatnonzero((table.pool == pool) & np.isfinite(said.effect))
        best = _formula(computed, said, rows)
        if best is not None:
            yield from _rows(table, said, rows, computed[best])


def _formula(computed: list[tuple[Array, Array]], said: Published, rows: np.ndarray) -> int | None:
    known = [rows[np.isfinite(y[rows])] for y, _ in computed]
    shares = [
        np.mean(_same_size(y[at], se[at], said.effect[at])) if at.size >= 2 else 0
        for at, (y, se) in zip(known, computed, strict=True)
    ]
    best = int(np.argmax(shares))
    return best if shares[best] >= 0.5 else None


def _same_size(y: Array, se: Array, effect: Array) -> np.ndarray:
    return np.asarray(np.abs(np.abs(y) - np.abs(effect)) <= CLOSE * se)


def _rows(
    table: Table, said: Published, rows: np.ndarray, computed: tuple[Array, Array]
) -> Iterator[Finding]:
    y, se = computed
    rows = rows[np.isfinite(y[rows])]
    same = _same_size(y[rows], se[rows], said.effect[rows])
    turned = np.sign(y[rows]) * np.sign(said.effect[rows])
    usual = 1 if turned[same].sum() >= 0 else -1
    for row, size, turn in zip(rows, same, turned, strict=True):
        ours, theirs = usual * y[row], said.effect[row]
        if turn == -usual and abs(theirs) > 0.02 * se[row]:
            why = (
                f"The arms give {ours:.4g}, the published effect is {theirs:.4g}: arms swapped, a "
                f"minus lost, or a scale that runs the other way."
            )
            mend = table.setting(row, said.column, "*= -1  # if the arms are right")
            sure: Sure = "likely" if size else "look"
            yield table.finding(row, said.column, "direction", why, sure=sure, mend=mend)
        elif not size and abs(ours - theirs) > 0.02 * se[row]:
            why = f"The arms give {ours:.4g} (SE {se[row]:.4g}), published is {theirs:.4g}."
            sure = "likely" if abs(ours - theirs) > 0.5 * se[row] else "look"
            mend = table.setting(row, said.column, f"= {ours:.6g}  # what the arms give")
            yield table.finding(row, said.column, "published effect", why, sure=sure, mend=mend)
        elif said.column == "published_g" and not 0.95 < said.se[row] / se[row] < 1.05:
            column = f"{said.column}_se"
            why = (
                f"The published SE is {said.se[row]:.4g}, the arms give {se[row]:.4g} for the same "
                f"effect: another n stood behind it, about {2 / said.se[row] ** 2:.0f} an arm."
            )
            mend = table.setting(row, column, f"= {se[row]:.6g}  # what the arms give")
            yield table.finding(row, column, "published SE", why, sure="likely", mend=mend)
