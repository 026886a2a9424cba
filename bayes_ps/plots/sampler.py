"""What the two figures of the sampler share: chains to look at, and the sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from arviz_plots import PlotCollection

from bayes_ps.checks import ModelError
from bayes_ps.plots.page import EDGE, in_lines, write_notes
from bayes_ps.plots.style import LINE, WIDTH
from bayes_ps.posterior import Fit

APART, BELOW, LEFT, RIGHT = 0.95, 0.5, 0.5, 0.15


def need_chains(fit: Fit, group: str) -> None:
    """Refuse a fit that was not sampled, or of which the sampler kept too little."""
    if fit.engine == "exact":
        raise ModelError(
            "An exact fit has no chains to look at: nothing was sampled. "
            'For a sampled fit use bps.fit(model, effects, engine="nuts", seed=1).'
        )
    if group not in fit.dt.children:
        raise ModelError(f'This fit has no group "{group}" in fit.dt, which the figure shows.')


@dataclass(frozen=True)
class Frame:
    """Rows of panels of ArviZ, `panel` inches high, `top` inches above them, a note below."""

    rows: int
    panel: float
    top: float
    note: str

    @property
    def figure_kwargs(self) -> dict[str, Any]:
        """As ArviZ's figures take them."""
        height = self._floor + BELOW + LINE * len(self._lines) + EDGE
        return {
            "figsize": (WIDTH, height),
            "gridspec_kw": {
                "left": LEFT / WIDTH,
                "right": 1 - RIGHT / WIDTH,
                "top": 1 - self.top / height,
                "bottom": 1 - self._floor / height,
                "hspace": APART / self.panel,
                "wspace": 0.2,
            },
        }

    def explain(self, plot: PlotCollection) -> None:
        """Write the note."""
        write_notes(plot, self._lines, down=self._floor + BELOW)

    @property
    def _floor(self) -> float:
        return self.top + self.rows * self.panel + (self.rows - 1) * APART

    @property
    def _lines(self) -> list[str]:
        return in_lines([self.note], WIDTH - 2 * EDGE)
