"""The marks of each row: squares for what was reported, circles and diamonds for what follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from arviz_plots import PlotCollection

from bayes_ps.checks import Array
from bayes_ps.plots.forest import marks
from bayes_ps.plots.forest.hills import hills_of
from bayes_ps.plots.forest.look import PLAIN, Look
from bayes_ps.plots.forest.rows import STUDIES, Row
from bayes_ps.plots.forest.sheet import FOREST, HILL, Sheet, axes_of
from bayes_ps.plots.forest.threshold import Threshold
from bayes_ps.plots.style import INK

NOWHERE = (np.nan, np.nan, np.nan)


@dataclass(frozen=True)
class Layer:
    """A visual for the rows of some kinds, `down` inches below the middle of the row."""

    name: str
    of: str
    kinds: tuple[str, ...]
    visual: Callable[..., Any]
    how: Mapping[str, Any]
    down: float = 0.0


def as_dataset(rows: tuple[Row, ...]) -> xr.Dataset:
    """The numbers of the rows, as ``plot.data`` keeps them with the figure."""
    spans = ("row", "end")
    return xr.Dataset(
        {
            "hill": (("row", "point", "at"), hills_of(rows)),
            "reported": (spans, np.array([row.reported or NOWHERE for row in rows])),
            "posterior": (spans, np.array([row.posterior or NOWHERE for row in rows])),
            "weight": ("row", np.array([row.weight for row in rows], dtype=float)),
            "p": ("row", np.array([row.p for row in rows], dtype=float)),
        },
        coords={
            "row": np.arange(len(rows)),
            "name": ("row", [row.name for row in rows]),
            "kind": ("row", [row.kind for row in rows]),
            "end": ["middle", "low", "high"],
            "at": ["effect", "density"],
        },
    )


def draw_hills(
    plot: PlotCollection,
    sheet: Sheet,
    data: xr.Dataset,
    look: Look,
    *,
    threshold: Threshold | None,
) -> None:
    """The densities, darker beyond an MCID that is one number."""
    beyond = None
    if threshold is not None and threshold.certain:
        beyond = marks.Beyond(threshold.middle, threshold.sign)
    lift = -_shift(sheet, data)
    for kind, color in (("study", look.setting), ("mean", look.mean), ("new", look.setting)):
        rows = [i for i in sheet.at(kind) if bool(data["hill"][i].notnull().all())]
        if rows:
            plot.map(
                marks.hills,
                f"{kind}_density",
                data=data[["hill"]].isel(row=rows),
                coords={"column": FOREST},
                y=sheet.y[rows] + (lift if kind == "study" else 0),
                color=color,
                height=HILL[kind] - 0.03,
                beyond=beyond,
            )


def draw_marks(
    plot: PlotCollection, sheet: Sheet, data: xr.Dataset, look: Look = PLAIN, *, ratio: bool = False
) -> None:
    """Every layer, and arrow heads where an interval goes on beyond the axis."""
    for layer in _layers(sheet, data, look, look.data(ratio=ratio)):
        rows = [i for i in sheet.at(*layer.kinds) if bool(data[layer.of][i].notnull().all())]
        if not rows:
            continue
        chosen, y = data[[layer.of]].isel(row=rows), sheet.y[rows] + layer.down
        at = {"data": chosen, "coords": {"column": FOREST}, "y": y}
        plot.map(layer.visual, layer.name, **at, **layer.how)
        if layer.visual is marks.points:
            continue
        low, high = axes_of(plot).get_xlim()
        ends = chosen[layer.of].values
        for side, cut in (("left", ends[:, 1] < low), ("right", ends[:, 2] > high)):
            if cut.any():
                how = {"color": layer.how["color"], "right": side == "right"}
                plot.map(marks.arrow_heads, f"{layer.name}_{side}", **at, **how)


def _shift(sheet: Sheet, data: xr.Dataset) -> float:
    """Inches from the middle of a study's row down to its lower mark, the upper as far above it."""
    studies = sheet.at(*STUDIES)
    two = bool(data["posterior"][studies].notnull().any())
    return 0.2 * _lowest(sheet) if two else 0.0


def _lowest(sheet: Sheet) -> float:
    """Height of the lowest row of a study."""
    return min(float(sheet.heights[sheet.at(*STUDIES)].min()), 0.235)


def _layers(sheet: Sheet, data: xr.Dataset, look: Look, color: str) -> Iterator[Layer]:
    """Below a density the posterior comes first, so that the density stands on its interval."""
    low, down = _lowest(sheet), _shift(sheet, data)
    first = sheet.at(*STUDIES)[0]
    down = -down if sheet.rows[first].marginal is not None else down
    side = _sides(data.isel(row=sheet.at(*STUDIES)), 72 * 0.5 * look.square * low)
    lines, points, diamonds = marks.interval_lines, marks.points, marks.diamonds
    of_data, of_setting = {"color": color}, {"color": look.setting}
    yield Layer("study_interval", "reported", STUDIES, lines, of_data | {"width": 0.9}, -down)
    square = of_data | {"marker": "s", "side": side}
    yield Layer("study_estimate", "reported", STUDIES, points, square, -down)
    yield Layer("shrunken_interval", "posterior", STUDIES, lines, of_setting | {"width": 1.3}, down)
    circle = of_setting | {"marker": "o", "side": 4.0}
    yield Layer("shrunken_estimate", "posterior", STUDIES, points, circle, down)
    yield Layer("new_setting_interval", "posterior", ("new",), lines, of_setting | {"width": 3.5})
    circle = of_setting | {"marker": "o", "side": 7.0}
    yield Layer("new_setting", "posterior", ("new",), points, circle)
    filled = {"color": look.mean, "filled": True}
    yield Layer("mean_effect", "posterior", ("mean",), diamonds, filled)
    yield Layer("baseline", "reported", ("baseline",), diamonds, {"color": INK, "filled": False})


def _sides(studies: xr.Dataset, largest: float) -> Array:
    """Sides of the squares in points: areas as the weights, or as the precisions 1 / se²."""
    weight = studies["weight"].values
    if np.isnan(weight).any():
        ends = studies["reported"].values
        weight = (ends[:, 2] - ends[:, 1]) ** -2.0
    share = np.clip(weight, 0, None) / max(float(weight.max(initial=0)), np.finfo(float).tiny)
    sides: Array = np.maximum(largest * np.sqrt(share), 2.0)
    return sides
