"""The books against bad luck: kills, clocks, what is written down, and who would listen."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.ledger_records import Month, local_day
from engine.session import Session
from engine.work import statements
from tests.engine.ledger_shell import a_shell, in_store
from tests.engine.test_compare_verbs import Shell, descriptor
from tests.engine.work.ledger_stage import called, worked
from tests.engine.work.remote_stage import PASSPHRASE, unlocked
from tests.loopback_provider import LoopbackProvider

CHECKOUT = Path(__file__).resolve().parents[2]
DAY = "2026-03-02T00:00:00Z"
SECRET = "Quexalotl"
LONG = 60.0
pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills by signal")


@pytest.fixture(scope="module")
def server() -> Iterator[LoopbackProvider]:
    with LoopbackProvider() as server:
        yield server
        server.may_go_on.set()


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory, server: LoopbackProvider, starter_model: Path) -> Iterator[Shell]:
    with a_shell(tmp_path_factory.mktemp("ledger") / "profile") as shell:
        address = server.url_for("openai")
        shell.done("providers", "add", "Acme", "--base-url", address, "--models", "test-large", "--without-key")
        shell.done("ledger", "prices", "--set", "acme/test-large=2,8")
        yield shell


def started(shell: Shell, *arguments: str) -> subprocess.Popen[bytes]:
    """A verb in a process of its own, to be killed."""
    passphrase = descriptor(PASSPHRASE)
    command = [sys.executable, str(CHECKOUT / "main.py"), "--profile", str(shell.profile), *arguments]
    try:
        return subprocess.Popen(
            [*command, "--passphrase-fd", str(passphrase)], pass_fds=[passphrase], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
    finally:
        os.close(passphrase)


def kill(program: subprocess.Popen[bytes]) -> None:
    os.killpg(program.pid, signal.SIGKILL)
    program.wait()
    assert program.stdout is not None
    program.stdout.close()


def until(condition: Callable[[], Any]) -> None:
    end = time.monotonic() + LONG
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def sound(shell: Shell) -> dict[str, Any]:
    check = shell.done("ledger", "check")["check"]
    assert check["is_sound"]
    return dict(check)


# ---------------------------------------------------------------- kills
def test_a_request_whose_end_nobody_saw_counts_at_its_highest_until_it_is_resolved_once(
    shell: Shell, server: LoopbackProvider
) -> None:
    wish = ("compare", "Say hello", "--without-local", "--with", "acme/test-large")
    shown = shell.done(*wish)["preview"]
    before = shell.done("ledger", "show")["paid"]
    server.may_go_on.clear()
    program = started(shell, *wish, "--approve", shown["sha256"], "--allow", "compare")
    until(lambda: server.posts)
    kill(program)
    server.may_go_on.set()
    paid = shell.done("ledger", "show")["paid"]
    (call,) = shell.done("ledger", "unknown")["unknown"]
    highest = call["at_most_nano_usd"]
    assert (paid["nano"] - before["nano"], paid["unknown_calls"], call["model"]) == (highest, 1, "acme/test-large")
    assert highest == pytest.approx(shown["max_cost"] * 1e9) and highest > 0
    assert shell.done("ledger", "unknown", "--resolve", f"{call['id']}=0.000123") == {"unknown": []}
    assert shell.refused(1, "ledger", "unknown", "--resolve", f"{call['id']}=0.000123")["kind"] == "not_found"
    paid = shell.done("ledger", "show")["paid"]
    assert (paid["nano"] - before["nano"], paid["unknown_calls"]) == (123_000, 0) and len(server.posts) == 1
    sound(shell)


def test_a_killed_answer_leaves_sums_that_are_those_of_the_entries(shell: Shell) -> None:
    before = sound(shell)["n_events"]
    program = started(shell, "chat", "Write all that you know about leases, at length.")
    assert program.stdout is not None and program.stdout.read(1)
    kill(program)
    assert sound(shell)["n_events"] == before


KILLED_IN_REBUILDING = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from sqlalchemy import Engine, event
from engine.paths import Profile
from engine.store.store import Store
store = Store.open(Profile(Path(sys.argv[1])), protection="passphrase", passphrase=sys.argv[2])
seen = []
@event.listens_for(Engine, "after_cursor_execute")
def heard(connection, cursor, statement, *more):
    if "ledger_days" in statement and not statement.lstrip().upper().startswith("SELECT"):
        seen.append(statement)
        if len(seen) == int(sys.argv[3]):
            os.kill(os.getpid(), signal.SIGKILL)
store.ledger.rebuild(datetime.now(UTC))
print(len(seen))
"""


