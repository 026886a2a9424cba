"""The distribution of what is a straight line in a tilted coefficient, and normal around that."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from bayes_ps.checks import Array
from bayes_ps.exact.panels import rule
from bayes_ps.exact.tilt import Rows, Tilted

SMOOTH = 4.5  # a panel, in SDs: up to this a normal is smooth on it, and its 16 points suffice
REACH = 8.0  # SDs beyond which a normal distribution function is 0 or 1
FINE = np.polynomial.legendre.leggauss(40)  # integrates a normal from -REACH to REACH
WEIGHTLESS = 1e-20
CHUNK = 64  # values asked for at a time
SQRT_2PI = np.sqrt(2 * np.pi)


@dataclass(frozen=True, eq=False)
class Line:
    """location_j + slope_j · (b − centre) + scale_j · z in row j; z is standard normal.

    b is as `tilted` says. A cell is a panel of b in one row. Where the normal is wide next to the
    panel, the cell is its 16 points with a normal around each. Where it is narrow (a true effect
    hardly varies if tau is near 0, b itself not at all) these would show as steps: there p(b) is
    integrated up to a few SDs from the step, and times the normal over those.

    Attributes
    ----------
    tilted : b in each of n rows.
    row_weight, location, slope, scale : (n,); more dimensions are for `at` only.
    centre : what b is counted from.
    """

    tilted: Tilted
    row_weight: Array
    location: Array
    slope: Array
    scale: Array
    centre: float

    def at(self, row: Rows, b: Array) -> Array:
        """(q, …) the line in `row` (q,) at b (q,)."""
        away = (b - self.centre).reshape(-1, *(1,) * (self.slope.ndim - 1))
        return self.location[row] + self.slope[row] * away

    def below(self, x: Array) -> Array:
        """P(value <= x) at each x (m,)."""
        return self._by_chunks(x, 1)

    def above(self, x: Array) -> Array:
        """P(value > x) at each x (m,)."""
        return self._by_chunks(x, -1)

    def density(self, x: Array) -> Array:
        """At each x (m,)."""
        return self._by_chunks(x, 0)

    @property
    def moments(self) -> tuple[Array, Array, Array]:
        """Weight, mean and SD (n,) of each row."""
        mean, sd = self.tilted.moments
        location = self.location + self.slope * (mean - self.centre)
        return self.row_weight, location, np.hypot(self.scale, self.slope * sd)

    @property
    def support(self) -> tuple[float, float]:
        """Between which values lie: the whole line unless they are b but for its unit."""
        if self.scale.any():
            return -np.inf, np.inf
        away = np.array(self.tilted.prior.support) - self.centre
        ends = self.location[:, None] + self.slope[:, None] * away
        return float(ends.min()), float(ends.max())

    def _by_chunks(self, x: Array, side: int) -> Array:
        return np.concatenate(
            [
                self._at_points(x[start : start + CHUNK], side)
                + self._at_steps(x[start : start + CHUNK], side)
                for start in range(0, x.size, CHUNK)
            ]
        )

    @cached_property
    def _mass(self) -> Array:
        """(n, P, 16) of the points."""
        return self.row_weight[:, None, None] * self.tilted.weight

    @cached_property
    def _narrow(self) -> npt.NDArray[np.bool_]:
        """(n, P) whether the normal is narrow next to the panel."""
        width = np.abs(self.slope)[:, None] * self.tilted.panels.width
        return np.asarray(width > SMOOTH * self.scale[:, None])

    @cached_property
    def _points(self) -> tuple[Array, Array, Array]:
        """Weight, location and scale of the normals around points."""
        row, panel, point = np.nonzero(~self._narrow[..., None] & (self._mass > WEIGHTLESS))
        location = self.at(row, self.tilted.panels.x[panel, point])
        return self._mass[row, panel, point], location, self.scale[row]

    def _at_points(self, x: Array, side: int) -> Array:
        weight, location, scale = self._points
        z = (x[:, None] - location) / scale
        if side == 0:
            return np.asarray((np.exp(-0.5 * z**2) / (SQRT_2PI * scale)) @ weight)
        return np.asarray(ndtr(side * z) @ weight)

    @cached_property
    def _cells(self) -> tuple[Rows, Array, Array, Array]:
        """Row, lower and upper end, and mass of the cells whose normal is narrow."""
        mass = self._mass.sum(axis=2)
        row, panel = np.nonzero(self._narrow & (mass > WEIGHTLESS))
        panels = self.tilted.panels
        return row, panels.lower[panel], panels.upper[panel], mass[row, panel]

    def _at_steps(self, x: Array, side: int) -> Array:
        """A cell counts whole, or not at all, or x hits it: its normal, in b, is between."""
        rows, lowest, highest, mass = self._cells
        step = self.centre + (x[:, None] - self.location[rows]) / self.slope[rows]
        sd = self.scale[rows] / np.abs(self.slope[rows])
        at, cell = np.nonzero((lowest < step + REACH * sd) & (highest > step - REACH * sd))
        row, hit, panel = rows[cell], step[at, cell], (lowest[cell], highest[cell])
        part = self._around(row, hit, panel, side)
        if side == 0:
            total = np.bincount(at, part * self.row_weight[row], minlength=x.size)
            return total + self._density_of_b(x)
        up = side * self.slope > 0  # the cells below the step count
        first, last = (np.clip(hit + end * sd[cell], *panel) for end in (-REACH, REACH))
        ends = np.where(up[row], panel[0], last), np.where(up[row], first, panel[1])
        part += self.tilted.integral(row, *ends)
        whole = np.where(up[rows], highest <= step - REACH * sd, lowest >= step + REACH * sd)
        return np.bincount(at, part * self.row_weight[row], minlength=x.size) + whole @ mass

    def _around(self, row: Rows, step: Array, panel: tuple[Array, Array], side: int) -> Array:
        """(q,) what the normals around steps (q,) make of the density of b within a panel."""
        part, normal = np.zeros(row.size), self.scale[row] > 0
        row, step, slope = row[normal], step[normal], np.abs(self.slope[row[normal]])
        sd, sign = self.scale[row] / slope, np.sign(self.slope[row])
        first, last = (np.clip((end[normal] - step) / sd, -REACH, REACH) for end in panel)
        z, dz = rule(first, last, *FINE)
        b = step[:, None] + sd[:, None] * z
        if side == 0:
            kernel = np.exp(-0.5 * z**2) / (SQRT_2PI * slope[:, None])
        else:
            kernel = ndtr(-side * sign[:, None] * z) * sd[:, None]
        part[normal] = (self.tilted.density(row, b) * kernel * dz).sum(axis=1)
        return part

    def _density_of_b(self, x: Array) -> Array:
        """That of the rows in which the value is b but for its unit."""
        row = np.flatnonzero((self.scale == 0) & (self.slope != 0))
        b = self.centre + (x - self.location[row, None]) / self.slope[row, None]
        each = self.tilted.density(row, b)
        return (self.row_weight[row] / np.abs(self.slope[row])) @ each
