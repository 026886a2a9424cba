"""What the examples share: their command line, tables on the screen, figures and CSV on disk."""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

from bayes_ps import words

HERE = Path(__file__).parent
DATA = HERE / "data"


def parser(name: str, description: str) -> argparse.ArgumentParser:
    """--output, --seed and --engine, as every example takes them."""
    made = argparse.ArgumentParser(description=description)
    made.add_argument("--output", type=Path, default=HERE / "output" / name, help="folder to write")
    made.add_argument("--seed", type=int, default=20241, help="seed of every draw")
    made.add_argument(
        "--engine",
        choices=("both", "exact", "nuts"),
        default="both",
        help="exact: quadrature only; nuts: the numbers from PyMC; both (default): the numbers "
        "from quadrature, each fit sampled by PyMC too and certified",
    )
    return made


def show(title: str, table: pd.DataFrame, digits: int = 2) -> None:
    """A table with its title; columns `p_…` and `P(…)` as probabilities, never a rounded 0 or 1."""
    chances = [c for c in table if c.startswith(("p_", "P("))]
    text = table.assign(**{c: table[c].map(_chance) for c in chances})
    print(f"\n{title}\n{'-' * len(title)}")
    print(text.to_string(index=False, float_format=f"%.{digits}f", na_rep="–"))


def _chance(p: float) -> str:
    return "–" if pd.isna(p) else words.probability(p)


def save(figure, path: Path) -> None:
    """A figure as PNG, 200 dots an inch."""
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=200, bbox_inches="tight")
    print(f"figure: {path}")
