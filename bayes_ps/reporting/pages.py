"""The templates, with everything that is put into them escaped."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from bayes_ps.reporting.cells import printable

if TYPE_CHECKING:
    from jinja2 import Environment


def rendered(template: str, values: Mapping[str, Any]) -> str:
    """The template with these values; markup in them is shown, never run."""
    return _environment().get_template(template).render(values)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("bayes_ps.reporting"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: printable(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
    )
