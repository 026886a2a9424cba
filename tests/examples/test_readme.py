"""Every Python block of the README runs as it stands, from the root of a clone."""

import re
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCKS = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_block_runs(number, tmp_path, monkeypatch, capsys):
    shutil.copytree(ROOT / "examples" / "data", tmp_path / "examples" / "data")
    monkeypatch.chdir(tmp_path)
    exec(compile(BLOCKS[number], f"README block {number}", "exec"), {})
    printed = capsys.readouterr().out
    if number == 0:
        assert "Random effects (REML), 6 studies: SMD -0.1502" in printed
        assert "Certificate passed" in printed and "no problem found" in printed
        assert (tmp_path / "forest.png").stat().st_size > 10_000
        assert (tmp_path / "mcid_curve.png").stat().st_size > 10_000
    elif number == 1:
        assert "11 studies, SMD in SD units" in printed and "REML/HKSJ -0.2349" in printed
        assert "chi² 3.06 on 2 df" in printed and "Garcia, 2021" in printed
        assert (tmp_path / "funnel.png").stat().st_size > 10_000
        assert (tmp_path / "baseline.png").stat().st_size > 10_000
    elif number == 2:
        assert "16 of 16 printed effects with their intervals are the same" in printed
        assert "decimal slip" in printed and "2.4528" in printed
    elif number == 3:
        assert "is beyond the MCID with probability < 0.001, any benefit 0.985" in printed
        assert "has median 7.6% (95% interval 0.0% to 47.1%) and mean 14.3%" in printed
        assert "rests on the external prior of tau" in printed
    elif number == 5:
        assert "is 0.776 as fitted" in printed and "0.521 under a sceptical" in printed
        assert "Ready: all" in printed and "NNTB 5 (NNTB 3 to NNTB 8)" in printed
        assert (tmp_path / "knee_pain.html").stat().st_size > 100_000
    else:
        assert "is 0.919 to 0.995 under 9 choices of priors" in printed
        assert "0.976 (without 'Heffron') to 0.999 (without 'Gibelli')" in printed
        assert "effect 0.996" in printed and "mu_p_mcid            0.995" in printed


def test_what_is_shown_exists():
    for path in re.findall(r"\]\(((?:examples|tests)/[^)]+)\)", (ROOT / "README.md").read_text()):
        assert (ROOT / path).exists()


def test_the_commands_are_those_of_ci():
    assert "python -m uv run pytest" in (ROOT / "README.md").read_text()
    assert "python -m uv run pytest" in (ROOT / ".ci" / "run").read_text()
