"""`bayes-ps analyse`: its folder, its numbers beside the library's, and every way to fail."""

import csv
import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from pytest import approx

import bayes_ps as bps
from bayes_ps.cli import analyse, figure_files, main, posterior_file
from bayes_ps.reporting import placing
from models import RandomEffects, priors

ROWS = [  # study, n, mean, sd of the two arms: pain 0-100
    ("=1+1", 40, 31.0, 18, 41, 40.5, 19),
    ("<script>alert(1)</script>", 25, 35.0, 20, 24, 38.0, 21),
    ("Čapek 2001", 60, 29.5, 17, 58, 43.0, 22),
    ("Dunn 2010", 33, 41.0, 25, 35, 44.5, 20),
    ("Evans 2020", 80, 33.0, 19, 78, 41.0, 18),
]
HEADER = "study,n_t,mean_t,sd_t,n_c,mean_c,sd_c"
PAIN = ("--measure", "MD", "--better", "lower", "--unit", "points (0-100)")
EVENTS = "study,events_t,n_t,events_c,n_c\nA,5,50,12,50\nB,8,90,15,88\nC,3,40,9,41\nD,11,70,13,70\n"


@pytest.fixture
def file(tmp_path):
    lines = [HEADER, *(",".join(map(str, row)) for row in ROWS)]
    (tmp_path / "pain.csv").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path / "pain.csv"


@pytest.fixture
def plain(monkeypatch):
    """Without figures and the report, which take most of the time."""
    monkeypatch.setattr(figure_files, "_figures", lambda *_: iter(()))
    monkeypatch.setattr(analyse, "_report", lambda path, *_: path.write_text("report"))


def ran(capsys, file, *arguments, out="report"):
    """Exit code, stdout, stderr of a quiet analysis."""
    given = ["analyse", file, "--out", file.parent / out, "--quiet", *arguments]
    code = main(list(map(str, given)))
    return code, *capsys.readouterr()


def results(file, out="report"):
    return json.loads((file.parent / out / "results.json").read_text(encoding="utf-8"))


def fitted(tau):
    """The same analysis by the library, from the numbers above."""
    n_t, m_t, s_t, n_c, m_c, s_c = (
        np.array([row[i] for row in ROWS], dtype=float) for i in range(1, 7)
    )
    effects = bps.Effects.from_estimates(
        m_t - m_c,
        se=np.sqrt(s_t**2 / n_t + s_c**2 / n_c),
        study=[row[0] for row in ROWS],
        measure="MD",
        unit="points (0-100)",
        better="lower",
    )
    return bps.fit(RandomEffects(mu=priors.flat(), tau=tau), effects)


def test_a_whole_folder(capsys, file):
    code, out, err = ran(capsys, file, *PAIN, "--mcid", "5", "--figures", "png")
    assert code == 0 and err == ""
    assert "beyond the MCID with probability" in out and out.count("\n") < 8
    folder = file.parent / "report"
    names = ["findings.csv", "findings.docx", "findings.html", "findings.tex", "report.html"]
    names += ["decision.csv", "studies.csv", "robustness.csv", "results.json"]
    for name in names:
        assert (folder / name).stat().st_size > 100, name
    alt = (folder / "figures" / "alt.txt").read_text()
    for figure in ("forest", "mcid_curve", "decision", "robustness", "prior_posterior"):
        assert (folder / "figures" / f"{figure}.png").read_bytes()[:4] == b"\x89PNG"
        assert f"{figure}\n" in alt
    found = results(file)
    there = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
    there = {name.split("/")[0] if "zarr" in name else name for name in there}
    assert set(found["files"]) == there
    assert "<script>alert(1)" not in (folder / "report.html").read_text()
    assert "<script>alert(1)" not in (folder / "findings.html").read_text()
    assert sorted(os.listdir(file.parent)) == ["pain.csv", "report"]


