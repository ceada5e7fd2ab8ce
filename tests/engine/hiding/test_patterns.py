"""Starting the program waits for no pattern: they are compiled by what first uses them."""

from __future__ import annotations

import copy
import subprocess
import sys

from engine.hiding.patterns import later

COUNTS = """
import regex
made = []
compiled = regex.compile
regex.compile = lambda *of, **more: made.append(of) or compiled(*of, **more)
from engine.hiding.table import Table
before = len(made)
Table().learn(["Dear Ms Harlow, yours sincerely"])
print(before, len(made) > 10)
"""


def test_importing_compiles_nothing():
    told = subprocess.run([sys.executable, "-c", COUNTS], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["0", "True"]


def test_it_works_as_a_pattern_does_also_as_a_copy():
    digits = later(r"\d+")
    assert digits.sub("#", "a1b22") == "a#b#"
    assert [each[0] for each in copy.deepcopy(digits).finditer("1 22")] == ["1", "22"]
    assert digits.fullmatch("12") and not digits.fullmatch("1a")
