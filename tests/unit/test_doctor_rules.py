"""Each rule of the doctor: what it must find, and the honest row beside it that it must leave."""

import numpy as np
import pandas as pd
import pytest

from bayes_ps.doctor import examine


def trials(k=6, **cells):
    """k honest trials on 0-100, SDs 18 to 23; `cells` are columns, or cells as {row: value}."""
    table = pd.DataFrame(
        {
            "study": [f"Trial {j} 20{j:02d}" for j in range(k)],
            "outcome": "pain",
            "n_t": 40.0,
            "mean_t": 50.0 + np.arange(k),
            "sd_t": 18.0 + np.arange(k),
            "n_c": 42.0,
            "mean_c": 56.5 + np.arange(k),
            "sd_c": 19.0 + np.arange(k),
        }
    )
    for column, values in cells.items():
        if isinstance(values, dict):
            if column not in table:
                table[column] = np.nan
            for row, value in values.items():
                table.loc[row, column] = value
        else:
            table[column] = values
    return table


def found(table, rule=None, **said):
    """{(row, column): how sure} of the findings of a rule."""
    report = examine(table, **said).of(rule=rule)
    return {(each.row, each.column): each.sure for each in report}


def test_honest_trials_have_no_finding():
    assert not found(trials(), measure="MD")
    assert not found(trials())


def test_se_typed_as_sd_against_the_other_studies():
    # row 2: SD 19 over √40 is 3.0, and 20 over √42 is 3.09
    table = trials(sd_t={1: 3.0}, sd_c={1: 3.09})
    assert found(table, "SE typed as SD", measure="MD") == {
        (2, "sd_t"): "likely",
        (2, "sd_c"): "likely",
    }
    mended = mend(table, "SE typed as SD", measure="MD")
    assert mended.loc[1, "sd_t"] == pytest.approx(3.0 * 40**0.5)
    assert not found(mended, measure="MD")


def test_se_typed_as_sd_in_one_arm_needs_no_other_study():
    assert found(trials(k=1, sd_t={0: 3.0}), "SE typed as SD") == {(1, "sd_t"): "look"}
    # half the other arm's SD is honest
    assert not found(trials(k=1, sd_t={0: 9.5}))


def test_se_typed_as_sd_is_certain_where_the_published_effect_used_the_sd():
    table = trials(k=1, sd_t={0: 18 / 40**0.5})
    d = (50 - 56.5) / np.sqrt((39 * 18**2 + 41 * 19**2) / 80)
    table["published"] = d * (1 - 3 / (4 * 82 - 9))  # RevMan's g
    assert found(table, "SE typed as SD") == {(1, "sd_t"): "certain"}


def test_an_se_without_an_sd():
    table = trials(k=2, sd_t={0: np.nan}, se_t={0: 3.0})
    assert found(table) == {(1, "sd_t"): "certain"}
    assert mend(table).loc[0, "sd_t"] == pytest.approx(3 * 40**0.5)


def test_se_in_both_arms_of_a_pool_of_smds():
    table = trials(k=8, sd_t={0: 2.9}, sd_c={0: 3.0}, mean_t={0: 40.0})
    table["instrument"] = [f"scale {j}" for j in range(8)]  # no common unit
    assert found(table) == {(1, "sd_t"): "look"}
    assert not found(mend(table))


@pytest.mark.parametrize("power", [100, 1000])
def test_decimal_slip_of_an_arm(power):
    table = trials(mean_t={2: 52.0 * power}, sd_t={2: 20.0 * power})
    assert found(table, "decimal slip") == {(3, "mean_t"): "certain", (3, "sd_t"): "certain"}
    mended = mend(table, "decimal slip")
    assert (mended.loc[2, "mean_t"], mended.loc[2, "sd_t"]) == (52, 20)
    assert not found(mended)


def test_decimal_slip_by_ten_needs_the_other_studies():
    table = trials(sd_t={2: 200.0})
    assert (3, "sd_t") in found(table, "decimal slip", measure="MD")
    assert not found(table, "decimal slip")
    assert found(table, "SDs apart") == {(3, "sd_c"): "look"}


def test_decimal_slip_of_a_mean():
    assert found(trials(mean_t={2: 5200.0}), "decimal slip") == {(3, "mean_t"): "likely"}


def test_no_spread():
    assert found(trials(sd_t={0: 0.0}, sd_c={0: 0.0}), "no SD") == {(1, "sd_t"): "certain"}
    assert found(trials(sd_c={3: -4.0}), "no SD") == {(4, "sd_c"): "certain"}
    assert found(trials(sd_c={3: np.nan}), "no SD") == {(4, "sd_c"): "certain"}
    empty = trials(**{name: {0: 0.0} for name in ("mean_t", "sd_t", "mean_c", "sd_c")})
    assert not found(empty)  # how Cochrane's files write that a row is of another kind


