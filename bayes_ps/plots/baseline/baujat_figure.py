"""`plot_baujat`: which studies make the heterogeneity, and which move the mean."""

from __future__ import annotations

import numpy as np
import xarray as xr
from arviz_plots import PlotCollection

from bayes_ps.baseline.influence import Influence
from bayes_ps.plots.baseline.point_names import Cloud, draw_names, in_inches, radii
from bayes_ps.plots.description import described
from bayes_ps.plots.page import Page, panel, write
from bayes_ps.plots.style import DATA, MEAN, journal

BAUJAT, HEIGHT, MOST, AREA = "baujat", 3.2, 12, 24.0


def plot_baujat(influence: Influence) -> PlotCollection:
    """The Baujat plot: each study's part of the heterogeneity, and its pull on the mean.

    Parameters
    ----------
    influence : ``bps.baseline_influence(effects)``.

    Returns
    -------
    PlotCollection
        ``plot.data`` holds ``q`` and ``shift`` of each study.

    Notes
    -----
    Studies on the right disagree with the others, studies on top move the pooled effect; look first
    at those in the upper right. Marked studies are drawn as diamonds. Where there are many, the
    twelve furthest from the origin are named, as far as there is room.
    Baujat et al. 2002, doi:10.1002/sim.1221. Tests: ``tests/figures/test_baseline_plots.py``.
    """
    q, shift, marked = influence.baujat_q, influence.baujat_shift, influence.influential
    data = xr.Dataset(
        {"q": ("study", q), "shift": ("study", shift), "marked": ("study", marked)},
        coords={"study": influence.study.astype(object)},
    )
    with journal():
        page = Page(((BAUJAT, HEIGHT),), left=0.62, bottom=0.5, notes=_notes(influence))
        plot = page.open(data)
        _draw_axes(plot, page, data)
        axes, size = panel(plot, BAUJAT), (page.inner, HEIGHT)
        for name, which, color, marker in (
            ("studies", ~marked, DATA, "o"),
            ("marked", marked, MEAN, "D"),
        ):
            if which.any():
                points = axes.scatter(q[which], shift[which], s=AREA, color=color, marker=marker)
                points.set(zorder=4, clip_on=False)
                plot.viz[name] = xr.DataArray(points)
        inches = in_inches(axes, q, shift, size)
        order = np.argsort(-np.hypot(*(inches / size).T), kind="stable")[:MOST]
        cloud = Cloud(inches, radii(np.full(influence.k, AREA)), size)
        draw_names(plot, axes, cloud.placed(list(influence.study), order.tolist()), size)
    return described(plot, _spoken(influence))


def _draw_axes(plot: PlotCollection, page: Page, data: xr.Dataset) -> None:
    axes = panel(plot, BAUJAT)
    axes.set_xlim(0, 1.08 * float(data["q"].max()) or 1.0)
    axes.set_ylim(0, 1.08 * float(data["shift"].max()) or 1.0)
    axes.tick_params(length=2.5, pad=2)
    axes.tick_params(axis="x", pad=5)
    axes.set_ylabel("Squared change of the mean, in its variance")
    label = "Part of the heterogeneity: squared standardised residual"
    middle = (page.left + page.inner / 2, page.floor + 0.36)
    write(plot, "xlabel", label, at=middle, align="center")


def _notes(influence: Influence) -> tuple[str, ...]:
    diamonds = " Diamonds: marked as influential." if influence.influential.any() else ""
    return (
        f"{influence.k} studies ({influence.estimator}), {influence.measure}. Right: studies that "
        f"disagree with the others. Up: studies without which the mean would move.{diamonds}",
    )


def _spoken(influence: Influence) -> str:
    far, up = int(np.argmax(influence.baujat_q)), int(np.argmax(influence.baujat_shift))
    return (
        f"Baujat plot of {influence.k} studies. Most of the heterogeneity comes from "
        f"{influence.study[far]} ({influence.baujat_q[far]:.3g} of {influence.baujat_q.sum():.3g});"
        f" the mean moves most without {influence.study[up]} "
        f"({influence.baujat_shift[up]:.3g} of its variance)."
    )
