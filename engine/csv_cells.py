"""Cells of CSV files that spreadsheets open: what comes from outside must not act there. Pure.

A spreadsheet runs a cell that looks like a formula; such a cell gets an apostrophe in front, which spreadsheets take for
"this is text".
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

#: Also in full width, which some languages' spreadsheets read the same, and behind what is not seen.
_ACTS = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]*[=+\-@|%\uff1d\uff0b\uff0d\uff20]")
_UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_UNSHOWN_IN_LINES = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, lines: bool = False) -> str:
    """CSV with a line of column names. `lines`: texts keep their line breaks and tabs."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell(value, lines=lines) for value in row])
    return text.getvalue()


def cell(value: object, *, lines: bool = False) -> str:
    """A value as a harmless cell; None is empty."""
    text = "" if value is None else (_UNSHOWN_IN_LINES if lines else _UNSHOWN).sub("\ufffd", str(value))
    return f"'{text}" if isinstance(value, str) and _ACTS.match(text) else text
