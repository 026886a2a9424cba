"""``results.json``: every number of an analysis, in full precision, for another program.

Keys, in this order. A number that is not known, not finite or does not apply is null.

* ``schema``: ``"bayes_ps.results/1"``. A key may be added; a change of meaning changes the number.
* ``made_by``: versions of bayes_ps, Python and the packages that the numbers come from;
  ``command``: the arguments as typed.
* ``inputs``: `file`, `sha256` of its bytes, `source`, `title`, `measure`, `unit`, `better`, `k`,
  `participants`, `formulas`, `data_sha256` (of study, y and se, as in the report), `assumptions`,
  `notes`.
* ``studies``: the rows of ``studies.csv``. ``doctor``: the findings of the data doctor.
* ``review``: of a Cochrane review, its analysis before any conversion: number, measure, how many
  printed effects agree, its own pooled results by subgroup; else null.
* ``baseline``: `main` (REML with Hartung-Knapp's interval; null for one study) and `table`.
* ``model``: its name, priors and sentence; ``engine``; ``seed``.
* ``posterior``: a row an unknown, a study (``theta[…]``) and a new setting (``theta_new``).
* ``decisions``: one an MCID, the main one first: `mcid`, `targets` (the rows of ``decision.csv``),
  `share` of settings beyond it, `notes`, `robustness` (verdict, cut, flips, variants, notes),
  `gate` (status, reasons, checks).
* ``gate``: of the main MCID. ``patients``: responders, or events per 1000; else null.
* ``diagnostics``: of the computation. ``files``: what lies in the folder.
"""

from __future__ import annotations

import json
import math
import platform
from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from hashlib import sha256
from importlib.metadata import version
from numbers import Integral, Real
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bayes_ps import __version__
from bayes_ps.cli.answers import Answers, Decided
from bayes_ps.cli.question import Question
from bayes_ps.cli.report_folder import FILES, RESULTS
from bayes_ps.cli.tables import studies_of

if TYPE_CHECKING:
    import pandas as pd

    from bayes_ps.baseline import Baseline
    from bayes_ps.decision import MCID

SCHEMA = "bayes_ps.results/1"
PACKAGES = ("numpy", "scipy", "pandas", "xarray")
SAMPLING = ("pymc", "nutpie", "pytensor", "arviz-stats")


def write_results(folder: Path, question: Question, answers: Answers, options: Namespace) -> None:
    """Last of all: it lists the files of the folder."""
    found = results_of(question, answers, options)
    files = [p for p in folder.rglob("*") if p.is_file() and "posterior.zarr" not in p.parts]
    names = [str(p.relative_to(folder).as_posix()) for p in files]
    zarr = ["posterior.zarr"] if (folder / "posterior.zarr").exists() else []
    found[FILES] = sorted([*names, *zarr, RESULTS])
    text = json.dumps(plain(found), ensure_ascii=False, indent=1, allow_nan=False)
    (folder / RESULTS).write_text(text + "\n", encoding="utf-8")


def results_of(question: Question, answers: Answers, options: Namespace) -> dict[str, Any]:
    """All but the files, see the head of this file."""
    from bayes_ps.diagnostics import diagnose

    fit = answers.fit
    packages = PACKAGES + (() if fit.engine == "exact" else SAMPLING)
    found = diagnose(fit)
    return {
        "schema": SCHEMA,
        "made_by": {"bayes_ps": __version__, "python": platform.python_version()}
        | {name: version(name) for name in packages},
        "command": options.typed,
        "inputs": _inputs(question, answers, options),
        "studies": _rows(studies_of(answers)),
        "doctor": _rows(question.doctor.to_frame()),
        "review": _review(question),
        "baseline": {
            "main": None if answers.baseline is None else _baseline(answers.baseline),
            "table": _rows(answers.table.to_frame()),
        },
        "model": {
            "name": type(fit.model).__name__,
            "mu": repr(fit.model.mu),
            "tau": repr(fit.model.tau),
            "text": str(fit.model),
        },
        "engine": fit.engine,
        "seed": fit.seed,
        "posterior": _rows(fit.to_frame()),
        "decisions": [_decided(each) for each in answers.decided],
        "gate": _gate(answers.gate),
        "patients": None if answers.patients is None else _rows(answers.patients.to_frame()),
        "diagnostics": {
            "text": str(found),
            "problems": found.problems,
            "divergences": found.divergences,
            "bfmi": found.bfmi,
            "quadrature_error": found.quadrature_error,
            "table": _rows(found.to_frame().reset_index()),
        },
    }