@pytest.mark.usefixtures("plain")
def test_the_numbers_are_those_of_the_library_in_full_precision(capsys, file):
    ran(capsys, file, *PAIN, "--mcid", "5", "--tau", "half_normal(9)", "--seed", "7")
    found, fit = results(file), fitted(priors.half_normal(9))
    decided = bps.decide(fit, bps.MCID(5, unit="points (0-100)"))
    mean, new = found["decisions"][0]["targets"][:2]
    assert mean["p_mcid"] == approx(decided.mean.p_mcid, rel=1e-12)
    assert new["p_harm"] == approx(decided.new.p_harm, rel=1e-10)
    assert found["decisions"][0]["share"]["median"] == approx(decided.share.median, rel=1e-9)
    base = bps.baseline(fit.effects)
    assert found["baseline"]["main"]["mu"] == approx(base.mu, rel=1e-14)
    assert found["baseline"]["main"]["prediction_lower"] == approx(base.prediction.lower, rel=1e-14)
    tau = next(row for row in found["posterior"] if row["unknown"] == "tau")
    assert tau["median"] == approx(fit.marginal("tau").median, rel=1e-9)
    assert [row["y"] for row in found["studies"]] == approx(fit.effects.y, rel=1e-15)
    assert found["inputs"]["participants"] == 474 and found["seed"] == 7
    assert found["decisions"][0]["robustness"]["verdict"] in ("stable", "fragile")
    assert found["schema"] == "bayes_ps.results/1" and found["patients"] is None


