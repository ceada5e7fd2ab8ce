from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from engine.connection_export import COLUMNS, as_csv
from engine.network_records import Connection

ONE = Connection(1, datetime(2026, 11, 22, 10, 0, tzinfo=UTC), "models", "Qwen3 8B", "GET", "huggingface.co", 443)


def rows(*connections: Connection) -> list[list[str]]:
    return list(csv.reader(io.StringIO(as_csv(connections), newline="")))


def test_a_line_for_each_connection_under_the_names_of_the_columns() -> None:
    done = replace(ONE, sent=10, received=2_000_000, status=200, outcome="done", duration_s=1.23456, via="proxy.example:1")
    names, first, second = rows(ONE, done)
    assert tuple(names) == COLUMNS
    assert first == [
        "2026-11-22T10:00:00+00:00",
        "models",
        "Qwen3 8B",
        "GET",
        "huggingface.co",
        "443",
        "",
        "open",
        "",
        "",
        "0",
        "0",
        "",
    ]
    assert second[6:] == ["proxy.example:1", "done", "", "200", "10", "2000000", "1.235"]


@given(st.text(max_size=30), st.text(max_size=30))
def test_no_cell_is_run_by_a_spreadsheet_and_no_line_is_broken(about: str, host: str) -> None:
    names, *lines = rows(replace(ONE, about=about, host=host, purpose=None))
    assert len(lines) == 1 and len(lines[0]) == len(names)
    assert [cell for cell in lines[0] if cell.lstrip()[:1] in tuple("=+-@|%\t\r") and cell.lstrip()] == []
    assert as_csv([replace(ONE, about=about)]).count("\n") == 2


def test_what_looks_like_a_formula_becomes_text() -> None:
    for formula in ('=HYPERLINK("http://evil.example")', "+1", "-1", "@x", " =1", "|cmd", "%x"):
        assert rows(replace(ONE, about=formula))[1][2] == f"'{formula}"
    assert rows(replace(ONE, about="\t=1\n2"))[1][2] == "\ufffd=1\ufffd2"
