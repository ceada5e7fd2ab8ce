"""The linter that holds the doors between the parts really does: each door is forced once, on a copy of the code."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
LINT = "from importlinter.cli import lint_imports_command as lint; lint()"

# What is written into which module, and the start of the contract that must notice.
BREAK_INS = [
    ("engine/work/prompt.py", "import PySide6.QtCore", "The engine works without a window"),
    ("desktop/viewmodels/jump.py", "import engine.store.store", "The window knows the engine's wishes"),
    ("engine/wire.py", "import engine.service", "Layers of the engine"),
    ("engine/helpers.py", "", "Layers of the engine"),
    ("desktop/widgets/card.py", "import desktop.views.sidebar", "Layers of the window"),
    ("engine/documents/reader.py", "import pypdfium2", "The process of the window never parses"),
    ("engine/documents/pdf_text.py", "import engine.secrets", "Sealed workers know no network"),
    ("engine/inference/scheduler.py", "import engine.inference.llama", "Planning a batch is arithmetic"),
    ("engine/session.py", "import llama_cpp", "One door to llama.cpp"),
    ("engine/settings.py", "import keyring", "One door to the keyring"),
    ("engine/session.py", "import sqlmodel", "One door to the database"),
    ("engine/work/sending.py", "import genai_prices", "One door to the price list"),
    ("engine/ledger/costs.py", "import engine.store.store", "Sums of money are arithmetic"),
    ("engine/work/ask.py", "import xlsxwriter", "Doors to spreadsheets"),
    ("engine/hiding/table.py", "import engine.store.store", "Statistics and hiding are arithmetic"),
    ("engine/work/ask.py", "import socket", "One door to the internet"),
    ("engine/store/settings.py", "import sqlite3", "Nobody opens SQLite beside SQLCipher"),
]


def lint(copy: Path) -> tuple[set[str], set[str]]:
    """Names of the contracts that were kept and that were broken."""
    command = [sys.executable, "-c", LINT, "--no-logo", "--no-cache"]
    answer = subprocess.run(command, cwd=copy, env={"PYTHONPATH": str(copy)}, capture_output=True, text=True, timeout=100)
    judged = re.findall(r"^(.+?) (KEPT|BROKEN)\b", answer.stdout, re.MULTILINE)
    assert judged, answer.stdout + answer.stderr
    return {name for name, word in judged if word == "KEPT"}, {name for name, word in judged if word == "BROKEN"}


@pytest.fixture
def copy(tmp_path) -> Path:
    shutil.copy(TOP / "pyproject.toml", tmp_path)
    for part in ("engine", "desktop"):
        shutil.copytree(TOP / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_every_door_notices_being_forced(copy):
    """All at once; that they hold when nobody forces them is what `make lint` says of the code itself."""
    for module, line, _ in BREAK_INS:
        with (copy / module).open("a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")
    kept, broken = lint(copy)
    assert [door for _, _, door in BREAK_INS if not any(name.startswith(door) for name in broken)] == []
    assert kept == set(), "a door that no line above forces"


def banned(copy: Path) -> int:
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format", "concise", "--select", "TID251", "."]
    return subprocess.run(command, cwd=copy, capture_output=True, text=True, timeout=60).stdout.count(": TID251 ")


def test_ruff_refuses_the_bans_in_every_part(copy):
    assert banned(copy) == 0
    (copy / "engine" / "work" / "ask.py").write_text("import sqlite3\nimport pickle\n", encoding="utf-8")
    (copy / "desktop" / "theme.py").write_text("from PySide6 import QtNetwork\n", encoding="utf-8")
    (copy / "desktop" / "viewmodels" / "jump.py").write_text("from PySide6.QtWidgets import QWidget\n", encoding="utf-8")
    assert banned(copy) == 4
