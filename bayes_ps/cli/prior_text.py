"""A prior as it is typed, ``half_normal(0.5)``: a call of a name in `bayes_ps.priors`, not code."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from bayes_ps.checks import PriorError

if TYPE_CHECKING:
    from bayes_ps.priors import Prior

NAMES = (
    "berger_deely", "cauchy", "cochrane", "conventional", "dumouchel", "empirical",
    "exponential", "flat", "gamma", "half_cauchy", "half_normal", "half_student_t",
    "improper_uniform", "inverse_gamma", "jeffreys", "log_normal", "log_student_t", "normal",
    "overall_jeffreys", "point", "rhodes2015", "sqrt_uniform", "student_t", "turner2012",
    "turner2015", "uniform", "uniform_i2", "uniform_shrinkage",
)  # fmt: skip
LONGEST = 500  # characters


def written_prior(text: str, of: Literal["mu", "tau"], option: str) -> Prior:
    """The prior that `text` names, as in ``half_normal(0.5)`` or ``rhodes2015("other", …)``.

    Arguments are numbers and quoted text; nothing is evaluated. A prior of mu and tau together,
    ``cochrane("SMD")``, gives the one of `of`. What has no source says that `option` chose it.

    Raises
    ------
    PriorError
        For anything but one call of one of `NAMES`, and arguments that do not fit it.
    """
    from bayes_ps import priors

    name, given, named = _call(text, option)
    try:
        prior = getattr(priors, name)(*given, **named)
    except TypeError as error:
        said = str(error).split("() ")[-1].replace("__init__", name)
        raise PriorError(f"{option} {text}: {name}() {said}. See bayes-ps priors.") from None
    if isinstance(prior, priors.EffectAndHeterogeneity):
        return getattr(prior, of)
    if prior.source or name == "flat":
        return prior
    return replace(prior, source=f"chosen by the analyst, {option}")


def _call(text: str, option: str) -> tuple[str, list[Any], dict[str, Any]]:
    """Name, arguments and named arguments."""
    mend = f"Write it as in {option} 'half_normal(0.5)'; bayes-ps priors lists the published ones."
    try:
        if len(text) > LONGEST:
            raise ValueError
        tree = ast.parse(text.strip().removeprefix("priors."), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise PriorError(f"{option} {text!r} is not a prior. {mend}") from None
    if isinstance(tree, ast.Attribute) and tree.attr in ("mu", "tau"):
        tree = tree.value  # cochrane("SMD").tau, as in Python
    if not isinstance(tree, ast.Call) or not isinstance(tree.func, ast.Name):
        raise PriorError(f"{option} {text!r} is not a prior. {mend}")
    if tree.func.id not in NAMES:
        raise PriorError(
            f"{option} {text!r}: there is no prior {tree.func.id!r}. Have: {', '.join(NAMES)}."
        )
    try:
        given = [_value(each) for each in tree.args]
        named = {str(each.arg): _value(each.value) for each in tree.keywords if each.arg}
    except ValueError as error:
        raise PriorError(f"{option} {text!r}: {error}. {mend}") from None
    if len(named) < len(tree.keywords):
        raise PriorError(f"{option} {text!r} is not a prior. {mend}")
    return tree.func.id, given, named


def _value(node: ast.expr) -> float | str:
    """A number, perhaps with a sign, or text."""
    sign = 1
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        sign, node = -1 if isinstance(node.op, ast.USub) else 1, node.operand
    if isinstance(node, ast.Constant):
        if isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
            return sign * float(node.value)
        if isinstance(node.value, str) and sign == 1:
            return node.value
    raise ValueError(f"{ast.unparse(node)} is neither a number nor quoted text")
