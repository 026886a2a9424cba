"""`effect_sizes` against metafor 3.8-1 `escalc` (and 4.8-0, equal), to 12 digits."""

import numpy as np
import pytest

import bayes_ps as bps
from tests import references

ARMS = dict(
    zip(
        ("n_t", "mean_t", "sd_t", "n_c", "mean_c", "sd_c"),
        ("n1i", "m1i", "sd1i", "n2i", "m2i", "sd2i"),
        strict=True,
    )
)
COUNTS = {"events_t": "ai", "n_t": "n1i", "events_c": "ci", "n_c": "n2i"}
TWO_BY_TWO = (
    "bcg",
    "crins_ar",
    "crins_ptld_k3",
    "crins_rct_k2",
    "karner",
    "peto_aspirin",
    "sidik_jonkman",
)


def sizes(name, measure, columns, **options):
    table = references.table(name)
    table = table.assign(study=[f"{row} {study}" for row, study in enumerate(table["study"])])
    return bps.effect_sizes(table, measure=measure, better="lower", columns=columns, **options)


def agree(found, want, rows=slice(None)):
    np.testing.assert_allclose(found.y, np.array(want["yi"])[rows], rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(found.se**2, np.array(want["vi"])[rows], rtol=2e-12)


@pytest.mark.parametrize(
    "key",
    [
        *("MD", "MD__vtype_HO", "SMD", "SMD__vtype_LS2", "SMD__vtype_UB", "SMD__vtype_AV"),
        *("SMDH", "SMD1", "SMD1H", "ROM", "ROM__vtype_HO"),
    ],
)
def test_normand_equals_escalc(key):
    """Normand 1999: length of stay after stroke, 9 trials."""
    measure, _, variance = key.partition("__vtype_")
    unit = "days" if measure == "MD" else None
    found = sizes("normand", measure, ARMS, variance=variance or "LS", unit=unit)
    agree(found, references.expected("normand")["effect_sizes"][key])


@pytest.mark.parametrize("measure", ["OR", "RR", "RD", "AS", "PETO"])
@pytest.mark.parametrize("name", TWO_BY_TWO)
def test_two_by_two_tables_equal_escalc(name, measure):
    """Zeros in four of the data sets, a study without events in one: metafor's default keeps it."""
    found = sizes(name, measure, COUNTS, double_zero="keep")
    agree(found, references.expected(name)["effect_sizes"][measure])


@pytest.mark.parametrize("measure", ["OR", "RR"])
def test_studies_without_events_left_out_equal_drop00(measure):
    """Schuller 2005, 0/18 and 0/12, in ``escalc(..., drop00=TRUE)``."""
    want = references.expected("crins_ptld_k3")["effect_sizes"][f"{measure}__drop00"]
    assert want["yi"][0] is None
    found = sizes("crins_ptld_k3", measure, COUNTS, double_zero="drop")
    agree(found, {part: want[part][1:] for part in ("yi", "vi")})


@pytest.mark.parametrize("key", ["COR", "COR__vtype_AV", "ZCOR"])
def test_molloy_equals_escalc(key):
    """Molloy 2014: conscientiousness and taking one's pills, 16 correlations."""
    measure, _, variance = key.partition("__vtype_")
    found = sizes("molloy", measure, {"n": "ni", "r": "ri"}, variance=variance or "LS")
    agree(found, references.expected("molloy")["effect_sizes"][key])


def test_revman_smd_of_cochrane_cd004376():
    """Exercise for knee osteoarthritis, doi:10.1002/14651858.CD004376.pub4, analysis 1.1, the rows
    of the data package: the effect and interval that RevMan printed."""
    rows = bps.read_studies(references.FOLDER / "CD004376-analysis-1.1.csv")
    rows["study"] = rows["Study"] + " " + rows.index.astype(str)
    found = bps.effect_sizes(
        rows,
        measure="SMD",
        better="lower",
        variance="RevMan",
        columns={
            "n_t": "Experimental N",
            "mean_t": "Experimental mean",
            "sd_t": "Experimental SD",
            "n_c": "Control N",
            "mean_c": "Control mean",
            "sd_c": "Control SD",
        },
    )
    np.testing.assert_allclose(found.y, rows["Mean"], atol=1e-6)
    low = found.y - 1.959963984540054 * found.se
    np.testing.assert_allclose(low, rows["CI start"], atol=1e-6)
