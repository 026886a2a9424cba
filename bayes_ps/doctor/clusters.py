"""Cluster trials whose people are counted as if each had been randomised."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bayes_ps.doctor.finding import Finding
from bayes_ps.doctor.table import Table, places


def counted_as_people(table: Table) -> Iterator[Finding]:
    """Rows with a `cluster_size` above 1: their n count for n / (1 + (size − 1) ICC).

    Cochrane Handbook 23.1.4. The table does not say whether n was divided already: "look". With
    whole n and ``examine(icc=…)`` the sentence says by how much; n with a fraction were divided.
    """
    size = table.number("cluster_size")
    n = table.number("n_t"), table.number("n_c")
    whole = np.all([np.isfinite(each) & (each == np.round(each)) for each in n], axis=0)
    for row in places((size > 1) & whole):
        why = (
            f"Clusters of {size[row]:g} were randomised, and n ({n[0][row]:g} and {n[1][row]:g}) "
            f"looks like people."
        )
        mend = table.dropping(row) + "  # or examine(studies, icc=…)"
        if table.icc is not None:
            effect = 1 + (size[row] - 1) * table.icc
            why += (
                f" At an ICC of {table.icc:g} the design effect is {effect:.3g}: the SE of the row "
                f"is too small by a factor {np.sqrt(effect):.3g}, if n was not divided yet."
            )
            mend = table.setting(row, ["n_t", "n_c"], f"/= {effect:.6g}")
        yield table.finding(row, "n_t", "cluster trial", why, sure="look", mend=mend)
