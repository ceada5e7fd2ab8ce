"""The network log as CSV, for somebody who checks it with a spreadsheet. Pure: the file is written elsewhere.

Names of hosts and models come from outside, and a spreadsheet runs a cell that looks like a formula; such a cell gets
an apostrophe in front, which spreadsheets take for "this is text".
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

from engine.network_records import Connection

COLUMNS = (
    "time_utc", "purpose", "about", "method", "host", "port", "via", "outcome", "reason", "status",
    "sent_bytes", "received_bytes", "seconds",
)  # fmt: skip
_ACTS = re.compile(r"\s*[=+\-@|%]")
_UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def as_csv(connections: Iterable[Connection]) -> str:
    """The connections in the order given, one a line under a line of column names; times in UTC, sizes in bytes."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for each in connections:
        writer.writerow([_cell(value) for value in _values(each)])
    return text.getvalue()


def _values(each: Connection) -> tuple[object, ...]:
    seconds = None if each.duration_s is None else round(each.duration_s, 3)
    return (
        each.time.isoformat(), each.purpose, each.about, each.method, each.host, each.port, each.via, each.outcome,
        each.reason, each.status, each.sent, each.received, seconds,
    )  # fmt: skip


def _cell(value: object) -> str:
    text = "" if value is None else _UNSHOWN.sub("\ufffd", str(value))
    return f"'{text}" if isinstance(value, str) and _ACTS.match(text) else text
