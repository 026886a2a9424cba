"""What the tests of the report share: a page that is read, and what a report is made of."""

from __future__ import annotations

from functools import cache
from html.parser import HTMLParser
from typing import Any

import bayes_ps as bps
from bayes_ps.reporting.material import Given, Material, gathered
from models import RandomEffects, priors
from tests.unit.making import fitted

MCID = bps.MCID(5, unit="points (0-100)", source="doi:10.1000/mcid", kind="within patient")
EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)> \"&'{{ 7*7 }}"
SOURCED = RandomEffects(
    mu=priors.flat(), tau=priors.half_normal(5, source="Röver 2021, doi:10.1002/jrsm.1475")
)
VOID = ("meta", "img", "link", "br", "hr", "input")


class Page(HTMLParser):
    """Tags in order, ids, texts, and whether every tag is closed."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[Any] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] != "style":
            self.texts.append(data)

    def all(self, tag: str) -> list[dict[str, Any]]:
        return [attrs for name, attrs in self.tags if name == tag]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


def material(fit: Any = None, *mcids: bps.MCID, **given: Any) -> Material:
    """Of eight studies and an MCID of 5 points, unless told otherwise."""
    if fit is None and not mcids and not given:
        return usual()
    listed = given.pop("mcids", mcids or (MCID,))
    return gathered(fit or eight_studies(), Given(listed, **given))


@cache
def usual() -> Material:
    return gathered(eight_studies(), Given((MCID,)))


@cache
def eight_studies() -> Any:
    return fitted(model=SOURCED)