def test_a_mean_outside_its_range():
    table = trials(instrument="RMDQ", sd_t=5.0, sd_c=5.0, mean_t=9.0, mean_c=11.0)
    assert not found(table, "outside the range")
    wrong = table.assign(mean_t=[24.5, -25, 24, -6, 9, 9])
    assert found(wrong, "outside the range") == {(1, "mean_t"): "certain", (2, "mean_t"): "certain"}
    # −6 is a change from baseline, as reviews of mean differences mix them in


def test_the_largest_sd_of_a_mean():
    """Half of 10 people at 0, half at 24: mean 12, SD √(12·12·10/9) = 12.649."""
    table = trials(instrument="RMDQ", kind="final", n_t=10.0, n_c=10.0, mean_t=12.0, mean_c=12.0)
    scores = np.repeat([0.0, 24.0], 5)
    assert scores.std(ddof=1) == pytest.approx(12.649, abs=5e-4)
    base = table.rename(columns=lambda name: f"base_{name}" if name[-2:] in ("_t", "_c") else name)
    base = base.assign(base_sd_c=12.65, base_sd_t=[12.7, *[12.65] * 5])
    assert found(base, "impossible SD") == {(1, "base_sd_t"): "certain"}
    change = table.assign(sd_t=[26.0, *[12.7] * 5], sd_c=12.0)
    assert found(change, "impossible SD") == {(1, "sd_t"): "certain"}  # √(24² 10/9) = 25.3


def test_the_range_of_an_outcome_in_brackets():
    table = trials(outcome="pain (0 to 10) at 4 to 16 weeks")
    assert set(found(table, "outside the range").values()) == {"certain"}


def test_mixed_units():
    tenth = {name: {4: trials()[name][4] / 10} for name in ("mean_t", "sd_t", "mean_c", "sd_c")}
    table = trials(**tenth)
    assert found(table, measure="MD", rule="units mixed") == {(5, "mean_t"): "likely"}
    assert not found(mend(table, "units mixed", measure="MD"), measure="MD")
    assert not found(table)  # SMDs: nothing says that the units are the same
    stated = trials(unit=["0-100"] * 5 + ["0-10"], instrument="VAS 0-100")
    assert not found(stated, "units mixed")  # told apart by their unit


def test_counts():
    table = trials(events_t={0: 41.0, 1: 12.0}, n_c={2: -3.0}, n_total={3: 80.0, 4: 90.0, 5: 82.0})
    assert found(table, "counts") == {
        (1, "events_t"): "certain",
        (3, "n_c"): "certain",
        (4, "n_total"): "certain",  # the arms hold 82
        (5, "n_total"): "look",  # a third arm may hold 8
    }
    assert found(trials(n_t={0: 20.5}), "counts") == {(1, "n_t"): "look"}


def test_arms_that_grow():
    table = trials(k=2, base_n_t=[39.0, 40.0])
    assert found(table, "counts") == {(1, "n_t"): "likely"}
    later = pd.concat([trials(k=1, followup=4), trials(k=1, followup=12, n_c=44.0)])
    assert found(later, "counts") == {(2, "n_c"): "look"}


def test_published_effects_of_the_other_sign():
    table = trials()
    table["published"] = table["mean_t"] - table["mean_c"]
    assert not found(table)
    table.loc[2, "published"] *= -1
    assert found(table) == {(3, "published"): "likely"}
    assert not found(mend(table))
    # a review that turns all effects so that positive is better is no finding
    assert not found(trials().assign(published=6.5))


def test_published_effects_of_another_size():
    table = trials().assign(published=[-6.5, -6.5, -6.5, -6.5, -6.5, -11.0])
    assert found(table, "published effect") == {(6, "published"): "likely"}


def test_an_effect_on_the_other_side():
    table = trials(k=8, mean_t=[26.0 + j for j in range(7)] + [96.0])
    assert found(table, "direction") == {(8, "mean_t"): "look"}


def test_intervals():
    table = pd.DataFrame(
        {
            "study": list("abcdef"),
            "estimate": [1.0, 1.0, 1.0, 3.05, 0.5, 1.0],
            "ci_low": [0.5, 1.5, 0.1, 1.05, 0.25, 0.55],
            "ci_high": [1.5, 0.5, 0.9, 4.05, 1.0, 1.46],
        }
    )
    assert found(table) == {
        (2, "ci_low"): "certain",
        (3, "estimate"): "certain",
        (4, "estimate"): "likely",  # 2.55 is in the middle
        (5, "estimate"): "likely",  # log 0.5 is in the middle of log 0.25 and log 1
    }
    mended = mend(table, "ratio, not log")
    assert mended.loc[4, "estimate"] == pytest.approx(np.log(0.5))
    assert mended.loc[0, "estimate"] == 1


def test_published_ratios_have_their_middle_on_the_log_scale():
    table = pd.DataFrame(
        {"study": ["a"], "published": [2.04], "published_low": [1.02], "published_high": [4.08]}
    )
    assert not found(table, measure="RR")
    assert found(table, measure="MD") == {(1, "published"): "likely"}


