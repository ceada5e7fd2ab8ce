"""The shape of the code: names, sizes and doors that a linter cannot name. Budgets are for the whole, not for a file."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from statistics import median

TOP = Path(__file__).parents[1]
MODULES = sorted([TOP / "main.py", *(TOP / "engine").rglob("*.py"), *(TOP / "desktop").rglob("*.py")])
WRITTEN = [module for module in MODULES if module.name != "__init__.py"]
DUMPING_GROUNDS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "base", "core"}
# The only modules that may import by name at run time, where no linter can see it.
IMPORT_BY_NAME = {"engine/worker_main.py", "engine/inference/llama.py", "engine/secrets.py"}


def named(module: Path) -> str:
    return module.relative_to(TOP).as_posix()


def share(values: list[int], limit: int) -> float:
    return sum(value <= limit for value in values) / len(values)


def functions(module: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_no_module_is_named_after_nothing():
    assert [named(module) for module in MODULES if set(module.with_suffix("").parts) & DUMPING_GROUNDS] == []


def test_packages_run_nothing_when_they_are_imported():
    assert [named(module) for module in MODULES if module.name == "__init__.py" and module.stat().st_size > 0] == []


def test_every_module_says_what_it_is():
    assert [named(module) for module in WRITTEN if not ast.get_docstring(ast.parse(module.read_text(encoding="utf-8")))] == []


def test_files_stay_readable_in_one_sitting():
    lines = [len(module.read_text(encoding="utf-8").splitlines()) for module in WRITTEN]
    assert median(lines) <= 120
    assert share(lines, 300) >= 0.95


def test_functions_stay_on_one_screen():
    lengths = [node.end_lineno - node.lineno + 1 for module in WRITTEN for node in functions(module)]
    assert share(lengths, 50) >= 0.97


def test_importing_by_name_happens_in_named_places_only():
    by_name = re.compile(r"\b(import_module|__import__|spec_from_file_location)\(")
    found = {named(module) for module in WRITTEN if by_name.search(module.read_text(encoding="utf-8"))}
    assert found <= IMPORT_BY_NAME


def test_every_icon_of_the_design_is_shipped():
    names = json.loads((TOP / "resources" / "tokens.json").read_text(encoding="utf-8"))["icons"]["names"].values()
    assert [name for name in names if not (TOP / "resources" / "icons" / f"{name}.svg").is_file()] == []