def plain(value: Any) -> Any:
    """As JSON has it: what is not finite, or missing, is null."""
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return float(value) if math.isfinite(value) else None
    if hasattr(value, "tolist"):  # NumPy's arrays and scalars
        return plain(value.tolist())
    if isinstance(value, Sequence):
        return [plain(each) for each in value]
    return None if value != value else str(value)  # pandas' missing values differ from themselves


def _inputs(question: Question, answers: Answers, options: Namespace) -> dict[str, Any]:
    from bayes_ps.reporting.findings import participants
    from bayes_ps.reporting.material import data_text

    effects = question.effects
    return {
        "file": str(options.file),
        "sha256": question.sha256,
        "source": question.source,
        "title": question.title,
        "measure": effects.measure,
        "unit": effects.unit,
        "better": effects.better,
        "k": effects.k,
        "participants": participants(answers.fit),
        "formulas": effects.formulas,
        "data_sha256": sha256(data_text(effects).encode()).hexdigest(),
        "assumptions": question.assumptions,
        "notes": question.notes,
    }


def _review(question: Question) -> dict[str, Any] | None:
    review = question.review
    if review is None:
        return None
    off = review.table["off"]
    return {
        "number": review.number,
        "outcome": review.outcome,
        "measure": review.measure,
        "measure_stated": review.stated,
        "unit": review.effects.unit,
        "printed_effects": int(off.notna().sum()),
        "printed_effects_that_agree": int((off < 1e-4).sum()),
        "pooling": None if review.scheme is None else review.scheme._asdict(),
        "subgroups": _rows(review.subgroups()),
        "notes": review.notes,
    }


def _baseline(base: Baseline) -> dict[str, Any]:
    names = ("mu", "se", "lower", "upper", "statistic", "df", "p", "tau2", "tau")
    found = {name: getattr(base, name) for name in names}
    found |= {name: getattr(base, name) for name in ("q", "q_df", "q_p", "i2", "h2", "level")}
    for name, interval in (("tau2", base.tau2_interval), ("prediction", base.prediction)):
        ends = (None, None) if interval is None else (interval.lower, interval.upper)
        found |= {f"{name}_lower": ends[0], f"{name}_upper": ends[1]}
    return found | {"estimator": base.estimator, "ci": base.ci, "methods": base.methods}


def _decided(each: Decided) -> dict[str, Any]:
    decision, robust = each.decision, each.robustness
    return {
        "mcid": _mcid(each.mcid),
        "targets": _rows(decision.to_frame()),
        "share": None if decision.share is None else asdict(decision.share),
        "share_harm": None if decision.share_harm is None else asdict(decision.share_harm),
        "notes": decision.notes,
        "robustness": {
            "verdict": robust.verdict,
            "cut": robust.cut,
            "flips": [variant.changed for variant in robust.flips],
            "variants": _rows(robust.to_frame()),
            "notes": robust.notes,
        },
        "gate": _gate(each.gate),
    }


def _mcid(mcid: MCID) -> dict[str, Any]:
    found = {field.name: getattr(mcid, field.name) for field in fields(mcid)}
    low, middle, high = mcid.spread.ppf([0.025, 0.5, 0.975])
    value = mcid.spread.fixed
    return found | {
        "value": value,
        "median": middle,
        "lower": low,
        "upper": high,
        "text": str(mcid),
    }


def _gate(gate: Any) -> dict[str, Any]:
    return {
        "status": gate.status,
        "reasons": gate.reasons,
        "checks": _rows(gate.to_frame()),
    }


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [plain(row) for row in frame.astype(object).to_dict("records")]