@pytest.mark.usefixtures("plain")
def test_no_cell_of_a_table_is_a_formula_and_numbers_stay_numbers(capsys, file):
    ran(capsys, file, *PAIN, "--mcid", "5")
    for name in ("studies.csv", "decision.csv", "robustness.csv", "findings.csv"):
        with (file.parent / "report" / name).open(encoding="utf-8") as table:
            rows = list(csv.reader(table))
        for cell in (cell for row in rows for cell in row):
            assert cell[:1] not in ("=", "+", "@")
            assert cell[:1] != "-" or float(cell) < 0
    with (file.parent / "report" / "studies.csv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    assert rows[0]["study"] == "'=1+1" and rows[1]["study"] == ROWS[1][0]
    assert [float(row["y"]) for row in rows] == [-9.5, -3.0, -13.5, -3.5, -8.0]
    assert sum(float(row["weight"]) for row in rows) == approx(100)
    assert results(file)["studies"][0]["study"] == "=1+1"  # JSON runs nothing


@pytest.mark.usefixtures("plain")
def test_several_mcids_in_their_order(capsys, file):
    given = ("--mcid", "8", "--mcid-range", "12", "8", "--published-mcid", "5", "--mcid", "2")
    sources = ("--mcid-source", "one", "--mcid-source", "two", "--mcid-source", "three")
    code, out, _ = ran(capsys, file, *PAIN, *given, *sources, "--mcid-kind", "between groups")
    found = [each["mcid"] for each in results(file)["decisions"]]
    assert code == 0 and out.count("beyond the MCID with probability") == 4 * 2
    assert [one["value"] for one in found] == [8, None, 19.9, 2]
    assert (found[1]["median"], found[1]["lower"]) == approx((10, 8.1))
    assert [one["source"][:3] for one in found] == ["one", "two", "Tab", "thr"]
    assert found[2]["kind"] == "within patient" and found[3]["kind"] == "between groups"
    assert any("scaled in proportion" in said for said in found[2]["caveats"])
    rows = [row["p_mcid"] for each in results(file)["decisions"] for row in each["targets"][:1]]
    assert rows[3] > rows[0] > rows[1] > rows[2]


@pytest.mark.usefixtures("plain")
def test_smds_in_points_say_their_assumption(capsys, file):
    smd = ("--measure", "SMD", "--better", "lower")
    points = ("--sd", "20", "--points", "points (0-100)", "--sd-source", "stated")
    ran(capsys, file, *smd, *points, "--mcid", "10")
    ran(capsys, file, *smd, "--mcid", "0.5", out="in_sds")
    one, two = results(file), results(file, "in_sds")
    for a, b in zip(one["decisions"][0]["targets"], two["decisions"][0]["targets"], strict=True):
        assert a["p_mcid"] == approx(b["p_mcid"], rel=1e-9)
        assert a["median"] == approx(20 * b["median"], rel=1e-9)
    assert "one SD of 20 points (0-100) (source: stated)" in one["inputs"]["assumptions"][0]
    assert any(
        "It is 0.5 times the stated SD of 20" in note for note in one["decisions"][0]["notes"]
    )
    assert two["inputs"]["assumptions"] == []


@pytest.mark.usefixtures("plain")
def test_ratios_take_the_mcid_as_a_ratio_and_give_events(capsys, tmp_path):
    file = tmp_path / "events.csv"
    file.write_text(EVENTS)
    code, _, _ = ran(
        capsys, file, "--measure", "RR", "--better", "lower", "--mcid", "0.8",
        "--baseline-risk", "0.2",
    )  # fmt: skip
    assert "\nratio 0.8,mean effect," in (tmp_path / "report" / "decision.csv").read_text()
    found = results(file)
    assert code == 0
    assert found["decisions"][0]["mcid"]["value"] == approx(-np.log(0.8), rel=1e-14)
    assert found["patients"][0]["median"] == approx(200)
    ratio = np.exp(next(row for row in found["posterior"] if row["unknown"] == "mu")["median"])
    assert {row["target"] for row in found["patients"]} >= {"mean effect", "new setting"}
    assert any(row["median"] == approx(200 * ratio, rel=1e-6) for row in found["patients"])
    code, _, err = ran(
        capsys, file, "--measure", "RR", "--better", "lower", "--mcid", "1.25", out="b"
    )
    assert code == 2 and "below 1" in err


@pytest.mark.usefixtures("plain")
def test_a_distribution_of_the_risk_without_treatment_is_in_the_findings(capsys, tmp_path):
    file = tmp_path / "events.csv"
    file.write_text(EVENTS)
    ran(
        capsys, file, "--measure", "RR", "--better", "lower", "--mcid", "0.8",
        "--baseline-risk", "uniform(0.1, 0.3)",
    )  # fmt: skip
    with (tmp_path / "report" / "findings.csv").open(encoding="utf-8") as table:
        row = next(csv.DictReader(table))
    found = next(
        each for each in results(file)["patients"]
        if (each["target"], each["quantity"]) == ("mean effect", "difference per 1000")
    )  # fmt: skip
    assert float(row["absolute"]) == approx(found["median"], rel=1e-9)
    assert float(row["absolute_lower"]) == approx(found["lower"], rel=1e-9)


@pytest.mark.usefixtures("plain")
def test_another_prior_of_tau_is_among_the_analyses(capsys, file):
    ran(capsys, file, *PAIN, "--mcid", "5", "--also-tau", "half_cauchy(3)")
    variants = results(file)["decisions"][0]["robustness"]["variants"]
    own = next(each for each in variants if "(scale 3)" in each["tau"] and each["mu"] == "flat")
    expected = bps.decide(fitted(priors.half_cauchy(3)), bps.MCID(5, unit="points (0-100)"))
    assert own["p_mean"] == approx(expected.mean.p_mcid, rel=1e-9)


@pytest.mark.usefixtures("plain")
def test_without_an_mcid_and_with_one_study(capsys, file):
    drop = [word for row in ROWS[1:] for word in ("--drop", row[0])]
    code, out, _ = ran(capsys, file, *PAIN, *drop, "--mcid", "5", out="with_mcid")
    assert code == 0 and "pain: 1 study." in out and "Directional: the decision" in out
    code, out, _ = ran(capsys, file, *PAIN, *drop)
    found = results(file)
    assert code == 0 and "Reportable: directional" in out
    assert found["decisions"] == [] and found["baseline"]["main"] is None
    assert not (file.parent / "report" / "findings.csv").exists()


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--measure", "MD", "--better", "lower"), "--unit is needed"),
        (("--better", "lower"), "--measure is needed"),
        ((*PAIN, "--mcid", "0"), "size > 0"),
        ((*PAIN, "--mcid", "-5"), "size > 0"),
        ((*PAIN, "--mcid", "nan"), "size > 0"),
        ((*PAIN, "--mcid", "5", "--mcid-unit", "mm"), "The MCID is in 'mm'"),
        ((*PAIN, "--mcid", "5", "--mcid-unit", "ratio"), "is not a ratio"),
        ((*PAIN, "--mcid", "5", "--mcid", "5.0"), "there twice"),
        ((*PAIN, "--mcid-range", "8", "8"), "two sizes above 0"),
        ((*PAIN, "--published-mcid", "1"), "% of baseline"),
        ((*PAIN, "--published-mcid", "99999"), "No published MCID"),
        ((*PAIN, "--mcid-source", "a", "--mcid-source", "b", "--mcid", "5"), "2 times for 1"),
        ((*PAIN, "--tau", "evil()"), "there is no prior 'evil'"),
        ((*PAIN, "--mu", "half_normal"), "is not a prior"),
        ((*PAIN, "--mcid", "5", "--also-tau", "flat()"), "mass below 0"),
        ((*PAIN, "--tau", "normal(0, 1)"), "mass below 0"),
        ((*PAIN, "--sd", "20"), "--points"),
        ((*PAIN, "--sd", "20", "--points", "x"), "not standardised"),
        ((*PAIN, "--baseline-risk", "0.2"), "absolute_risk"),
        ((*PAIN, "--mcid", "5", "--control-share", "1.2", "--patient-sd", "20"), "in (0, 1)"),
        ((*PAIN, "--control-share", "0.2"), "state it"),
        ((*PAIN, "--where", "arm=x"), "no column 'arm'"),
        ((*PAIN, "--where", "study=Evan 2020"), "Did you mean 'Evans 2020'"),
        ((*PAIN, "--where", "study"), "is written as"),
        ((*PAIN, "--drop", "nobody"), "no study 'nobody'"),
        ((*PAIN, "--column", "n_t=N"), "no column 'N'"),
        ((*PAIN, "--analysis", "1.1"), "is for reviews"),
        ((*PAIN, "--sd-from-se"), "se_t"),
        ((*PAIN, "--use-change"), "change_n_t"),
    ],
)
def test_bad_input_is_one_message_and_leaves_nothing(capsys, file, arguments, said):
    code, out, err = ran(capsys, file, *arguments)
    assert code == 2 and out == "" and said in err and "Traceback" not in err
    assert os.listdir(file.parent) == ["pain.csv"]


