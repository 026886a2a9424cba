"""`plot_prior_sensitivity`: the probability of benefit under every pair of priors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr
from arviz_plots import PlotCollection

from bayes_ps import words
from bayes_ps.checks import Array, BayesPSError
from bayes_ps.plots import lettering
from bayes_ps.plots.description import described
from bayes_ps.plots.p_axis import rows_of_probabilities
from bayes_ps.plots.page import EDGE, Page, panel, write
from bayes_ps.plots.style import INK, LINE, MEAN, RULE, SETTING, WIDTH, journal
from bayes_ps.sensitivity import PriorGrid
from bayes_ps.sensitivity.question import Target

GRID, LABEL_WIDTH, COLUMN, INDENT = "grid", 3.0, 0.82, 0.12
LOOKS: dict[str, tuple[Target, str, str, float]] = {
    "Mean effect": ("mean", MEAN, "o", 26.0),
    "New setting": ("new", SETTING, "D", 20.0),
}
"""Target, colour, mark and its size."""
DASHED = (0, (4, 2.5))


@dataclass(frozen=True)
class Line:
    """A line of the plot: a heading (`pair` is None) or a pair of priors."""

    text: str
    pair: int | None

    @property
    def height(self) -> float:
        """In inches."""
        above = 0.06 if self.pair is None else 0.0
        return LINE * (self.text.count("\n") + 1) + 0.06 + above


def plot_prior_sensitivity(result: PriorGrid, *, cut: float | None = 0.95) -> PlotCollection:
    """P(benefit) for the mean effect and a new setting, a line for each pair of priors.

    Parameters
    ----------
    result : of :func:`bayes_ps.sensitivity.priors`.
    cut : the probability at which the decision turns, marked by a dashed line; None for none.

    Returns
    -------
    PlotCollection
        ``plot.data`` holds ``p`` (target, pair), the priors ``mu`` and ``tau`` of each pair.

    Raises
    ------
    BayesPSError
        If `cut` is not a probability.

    Notes
    -----
    The first pair is that of the analysis. A probability in bold lies on the other side of the cut
    than under that pair: there the priors decide, not the studies.
    Tests: ``tests/figures/test_sensitivity_figures.py``.
    """
    if cut is not None and not 0 < cut < 1:
        raise BayesPSError(f"cut must be between 0 and 1, as in 0.95, but is {cut!r}.")
    data = _asked(result)
    lines, shared = _lines(result)
    heights = np.array([line.height for line in lines])
    middle = np.cumsum(heights) - heights / 2
    columns = len(data["target"])
    with journal():
        page = Page(
            ((GRID, float(heights.sum())),),
            left=EDGE + INDENT + max(lettering.width(line.text) for line in lines) + 0.1,
            right=COLUMN * columns + EDGE,
            top=3 * LINE + 0.05,
            bottom=0.55,
            notes=tuple(_notes(result, shared, cut)),
        )
        plot = page.open(data)
        _draw_axis(plot, page, result, cut)
        _draw_lines(plot, page, lines, middle)
        _draw_marks(plot, page, (lines, middle), _flipped(data, cut))
    return described(plot, _spoken(result, data, cut))


def _asked(result: PriorGrid) -> xr.Dataset:
    targets = [name for name in LOOKS if name == "Mean effect" or any(result.tau)]
    p = np.array([result.answers.p(LOOKS[name][0]) for name in targets])
    pair = {"mu": ("pair", list(result.mu)), "tau": ("pair", list(result.tau))}
    return xr.Dataset({"p": (("target", "pair"), p)}, coords={"target": targets, **pair})


def _lines(result: PriorGrid) -> tuple[list[Line], str]:
    """The lines from above, and what all pairs share, which is said once below."""
    for name, one, other in (("tau", result.tau, result.mu), ("mu", result.mu, result.tau)):
        if len(set(one)) == 1:
            label = "mu" if name == "tau" else "tau"
            shared = f"{name} ~ {one[0]} in every line." if one[0] else ""
            return [Line(_broken(f"{label} ~ {p}"), i) for i, p in enumerate(other)], shared
    lines: list[Line] = []
    for i, (mu, tau) in enumerate(zip(result.mu, result.tau, strict=True)):
        if i == 0 or mu != result.mu[i - 1]:
            lines.append(Line(_broken(f"mu ~ {mu}"), None))
        lines.append(Line(_broken(f"tau ~ {tau}"), i))
    return lines, ""


def _broken(text: str) -> str:
    return lettering.wrapped(text, LABEL_WIDTH)


def _draw_axis(plot: PlotCollection, page: Page, result: PriorGrid, cut: float | None) -> None:
    axes = panel(plot, GRID)
    rows_of_probabilities(axes, page.panels[0][1])
    label = f"Posterior probability of {_benefit(result)}"
    write(plot, "xlabel", label, at=(page.left + page.inner / 2, page.floor + 0.38), align="center")
    if cut is not None:
        line = axes.vlines(
            cut, 0, page.panels[0][1], colors=INK, linewidths=0.8, linestyles=[DASHED], zorder=1
        )
        plot.viz["cut"] = xr.DataArray(line)
        at = (page.left + cut * page.inner, page.top - LINE / 2 - 0.02)
        write(plot, "cut_label", f"{cut:g}", at=at, align="center")


def _draw_lines(plot: PlotCollection, page: Page, lines: list[Line], middle: Array) -> None:
    """The names of the priors, and a faint rule for the eye from each to its marks."""
    headed = any(line.pair is None for line in lines)
    pairs = [y for line, y in zip(lines, middle, strict=True) if line.pair is not None]
    panel(plot, GRID).hlines(pairs, 0, 1, colors=RULE, linewidths=0.3, zorder=0)
    for row, (line, y) in enumerate(zip(lines, middle, strict=True)):
        indent = INDENT if headed and line.pair is not None else 0.0
        write(plot, f"prior_{row}", line.text, at=(EDGE + indent, page.top + y))


def _draw_marks(
    plot: PlotCollection, page: Page, placed: tuple[list[Line], Array], flipped: xr.DataArray
) -> None:
    """A mark and a number for each target and pair."""
    data, axes = plot.data, panel(plot, GRID)
    at = {line.pair: y for line, y in zip(*placed, strict=True) if line.pair is not None}
    y = np.array([at[pair] for pair in range(data.sizes["pair"])])
    for n, name in enumerate(map(str, data["target"].values)):
        _, color, mark, size = LOOKS[name]
        p = data["p"].values[n]
        dots = axes.scatter(p, y, s=size, marker=mark, color=color, zorder=4 - n, clip_on=False)
        plot.viz[name] = xr.DataArray(dots)
        right = WIDTH - EDGE - COLUMN * (data.sizes["target"] - 1 - n)
        header = f"{name} {'●' if mark == 'o' else '◆'}"
        write(plot, f"{name}_header", lettering.wrapped(header, COLUMN - 0.1),
              at=(right, page.top - LINE - 0.02), align="right", color=color)  # fmt: skip
        for pair, value in enumerate(p):
            text = words.probability(value).replace(" ", "")
            where = (right, page.top + y[pair])
            write(plot, f"{name}_{pair}", text, at=where, align="right", color=color)
            if bool(flipped[n, pair]):
                plot.viz[f"{name}_{pair}"].item().set_fontweight("bold")


def _flipped(data: xr.Dataset, cut: float | None) -> xr.DataArray:
    """Which probabilities lie on the other side of the cut than that of the first pair."""
    p = data["p"]
    if cut is None:
        return xr.zeros_like(p, dtype=bool)
    return (p >= cut) != (p.isel(pair=0) >= cut)


def _benefit(result: PriorGrid) -> str:
    return str(result.question) if result.mcid is None else f"a {result.question}"


def _notes(result: PriorGrid, shared: str, cut: float | None) -> list[str]:
    notes = ["Exact posterior under the priors of each line; the first line is the analysis."]
    notes += [shared] if shared else []
    if cut is not None:
        notes.append(f"Dashed: {cut:g}. Bold: on the other side of it than in the first line.")
    notes += [f"{result.mcid}."] if result.mcid is not None else []
    warned = {warning: None for fit in result.fits for warning in fit.warnings}
    return notes + [f"Note: {note}" for note in (*result.notes, *warned)]


def _spoken(result: PriorGrid, data: xr.Dataset, cut: float | None) -> str:
    said = [
        f"Posterior probability of {_benefit(result)} under {len(result.mu)} choices of priors."
    ]
    flipped = _flipped(data, cut)
    for n, name in enumerate(map(str, data["target"].values)):
        p = data["p"].values[n]
        said.append(
            f"{name}: {words.probability(p.min())} to {words.probability(p.max())}, "
            f"{words.probability(p[0])} under the first."
        )
        if cut is not None:
            count = int(flipped[n].sum())
            said.append(f"{count or 'None'} on the other side of {cut:g} than the first.")
    return " ".join(said)
