"""Where the axis of a forest plot begins and ends: one wild interval must not squash the others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bayes_ps.plots.forest.rows import STUDIES, Row, Span
from bayes_ps.plots.forest.threshold import Threshold

WIDE, FAR = 2.5, 3.0
ROOM, ROOM_OF_RESULT = 0.3, 3.0


def axis_limits(rows: Sequence[Row], threshold: Threshold | None) -> tuple[float, float]:
    """Ends of the axis.

    No effect, the MCID, the mean effect and the typical studies always lie on it. An interval that
    reaches further does too, unless that would add more than 0.3 of that length on its side
    (three times for what the studies add up to); then it is cut, and an arrow says so.
    """
    fixed = [0.0, *([] if threshold is None else [threshold.low, threshold.high])]
    fixed += [end for span in _typical(rows) for end in span]
    fixed += [row.posterior.middle for row in rows if row.kind == "mean" and row.posterior]
    low, high = min(fixed), max(fixed)
    reach = high - low
    ends = [low, high]
    for row in rows:
        room = reach * (ROOM if row.kind in STUDIES else ROOM_OF_RESULT)
        for span in _spans(row):
            ends += [end for end in span if low - room <= end <= high + room]
    margin = 0.04 * (max(ends) - min(ends))
    return min(ends) - margin, max(ends) + margin


def is_cut(rows: Sequence[Row], limits: tuple[float, float]) -> bool:
    """Whether some interval reaches beyond the axis."""
    low, high = limits
    return any(span.low < low or span.high > high for row in rows for span in _spans(row))


def _typical(rows: Sequence[Row]) -> list[Span]:
    """The studies that are neither much wider than the others nor far away from them."""
    studies = [row.reported for row in rows if row.kind in STUDIES and row.reported]
    width = np.array([span.high - span.low for span in studies])
    middle = np.array([span.middle for span in studies])
    away = np.abs(middle - np.median(middle))
    usual = max(float(np.quantile(width, 0.5, method="lower")), float(np.median(away)))
    kept = (width <= WIDE * usual) & (away <= FAR * usual)
    kept[np.argmin(width)] = True
    return [span for span, keep in zip(studies, kept, strict=True) if keep]


def _spans(row: Row) -> list[Span]:
    """What is drawn of a row on the axis of effects; tau is not an effect."""
    drawn = (row.reported, row.posterior) if row.kind != "tau" else ()
    return [span for span in drawn if span is not None]