def test_a_published_pool_of_one_column_is_told_what_is_missing(capsys, tmp_path):
    (tmp_path / "a.csv").write_text("study,estimate,se\nA,-3,1\nB,-1,1\nC,-4,2\n")
    code, _, err = ran(capsys, tmp_path / "a.csv", *PAIN)
    assert code == 2 and "--tau" in err


@pytest.mark.usefixtures("plain")
def test_gaps_are_filled_where_it_is_asked_for(capsys, tmp_path):
    file = tmp_path / "gaps.csv"
    arms = "{0}n_t,{0}mean_t,{0}sd_t,{0}n_c,{0}mean_c,{0}sd_c"
    file.write_text(
        f"study,{arms.format('')},se_t,se_c,{arms.format('change_')}\n"
        "A,25,10,,36,14,,2,1.5,,,,,,\n"
        "B,30,11,9,30,13,9,,,,,,,,\n"
        "C,,,,,,,,,20,-6,8,20,-1,8\n"
    )
    assert ran(capsys, file, *PAIN)[0] == 2
    code, _, _ = ran(capsys, file, *PAIN, "--sd-from-se", "--use-change")
    found = results(file)
    assert code == 0
    # sd = √25 · 2 = 10 and √36 · 1.5 = 9, so se² is again 2² + 1.5²; a change is −6 − (−1)
    assert [row["y"] for row in found["studies"]] == [-4, -2, -5]
    expected = [2.5, np.sqrt(2 * 81 / 30), np.sqrt(2 * 64 / 20)]
    assert [row["se"] for row in found["studies"]] == approx(expected, rel=1e-14)
    notes = " ".join(found["inputs"]["notes"])
    assert "sd_t computed from se_t in A" in notes and "Changes from baseline" in notes


@pytest.mark.usefixtures("plain")
def test_force(capsys, file):
    assert ran(capsys, file, *PAIN, "--mcid", "5")[0] == 0
    before = results(file)
    code, _, err = ran(capsys, file, *PAIN, "--mcid", "6")
    assert code == 2 and "--force" in err and results(file) == before
    assert ran(capsys, file, *PAIN, "--mcid", "6", "--force")[0] == 0
    assert results(file)["decisions"][0]["mcid"]["value"] == 6
    assert sorted(os.listdir(file.parent)) == ["pain.csv", "report"]


