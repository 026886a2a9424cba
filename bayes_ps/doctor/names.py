"""Which rows are of one trial: "Smith 2010a" and "Smith 2010 (arm 2)" are both of "smith 2010"."""

from __future__ import annotations

import re


def trial_of(study: str) -> str:
    """Author and year of a study's name, without the letter or bracket after them."""
    found = re.match(r"(.*?\b(?:19|20)\d\d)", study)
    return (found[1] if found else study).strip().lower()
