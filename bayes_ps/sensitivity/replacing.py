"""The same model under other priors: a specification is a frozen value, so this is `replace`."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

from bayes_ps.checks import ModelError
from bayes_ps.priors import Prior


def location_of(model: Any) -> str | None:
    """The field that holds the prior of the effect: ``mu``, or ``beta`` with moderators."""
    names = _fields(model)
    return next((name for name in ("mu", "beta") if name in names), None)


def has_tau(model: Any) -> bool:
    """Whether the model has a prior of tau to replace."""
    return "tau" in _fields(model)


def with_priors(model: Any, mu: Prior | None = None, tau: Prior | None = None) -> Any:
    """The model with these priors; None keeps its own."""
    given: dict[str, Any] = {}
    if mu is not None:
        name = location_of(model)
        if name is None:
            raise ModelError(f"{type(model).__name__} has no prior of mu to replace.")
        given[name] = mu
    if tau is not None:
        if not has_tau(model):
            raise ModelError(f"{type(model).__name__} has no prior of tau to replace.")
        given["tau"] = tau
    return replace(model, **given)


def _fields(model: Any) -> set[str]:
    if not is_dataclass(model) or isinstance(model, type):
        raise ModelError(
            f"{model!r} is not a frozen specification whose fields are priors, such as "
            f"RandomEffects(mu=…, tau=…), so that its priors cannot be replaced."
        )
    return {field.name for field in fields(model)}
