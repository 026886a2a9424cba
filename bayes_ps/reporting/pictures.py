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
from bayes_ps.robustness.band import MCIDBand, mcid_band

RESOLUTIONS = (150, 110, 80, 60)
"""Dots per inch, from the finest down, of which a figure takes the first that is small enough."""
MOST = {"forest": 800_000, "other": 150_000}
"""Bytes of a data URI at most, so that the page stays under 2 MB."""


def figures(m: Material) -> Section:
    """Of the studies, the decision, its robustness and tau; coarser where there is much to draw."""
    return Section("figures", "Figures", "PRISMA 19, 20b; BARG step 3, 4, 5", tuple(_pictures(m)))


def _pictures(m: Material) -> Iterator[Picture]:
    from bayes_ps.plots import (
        plot_forest,
        plot_mcid_curve,
        plot_prior_posterior,
        plot_robustness,
        plot_tipping_bias,
    )

    yield drawn(
        "Forest plot: estimates, shrunken effects, the mean effect and a new setting.",
        lambda: plot_forest(m.fit, mcid=m.mcid, baseline=_comparable(m)),
        MOST["forest"],
    )
    caption = "Probability of a benefit of at least so much, for every so much"
    caption += "; shaded: under other priors and models." if m.robust is not None else "."
    yield drawn(caption, lambda: plot_mcid_curve(m.fit, m.mcids, band=_band(m)), MOST["other"])
    if m.robust is not None:
        robust = m.robust
        caption = "The mean effect and its probability under every analysis that was tried."
        yield drawn(caption, lambda: plot_robustness(robust), MOST["other"])
    if m.tipping is not None:
        tipping = m.tipping
        caption = "How much bias in the trials at high risk of bias would turn the decision."
        yield drawn(caption, lambda: plot_tipping_bias(tipping), MOST["other"])
    if m.fit.has_tau:
        caption = "What was believed of tau before the studies, and what is after them."
        yield drawn(caption, lambda: plot_prior_posterior(m.fit), MOST["other"])


def _comparable(m: Material) -> Baseline | None:
    """The baseline, if the forest plot can show it: of the same studies, with 95% intervals."""
    b = m.pooled
    same = isinstance(b, Baseline) and b.level == 0.95 and list(b.study) == list(m.effects.study)
    return b if isinstance(b, Baseline) and same else None


def _band(m: Material) -> MCIDBand | None:
    """How far the curves move with priors and models, where the decision was examined."""
    return None if m.robust is None or m.mcid is None else mcid_band(m.fit, m.mcid)


def drawn(caption: str, draw: Callable[[], Any], most: int) -> Picture:
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
        figure.savefig(
            drawn, dpi=dpi, format="png", bbox_inches="tight", pil_kwargs={"compress_level": 0}
        )
        with Image.open(drawn) as image:
            few = image.convert("RGB").quantize(64, dither=Image.Dither.NONE)
            few.save(out, format="png")
        if out.tell() * 4 / 3 <= most or dpi == RESOLUTIONS[-1]:
            yield out.getvalue()