@pytest.mark.parametrize(
    "ends",
    [
        (KeyboardInterrupt(), 130, "No half folder"),
        (OSError(errno.ENOSPC, "No space left on device"), 3, "No space left on device"),
        (OSError(errno.EROFS, "Read-only file system"), 3, "Read-only file system"),
        (ZeroDivisionError("x"), 70, "bug"),
    ],
)
@pytest.mark.parametrize(
    "step", ["tables.write_tables", "posterior_file.write_posterior", "results_file.write_results"]
)
@pytest.mark.usefixtures("plain")
def test_a_failure_in_the_middle_leaves_nothing(capsys, file, monkeypatch, step, ends):
    error, expected, said = ends

    def fails(*_):
        raise error

    monkeypatch.setattr(f"bayes_ps.cli.{step}", fails)
    code, out, err = ran(capsys, file, *PAIN, "--mcid", "5")
    assert code == expected and out == "" and said in err and "Traceback" not in err
    assert os.listdir(file.parent) == ["pain.csv"]


def test_a_full_disk_in_the_report_itself(capsys, file, monkeypatch):
    monkeypatch.setattr(figure_files, "_figures", lambda *_: iter(()))

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(analyse, "_report", lambda path, *_: placing.place_file(
        path, b"report", force=False))  # fmt: skip
    monkeypatch.setattr(placing.os, "fsync", full)
    code, _, err = ran(capsys, file, *PAIN, "--mcid", "5")
    assert code == 3 and err.count("\n") == 1 and ".part" not in err
    assert os.listdir(file.parent) == ["pain.csv"]


@pytest.mark.usefixtures("plain")
def test_an_unwritable_folder_is_found_before_anything_is_computed(capsys, file, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write anywhere
    code, _, err = ran(capsys, Path(file.parent / "not even read.csv"), *PAIN)
    assert code == 3 and "may not be written to" in err


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGKILL, -9)]
)
def test_a_kill_in_the_middle(file, number, code):
    command = [sys.executable, "-m", "bayes_ps", "analyse", str(file), *PAIN, "--mcid", "5"]
    out = file.parent / "report"
    process = subprocess.Popen(
        [*command, "--out", str(out)], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    until = time.monotonic() + 60
    while not list(file.parent.glob(".report.*.part")) and time.monotonic() < until:
        time.sleep(0.02)
    process.send_signal(number)
    said, err = process.communicate(timeout=60)
    assert process.returncode == code and said == ""
    assert not out.exists()
    left = sorted(os.listdir(file.parent))
    if number != signal.SIGKILL:
        assert left == ["pain.csv"] and "Traceback" not in err
    else:  # nobody can tidy up: what is left is hidden, and named as a part
        assert len(left) == 2 and left[0].startswith(".report.") and left[0].endswith(".part")


@pytest.mark.usefixtures("plain")
def test_draws_open_again_and_a_missing_package_is_said(capsys, file, monkeypatch):
    import xarray as xr

    code, _, _ = ran(capsys, file, *PAIN, "--posterior", "zarr", "--seed", "3")
    tree = xr.open_datatree(file.parent / "report" / "posterior.zarr", engine="zarr")
    draws = tree["posterior"]["mu"]
    fit = fitted(priors.half_normal(9.9))
    assert code == 0 and draws.size == fit.dt["posterior"]["mu"].size
    assert "posterior.zarr" in results(file)["files"]
    monkeypatch.setattr(posterior_file, "find_spec", lambda name: None)
    code, _, err = ran(capsys, file, *PAIN, "--posterior", "netcdf", out="b")
    assert code == 2 and "pip install h5netcdf h5py" in err
    code, _, _ = ran(capsys, file, *PAIN, out="c")
    assert code == 0 and not [name for name in results(file, "c")["files"] if "posterior" in name]


@pytest.mark.usefixtures("plain")
def test_netcdf_opens_again(capsys, file):
    pytest.importorskip("h5netcdf")
    import xarray as xr

    assert ran(capsys, file, *PAIN, "--posterior", "netcdf")[0] == 0
    tree = xr.open_datatree(file.parent / "report" / "posterior.nc")
    assert {"mu", "tau", "theta", "theta_new"} <= set(tree["posterior"])


@pytest.mark.usefixtures("plain")
def test_progress_goes_to_stderr(capsys, file):
    main(["analyse", str(file), *PAIN, "--mcid", "5", "--out", str(file.parent / "report")])
    out, err = capsys.readouterr()
    assert "Fitting 5 studies, exact engine …" in err and "Prior of mu: flat" in err
    assert "…" not in out.replace("Assumption", "")
