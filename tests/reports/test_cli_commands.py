"""The commands but `analyse`: what they print, their exit codes, and that they start fast."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bayes_ps import __version__, priors
from bayes_ps.checks import BayesPSError
from bayes_ps.cli import command_line, main, mcid_options
from bayes_ps.cli.prior_text import written_prior
from bayes_ps.cli.speaking import answer
from bayes_ps.decision import mcid, mcids

ROOT = Path(__file__).parents[2]
BACK = str(ROOT / "examples" / "data" / "chronic_back_pain_self_management.csv")
HEAVY = ("pymc", "pytensor", "arviz", "arviz_stats", "arviz_plots", "matplotlib", "numba")


def ran(capsys, *arguments):
    """Exit code, stdout, stderr."""
    code = main(list(map(str, arguments)))
    return code, *capsys.readouterr()


def test_version_and_help(capsys):
    assert ran(capsys, "--version")[:2] == (0, f"bayes-ps {__version__}\n")
    for command in ((), ("analyse",), ("examine",), ("priors",), ("mcid",)):
        code, out, _ = ran(capsys, *command, "--help")
        assert code == 0 and "exit codes: 0 done" in out
        assert "example" in out


@pytest.mark.parametrize(
    "arguments",
    [(), ("pool",), ("analyse", "x.csv"), ("mcid", "--nonsense"), ("analyse", "--better", "up")],
)
def test_bad_usage(capsys, arguments):
    code, out, err = ran(capsys, *arguments)
    assert code == 2 and out == "" and err.startswith("usage: bayes-ps")


def test_mcid(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    code, out, _ = ran(capsys, "mcid", "pain", "--instrument", "VAS")
    assert code == 0
    assert max(map(len, out.splitlines())) <= 60
    found = mcids("pain", "VAS")
    heads = [line for line in out.splitlines() if not line.startswith("      ")]
    assert [int(line.split()[0]) for line in heads] == list(found.index)
    flowing = " ".join(out.split())
    for _, one in found.iterrows():
        assert f"{one['value']:g} {one['unit']} on {one['instrument']}" in flowing
        assert one["status"] in flowing and " ".join(one["source"].split()) in flowing


def test_an_mcid_that_is_not_known(capsys):
    code, out, err = ran(capsys, "mcid", "pian")
    assert code == 2 and out == "" and "Did you mean" in err and "Traceback" not in err


def test_priors_are_listed_as_they_are_called(capsys):
    code, out, _ = ran(capsys, "priors")
    calls = [line for line in out.splitlines() if not line.startswith(" ")]
    assert code == 0 and len(calls) == 10 + 81 + 73 + 5
    for call in calls:
        assert isinstance(written_prior(call, "tau", "--tau"), priors.Prior)
    _, out, _ = ran(capsys, "priors", "--outcome", "PAIN", "--comparison", "non-pharm")
    assert 'turner2015("pain", "non-pharmacological vs placebo / control")' in out.splitlines()
    assert "cochrane" not in out and "mental" not in out


def test_the_median_and_range_of_a_listed_prior_are_turners(capsys):
    """Turner 2015, p. 993: tau² ~ log-normal(−2.56, 1.74²), so tau has median exp(−1.28) = 0.278
    and 95 % range exp(−1.28 ± 1.96 · 0.87) = 0.051 to 1.53."""
    _, out, _ = ran(capsys, "priors", "--table", "turner2015")
    assert out.startswith("turner2015()\n    tau 0.28 (0.051 to 1.5); Turner et al. 2015")


def test_no_such_prior(capsys):
    code, out, err = ran(capsys, "priors", "--outcome", "nothing like it")
    assert code == 2 and out == "" and "No published prior" in err


def test_examine_prints_the_mending_calls(capsys):
    code, out, err = ran(capsys, "examine", BACK)
    assert code == 1
    assert "Zheng, 2022a" in out and "studies.loc[" in out
    assert "Note: Read as utf-8" in err
    assert ran(capsys, "examine", BACK, "--quiet")[2] == ""


def test_examine_as_json_and_with_nothing_to_find(capsys, tmp_path):
    code, out, _ = ran(capsys, "examine", BACK, "--json")
    found = json.loads(out)
    assert code == 1 and found["rows"] == 27
    assert {"study", "row", "column", "value", "rule", "why", "sure", "mend"} == set(
        found["findings"][0]
    )
    clean = tmp_path / "clean.csv"
    clean.write_text("study,n_t,mean_t,sd_t,n_c,mean_c,sd_c\nA,50,3.12,2.05,50,4.03,2.11\n")
    code, out, _ = ran(capsys, "examine", clean)
    assert code == 0 and out.startswith("Nothing stands out in 1 row")


@pytest.mark.parametrize("text", ["", "study\n", "\x00\x01"])
def test_a_file_that_is_no_table(capsys, tmp_path, text):
    (tmp_path / "bad.csv").write_text(text)
    code, out, err = ran(capsys, "examine", tmp_path / "bad.csv")
    assert code == 2 and out == "" and "Traceback" not in err
    assert ran(capsys, "examine", tmp_path / "none.csv")[0] == 2


def test_every_kind_of_file_is_known(capsys, tmp_path):
    import zipfile

    import openpyxl

    book = openpyxl.Workbook()
    for row in (["Study", "n_t", "mean_t", "sd_t"], ["A", 50, 3.12, 2.05]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    assert "1 row of a.xlsx (XLSX)" in ran(capsys, "examine", tmp_path / "a.xlsx")[1]
    rows = next((ROOT / "tests" / "data" / "cochrane").glob("CD001703*data-rows.csv"))
    with zipfile.ZipFile(tmp_path / "review.zip", "w") as package:
        package.write(rows, rows.name)
    code, _, err = ran(capsys, "examine", tmp_path / "review.zip", "--analysis", "9.9")
    assert code == 2 and "There is no analysis '9.9'" in err and "\n  1.2  " in err
    assert "Cochrane data package" in ran(capsys, "examine", tmp_path / "review.zip")[1]
    (tmp_path / "a.rm5").write_text("<other/>")
    assert "RevMan" in ran(capsys, "examine", tmp_path / "a.rm5")[2]
    code, _, err = ran(capsys, "examine", rows, "--column", "sd_t=SD")
    assert code == 2 and "--column" in err


def test_debug_shows_the_traceback(capsys):
    for arguments in (("--debug", "mcid", "pian"), ("mcid", "pian", "--debug")):
        code, _, err = ran(capsys, *arguments)
        assert code == 2 and "Traceback" in err and "Did you mean" in err


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (KeyboardInterrupt(), 130, "No half folder"),
        (BayesPSError("a mend"), 2, "bayes-ps: a mend"),
        (ZeroDivisionError("x"), 70, "ZeroDivisionError: x. This is a bug"),
    ],
)
def test_how_each_failure_ends(capsys, monkeypatch, error, code, said):
    def fails(_):
        raise error

    monkeypatch.setattr(command_line.mcid, "run", fails)
    found = ran(capsys, "mcid")
    assert found[0] == code and found[1] == "" and said in found[2]
    assert "Traceback" not in found[2]


def test_names_do_not_steer_the_terminal(capsys):
    answer("a\x1b]0;owned\x07b\x9bc\nd")
    assert capsys.readouterr().out == "a\ufffd]0;owned\ufffdb\ufffdc\nd\n"


@pytest.mark.parametrize("arguments", [["--help"], ["analyse", "--help"], ["mcid", "pain"],
                                       ["priors", "--table", "turner2012"]])  # fmt: skip
def test_nothing_heavy_is_loaded(arguments):
    code = (
        "import sys; from bayes_ps.cli import main; "
        f"code = main({arguments!r}); "
        f"sys.stderr.write(str([m for m in {HEAVY!r} if m in sys.modules])); sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout and done.stderr == "[]"


def test_what_the_options_spell_out_is_what_an_mcid_takes():
    """They are written twice, since --help may load no numbers."""
    assert (mcid_options.KINDS, mcid_options.RATIO) == (mcid.KINDS, mcid.RATIO)


def test_help_loads_no_numbers():
    code = (
        "import sys; from bayes_ps.cli import main; main(['analyse', '--help']); "
        "sys.stderr.write(str([m for m in ('scipy', 'pandas', 'xarray') if m in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "[]"


def test_python_m_bayes_ps_and_a_closed_pipe():
    command = f"{sys.executable} -m bayes_ps mcid | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)
    assert len(done.stdout.splitlines()) == 1 and done.stderr == ""
