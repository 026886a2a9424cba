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
    """The moderator, if it is the only one and has levels: each has one mean effect."""
    if fit.hierarchy is None:
        return None
    design = fit.hierarchy.design
    of_levels = all(term.level is not None for term in design.terms if term.column is not None)
    return design.moderators[0] if len(design.moderators) == 1 and of_levels else None
