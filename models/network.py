"""Network meta-analysis: several treatments, compared directly and through each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bayes_ps.checks import Array, ModelError
from bayes_ps.hierarchy import Component, Contrast, Design, GaussianHierarchy, sampling_covariance
from bayes_ps.priors import Prior, for_location, for_scale
from models.columns import labels
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
    trial : the column that says which contrasts come from one trial, m − 1 of m arms; None if each
        contrast is a trial of its own.

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
        first, second = self._compared(effects)
        names = sorted({*first, *second})
        if self.reference not in names:
            raise ModelError(
                f"No trial has the reference {self.reference!r}. Take one of: {', '.join(names)}."
            )
        self._refuse_apart(effects, first, second)
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

        design, (arms, Z) = self.design(effects), self._arms(effects)
        coords = {"study": list(effects.study), "treatment": list(design.names)}
        coords |= {} if marginal or Z is None else {"arm": arms}
        with pm.Model(coords=coords) as model:
            X = pm.Data("X", design.matrix(effects.data, effects.k), dims=("study", "treatment"))
            d = self.d.variable("d", dims="treatment")
            mean = (X * d).sum(axis=1)
            tau = self.tau.given(effects.se).variable("tau")
            if marginal:
                report(effects, mean=mean, tau=tau, Z=Z)
            elif Z is None:
                report(effects, mean=pm.Normal("theta", mu=mean, sigma=tau, dims="study"))
            else:
                u = pm.Normal("u", mu=0, sigma=tau, dims="arm")
                theta = pm.Deterministic("theta", mean + (Z * u).sum(axis=1), dims="study")
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
            component=Component("tau", self.tau.given(effects.se), self._arms(effects)[1]),
        )

    def _compared(self, effects: Effects) -> tuple[list[str], list[str]]:
        """The two treatments that each estimate compares."""
        first, second = labels(effects, self.treatment), labels(effects, self.comparator)
        for study, one, other in zip(effects.study, first, second, strict=True):
            if one == other:
                raise ModelError(
                    f'"{study}" compares {one!r} with itself. Correct {self.treatment!r} or '
                    f'{self.comparator!r}, or leave it out: effects.drop("{study}").'
                )
        return first, second

    def _arms(self, effects: Effects) -> tuple[list[str], Array | None]:
        """The arms of the trials, and Z (k, arms); None where every estimate is its own trial.

        Arms deviate with variance tau² / 2, and a contrast is a difference of two.
        """
        if self.trial is None:
            return [], None
        trial = labels(effects, self.trial)
        if len(set(trial)) == effects.k:
            return [], None
        pairs = [list(zip(trial, each, strict=True)) for each in self._compared(effects)]
        arms = sorted({arm for each in pairs for arm in each})
        place = {arm: j for j, arm in enumerate(arms)}
        Z = np.zeros((effects.k, len(arms)))
        for i, (one, other) in enumerate(zip(*pairs, strict=True)):
            Z[i, place[one]], Z[i, place[other]] = np.sqrt(0.5), -np.sqrt(0.5)
        self._refuse_uncorrelated(effects, Z @ Z.T)
        return [f"{of}: {treatment}" for of, treatment in arms], Z

    def _refuse_uncorrelated(self, effects: Effects, shared: Array) -> None:
        """Raise if estimates that share an arm have no covariance, or one of the wrong sign."""
        V = np.diag(effects.se**2) if effects.V is None else effects.V
        wrong = np.argwhere((np.abs(shared) > 0.1) & (V * shared <= 0))
        if wrong.size:
            i, j = wrong[0]
            one, other = effects.study[[i, j]]
            raise ModelError(
                f'"{one}" and "{other}" share an arm of one {self.trial!r}, so the covariance of '
                f"their errors is {'minus ' if shared[i, j] < 0 else ''}the variance of that arm's "
                f"mean, but effects.V holds {V[i, j]:g}. "
                f"Give it: dataclasses.replace(effects, V=V)."
            )

    def _refuse_apart(self, effects: Effects, first: list[str], second: list[str]) -> None:
        """Raise if some treatment is not connected with the reference."""
        pairs, reached = set(zip(first, second, strict=True)), {self.reference}
        while True:
            new = {b for a, b in pairs if a in reached} | {a for a, b in pairs if b in reached}
            if new <= reached:
                break
            reached |= new
        apart = sorted({*first, *second} - reached)
        if apart:
            names = [f'"{s}"' for s, a in zip(effects.study, first, strict=True) if a in apart]
            raise ModelError(
                f"No chain of trials connects {', '.join(apart)} with {self.reference!r}. Analyse "
                f"that part of the network by itself, with a reference of its own, and leave it "
                f"out here: effects.drop({', '.join(names)})."
            )

    def __str__(self) -> str:
        return (
            f"Network: y ~ N(theta, V), theta_tb ~ N(d_t - d_b, tau²), d[{self.reference}] = 0, "
            f"d ~ {self.d}, tau ~ {self.tau}"
        )
