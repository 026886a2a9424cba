"""What the doctor finds in eleven published data sets, each finding judged by a reader.

Ten Cochrane reviews (data rows as published, DOIs in their column `review_doi`) and the open data
of a review of self-management for chronic back pain (examples/data). Judgement of each rule in
each file is beside the numbers. "certain" is never a false alarm.
"""

from collections import Counter
from pathlib import Path

import pytest

from bayes_ps.doctor import examine
from bayes_ps.studies import read_cochrane, read_studies

ROOT = Path(__file__).parents[2]
BACK_PAIN = ROOT / "examples" / "data" / "chronic_back_pain_self_management.csv"

FOUND = {
    "CD000219-pub5": {},
    "CD001703-pub4": {
        ("look", "SE typed as SD"): 2,  # arguable: Pirbudak 2003, SD 5 against 25, twice
        ("look", "GRIM"): 6,  # arguable: the n of the row is not the n of the mean
    },
    "CD004376-pub4": {
        ("look", "SE typed as SD"): 8,  # arguable: one arm's SD a fifth to a third of the other's
        ("look", "far effect"): 9,  # arguable: g of 3.1 to 4.6 among medians of 0.3 to 0.6
        ("look", "SDs apart"): 1,  # true: Rosadi 2023, 45.7 ± 0.1 against 29.6 ± 4.73
    },
    "CD012170-pub2": {},
    "CD013331-pub2": {
        ("look", "SE typed as SD"): 2,  # arguable: two trials with the same two SDs
        ("look", "far effect"): 1,  # false alarm: 2 ± 1 against 7 ± 2 in 20 and 20
    },
    "CD013508-pub3": {
        ("certain", "no SD"): 14,  # true: Bekelman 2018 and Habibovic 2017, "not estimable"
        ("likely", "SE typed as SD"): 4,  # true: Freedland 2009, SF-12 with SDs of 1.5 to 2
        ("likely", "altered copy"): 6,  # true: five slips, and Bekelman's MCS with PCS's control
        ("look", "SE typed as SD"): 2,  # arguable: Moradi 2016, 2.09 against 6.15
        ("look", "decimal slip"): 2,  # arguable: Moradi 2016, 42.36 against 6.73
        ("look", "far effect"): 7,  # true: Chang 2020 (g of 4 to 5), Freedland 2009 (SEs)
        ("look", "GRIM"): 17,  # arguable: means of another n, or filled-in items
    },
    "CD013571-pub2": {
        ("certain", "no SD"): 15,  # true: rows without an SD, "not estimable"
        ("look", "SE typed as SD"): 2,  # arguable: Lauti 2008, 0.3 against 0.8 in 16
    },
    "CD013853-pub2": {("certain", "no SD"): 1},  # true: a difference typed as if it were an arm
    "CD014845-pub2": {("likely", "repeated row"): 1},  # true: VanEpps 2016 twice in one total
    "CD015804-pub2": {
        ("certain", "no SD"): 1,  # true: 41.2 ± 184.3 against 0 ± 0
        ("look", "units mixed"): 1,  # true: maximum concentrations of 1.7, 5.8 and 48 ng/mL
    },
}


def counts(report):
    return Counter((each.sure, each.rule) for each in report)


@pytest.mark.parametrize("review", sorted(FOUND))
def test_every_finding_in_a_cochrane_review_is_known(review):
    table = read_cochrane(ROOT / "tests" / "data" / "cochrane" / f"{review}-data-rows.csv")
    assert counts(examine(table)) == FOUND[review]


@pytest.fixture(scope="module")
def back_pain():
    return read_studies(BACK_PAIN)


def test_zheng_2022a_lost_its_decimal_points(back_pain):
    """README of the data: −5941 ± 7801 where −5.941 ± 7.80 was meant; the other arm is right."""
    report = examine(back_pain).of(study="Zheng, 2022a", rule="decimal slip")
    assert {(each.row, each.column, each.sure) for each in report} == {
        (16, "change_mean_t", "certain"),
        (16, "change_sd_t", "certain"),
    }
    names = {"studies": back_pain.copy()}
    for each in report:
        exec(each.mend, names)
    mended = names["studies"].loc[15]
    assert mended["change_mean_t"] == pytest.approx(-5.941, rel=1e-12)
    assert mended["change_sd_t"] == pytest.approx(7.801539538, rel=1e-12)
    again = examine(names["studies"])
    assert not again.of(rule="decimal slip")
    # g was computed from the slip: 1.039 is not the effect of the mended arms, 0.83
    assert [each.column for each in again.of(rule="published effect")] == ["published_g"]


def test_garcia_2021_gives_standard_errors(back_pain):
    report = examine(back_pain).of(study="Garcia, 2021", rule="SE, not SD")
    assert {(each.row, each.column, each.sure) for each in report} == {
        (21, "sd_t", "certain"),
        (21, "sd_c", "certain"),
    }
    names = {"studies": back_pain.copy()}
    for each in report:
        exec(each.mend, names)
    assert names["studies"].loc[20, "sd_t"] == pytest.approx(0.26 * 89**0.5)
    # typed into the column of SDs they are caught as well, by the published effect
    typed = back_pain.copy()
    typed.loc[20, ["sd_t", "sd_c"]] = typed.loc[20, ["se_t", "se_c"]].to_numpy()
    typed = typed.drop(columns=["se_t", "se_c"])
    assert examine(typed).of(study="Garcia, 2021", rule="published effect")


def test_garcia_2021_pain_intensity_with_its_errors_as_deviations(back_pain):
    typed = back_pain.copy()
    typed.loc[4, ["sd_t", "sd_c"]] = typed.loc[4, ["se_t", "se_c"]].to_numpy()
    typed = typed.drop(columns=["se_t", "se_c"])
    report = examine(typed).of(study="Garcia, 2021", rule="SE typed as SD")
    assert {each.column for each in report if each.row == 5} == {"sd_t", "sd_c"}


def test_everything_else_in_the_back_pain_file(back_pain):
    others = [
        each for each in examine(back_pain) if each.rule not in ("decimal slip", "SE, not SD")
    ]
    assert {(each.study, each.row, each.rule): each.sure for each in others} == {
        # true: its control stands for two groups of 199 (1/199 + 1/398 = 0.0870²)
        ("Irvine, 2015", 6, "published SE"): "likely",
        ("Irvine, 2015", 15, "published SE"): "likely",
        # true: mean_c 3.15 is the baseline again; 3.15 − 1.16 = 1.99
        ("Özden, 2021", 8, "change score"): "likely",
        # true, reason unknown: the published SEs are those of more people than the arms have
        ("Özden, 2021", 8, "published SE"): "likely",
        ("Garcia, 2021", 21, "published SE"): "likely",
        # true: 1.8 ± 0.97 against 2.9 ± 1.03 at baseline
        ("Carpenter, 2012", 13, "baseline imbalance"): "likely",
        # true: item means of one questionnaire beside sums of another
        ("Irvine, 2015", 15, "units mixed"): "look",
        # true: 3 people cannot have a mean of 4.4 points
        ("Yang, 2017", 22, "GRIM"): "look",
    }
