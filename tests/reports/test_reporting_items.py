"""The items of the guidelines: each points at a section that answers it, or is said to be open."""

import pandas as pd
import pytest

import bayes_ps as bps
from bayes_ps.reporting import items_answered, report_page
from bayes_ps.reporting.blocks import Section
from models import RandomEffects, priors
from tests.reports.making import MCID, SOURCED, material
from tests.unit.making import PAIN, fitted, made

OPEN = {
    "BARG: Loss function", "BARG: Stored posterior", "PRISMA 13e, 20c: Causes of heterogeneity",
    "GRADE: Optimal information size", "MCID: Its credibility rating (Devji 2020)",
    "FDA draft 2026: Operating characteristics",
}  # fmt: skip
"""What no report answers."""

# What the guidelines ask by source (Kruschke 2021; Sung 2005; PRISMA 2020; Cochrane; GRADE; MCID).
ASKED = {
    "BARG": 15, "ROBUST": 4, "PRISMA": 1, "PRISMA 13d": 1, "PRISMA 13e, 20c": 1,
    "PRISMA 13f, 20d": 1, "PRISMA 14, 21": 1, "PRISMA 15, 22": 1, "PRISMA 18": 1, "PRISMA 19": 1,
    "PRISMA 20b": 1, "Cochrane": 2, "Handbook 15": 1, "GRADE 34": 1, "GRADE": 1, "MCID": 7,
    "Published practice": 2, "FDA draft 2026": 1,
}  # fmt: skip


def unanswered(m):
    table = items_answered.checklist(m).blocks[-1]
    return {row[0] for row in table.rows if row[1] == "no"}


@pytest.fixture(scope="module")
def fullest():
    """With all that a report can be given."""
    effects = made([*PAIN.y, -5, -6], [*PAIN.se, 2, 3]).with_data(
        pd.DataFrame({"rob_overall": ["low", "high"] * 5})
    )
    tau = priors.half_normal(5, source="Turner 2015")
    fit = fitted(effects, RandomEffects(mu=priors.flat(), tau=tau))
    named = {"kind": "within patient", "method": "anchor", "population": "back pain"}
    mcids = tuple(bps.MCID(x, unit="points (0-100)", **named) for x in (5, 10))
    patients = bps.responders(fit, mcids[0], sd=20, control_share=0.3)
    return material(fit, mcids=mcids, patients=patients)


def test_no_item_is_lost():
    counted = pd.Series([item.source for item in items_answered.ITEMS]).value_counts()
    assert counted.to_dict() == ASKED


def test_the_fullest_report_answers_all_but_what_none_does(fullest):
    assert unanswered(fullest) == OPEN
    said = items_answered.checklist(fullest).blocks[1].text
    assert all(name in said for name in OPEN)


def test_each_answered_item_points_at_a_section_that_says_something(fullest, monkeypatch):
    monkeypatch.setattr(report_page, "figures", lambda m: Section("figures", "Figures", "", ()))
    there = {section.key: section for section in report_page.sections_of(fullest)}
    for item in items_answered.ITEMS:
        assert item.where in there or (not item.where and item.otherwise), item
        assert not item.where or item.where == "figures" or there[item.where].blocks


def test_what_was_not_given_is_said_to_be_open():
    plain = unanswered(material(fitted(model=SOURCED)))
    assert plain == OPEN | {
        "PRISMA 14, 21: Small-study effects",  # 8 studies
        "PRISMA 18: Risk of bias of each study",
        "Cochrane: An empirical prior of heterogeneity",
        "MCID: Share of patients who respond", "MCID: Kind, method and population",
        "Published practice: Bands of size",
    }  # fmt: skip
    none = unanswered(material(fitted(), mcids=()))
    assert plain < none and "BARG: Priors, justified" in none
    assert "BARG: Sensitivity of the decision" in none
    assert MCID.population == ""
