"""Wishes about the ledger, through the whole engine: a real local model and a store on the disk."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.advice_records import Route, Traits
from engine.compare_events import VoteSetsListed
from engine.compare_intents import CreateVoteSet
from engine.compare_records import RemoteChoice
from engine.errors import DiskFull
from engine.events import AnswerGrew, Event, Finished, SettingsChanged
from engine.intents import ChangeSettings, Intent
from engine.ledger_events import (
    AdviceShown,
    BillRead,
    BillsListed,
    BudgetWarned,
    Calculated,
    LedgerChecked,
    LedgerExported,
    LedgerRefused,
    LedgerShown,
    MonthSaved,
    OpenCallsListed,
    PricesListed,
    WorkPrepared,
)
from engine.ledger_intents import (
    Calculate,
    CheckLedger,
    DescribeWorkload,
    ExportLedger,
    ImportPrices,
    KeepBill,
    KeepPrice,
    ListBills,
    ListOpenCalls,
    ListPrices,
    MoveWorkload,
    PrepareWork,
    ReadBill,
    RemoveBill,
    RemovePrice,
    ResolveCall,
    ReturnWorkload,
    RunWork,
    ShowAdvice,
    ShowLedger,
)
from engine.ledger_records import ASK, LedgerEvent, Month, Spread, WorkloadId, local_day
from engine.ledger_settings import Budget, LedgerSettings
from engine.price_records import ListedPrice
from engine.provider_records import ProviderId
from engine.records import Document, MatterId, RequestId
from engine.statement_records import CalculatorInput, LedgerPage
from engine.store.keys import Stretching
from engine.store.ledger import StoredLedger
from tests.engine.listening import LONG, Listening
from tests.engine.work.ledger_stage import called
from tests.engine.work.remote_stage import PASSPHRASE, unlocked

LEASE = "The Tenant may determine this Lease by giving six months' notice. The yearly rent is 12,400 euros.\n"
LONG_ANSWER = "Write everything that you know about leases, rents, notices, landlords and tenants, at length."
HEAD = "start_time,model,num_model_requests,input_tokens,output_tokens\n"
PRICE = ListedPrice("acme/test-large", 2_000_000, 8_000_000, source="own")
PLAN = CalculatorInput(
    n_items=100_000, prompt=600, generated=200, model="openai/gpt-4", server=350 * 10**9, computer=0,
    prompt_speed=60 * 3600, generate_speed=10 * 3600, power=Spread(35_000, 65_000, 120_000), per_kwh=200_000_000,
)  # fmt: skip
NUMBERS = itertools.count()


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ledger") / "profile"


@pytest.fixture(scope="module")
def engine(profile: Path, starter_model: Path, embedding_model: Path) -> Iterator[Listening]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")  # no keyring: the user decides
        patched.setattr(Stretching, "today", lambda: Stretching(b"s" * 16, memory_kib=64, passes=1, lanes=1))
        listening = Listening(profile)
        listening.unlock("passphrase", PASSPHRASE)
        yield listening
        listening.close()


@pytest.fixture(scope="module")
def document(engine: Listening, tmp_path_factory: pytest.TempPathFactory) -> Document:
    file = tmp_path_factory.mktemp("documents") / "Lease of Ms Harlow.txt"
    file.write_text(LEASE, encoding="utf-8")
    return engine.add(file)[0]


@pytest.fixture(scope="module")
def workload(engine: Listening) -> WorkloadId:
    engine.submit(CreateVoteSet("Tickets", "classify"))
    made = engine.wait(VoteSetsListed, lambda event: event.created is not None).created
    assert made is not None
    return WorkloadId(made)


def new() -> RequestId:
    return RequestId(f"r{next(NUMBERS)}")


def told(engine: Listening, wish: Intent, *kinds: type[Event]) -> Event:
    """The first event of these kinds after a wish."""
    after = len(engine.events)
    engine.submit(wish)
    return engine.wait(Event, lambda event: isinstance(event, kinds), after=after)


def refused(engine: Listening, wish: Intent) -> LedgerRefused:
    event = told(engine, wish, LedgerRefused)
    assert isinstance(event, LedgerRefused)
    return event


def page(engine: Listening, month: Month | None = None) -> LedgerPage:
    event = told(engine, ShowLedger(month), LedgerShown)
    assert isinstance(event, LedgerShown)
    return event.page


def bill_file(folder: Path, name: str, *lines: str) -> Path:
    file = folder / name
    file.write_text(HEAD + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return file


def put(engine: Listening, *entries: LedgerEvent) -> None:
    async def work(session: Any) -> None:
        await session.access.write(lambda store: store.ledger.record_all(entries))

    engine.service.call(work)


# ---------------------------------------------------------------- an answer
def test_an_answer_is_in_the_books_and_the_status_bar_is_told(engine: Listening, document: Document) -> None:
    before, after = page(engine).statement.n_items, len(engine.events)
    finished = engine.last_word(engine.ask(document.matter, "What is the yearly rent?"))
    assert isinstance(finished, Finished) and finished.answer.usage is not None
    saved = engine.wait(MonthSaved, lambda event: event.n_items == before + 1, after=after)
    assert saved.month == Month.of(date.today()) and saved.net is not None
    made = page(engine).statement
    assert (made.n_items, made.net) == (before + 1, saved.net) and [each.workload for each in made.lines] == [ASK]
    usage = finished.answer.usage
    assert (made.n_prompt_tokens, made.n_generated_tokens) == (usage.prompt_tokens, usage.generated_tokens)


def test_a_full_disk_costs_the_entry_and_not_the_answer(
    engine: Listening, document: Document, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tried = threading.Event()

    def full(*_: object) -> int:
        tried.set()
        raise DiskFull(free=0)

    before = page(engine).statement
    with monkeypatch.context() as patched:
        patched.setattr(StoredLedger, "record_all", full)
        finished = engine.last_word(engine.ask(document.matter, "Who may end the lease?"))
        assert tried.wait(LONG)
        assert isinstance(finished, Finished) and finished.answer.text and page(engine).statement.n_items == before.n_items
    assert any("disk_full" in each.getMessage() for each in caplog.records) and "lease" not in caplog.text


# ---------------------------------------------------------------- each wish has its answer
def test_each_wish_is_answered_as_it_says(engine: Listening, workload: WorkloadId, tmp_path: Path) -> None:
    prices = tmp_path / "prices.csv"
    prices.write_text("model,input,output\nfar/one,1,2\n", encoding="utf-8")
    route = Route("local", sample_percent=0)
    answers: list[tuple[Intent, type[Event]]] = [
        (ShowLedger(), LedgerShown), (ShowLedger(Month(2026, 1)), LedgerShown), (CheckLedger(), LedgerChecked),
        (CheckLedger(rebuild=True), LedgerChecked), (ListOpenCalls(), OpenCallsListed), (ListPrices("gpt-4"), PricesListed),
        (KeepPrice(PRICE), PricesListed), (RemovePrice(PRICE), PricesListed), (ImportPrices(prices), PricesListed),
        (ListBills(), BillsListed), (Calculate(new(), PLAN), Calculated), (ShowAdvice(), AdviceShown),
        (DescribeWorkload(workload, Traits("public")), AdviceShown), (MoveWorkload(workload, route), AdviceShown),
        (ReturnWorkload(workload), AdviceShown), (ExportLedger(tmp_path / "m.csv"), LedgerExported),
        (ExportLedger(tmp_path / "m.pdf"), LedgerExported), (ExportLedger(tmp_path / "e.csv", entries=True), LedgerExported),
    ]  # fmt: skip
    for wish, kind in answers:
        assert not isinstance(told(engine, wish, kind, LedgerRefused), LedgerRefused), wish
    assert {file.name for file in tmp_path.iterdir()} == {"prices.csv", "m.csv", "m.pdf", "e.csv"}
    checked = engine.of(LedgerChecked)
    assert [each.check.was_rebuilt for each in checked[-2:]] == [False, True] and all(each.check.is_sound for each in checked)
    assert engine.of(Calculated)[-1].calculation.api == 3000 * 10**9
    assert [each.workload.id for each in engine.of(AdviceShown)[-1].advice] == [workload]


def test_what_cannot_be_is_refused_by_the_name_of_the_wish_and_its_request(
    engine: Listening, workload: WorkloadId, document: Document, tmp_path: Path
) -> None:
    bad = bill_file(tmp_path, "bad.csv", "2026-13-45,gpt-4o,1,1,1")
    far = Route("api", remote=RemoteChoice(ProviderId("nobody"), "m"))
    refusals: list[tuple[Any, str]] = [
        (ShowLedger(Month.of(date.today()).plus(1)), "ledger_input_unfit"),
        (ExportLedger(tmp_path / "m.txt"), "ledger_input_unfit"),
        (ExportLedger(tmp_path / "none" / "m.csv"), "folder_unwritable"),
        (ResolveCall("none", 5), "not_found"), (ResolveCall("none", -5), "ledger_input_unfit"),
        (KeepPrice(replace(PRICE, prompt=-1)), "prices_unfit"), (KeepPrice(replace(PRICE, model="x")), "prices_unfit"),
        (RemovePrice(replace(PRICE, model="no/such")), "not_found"), (ImportPrices(tmp_path / "none.csv"), "prices_unfit"),
        (ReadBill(new(), bad), "bill_unfit"), (KeepBill(new()), "not_found"), (RemoveBill("none"), "not_found"),
        (Calculate(new(), replace(PLAN, n_items=0)), "ledger_input_unfit"),
        (DescribeWorkload(WorkloadId("none"), Traits()), "not_found"), (DescribeWorkload(ASK, Traits()), "move_refused"),
        (MoveWorkload(ASK, Route("api")), "move_refused"), (MoveWorkload(WorkloadId("none"), Route("local")), "not_found"),
        (MoveWorkload(workload, far), "move_refused"), (PrepareWork(new(), document.matter, WorkloadId("none")), "not_found"),
        (PrepareWork(new(), MatterId("none"), workload), "not_found"),
    ]  # fmt: skip
    for wish, kind in refusals:
        event = refused(engine, wish)
        assert (event.wish, event.error.kind, event.request) == (type(wish).__name__, kind, getattr(wish, "request", None)), wish
    assert [file.name for file in tmp_path.iterdir()] == ["bad.csv"]


# ---------------------------------------------------------------- bills and budgets
def test_a_bill_that_is_kept_changes_the_next_page_and_a_budget_warns_once(engine: Listening, tmp_path: Path) -> None:
    today = datetime.now(UTC).date()
    paid = page(engine).statement.paid
    warned = len(engine.of(BudgetWarned))
    settings = engine.of(SettingsChanged)[-1].settings
    budget = Budget(limit=Decimal(1))
    engine.submit(ChangeSettings(settings.model_copy(update={"ledger": LedgerSettings(budgets=(budget,))})))
    file = bill_file(tmp_path, "usage.csv", f"{today}T00:00:00Z,gpt-4o,10,1000000,100000")
    request = new()
    read = told(engine, ReadBill(request, file), BillRead)
    assert isinstance(read, BillRead) and read.request == request and page(engine).statement.paid == paid
    after = len(engine.events)
    for _ in range(2):  # pressed twice: it is kept once
        engine.submit(KeepBill(request))
    engine.wait(BillsListed, lambda event: len(event.bills) == 1, after=after)
    again = engine.wait(LedgerRefused, lambda event: event.request == request)
    assert (again.wish, again.error.kind) == ("KeepBill", "not_found")
    assert page(engine).statement.paid - paid == read.bill.cost == 3_500_000_000
    told_of = engine.wait(BudgetWarned)
    assert (told_of.budget.warned, told_of.budget.is_reached, told_of.budget.is_hard) == (100, True, False)
    after = len(engine.events)
    engine.submit(RemoveBill(read.bill.id))
    told(engine, ReadBill(second := new(), file), BillRead)
    engine.submit(KeepBill(second))
    engine.wait(BillsListed, lambda event: len(event.bills) == 1, after=after)
    engine.wait(MonthSaved, after=after)
    assert len(engine.of(BudgetWarned)) == warned + 1, "it was told of that month"
    after = len(engine.events)
    engine.submit(RemoveBill(read.bill.id))
    engine.wait(BillsListed, lambda event: not event.bills, after=after)  # the list of the bill kept again may come late
    assert page(engine).statement.paid == paid


# ---------------------------------------------------------------- two at once
def n_of(engine: Listening, kind: type[Event], after: int) -> int:
    return sum(isinstance(event, kind) for event in engine.events[after:])


def test_two_who_resolve_one_request_count_it_once(engine: Listening) -> None:
    lost = called(datetime.now(UTC) - timedelta(seconds=1), cost=None, at_most=9_000_000, cost_source="unknown")
    put(engine, lost)
    before = page(engine, Month.of(local_day(lost.time))).statement
    after = len(engine.events)
    for _ in range(2):
        engine.submit(ResolveCall(lost.id, 2_000_000))
    event = engine.wait(LedgerRefused, after=after)
    assert (event.wish, event.error.kind) == ("ResolveCall", "not_found")
    made = page(engine, Month.of(local_day(lost.time))).statement
    assert (before.paid - made.paid, made.n_unknown, made.n_paid) == (7_000_000, 0, before.n_paid)


def test_many_wishes_at_once_all_have_their_answers_and_nothing_counts_twice(engine: Listening, document: Document) -> None:
    before, after = page(engine).statement.n_items, len(engine.events)
    request = engine.ask(document.matter, "What notice must the tenant give?")
    for _ in range(5):
        for wish in (ShowLedger(), CheckLedger(rebuild=True), ShowAdvice(), KeepPrice(PRICE), ListBills()):
            engine.submit(wish)
    assert isinstance(engine.last_word(request), Finished)
    engine.wait(MonthSaved, lambda event: event.n_items == before + 1, after=after)
    for kind in (LedgerShown, LedgerChecked, AdviceShown, BillsListed):
        engine.wait(kind, lambda _, k=kind: n_of(engine, k, after) >= 5, after=after)  # type: ignore[misc]
    assert all(each.check.is_sound for each in engine.of(LedgerChecked))
    assert page(engine).statement.n_items == before + 1 and not [
        event for event in engine.events[after:] if isinstance(event, LedgerRefused)
    ]


def test_work_that_was_not_approved_does_not_begin(engine: Listening, workload: WorkloadId, document: Document) -> None:
    assert refused(engine, PrepareWork(new(), document.matter, workload)).error.kind in ("prompts_unfit", "move_refused")
    event = told(engine, RunWork(new(), "0" * 64), LedgerRefused, WorkPrepared, Event)
    assert not isinstance(event, WorkPrepared)


# ---------------------------------------------------------------- the end of the program
def test_what_was_being_written_when_the_program_ended_is_in_the_books(
    engine: Listening, document: Document, profile: Path
) -> None:
    before = page(engine)
    request = engine.ask(document.matter, LONG_ANSWER)
    engine.wait(AnswerGrew, lambda event: event.request == request)
    engine.close()
    with unlocked(profile) as service:

        async def look(session: Any) -> Any:
            now = datetime.now(UTC)
            check = await session.ledger.statements.check()
            entries = await session.access.read(
                lambda store: store.ledger.events(local_day(now) - timedelta(days=1), local_day(now) + timedelta(days=1))
            )
            return (await session.ledger.statements.page()).statement, check, entries

        made, check, entries = service.call(look)
    last = max(entries, key=lambda entry: entry.time)
    assert (last.use, last.workload, last.stop_reason) == ("cancelled", ASK, "cancelled") and last.generated > 0
    assert check.is_sound and made.n_items == before.statement.n_items
    assert {each.use: each.n for each in made.left_out}["cancelled"] == 1
