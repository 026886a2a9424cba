"""Rows that Cochrane reviews publish: events_t, n_t, events_c, n_c, weight in per cent, risk ratio.

From the reviews' analysis data packages; method "M-H, Random" except of the last.
"""

from collections.abc import Sequence

import pandas as pd

# Antibiotics for acute otitis media in children, doi:10.1002/14651858.CD000219.pub5.
VOMITING = [  # analysis 1.2: vomiting, diarrhoea or rash
    (53, 114, 36, 118, 19.511986, 1.523879),
    (20, 117, 12, 123, 5.907850, 1.752137),
    (49, 144, 36, 147, 17.221600, 1.389468),
    (43, 235, 47, 240, 16.576180, 0.934359),
    (3, 72, 1, 77, 0.562278, 3.208333),
    (9, 42, 2, 42, 1.292633, 4.500000),
    (1, 159, 1, 158, 0.370448, 0.993711),
    (105, 161, 73, 158, 38.557026, 1.411554),
]
PAIN_AT_4_TO_7_DAYS = [  # analysis 1.1, third subgroup: a zero cell
    (20, 111, 29, 114, 24.449105, 0.708295),
    (69, 117, 89, 123, 36.020588, 0.815039),
    (10, 72, 24, 77, 19.282117, 0.445602),
    (0, 42, 7, 42, 1.994740, 0.066667),
    (5, 159, 2, 158, 5.483538, 2.484277),
    (7, 85, 2, 80, 5.999308, 3.294118),
    (3, 46, 4, 38, 6.770604, 0.619565),
]
CONTRALATERAL_OTITIS = [  # analysis 1.5: tau² 0.276 around Mantel-Haenszel, 0.256 around IV
    (29, 98, 33, 102, 36.091376, 0.914657),
    (13, 161, 29, 158, 30.881348, 0.439923),
    (2, 64, 6, 63, 12.701282, 0.328125),
    (4, 130, 17, 130, 20.325994, 0.235294),
]
# Antidepressants for low back pain, doi:10.1002/14651858.CD001703.pub4, analysis 1.27, tricyclics:
# a trial without events (no weight) and two with a zero cell.
WITHDRAWALS = [
    (0, 31, 0, 31, None, None),
    (5, 28, 0, 22, 5.751134, 8.724138),
    (2, 38, 3, 40, 13.594677, 0.701754),
    (17, 52, 1, 26, 11.087979, 8.500000),
    (5, 37, 1, 34, 9.901242, 4.594595),
    (3, 38, 2, 33, 13.669469, 1.302632),
    (1, 30, 1, 29, 6.216985, 0.966667),
    (9, 72, 9, 74, 34.491043, 1.027778),
    (2, 20, 0, 20, 5.287470, 5.000000),
]
# Pelvic floor treatment, doi:10.1002/14651858.CD013571.pub2, analysis 2.1: everybody has the event
# in one arm.
CURE = [
    (34, 37, 31, 38, 38.238714, 1.126417),
    (21, 25, 14, 25, 19.486606, 1.500000),
    (37, 37, 25, 38, 32.533314, 1.509288),
    (14, 26, 10, 32, 9.741366, 1.723077),
]
# Psychological treatment in heart disease, doi:10.1002/14651858.CD013508.pub3, 1.15: fixed effect.
FIXED = [
    (8, 50, 5, 50, 17.231957, 1.600000),
    (19, 89, 16, 112, 48.832452, 1.494382),
    (3, 58, 10, 74, 30.286470, 0.382759),
    (3, 9, 1, 8, 3.649120, 2.666667),
]
RANDOM: dict[str, Sequence[tuple[float | None, ...]]] = {
    "CD000219 1.2": VOMITING,
    "CD000219 1.1.3": PAIN_AT_4_TO_7_DAYS,
    "CD000219 1.5": CONTRALATERAL_OTITIS,
    "CD001703 1.27": WITHDRAWALS,
    "CD013571 2.1": CURE,
}


def trials(rows: Sequence[tuple[float | None, ...]]) -> pd.DataFrame:
    """Columns of `mantel_haenszel`, with `weight` and `rr` as printed."""
    names = ["events_t", "n_t", "events_c", "n_c", "weight", "rr"]
    return pd.DataFrame(rows, columns=names).assign(study=range(len(rows)))
