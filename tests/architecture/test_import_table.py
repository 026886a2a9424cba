"""The table of rooms in ARCHITECTURE.md, held against the imports of the code."""

import ast
import re
import sys
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[2]
GRAPH = grimp.build_graph("bayes_ps", "models", cache_dir=None)


def rooms():
    """{room: (rooms it may import, packages it may import)} as ARCHITECTURE.md says."""
    found = {}
    for line in (ROOT / "ARCHITECTURE.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        name = re.fullmatch(r"`(\w+)`", cells[0])
        if name and len(cells) == 4:
            listed = [set(re.findall(r"\w+", cell)) for cell in cells[2:]]
            found[name[1]] = tuple(listed)
    return found


ROOMS = rooms()


def room_of(module):
    return module.split(".")[1] if "." in module else None


def third_party(room):
    """Top-level packages that the files of a room import, outside the standard library."""
    path = ROOT / "bayes_ps" / room
    files = path.rglob("*.py") if path.is_dir() else [path.with_suffix(".py")]
    found = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                found.add(node.module.split(".")[0])
    return found - set(sys.stdlib_module_names) - {"bayes_ps"}


def test_every_room_stands_in_the_table():
    there = {
        path.stem
        for path in (ROOT / "bayes_ps").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert there - {"__init__"} == set(ROOMS)


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_a_room_imports_only_what_the_table_allows(room):
    imported = {
        room_of(target)
        for module in GRAPH.modules
        if module.startswith("bayes_ps.") and room_of(module) == room
        for target in GRAPH.find_modules_directly_imported_by(module)
    }
    assert imported - {room, None} <= ROOMS[room][0]


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_a_room_uses_only_the_packages_in_the_table(room):
    assert third_party(room) - {"preliz"} <= ROOMS[room][1]


def test_the_toolkit_never_imports_the_models_and_models_only_the_contract():
    for module in GRAPH.modules:
        targets = GRAPH.find_modules_directly_imported_by(module)
        if room_of(module) == "cli" and module.startswith("bayes_ps"):
            continue  # the application on top
        if module.startswith("bayes_ps"):
            assert not {t for t in targets if t.startswith("models")}, module
        else:
            ours = {".".join(t.split(".")[:2]) for t in targets if t.startswith("bayes_ps")}
            allowed = {"bayes_ps", "bayes_ps.checks", "bayes_ps.hierarchy", "bayes_ps.priors"}
            # effects is named in annotations only, under TYPE_CHECKING
            assert ours <= allowed | {"bayes_ps.effects"}, module
