"""The figures of the folder, off screen, each with its alt text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bayes_ps.cli.answers import Answers
from bayes_ps.cli.mcid_options import asked

if TYPE_CHECKING:
    from arviz_plots import PlotCollection

DPI = 200
ALT = "alt.txt"


def write_figures(
    folder: Path, answers: Answers, formats: Sequence[str], *, style: str = "plain"
) -> None:
    """Every figure in every format, and ``alt.txt``: a name and its alt text a paragraph."""
    import matplotlib.pyplot as plt

    from bayes_ps.plots import alt_text

    folder.mkdir()
    plt.switch_backend("agg")  # no window, whatever the user's backend
    said = []
    for name, draw in _figures(answers, style):
        before = set(plt.get_fignums())
        try:
            plot = draw()
            text = alt_text(plot)
            for kind in dict.fromkeys(formats):
                _save(plot.get_viz("figure"), folder / f"{name}.{kind}", text)
        finally:
            for number in set(plt.get_fignums()) - before:
                plt.close(number)
        said.append(f"{name}\n{text}\n")
    (folder / ALT).write_text("\n".join(said), encoding="utf-8")


def _figures(answers: Answers, style: str) -> Iterator[tuple[str, Callable[[], PlotCollection]]]:
    """Names, and how to draw them."""
    from bayes_ps import plots

    fit, decided = answers.fit, answers.decided
    main = answers.mcids[0] if decided else None
    yield (
        "forest",
        lambda: plots.plot_forest(fit, mcid=main, baseline=answers.baseline, style=style),
    )
    yield "mcid_curve", lambda: plots.plot_mcid_curve(fit, answers.mcids, band=answers.band)
    if decided:
        bars = {asked(each.mcid, fit.effects): each.decision for each in decided}
        yield "decision", lambda: plots.plot_outcomes(bars)
        yield "robustness", lambda: plots.plot_robustness(decided[0].robustness)
    yield "prior_posterior", lambda: plots.plot_prior_posterior(fit)


def _save(figure: Any, path: Path, alt: str) -> None:
    """With the alt text in the file, where the format has a place for it."""
    place = {"png": {"Description": alt}, "svg": {"Description": alt}, "pdf": {"Subject": alt}}
    figure.savefig(path, dpi=DPI, bbox_inches="tight", metadata=place[path.suffix[1:]])
