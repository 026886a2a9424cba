"""Network meta-analysis: several treatments, compared directly and through each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bayes_ps.checks import Array, ModelError
from bayes_ps.hierarchy import Component, Contrast, Design, GaussianHierarchy, sampling_covariance
from bayes_ps.priors import Prior, for_location, for_scale
from models.sampling_distribution import report

if TYPE_CHECKING:
    import pymc as pm

    from bayes_ps.effects import Effects


@dataclass(frozen=True)
class Network:
    r"""y ~ N(theta, V),  theta_tb ~ N(d_t − d_b, tau²),  d_reference = 0, consistent.

    Each estimate compares a treatment with another. Contrasts of one trial that share an arm share
    half of their heterogeneity (correlation 1/2), and their sampling error through ``effects.V``.
    ``fit.marginal("d[metformin]")`` is an effect against the reference,
    ``fit.average(at={"treatment": "metformin", "comparator": "acarbose"})`` any other.

    Attributes
    ----------
    reference : the treatment that the others are counted from.
    d : prior of each effect against the reference.
    tau : prior of the standard deviation of every contrast between trials.
    treatment, comparator : columns of ``effects.data``: an estimate is the first minus the second.
    trial : the column that says which contrasts come from one trial; None if each is its own.

    Notes
    -----
    Lu & Ades 2004, doi:10.1002/sim.1875; Higgins & Whitehead 1996,
    doi:10.1002/(SICI)1097-0258(19961230)15:24<2733::AID-SIM562>3.0.CO;2-0, for the shared
    heterogeneity. Senn's ten glucose-lowering drugs against independent quadrature are in
    ``tests/oracle/test_network.py``.
    """

    reference: str
    d: Prior
    tau: Prior
    treatment: str = "treatment"
    comparator: str = "comparator"
    trial: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "d", for_location(self.d, "d"))
        object.__setattr__(self, "tau", for_scale(self.tau, "tau"))

    def design(self, effects: Effects) -> Design:
        """A column for each treatment but the reference."""
        first, second = self._arms(effects)
        names = sorted({*first, *second})
        if self.reference not in names:
            raise ModelError(
                f"No trial has the reference {self.reference!r}. Have: {', '.join(names)}."
            )
        self._refuse_apart(first, second)
        terms = tuple(
            Contrast(name, self.treatment, name, self.comparator)
            for name in names
            if name != self.reference
        )
        known = {self.treatment: tuple(names), self.comparator: tuple(names)}
        return Design(terms, known, variable="d", dim="treatment")

    def build(self, effects: Effects, *, marginal: bool = True) -> pm.Model:
        """The PyMC model; `marginal` integrates theta out. Reads the arms of each estimate."""
        import pymc as pm

        h = self.gaussian(effects)
        assert h.component is not None and h.component.Z is not None
        coords = {"study": list(effects.study), "treatment": list(h.design.names)}
        with pm.Model(coords=coords) as model:
            X = pm.Data("X", h.X, dims=("study", "treatment"))
            d = self.d.variable("d", dims="treatment")
            mean = (X * d).sum(axis=1)
            tau = self.tau.given(effects.se).variable("tau")
            if marginal:
                report(effects, mean=mean, tau=tau, Z=h.component.Z)
            else:
                u = pm.Normal("u", shape=h.component.Z.shape[1])
                theta = pm.Deterministic("theta", mean + tau * (h.component.Z @ u), dims="study")
                report(effects, mean=theta)
        return model

    def gaussian(self, effects: Effects) -> GaussianHierarchy:
        """The same model for the exact engine."""
        design = self.design(effects)
        return GaussianHierarchy(
            study=tuple(effects.study),
            y=effects.y,
            V=sampling_covariance(effects.se, effects.V),
            design=design,
            X=design.matrix(effects.data, effects.k),
            beta=(self.d,) * len(design.names),
            component=Component("tau", self.tau.given(effects.se), self._arm_effects(effects)),
        )

    def _arm_effects(self, effects: Effects) -> Array:
        """Z (k, arms): arms deviate with variance tau² / 2, a contrast is a difference."""
        first, second = self._arms(effects)
        trial = (
            self._column(effects, self.trial) if self.trial else list(map(str, range(effects.k)))
        )
        arms = sorted({*zip(trial, first, strict=True), *zip(trial, second, strict=True)})
        place = {arm: j for j, arm in enumerate(arms)}
        Z = np.zeros((effects.k, len(arms)))
        for i, (of, t, b) in enumerate(zip(trial, first, second, strict=True)):
            Z[i, place[of, t]], Z[i, place[of, b]] = np.sqrt(0.5), -np.sqrt(0.5)
        return Z

    def _arms(self, effects: Effects) -> tuple[list[str], list[str]]:
        first, second = (self._column(effects, c) for c in (self.treatment, self.comparator))
        same = [i for i in range(effects.k) if first[i] == second[i]]
        if same:
            raise ModelError(
                f'"{effects.study[same[0]]}" compares {first[same[0]]!r} with itself. '
                f"Leave it out: effects.drop({effects.study[same[0]]!r})."
            )
        return first, second

    def _column(self, effects: Effects, column: str) -> list[str]:
        data = effects.data
        if column not in data:
            raise ModelError(
                f"effects.data has no column {column!r}. "
                f"It has: {', '.join(map(str, data)) or 'none'}."
            )
        missing = np.flatnonzero(data[column].isna())
        if missing.size:
            raise ModelError(f'{column!r} is missing for "{effects.study[missing[0]]}".')
        return [str(value) for value in data[column]]

    def _refuse_apart(self, first: list[str], second: list[str]) -> None:
        """Raise if some treatment is not connected with the reference."""
        pairs, reached = set(zip(first, second, strict=True)), {self.reference}
        while True:
            new = {b for a, b in pairs if a in reached} | {a for a, b in pairs if b in reached}
            if new <= reached:
                break
            reached |= new
        apart = sorted({*first, *second} - reached)
        if apart:
            raise ModelError(
                f"No chain of trials connects {', '.join(apart)} with {self.reference!r}. Analyse "
                f"that part of the network by itself, with a reference of its own."
            )

    def __str__(self) -> str:
        return (
            f"Network: y ~ N(theta, V), theta_tb ~ N(d_t - d_b, tau²), d[{self.reference}] = 0, "
            f"d ~ {self.d}, tau ~ {self.tau}"
        )
