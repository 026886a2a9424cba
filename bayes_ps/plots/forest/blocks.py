"""Which studies share a mean effect: all of them, those of each subgroup, or none."""

from __future__ import annotations

from dataclasses import dataclass

from bayes_ps.posterior import Fit, Setting


@dataclass(frozen=True)
class Block:
    """Studies, and the setting whose mean effect stands below them.

    Attributes
    ----------
    studies : their rows in the effects.
    at : the setting of their mean effect.
    name : of the subgroup; None if there are no subgroups.
    pooled : whether there is one mean effect for them to show.
    """

    studies: tuple[int, ...]
    at: Setting = None
    name: str | None = None
    pooled: bool = True


def blocks_of(fit: Fit) -> tuple[Block, ...]:
    """One block, a block a subgroup, or, under any other regression, studies without a mean."""
    everyone = tuple(range(fit.k))
    if "mu" in fit.unknowns:
        return (Block(everyone),)
    column = _subgroups(fit)
    if column is None or fit.hierarchy is None:
        return (Block(everyone, pooled=False),)
    levels = fit.hierarchy.design.levels[column]
    values = [str(value) for value in fit.effects.data[column]]
    return tuple(
        Block(
            tuple(row for row in everyone if values[row] == level),
            {column: level},
            f"{column}: {level}",
        )
        for level in levels
    )


def _subgroups(fit: Fit) -> str | None:
    """The moderator, if every coefficient is the mean effect of one of its levels."""
    if fit.hierarchy is None:
        return None
    design = fit.hierarchy.design
    only = len(design.moderators) == 1 and all(term.level is not None for term in design.terms)
    return design.moderators[0] if only else None
