"""`effect_sizes` against metafor 3.8-1 `escalc` (and 4.8-0, equal), to 12 digits."""

import numpy as np
import pytest

import bayes_ps as bps
from tests import references

ARMS = {
    "n_t": "n1i",
    "mean_t": "m1i",
    "sd_t": "sd1i",
    "n_c": "n2i",
    "mean_c": "m2i",
    "sd_c": "sd2i",
}


@pytest.mark.parametrize("measure", ["MD", "SMD"])
def test_normand_equals_escalc(measure):
    """Normand 1999: length of stay after stroke, 9 trials; metafor's default vtype LS."""
    want = references.expected("normand")["effect_sizes"][measure]
    unit = "days" if measure == "MD" else None
    found = bps.effect_sizes(
        references.table("normand"), measure=measure, better="lower", unit=unit, columns=ARMS
    )
    np.testing.assert_allclose(found.y, want["yi"], rtol=1e-12)
    np.testing.assert_allclose(found.se**2, want["vi"], rtol=1e-12)


def test_revman_smd_of_cochrane_cd004376(tmp_path):
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