def test_a_rebuild_that_is_killed_has_changed_nothing(shell: Shell) -> None:
    noon = datetime(2026, 2, 3, 12, tzinfo=UTC)
    in_store(shell, lambda store: store.ledger.record_all([worked(noon + timedelta(days=n % 20)) for n in range(60)]))
    month = shell.done("ledger", "show", "--month", "2026-02")
    ends = []
    for statement in (2, 1000):
        program = [sys.executable, "-c", KILLED_IN_REBUILDING, str(shell.profile), PASSPHRASE, str(statement)]
        ended = subprocess.run(program, capture_output=True, cwd=CHECKOUT, env={**os.environ, "PYTHONPATH": str(CHECKOUT)})
        ends.append(ended.returncode)
        sound(shell)
        assert shell.done("ledger", "show", "--month", "2026-02") == month
    assert ends == [-signal.SIGKILL, 0], "one was killed in the middle, the other was not"


# ---------------------------------------------------------------- clocks and places
def test_a_clock_that_jumps_ten_years_and_back_a_month_moves_no_entry(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime.now(UTC)
    in_store(shell, lambda store: store.ledger.record(worked(now)))
    before = shell.done("ledger", "show")
    for days in (3653, -31):

        class Clock(datetime):
            @classmethod
            def now(cls, tz: Any = None) -> Any:
                return datetime.now(tz) + timedelta(days=days)  # noqa: B023

        monkeypatch.setattr(statements, "datetime", Clock)
        there = shell.done("ledger", "show")
        assert there["month"] == str(Month.of(local_day(now + timedelta(days=days)))) != before["month"]
        if days > 0:
            assert (there["items"], there["paid"]["nano"]) == (0, 0)
            assert shell.done("ledger", "show", "--month", before["month"])["net"] == before["net"]
        else:
            assert (
                shell.done("ledger", "check")["check"]["n_ahead"] > 0
                and "clock" in shell.run("ledger", "check", as_json=False).out
            )
            assert shell.refused(1, "ledger", "show", "--month", before["month"])["facts"]["reason"] == "unknown_month"
        monkeypatch.undo()
    assert shell.done("ledger", "show") == before


def test_entries_that_a_wrong_clock_made_count_in_their_own_month_and_no_budget_of_this_one(shell: Shell) -> None:
    later = called(datetime.now(UTC) + timedelta(days=3653), cost=10**12)
    before = shell.done("ledger", "show")
    in_store(shell, lambda store: store.ledger.record(later))
    assert shell.done("ledger", "check")["check"]["n_ahead"] == 1
    after = shell.done("ledger", "show")
    assert after["paid"] == before["paid"] and after["avoided"] == before["avoided"]
    assert shell.refused(1, "ledger", "show", "--month", str(Month.of(later.local_day)))["facts"]["reason"] == "unknown_month"


@pytest.fixture
def zone() -> Iterator[Callable[[str], None]]:
    """Sets the time zone of the computer."""
    before = os.environ.get("TZ")

    def use(name: str | None) -> None:
        if name is None:
            os.environ.pop("TZ", None)
        else:
            os.environ["TZ"] = name
        time.tzset()

    yield use
    use(before)


def test_who_travels_finds_each_entry_in_the_month_in_which_it_was_made(shell: Shell, zone: Callable[[str], None]) -> None:
    """Half an hour around the new year of UTC, as the calendars of three places had it."""
    for place, minutes in (("Pacific/Auckland", -30), ("UTC", -30), ("UTC", 30), ("America/Los_Angeles", 30)):
        zone(place)
        moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
        in_store(shell, lambda store, at=moment: store.ledger.record(called(at, cost=10**9)))  # type: ignore[misc]
    seen = []
    for place in ("Pacific/Auckland", "UTC", "America/Los_Angeles"):
        zone(place)
        seen.append([shell.done("ledger", "show", "--month", month)["paid"]["nano"] for month in ("2025-12", "2026-01")])
        sound(shell)
    assert seen == [[2 * 10**9, 2 * 10**9]] * 3


def test_a_second_program_is_turned_away_and_the_books_stay_as_they_are(shell: Shell) -> None:
    before = sound(shell)
    with unlocked(shell.profile):
        for verb in (("show",), ("check", "--rebuild"), ("prices", "--set", "a/b=1,2"), ("costs", "--budget", "5")):
            assert shell.refused(1, "ledger", *verb)["kind"] == "store_in_use"
    assert sound(shell) == before and shell.done("ledger", "costs")["costs"]["budgets"] == []


# ---------------------------------------------------------------- what is in the books
def test_nothing_of_a_prompt_an_answer_or_a_file_is_in_the_tables_of_the_ledger(
    shell: Shell, server: LoopbackProvider, tmp_path: Path
) -> None:
    server.answer_with = lambda asked: f"{SECRET} answers"
    bill = tmp_path / f"{SECRET}.csv"
    header = "start_time,project_id,user_id,api_key_id,model,num_model_requests,input_tokens,output_tokens\n"
    bill.write_text(f"{header}{DAY},{SECRET},{SECRET},{SECRET},gpt-4o,1,1,1\n", encoding="utf-8")
    shell.done("ledger", "import", bill)
    prompts = tmp_path / "prompts.csv"
    prompts.write_text(f"prompt,expected\n{SECRET} asks,{SECRET}\n", encoding="utf-8")

    async def fill(session: Session) -> None:
        await session.access.write(lambda store: store.matters.create(f"{SECRET} v Brent"))
        await session.access.write(lambda store: store.votes.create("Letters", "classify"))

    shell.inside(fill)
    shell.done("ledger", "move", "Letters", "--to", "api", "--with", "acme/test-large")
    run = ("run", "Letters", "--matter", f"{SECRET} v Brent", "--prompts", prompts)
    shell.done(*run, "--approve", shell.done(*run)["preview"]["sha256"], "--allow", "compare")
    tables = ("ledger_kinds", "ledger_rates", "ledger_entries", "ledger_days", "ledger_kept", "bill_lines", "workloads")

    def rows(store: Any) -> dict[str, list[str]]:
        with store.ledger._database.read() as session:
            select = session.connection().exec_driver_sql
            found = {name: [str(tuple(row)) for row in select(f"SELECT * FROM {name}")] for name in (*tables, "workload_moves")}
            assert any(SECRET in str(tuple(row)) for row in select("SELECT * FROM matters")), (
                "so that finding nothing means something"
            )
            return found

    found = in_store(shell, rows)
    assert all(found[name] for name in tables)
    assert [row for each in found.values() for row in each if SECRET.lower() in row.lower()] == []


LISTENED = """
import json, sys
WAYS = ("connect", "getaddrinfo", "sendto", "sendmsg", "gethostbyname", "bind")
told = []
def heard(name, given):
    if name.startswith("socket.") and name[7:] in WAYS:
        told.append([name, str(given[1:])])
sys.addaudithook(heard)
from pathlib import Path
from tests.engine.ledger_shell import a_shell, in_store
from tests.engine.test_compare_verbs import Shell
shell, folder = Shell(Path(sys.argv[1])), Path(sys.argv[2])
(folder / "prices.csv").write_text("model,input,output\\nfar/one,1,2\\n")
usage = "start_time,model,num_model_requests,input_tokens,output_tokens\\n2026-04-02T00:00:00Z,gpt-4o,1,9,9\\n"
(folder / "bill.csv").write_text(usage)
verbs = [
    "show", "check --rebuild", "unknown", "prices gpt", f"prices --import {folder}/prices.csv", "advise", "bills",
    "costs --tariff 0.3", f"import {folder}/bill.csv", "calculate --items 9 --model openai/gpt-4", "show --month 2026-04",
    f"export --output {folder}/m.pdf", f"export --output {folder}/m.xlsx", "move Quiet --to local",
    "costs --would-use openrouter/openai/gpt-6-luna",
]
codes, silent = [shell.run("ledger", *verb.split()).code for verb in verbs], len(told)
import socket
try:
    socket.create_connection(("127.0.0.1", 9), 1)
except OSError:
    pass
print(json.dumps([codes, told[:silent], [name for name, _ in told[silent:]]]))
"""


def test_no_verb_of_the_ledger_and_no_price_speaks_to_anybody(shell: Shell, tmp_path: Path) -> None:
    in_store(shell, lambda store: store.votes.create("Quiet", "other"))
    program = [sys.executable, "-W", "ignore", "-c", LISTENED, str(shell.profile), str(tmp_path)]
    environment = {
        **os.environ,
        "PYTHONPATH": str(CHECKOUT),
        "HTTPS_PROXY": "",
        "ANTHROPIC_API_KEY": "sk-x",
        "OPENAI_API_KEY": "sk-x",
    }
    ran = subprocess.run(program, capture_output=True, text=True, cwd=CHECKOUT, env=environment, timeout=120)
    assert ran.returncode == 0, ran.stderr
    codes, told, control = json.loads(ran.stdout.splitlines()[-1])
    assert codes == [0] * len(codes)
    assert [each for each in told if "/nowhere" not in each[1]] == [], "only the keyring of this computer was looked for"
    assert "socket.connect" in control, "the ear does hear"
