"""Risk of bias: the domains and judgements of RoB 1, RoB 2 and ROBINS-I under short names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

DOMAINS = (  # what the name of a domain contains, first match wins
    ("randomization process|randomisation process", "randomisation"),
    ("deviations? from (the )?intended", "deviations"),
    ("selection of the reported|selective.*report", "selection"),
    ("missing (outcome )?data|incomplete outcome", "missing"),
    ("identification (and|or) recruitment", "recruitment"),
    ("carry-?over", "carryover"),
    ("sequence generation", "sequence"),
    ("allocation concealment", "allocation"),
    ("blinding of outcome", "blinding_assessment"),
    ("blinding of (participants|patients)", "blinding_participants"),
    ("blinding", "blinding"),
    ("measurement of", "measurement"),
    ("confounding", "confounding"),
    ("selection of participants", "participants"),
    ("classification of intervention", "classification"),
    ("overall", "overall"),
    ("other (bias|sources)|free of other", "other"),
)
_JUDGEMENTS = {
    "yes": "low", "low": "low", "no": "high", "high": "high", "unknown": "unclear",
    "unclear": "unclear", "some concerns": "some concerns", "": "",
}  # fmt: skip


def domain(name: str) -> str | None:
    """Our name of a domain as a file spells it, None if no known domain is in it."""
    for pattern, ours in DOMAINS:
        if re.search(pattern, name.lower()):
            return f"rob_{ours}"
    return None


def domain_of_column(name: str) -> str | None:
    """Our name for a column of judgements of a data package, None for any other column."""
    key = name.lower()
    if "(support)" in key:
        return None
    bare = re.sub(r"\(judge?ment\)|^domain\b", "", key).strip(" :")
    if "judgement" in key or "judgment" in key:
        return domain(bare) or f"rob_{slug(bare)}"
    known = re.search(r"\bbias\b|allocation concealment|sequence generation", key)
    return domain(bare) if known else None


def distinct(names: Iterable[tuple[str, str]]) -> dict[str, str]:
    """{theirs: ours} with no name of ours twice: the second gets the words of the file's name."""
    chosen: dict[str, str] = {}
    for theirs, ours in names:
        if ours in chosen.values():
            ours = f"rob_{slug(theirs)}"
        chosen[theirs] = ours
    return chosen


def judgement(said: str) -> str:
    """ "low", "some concerns", "high" or "unclear"; any other judgement in lower case."""
    key = re.sub(r"\s*risk( of bias)?\s*$", "", said.strip().lower())
    return _JUDGEMENTS.get(key, key)


def slug(text: str) -> str:
    """Words joined by underscores."""
    return "_".join(re.findall(r"[a-z0-9]+", text.lower()))


def judgements(columns: Mapping[str, Sequence[object]]) -> dict[str, list[str | None]]:
    """The columns of judgements among all columns of a file, under our names; gaps are None."""
    theirs = [(name, ours) for name in columns if (ours := domain_of_column(name))]
    found = {}
    for name, ours in distinct(theirs).items():
        said = {cell: judgement(str(cell)) or None for cell in set(columns[name])}
        found[ours] = [said[cell] for cell in columns[name]]
    return found
