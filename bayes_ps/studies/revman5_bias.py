"""Risk of bias of a RevMan 5 file: quality items, judged by study or by group of outcomes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from bayes_ps.studies.risk_of_bias import distinct, domain, judgement, slug

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def risk_of_bias(root: Element) -> pd.DataFrame:
    """A column a domain, a row a study (by its ID); an item judged by groups has one a group."""
    columns: dict[str, dict[str, str]] = {}
    spelled: list[tuple[str, str]] = []
    for item in root.iterfind(".//QUALITY_ITEMS/QUALITY_ITEM"):
        name = " ".join((item.findtext("NAME") or "").split())
        groups = {
            group.get("ID", ""): " ".join((group.findtext("NAME") or "").split())
            for group in item.iterfind("QUALITY_ITEM_DATA_ENTRY_GROUP")
        }
        several = len(groups) > 1
        for entry in item.iterfind(".//QUALITY_ITEM_DATA_ENTRY"):
            group = groups.get(entry.get("GROUP_ID", ""), "") if several else ""
            full = f"{name}: {group}" if group else name
            if full not in columns:
                columns[full] = {}
                ours = domain(name) or f"rob_{slug(name)}"
                spelled.append((full, f"{ours}_{slug(group)}" if group else ours))
            columns[full][entry.get("STUDY_ID", "")] = judgement(entry.get("RESULT", ""))
    named = distinct(spelled)
    return pd.DataFrame({named[full]: pd.Series(column) for full, column in columns.items()})
