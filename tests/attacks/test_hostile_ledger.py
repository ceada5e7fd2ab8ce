"""Files and names that were made to harm, in the ledger: bills, price lists, amounts, and what is written for other programs."""

from __future__ import annotations

import csv
import io
import re
import resource
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.errors import StrongroomError
from engine.ledger_records import ASK, WorkloadId
from tests.engine.ledger_shell import a_shell, in_store
from tests.engine.reports.test_printed_page import text_of
from tests.engine.reports.test_workbook import Opened
from tests.engine.test_compare_verbs import Shell
from tests.engine.work.ledger_stage import called, worked

HEAD = "start_time,model,num_model_requests,input_tokens,output_tokens\n"
DAY = "2026-03-02T00:00:00Z"


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    with a_shell(tmp_path_factory.mktemp("ledger") / "profile") as shell:
        yield shell


def sound(shell: Shell) -> int:
    """How many entries there are; their sums are right."""
    check = shell.done("ledger", "check")["check"]
    assert check["is_sound"]
    return int(check["n_events"])


# ---------------------------------------------------------------- hostile files
def zipped() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("usage.csv", b"0" * 10_000_000)
    return stream.getvalue()


HUGE = "9" * 400
HOSTILE: dict[str, Callable[[], bytes]] = {
    "formulas": lambda: f"{HEAD}{DAY},=cmd|'/C calc'!A0,1,1,1\n{DAY},\"@SUM(1)\",1,1,1\n".encode(),
    "a formula for a figure": lambda: f"{HEAD}{DAY},gpt-4o,=1+1,1,1\n".encode(),
    "NUL": lambda: f"{HEAD}{DAY},gpt\0-4o,1,1,1\n".encode(),
    "a line without an end": lambda: HEAD.encode() + b"x" * 49_900_000,
    "too many bytes": lambda: HEAD.encode() + b"x" * 50_000_001,
    "a zip": zipped,
    "nothing": lambda: b"",
    "reversed writing": lambda: f"{HEAD}{DAY},\u202e\u200fo4-tpg,1,1,1\n".encode(),
    "10^400": lambda: f"{HEAD}{DAY},gpt-4o,1e400,{HUGE},1\n".encode(),
    "a figure as wide as a page": lambda: f"{HEAD}{DAY},gpt-4o,1,{'1' * 100_000},1\n".encode(),
    "infinite": lambda: f"{HEAD}{DAY},gpt-4o,inf,nan,1\n".encode(),
    "all that a column holds, many times": lambda: (HEAD + f"{DAY},gpt-4o,1,99999999999999,1\n" * 100_000).encode(),
    "thousands of columns": lambda: (",".join(f"c{n}" for n in range(50_000)) + "\n" + "1," * 50_000).encode(),
    "the same column thousands of times": lambda: ("model," * 5_000 + HEAD + "\n").encode(),
    "quotes that never close": lambda: HEAD.encode() + b'"' + b"a,b\n" * 200_000,
    "halves of characters": lambda: HEAD.encode() + b"\xed\xa0\x80,\xff\xfe",
}


def test_hostile_bills_are_refused_and_change_nothing(shell: Shell, tmp_path: Path) -> None:
    before, file = shell.done("ledger", "bills"), tmp_path / "usage.csv"
    highest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for name, make in HOSTILE.items():
        file.write_bytes(make())
        ran = shell.run("ledger", "import", file)
        assert ran.code == 1 and ran.error["kind"] == "bill_unfit", (name, ran)
    assert shell.done("ledger", "bills") == before
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - highest < 700_000, "kilobytes"


HOSTILE_LISTS = (
    b"model,input,output\na/b,1e400,2\n", b"model,input,output\na/b,nan,2\n", b"model,input,output\na/b,=1+1,2\n",
    b"model,input,output\na/b,1,2," + b"9" * 4_000_000, b"[" * 100_000, b"{" * 10,
    b'[{"model": "a/b", "input": 1e999999999, "output": 2}]', b'{"a": ' * 50_000, b"", b"\xff\xfe\x00",
    b"PK\x03\x04" + b"\0" * 999, (",".join(f"c{n}" for n in range(50_000)) + "\n").encode(),
    b'[{"model": ' + b"9" * 5_000 + b"}]",
    b"model,input,output\n" + b"a/b,1,2\n" * 600_000,
)  # fmt: skip


def test_hostile_price_lists_change_nothing(shell: Shell, tmp_path: Path) -> None:
    good = tmp_path / "good.csv"
    good.write_text("model,input,output\n=cmd()/x,1,2\nfar/one,1,2\n", encoding="utf-8")
    listed = shell.done("ledger", "prices", "--import", good, "/")["found"]
    for content in HOSTILE_LISTS:
        file = tmp_path / ("list.json" if content[:1] in (b"[", b"{") else "list.csv")
        file.write_bytes(content)
        ran = shell.run("ledger", "prices", "--import", file)
        assert ran.code == 1 and ran.error["kind"] == "prices_unfit", (content[:40], ran)
    after = shell.done("ledger", "prices", "far/")
    assert (after["imported_from"], after["found"]) == ("good.csv", 1) and shell.done("ledger", "prices", "/")["found"] == listed


