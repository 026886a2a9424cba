"""`plot_outcomes`: how probable an important benefit and harm are, outcome by outcome."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from arviz_plots import PlotCollection

from bayes_ps import words
from bayes_ps.decision import Probabilities
from bayes_ps.plots import lettering
from bayes_ps.plots.description import described
from bayes_ps.plots.outcomes import Outcome, Outcomes, outcomes_of
from bayes_ps.plots.p_axis import rows_of_probabilities
from bayes_ps.plots.page import EDGE, Page, panel, write
from bayes_ps.plots.style import BENEFIT, DATA, HARM, LINE, RULE, TRIVIAL, WIDTH, journal

BARS, NAMES, LABELS, NUMBER = "bars", 1.9, 0.8, 0.52
"""The panel, and inches for names, for what each bar is, and for a number beside a bar."""
PARTS = (("p_harm", "Important harm", HARM), ("p_trivial", "Trivial", TRIVIAL),
         ("p_mcid", "Important benefit", BENEFIT))  # fmt: skip
THICKNESS, APART, BETWEEN = (0.24, 0.16), 0.05, 0.2
"""Inches of the bar of the mean effect and of a new setting, between these, between outcomes."""
TARGETS = ("Mean effect", "New setting")


@dataclass(frozen=True)
class Bar:
    """A bar, `middle` inches below the top of the panel."""

    name: str
    target: str
    p: Probabilities
    thickness: float
    middle: float


def plot_outcomes(rows: Outcomes) -> PlotCollection:
    """Stacked bars of P(important harm), P(trivial) and P(important benefit), outcome by outcome.

    Parameters
    ----------
    rows : :func:`bayes_ps.summary_of_findings`; or a mapping of each outcome's name to its
        :func:`bayes_ps.decide`, or to its fit and MCID: ``{"Pain": (fit, mcid), …}``.

    Returns
    -------
    PlotCollection
        ``plot.data`` holds ``p`` (outcome, target, part); NaN for a new setting under a model
        without heterogeneity, where it has the mean effect itself.

    Raises
    ------
    BayesPSError
        If there is no outcome, or one is neither a decision nor a fit with its MCID.

    Notes
    -----
    The outcomes are judged one by one: the bars do not say how probable it is that several
    benefits go together. Tests: ``tests/figures/test_outcomes_figure.py``.
    """
    outcomes = outcomes_of(rows)
    names = [lettering.wrapped(one.name, NAMES) for one in outcomes]
    heights = [_height(name, one) for name, one in zip(names, outcomes, strict=True)]
    tops = np.cumsum([BETWEEN / 2, *(height + BETWEEN for height in heights)])
    with journal():
        page = Page(
            ((BARS, float(tops[-1]) - BETWEEN / 2),),
            left=EDGE + _names_width(names, outcomes) + 0.1 + LABELS + NUMBER,
            right=NUMBER + EDGE,
            top=EDGE + LINE + 0.08,
            bottom=0.55,
            notes=tuple(_notes(outcomes)),
        )
        plot = page.open(_dataset(outcomes))
        _draw_axis(plot, page, tops)
        for row, (name, one) in enumerate(zip(names, outcomes, strict=True)):
            _draw_name(plot, (row, name), _about(one), page.top + float(tops[row]))
            for bar in _bars(row, one, float(tops[row])):
                _draw_bar(plot, page, bar)
    return described(plot, _spoken(outcomes))


def _dataset(outcomes: Sequence[Outcome]) -> xr.Dataset:
    p = np.full((len(outcomes), len(TARGETS), len(PARTS)), np.nan)
    for row, one in enumerate(outcomes):
        for bar, probabilities in enumerate(one.bars):
            p[row, bar] = [getattr(probabilities, part) for part, _, _ in PARTS]
    coords = {
        "outcome": [one.name for one in outcomes],
        "target": list(TARGETS),
        "part": [name for _, name, _ in PARTS],
    }
    return xr.Dataset({"p": (("outcome", "target", "part"), p)}, coords=coords)


def _about(one: Outcome) -> list[str]:
    return [line for text in one.about for line in lettering.wrapped(text, NAMES).split("\n")]


def _names_width(names: Sequence[str], outcomes: Sequence[Outcome]) -> float:
    bold = max(lettering.width(name, bold=True) for name in names)
    return max(bold, lettering.widest(line for one in outcomes for line in _about(one)))


def _height(name: str, one: Outcome) -> float:
    """Of the texts or of the bars, whatever is higher."""
    texts = LINE * (name.count("\n") + 1 + len(_about(one)))
    return max(texts, sum(THICKNESS[: len(one.bars)]) + APART * (len(one.bars) - 1))


def _draw_axis(plot: PlotCollection, page: Page, tops: np.ndarray) -> None:
    """From 0 to 1, with what the colours mean above."""
    axes = panel(plot, BARS)
    rows_of_probabilities(axes, page.panels[0][1])
    middle = page.left + page.inner / 2
    write(plot, "xlabel", "Posterior probability", at=(middle, page.floor + 0.38), align="center")
    start, end = page.left - NUMBER, WIDTH - EDGE
    room = end - start - sum(lettering.width(name) + 0.14 for _, name, _ in PARTS)
    for part, name, color in PARTS:
        x = (start + 0.05 - page.left) / page.inner
        y = EDGE + LINE / 2 - page.top
        key = axes.scatter(x, y, s=45, marker="s", color=color, clip_on=False)
        key.set(edgecolor=DATA, linewidth=0.5)
        write(plot, f"{part}_key", name, at=(start + 0.14, EDGE + LINE / 2))
        start += lettering.width(name) + 0.14 + room / (len(PARTS) - 1)
    for top in tops[1:-1]:
        rule = [-page.left + EDGE, page.inner + NUMBER]
        y = top - BETWEEN / 2
        axes.plot([x / page.inner for x in rule], [y, y], color=RULE, linewidth=0.3, clip_on=False)


def _draw_name(
    plot: PlotCollection, named: tuple[int, str], about: Sequence[str], top: float
) -> None:
    """The outcome in bold, and below it the studies, participants and the MCID."""
    row, name = named
    lines = name.count("\n") + 1
    write(plot, f"outcome_{row}", name, at=(EDGE, top + LINE * lines / 2))
    plot.viz[f"outcome_{row}"].item().set_fontweight("bold")
    for n, line in enumerate(about):
        at = (EDGE, top + LINE * (lines + n + 0.5))
        write(plot, f"outcome_{row}_about_{n}", line, at=at, color=DATA)


def _bars(row: int, one: Outcome, top: float) -> Iterator[Bar]:
    """The bars of an outcome, the first at `top`."""
    for n, (probabilities, thickness) in enumerate(zip(one.bars, THICKNESS, strict=False)):
        yield Bar(f"{row}_{n}", TARGETS[n], probabilities, thickness, top + thickness / 2)
        top += thickness + APART


def _draw_bar(plot: PlotCollection, page: Page, bar: Bar) -> None:
    """Harm, trivial and benefit side by side; a number that does not fit stands beside the bar."""
    axes, left, y = panel(plot, BARS), 0.0, page.top + bar.middle
    write(plot, f"target_{bar.name}", bar.target, at=(page.left - NUMBER, y), align="right")
    for part, _, color in PARTS:
        size = float(getattr(bar.p, part))
        drawn = axes.barh(bar.middle, size, bar.thickness, left=left, color=color)[0]
        drawn.set(edgecolor="white", linewidth=0.5, hatch="////" if part == "p_harm" else None)
        plot.viz[f"{part}_{bar.name}"] = xr.DataArray(drawn)
        name, text = f"{part}_{bar.name}_text", words.probability(size).replace(" ", "")
        if lettering.width(text) + 0.08 <= size * page.inner:
            middle = page.left + (left + size / 2) * page.inner
            write(plot, name, text, at=(middle, y), align="center")
            if part == "p_harm":  # not through the hatching
                box = {"boxstyle": "square,pad=0.1", "facecolor": color, "edgecolor": "none"}
                plot.viz[name].item().set_bbox(box)
        elif part == "p_harm":
            write(plot, name, text, at=(page.left - 0.04, y), align="right")
        elif part == "p_mcid":
            write(plot, name, text, at=(page.left + page.inner + 0.04, y))
        left += size


def _notes(outcomes: Sequence[Outcome]) -> list[str]:
    notes = [
        "Important: a benefit, or a harm, of at least the MCID; trivial: smaller. Thick bars: the "
        "mean effect over settings like those studied; thin: the true effect in one new setting."
    ]
    largest = max(bar.mcse_mcid for one in outcomes for bar in one.bars)
    if largest > 0:
        notes.append(f"Monte Carlo standard error of P(important benefit): {largest:.1g} at most.")
    by_note: dict[str, list[str]] = {}
    for one in outcomes:
        for note in dict.fromkeys(one.notes):
            by_note.setdefault(note, []).append(one.name)
    for note, names in by_note.items():
        notes.append(note if len(names) == len(outcomes) else f"{', '.join(names)}: {note}")
    return notes


def _spoken(outcomes: Sequence[Outcome]) -> str:
    count = "one outcome" if len(outcomes) == 1 else f"{len(outcomes)} outcomes"
    said = [f"Stacked bars of the posterior probabilities of {count}."]
    for one in outcomes:
        each = [f"{one.name} ({'; '.join(one.about)}): mean effect {_all(one.mean)}"]
        each += [f"new setting {_all(one.new)}"] if one.new is not None else []
        said.append(f"{'; '.join(each)}.")
    return " ".join(said)


def _all(p: Probabilities) -> str:
    return ", ".join(f"{name.lower()} {words.probability(getattr(p, at))}" for at, name, _ in PARTS)
