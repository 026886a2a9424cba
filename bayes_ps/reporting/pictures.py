"""The figures of the report as PNG data URIs, with their alt text."""

from __future__ import annotations

import base64
import io
import struct
from collections.abc import Callable, Iterator
from typing import Any

from bayes_ps.baseline import Baseline
from bayes_ps.reporting.blocks import Picture, Section
from bayes_ps.reporting.material import Material

RESOLUTIONS = (150, 110, 80, 60)
"""Dots per inch, from the finest down, of which a figure takes the first that is small enough."""
MOST = {"forest": 800_000, "other": 150_000}
"""Bytes of a data URI at most, so that the page stays under 2 MB."""


def figures(m: Material) -> Section:
    """Forest, MCID curve, prior and posterior of tau; coarser where there is much to draw."""
    return Section("figures", "Figures", "PRISMA 19, 20b; BARG step 3, 4", tuple(_pictures(m)))


def _pictures(m: Material) -> Iterator[Picture]:
    from bayes_ps.plots import plot_forest, plot_mcid_curve, plot_prior_posterior

    shown = m.pooled if isinstance(m.pooled, Baseline) and m.pooled.level == 0.95 else None
    if shown is not None and list(shown.study) != list(m.effects.study):
        shown = None
    yield _drawn(
        "Forest plot: estimates, shrunken effects, the mean effect and a new setting.",
        lambda: plot_forest(m.fit, mcid=m.fixed, baseline=shown),
        MOST["forest"],
    )
    caption = "Probability of a benefit of at least so much, for every so much."
    yield _drawn(caption, lambda: plot_mcid_curve(m.fit, m.fixed), MOST["other"])
    if m.fit.has_tau:
        caption = "What was believed of tau before the studies, and what is after them."
        yield _drawn(caption, lambda: plot_prior_posterior(m.fit), MOST["other"])


def _drawn(caption: str, draw: Callable[[], Any], most: int) -> Picture:
    """Drawn off screen, whatever the user's backend, and closed again."""
    import matplotlib.pyplot as plt

    from bayes_ps.plots import alt_text

    before = set(plt.get_fignums())
    backend = plt.get_backend()
    plt.switch_backend("agg")
    try:
        plot = draw()
        data = next(_ever_coarser(plot.get_viz("figure"), most))
        said = alt_text(plot)
    finally:
        for number in set(plt.get_fignums()) - before:
            plt.close(number)
        plt.switch_backend(backend)
    width, height = struct.unpack(">II", data[16:24])
    uri = "data:image/png;base64," + base64.b64encode(data).decode()
    return Picture(caption, said, uri, width, height)


def _ever_coarser(figure: Any, most: int) -> Iterator[bytes]:
    """The figure as PNG in the first resolution that is small enough, else in the last.

    In 64 colours, which is plenty for lines and letters and a third of the bytes.
    """
    from PIL import Image

    for dpi in RESOLUTIONS:
        drawn, out = io.BytesIO(), io.BytesIO()
        figure.savefig(drawn, dpi=dpi, format="png", bbox_inches="tight")
        with Image.open(drawn) as image:
            few = image.convert("RGB").quantize(64, dither=Image.Dither.NONE)
            few.save(out, format="png", optimize=True)
        if out.tell() * 4 / 3 <= most or dpi == RESOLUTIONS[-1]:
            yield out.getvalue()