def test_amounts_a_million_times_too_large_are_refused_or_worked_out_to_the_last_unit(shell: Shell, tmp_path: Path) -> None:
    shell.done("ledger", "prices", "--set", "big/model=10000,10000")
    plan = ("ledger", "calculate", "--model", "big/model", "--items", str(10**9), "--prompt", str(10**8), "--answer", str(10**8))
    assert shell.done(*plan)["calculation"]["api"]["nano"] == 2 * 10**15 * 10**9
    assert "USD 2,000,000,000,000,000.00" in shell.run(*plan, as_json=False).out
    for entry in (called(cost=2**63), called(prompt=2**63), worked(cost=-1)):
        with pytest.raises(StrongroomError) as refused:
            in_store(shell, lambda store, e=entry: store.ledger.record(e))  # type: ignore[misc]
        assert refused.value.kind == "ledger_input_unfit"
    assert shell.run("ledger", "unknown", "--resolve", "x=1e15").code == 2
    shell.done("ledger", "prices", "--remove", "big/model")
    sound(shell)


# ---------------------------------------------------------------- hostile names
NAMES = (
    "=cmd|'/C calc'!A0", "@SUM(1+1)*cmd", '+1","=2', "-2+3", "\t=1", "<b>bold</b> & <script>alert(1)</script>",
    "</text> <img src=http://127.0.0.1:9/x> &#x0; &amp;", "\u202egnp.exe", "line\nNet saving: USD 1,000,000.00", "nul\0\x1b[31m",
    "x" * 10_000, "🙂👩\u200d👧 Ω",
)  # fmt: skip


def test_hostile_names_act_nowhere(shell: Shell, tmp_path: Path) -> None:
    moment = datetime(2026, 5, 5, 12, tzinfo=UTC)

    def fill(store: Any) -> None:
        for name in NAMES:
            vote_set = WorkloadId(store.votes.create(name, "other").id)
            store.ledger.record(worked(moment, workload=vote_set, model=name[:300]))
            store.ledger.record(called(moment, workload=vote_set, model=name[:300], provider="acme"))

    in_store(shell, fill)
    for file in ("m.csv", "m.xlsx", "m.pdf"):
        shell.done("ledger", "export", "--month", "2026-05", "--output", tmp_path / file)
    shell.done("ledger", "export", "--month", "2026-05", "--entries", "--output", tmp_path / "e.csv")
    for file in ("m.csv", "e.csv"):
        cells = [cell for row in csv.reader(io.StringIO((tmp_path / file).read_text("utf-8-sig"))) for cell in row]
        acting = [each for each in cells if each[:1] in ("=", "+", "-", "@", "\t", "\r") and not re.fullmatch(r"-?[\d.]+", each)]
        assert acting == [] and any("cmd" in each for each in cells)
    book = Opened((tmp_path / "m.xlsx").read_bytes())
    assert not any("<f>" in text or "<f " in text or "hyperlink" in text for text in book.files.values())
    assert not any("externalLink" in name for name in book.files) and "=cmd|'/C calc'!A0" in book.strings
    paper = (tmp_path / "m.pdf").read_bytes()
    assert not re.search(rb"/(JavaScript|JS|URI|Launch|OpenAction|EmbeddedFile|AA)\b", paper)
    assert "<b>bold</b> & <script>" in text_of(paper) and len(paper) < 2_000_000
    ran = shell.run("ledger", "show", "--month", "2026-05", as_json=False)
    assert ran.code == 0 and not set("\x1b\0\u202e") & set(ran.out)
    assert not [line for line in ran.out.splitlines() if line.startswith("Net saving")], "a name makes no line of its own"
    assert len(shell.done("ledger", "show", "--month", "2026-05")["workloads"]) == len(NAMES)


def test_a_workload_that_was_deleted_keeps_its_sums(shell: Shell) -> None:
    moment = datetime(2026, 6, 5, 12, tzinfo=UTC)

    def fill(store: Any) -> None:
        made = store.votes.create("Gone", "other").id
        store.ledger.record_all([worked(moment, workload=WorkloadId(made)), worked(moment, workload=ASK)])
        store.votes.delete(made)

    before = sound(shell)
    in_store(shell, fill)
    month = shell.done("ledger", "show", "--month", "2026-06")
    assert month["items"] == 2 and len(month["workloads"]) == 2 and sound(shell) == before + 2
    assert month["avoided"]["mid"] == sum(each["avoided"]["mid"] for each in month["workloads"])