def test_an_se_of_another_level():
    table = pd.DataFrame({"study": ["a", "b"], "estimate": 1.0, "se": 0.5, "ci_high": [1.98, 1.82]})
    table["ci_low"] = 2 - table["ci_high"]
    report = examine(table)
    assert [(each.row, each.column) for each in report] == [(2, "se")]
    assert "It would be a 90 % interval." in report.findings[0].why


def test_p_values():
    table = pd.DataFrame(
        {
            "study": list("abcd"),
            "estimate": 1.0,
            "se": 0.4,  # z = 2.5, P = 0.0124
            "p": [0.012, 0.5, 1.2, 0.0001],
        }
    )
    assert found(table) == {(2, "p"): "likely", (3, "p"): "certain", (4, "p"): "look"}


def test_repeated_rows_and_shared_controls():
    twice = pd.concat([trials(k=3), trials(k=3).iloc[[1]]], ignore_index=True)
    assert found(twice) == {(4, "study"): "certain"}
    assert mend(twice).index.tolist() == [0, 1, 2]


def test_a_shared_control():
    table = trials(k=3)
    table.loc[3] = table.loc[0]
    table.loc[3, ["study", "mean_t", "sd_t"]] = ["Trial 0 2000 (arm 2)", 47.0, 17.0]
    assert found(table) == {(4, "n_c"): "likely"}
    mended = mend(table)
    assert mended["n_c"].tolist() == [21, 42, 42, 21]
    assert not found(mended)  # a control as small as if it had been divided is left alone
    apart = table.assign(subgroup=["a", "a", "b", "b"])
    assert found(apart) == {(4, "n_c"): "look"}
    assert not found(apart.assign(weight=[60, 40, 50, 50]))  # pooled by subgroup only
    assert found(apart.assign(weight=[20, 30, 20, 30])) == {(4, "n_c"): "likely"}


def test_altered_copies():
    copy = trials(k=2, sd_t=[18.25, 19.5], sd_c=[19.75, 20.5]).assign(outcome="pain, all scales")
    table = pd.concat([copy.assign(outcome="pain"), copy], ignore_index=True)
    assert not found(table)
    table.loc[2, "mean_c"] = 65.5
    assert found(table) == {(3, "mean_c"): "likely"}
    assert not found(mend(table))


def test_grim():
    """18 people can have a mean of 3.44 or 3.50 points, never 3.47."""
    table = trials(
        instrument="RMDQ", n_t=18.0, n_c=18.0, mean_c=3.44, mean_t=3.5, sd_t=3.0, sd_c=3.0
    )
    assert not found(table, "GRIM")
    assert found(table.assign(mean_t=[3.47, *[3.5] * 5]), "GRIM") == {(1, "mean_t"): "look"}
    assert not found(table.assign(mean_t=3.47, instrument="VAS 0-10"), "GRIM")
    assert not found(table.assign(mean_t=3.47, n_t=400.0), "GRIM")


def test_baseline_imbalance():
    table = trials(k=3, base_n_t=40.0, base_n_c=42.0, base_mean_t=60.0, base_sd_t=20.0)
    table = table.assign(base_sd_c=20.0, base_mean_c=[65.0, 76.5, 86.0])
    assert found(table, "baseline imbalance") == {
        (2, "base_mean_t"): "look",
        (3, "base_mean_t"): "likely",
    }


def test_changes_against_before_and_after():
    table = trials(k=4, base_mean_t=60.0, base_sd_t=20.0, base_n_t=40.0, change_n_t=40.0)
    table = table.assign(
        change_mean_t=[-10.0, -9.0, -20.0, -7.0],  # 52 − 60 is −8
        change_sd_t=[20.0, 40.5, 20.0, 8.0],  # SDs 20 before, 19 after: between 1 and 39
    )
    assert found(table, "change score") == {
        (2, "change_sd_t"): "certain",
        (3, "change_mean_t"): "likely",
    }
    # r = (20² + 21² − 8²) / (2 · 20 · 21) = 0.925; at r = 0.5 it would be 20.5
    assert (4, "change_sd_t") in found(table, "change score", r=0.5)
    assert (4, "change_sd_t") not in found(table, "change score", r=0.9)


def test_cluster_trials():
    table = trials(k=2, cluster_size=[11.0, 1.0])
    report = examine(table, icc=0.05)
    assert [(each.row, each.sure) for each in report] == [(1, "look")]
    assert "design effect is 1.5" in report.findings[0].why
    mended = mend(table, icc=0.05)
    assert mended.loc[0, "n_t"] == pytest.approx(40 / 1.5)
    assert "cluster trial" not in {each.rule for each in examine(mended, icc=0.05)}


def test_text_in_a_number():
    table = trials(k=2).astype({"n_t": object})
    table.loc[1, "n_t"] = "forty"
    report = examine(table)
    assert {(each.row, each.column, each.value) for each in report} == {(2, "n_t", "forty")}


def mend(table, rule=None, **said):
    """The table after the calls of all findings were run on it, as a user would."""
    names = {"studies": table.copy()}
    for each in examine(table, **said).of(rule=rule):
        exec(each.mend, names)
    return names["studies"]
