"""The ledger's state: what is asked for and when, which answers are taken, and what its figures say in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from PySide6.QtCore import QLocale, Qt

from desktop.cells import CELL
from desktop.viewmodels import ledger_advice, ledger_rows
from desktop.viewmodels.figure_table import FigureTable
from desktop.viewmodels.ledger import LedgerModel
from desktop.viewmodels.ledger_charts import months_chart, pays_off
from desktop.viewmodels.ledger_headline import headline
from desktop.viewmodels.money_axis import money_axis
from desktop.wording import words_for
from desktop.wordings import ledger, ledger_notes
from desktop.wordings import ledger_advice as advice_words
from engine.advice_records import RULES, Advice, Quality, Route, Traits, WorkFacts
from engine.errors import BudgetReached, LedgerInputUnfit, NotFound
from engine.events import StoreOpened
from engine.ledger_events import (
    AdviceShown,
    BillsListed,
    BudgetWarned,
    LedgerChecked,
    LedgerExported,
    LedgerRefused,
    LedgerShown,
    MonthSaved,
    PricesListed,
)
from engine.ledger_intents import CheckLedger, ExportLedger, ReturnWorkload, ShowAdvice, ShowLedger
from engine.ledger_records import LedgerCheck, Month, Spread
from engine.statement_records import BreakEven, BudgetState, Caveat
from tests.desktop import ledger_samples as samples
from tests.desktop.ledger_samples import EURO, SEPTEMBER, euros
from tests.desktop.recording import RecordingBridge

AUGUST = Month(2025, 8)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("en_US"))
    yield
    QLocale.setDefault(before)


@pytest.fixture
def bridge(qapp: object) -> RecordingBridge:
    return RecordingBridge()


@pytest.fixture
def model(bridge: RecordingBridge) -> LedgerModel:
    return LedgerModel(bridge)


# ---------------------------------------------------------------- what is asked for
def test_nothing_is_asked_for_until_somebody_looks_and_the_books_are_checked_once(
    model: LedgerModel, bridge: RecordingBridge
) -> None:
    assert bridge.wishes == []
    model.watch(True)
    assert bridge.wishes == [ShowLedger(), ShowAdvice(), CheckLedger()]
    model.watch(False)
    model.watch(True)
    assert bridge.wished(CheckLedger) == [CheckLedger()] and len(bridge.wished(ShowLedger)) == 2


def test_a_month_that_grows_is_looked_at_again_once_after_a_pause(model: LedgerModel, bridge: RecordingBridge, qtbot) -> None:
    model._pause.setInterval(1)
    model.watch(True)
    bridge.wishes.clear()
    grown = MonthSaved(SEPTEMBER, EURO, samples.exactly(1), 3)
    bridge.send(grown, grown, grown)
    assert bridge.wishes == []
    qtbot.waitUntil(lambda: bridge.wishes == [ShowLedger(), ShowAdvice()])


def test_nothing_is_asked_for_while_nobody_looks_or_an_earlier_month_is_shown(
    model: LedgerModel, bridge: RecordingBridge
) -> None:
    grown = MonthSaved(SEPTEMBER, EURO, samples.exactly(1), 3)
    bridge.send(grown)
    assert not model._pause.isActive()
    model.watch(True)
    bridge.send(LedgerShown(samples.page()))
    model.choose_month(AUGUST)
    bridge.send(grown)
    assert not model._pause.isActive()


def test_bills_and_prices_that_change_under_a_sheet_are_followed_in_every_month(
    model: LedgerModel, bridge: RecordingBridge, qtbot
) -> None:
    model._pause.setInterval(1)
    bridge.send(LedgerShown(samples.page()))
    model.watch(True)
    model.choose_month(AUGUST)
    bridge.wishes.clear()
    bridge.send(BillsListed(()), PricesListed("", (), 0, "2025-09-30", 3))
    qtbot.waitUntil(lambda: bridge.wishes == [ShowLedger(AUGUST), ShowAdvice()])


def test_a_store_that_opens_late_is_looked_into(model: LedgerModel, bridge: RecordingBridge) -> None:
    model.watch(True)
    bridge.wishes.clear()
    bridge.send(StoreOpened("passphrase"))
    assert bridge.wishes == [ShowLedger(), ShowAdvice()]


def test_another_month_is_asked_for_and_the_last_figures_stay_meanwhile(model: LedgerModel, bridge: RecordingBridge) -> None:
    model.watch(True)
    bridge.send(LedgerShown(samples.page()))
    assert not model.is_updating
    model.choose_month(AUGUST)
    assert bridge.wishes[-1] == ShowLedger(AUGUST)
    assert model.is_updating and model.page is not None and model.page.statement.month == SEPTEMBER
    bridge.send(LedgerShown(samples.page(month=AUGUST, is_running=False)))
    assert model.page.statement.month == AUGUST and not model.is_updating
    model.choose_month(SEPTEMBER)
    assert bridge.wishes[-1] == ShowLedger(None), "the running month is followed, also into the next one"


def test_an_answer_about_another_month_is_not_taken(model: LedgerModel, bridge: RecordingBridge) -> None:
    bridge.send(LedgerShown(samples.page()))
    model.choose_month(AUGUST)
    bridge.send(LedgerShown(samples.page(n_items=1)))
    assert model.page is not None and model.page.statement.n_items == 112_480 and model.is_updating


def test_arrows_step_through_the_months_and_stop_at_the_ends(model: LedgerModel, bridge: RecordingBridge) -> None:
    bridge.send(LedgerShown(samples.page()))
    model.step_month(1)
    assert bridge.wishes == []
    model.step_month(-1)
    assert bridge.wishes == [ShowLedger(AUGUST)]


def test_quick_steps_are_not_lost_while_a_month_is_on_its_way(model: LedgerModel, bridge: RecordingBridge) -> None:
    bridge.send(LedgerShown(samples.page()))
    model.step_month(-1)
    model.step_month(-1)
    assert bridge.wishes == [ShowLedger(AUGUST), ShowLedger(AUGUST.plus(-1))]
    model.step_month(1)
    model.step_month(1)
    assert bridge.wishes[2:] == [ShowLedger(AUGUST), ShowLedger(None)]


def test_the_month_that_is_shown_is_exported(model: LedgerModel, bridge: RecordingBridge, tmp_path: Path, qtbot) -> None:
    bridge.send(LedgerShown(samples.page()))
    model.choose_month(AUGUST)
    model.export(tmp_path / "ledger.csv", entries=True)
    assert bridge.wishes[-1] == ExportLedger(tmp_path / "ledger.csv", AUGUST, True)
    with qtbot.waitSignal(model.told) as told:
        bridge.send(LedgerExported(tmp_path / "ledger.csv"))
    assert told.args == ["Exported to ledger.csv. The file is not encrypted."]


def test_a_refusal_of_its_own_wishes_is_told_and_the_figures_stay(model: LedgerModel, bridge: RecordingBridge, qtbot) -> None:
    model.watch(True)
    bridge.send(LedgerShown(samples.page()))
    refused = LedgerInputUnfit("month", "unknown_month")
    with qtbot.waitSignal(model.failed):
        bridge.send(LedgerRefused("ShowLedger", refused))
    with qtbot.assertNotEmitted(model.failed):
        bridge.send(LedgerRefused("ImportPrices", refused))
    assert model.page is not None and not model.is_updating


def test_sums_that_differ_are_noted_until_they_were_made_anew(model: LedgerModel, bridge: RecordingBridge) -> None:
    model.watch(True)
    bridge.send(LedgerShown(samples.page()))
    assert model.notes == []
    bridge.send(LedgerChecked(LedgerCheck(112_694, 2)))
    (note,) = model.notes
    assert note.tone == "caution"
    model.act(note.action)
    assert bridge.wishes[-1] == CheckLedger(rebuild=True)
    bridge.send(LedgerChecked(LedgerCheck(112_694, 0, was_rebuilt=True)))
    assert model.notes == [] and bridge.wishes[-1] == ShowAdvice(), "the month is looked at again"


def test_other_notes_lead_to_the_settings(model: LedgerModel, qtbot) -> None:
    with qtbot.waitSignal(model.settings_wanted) as wanted:
        model.act("costs")
    assert wanted.args == ["costs"]


def test_a_budget_that_is_nearly_spent_is_told(model: LedgerModel, bridge: RecordingBridge, qtbot) -> None:
    with qtbot.waitSignal(model.warned) as warned:
        bridge.send(BudgetWarned(BudgetState("", "", euros(50), euros(41.2), False, 80), EURO))
    assert warned.args == ["80% of the budget for all remote models is spent: €41.20 of €50."]


def test_a_ledger_without_any_entry_is_empty_and_one_with_a_bill_is_not(model: LedgerModel, bridge: RecordingBridge) -> None:
    assert not model.is_empty, "nobody knows yet"
    bridge.send(LedgerShown(samples.empty_page()))
    assert model.is_empty
    empty = samples.empty_page()
    bridge.send(LedgerShown(replace(empty, statement=replace(empty.statement, paid=euros(3)))))
    assert not model.is_empty


# ---------------------------------------------------------------- the month in words
def test_the_headline_subtracts_in_view() -> None:
    shown = headline(samples.statement())
    assert (shown.title, shown.figure, shown.is_saving) == ("Saved in September", "€370.47", True)
    assert shown.below == "112,480 items, 5 workloads, prices of 30 September"
    assert [(term.figure, term.below) for term in shown.terms] == [
        ("€438.20", "GPT-6.1 Sol, list price"),
        ("€9.40", "38 kWh measured"),
        ("€58.33", "€2,800 over 4 years"),
        ("€370.47", "range €352 to €384"),
    ]


def test_the_headline_says_that_the_reference_was_chosen_for_you_and_that_the_tariff_is_an_example() -> None:
    terms = headline(samples.troubled_page().statement).terms
    assert terms[0].below == "GPT-6.1 Sol, chosen for you" and terms[1].below == "38 kWh estimated, example price"


def test_a_month_that_cost_more_than_the_api_is_no_saving() -> None:
    shown = headline(samples.dear_page().statement)
    assert (shown.title, shown.figure, shown.is_saving) == ("More than the API in September", "€57.93", False)
    assert shown.terms[-1].figure == "−€57.93"


def test_a_cheap_reference_says_that_the_api_would_be_cheaper() -> None:
    against = headline(samples.statement()).against
    assert [(one.name, one.figure, one.note) for one in against] == [
        ("GPT-6.1 Sol", "€370.47", ""),
        ("Claude Opus 5.5", "€808.67", ""),
        ("GPT-6 Luna", "−€45.82", "the API would be cheaper"),
    ]


def test_a_month_without_answers_is_not_compared_with_an_api() -> None:
    shown = headline(samples.statement(n_items=0, net=samples.exactly(-10), avoided=samples.exactly(0)))
    assert (shown.title, shown.figure, shown.against) == ("Cost in September", "€10.00", ())
    assert shown.below == "No answers in this month"


def test_what_has_no_price_is_not_known_and_never_nothing() -> None:
    unknown = samples.statement(avoided=None, net=None, lines=(replace(samples.lines()[0], avoided=None, saved=None),))
    shown = headline(unknown)
    assert shown.figure == "Not known" and not shown.is_saving
    assert shown.terms[0].figure == "not known" and shown.terms[0].below == "GPT-6.1 Sol has no known price"
    cells = [cell.text for cell in ledger_rows.rows(unknown)[0].cells]
    assert cells[2] == "–" and cells[4] == "–"


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("openai/gpt-6.1-sol", "GPT-6.1 Sol"),
        ("anthropic/claude-opus-5-5", "Claude Opus 5.5"),
        ("openai/gpt-6-luna", "GPT-6 Luna"),
        ("openai/gpt-4o-mini", "GPT-4o Mini"),
        ("openai/o3-mini", "o3 Mini"),
        ("deepseek/deepseek-v4-pro", "DeepSeek V4 Pro"),
        ("openrouter/meta-llama/Llama-3.3:free", "Llama-3.3:free"),
        ("", ""),
    ],
)
def test_models_are_named_as_people_write_them(reference: str, name: str) -> None:
    assert ledger.model(reference) == name


def test_rows_add_up_to_the_total_and_name_what_is_not_counted() -> None:
    rows = ledger_rows.rows(samples.troubled_page().statement)
    assert [cell.text for cell in rows[-2].cells[:5]] == ["Not counted as saved", "–", "–", "€0.40", "−€0.40"]
    assert [cell.text for cell in rows[-1].cells] == [
        "Total before hardware",
        "112,480",
        "€438.20",
        "€9.80",
        "€428.40",
        "€212.40",
    ]


def test_rows_can_be_sorted_and_the_total_stays_last() -> None:
    table = FigureTable(ledger_rows.titles())
    table.show_rows(ledger_rows.rows(samples.statement()))
    names = lambda: [table.index(row, 0).data(CELL).text for row in range(table.rowCount())]  # noqa: E731
    assert names()[0] == "Ticket triage"
    table.sort(1, Qt.SortOrder.AscendingOrder)
    assert names()[0] == "Translation" and names()[-1] == "Total before hardware share"
    table.show_rows(ledger_rows.rows(samples.statement(n_items=1)))
    assert names()[0] == "Translation", "newer figures stay in the order that was chosen"


def test_the_spend_says_where_it_comes_from() -> None:
    assert ledger_rows.spend(samples.statement()) == "API spend this month: €6.12, for 214 requests"
    bills = "API spend this month: €212.40, of it €171.20 by imported bills"
    assert ledger_rows.spend(samples.troubled_page().statement) == bills
    assert ledger_rows.spend(samples.statement(paid=0, n_paid=0)) == "No API spend this month"


def test_below_the_table_is_what_comes_and_what_was_left_out() -> None:
    assert ledger_rows.below(samples.statement()) == ""
    words = ledger_rows.below(samples.troubled_page().statement)
    assert "about €301" in words and "214 to compare or to judge, 31 stopped, 12 done again" in words


def test_cents_that_do_not_add_up_are_said() -> None:
    odd = samples.statement(
        avoided=Spread(*[10_004_000_000] * 3),
        electricity=Spread(*[6_000_000] * 3),
        hardware=replace(samples.statement().hardware, amount=0),
        net=Spread(*[9_998_000_000] * 3),
    )
    assert "rounded" in ledger_rows.below(replace(odd, lines=()))


def test_cents_of_a_column_that_do_not_add_up_are_said() -> None:
    line = samples.statement().lines[0]
    each = replace(line, electricity=Spread(*[4_000_000] * 3), paid=0)  # less than half a cent, three times
    odd = samples.statement(lines=(each,) * 3, electricity=Spread(*[12_000_000] * 3))
    assert "rounded" in ledger_rows.below(odd)


def test_what_is_less_than_a_cent_is_short_in_view_and_said_in_words() -> None:
    tiny = Spread(*[4_000_000] * 3)
    shown = headline(samples.statement(electricity=tiny, net=tiny))
    assert (shown.terms[1].figure, shown.terms[3].figure) == ("<€0.01", "<€0.01")
    assert "Electricity less than €0.01, " in shown.spoken and shown.spoken.endswith("Net saving less than €0.01.")


def test_a_budget_that_stopped_a_request_names_its_month_as_people_do() -> None:
    stopped = words_for(BudgetReached("", "2026-11", 560_000_000, 590_000_000, 20_000_000))
    assert stopped.happened == "This request could pass your budget for November 2026: $0.59 of $0.56 are spent or under way."


@pytest.mark.parametrize("key", get_args(Caveat))
def test_every_caveat_has_words(key: Caveat) -> None:
    note = ledger_notes.note(key, samples.statement())
    assert note.text != key and note.text.endswith(".")
    assert bool(note.action) == bool(note.verb)


def test_a_single_request_of_unknown_cost_is_no_they_and_can_be_resolved() -> None:
    one, more = (ledger_notes.note("unknown_cost", samples.statement(n_unknown=n)) for n in (1, 3))
    assert one.text.startswith("The cost of one request is not known. It counts as the most it can have cost")
    assert more.text.startswith("The cost of 3 requests is not known. They count as the most they can have cost")
    assert one.action == "costs:calls"


def test_old_prices_are_amber_and_very_old_ones_red() -> None:
    old, older = (ledger_notes.note(key, samples.statement(prices_age_days=93)) for key in ("old_prices", "very_old_prices"))
    assert (old.tone, older.tone) == ("caution", "danger")
    assert old.text == "Prices are 93 days old. Figures use the last known prices."


def test_small_energies_are_not_rounded_to_nothing() -> None:
    assert [ledger.energy(uwh) for uwh in (0, 40_000, 320_000, 12_400_000, 420_000_000, 38_000_000_000)] == [
        "0 Wh",
        "less than 0.1 Wh",
        "0.3 Wh",
        "12 Wh",
        "0.42 kWh",
        "38 kWh",
    ]


# ---------------------------------------------------------------- charts
@given(some.integers(-(10**14), 10**14), some.integers(-(10**14), 10**14))
@settings(max_examples=60)
def test_an_axis_has_at_most_five_gridlines_holds_zero_and_both_ends(one: int, other: int) -> None:
    axis = money_axis(min(one, other), max(one, other))
    assert 2 <= len(axis.ticks) <= 5 and 0 in axis.ticks
    assert axis.low <= min(one, other, 0) and max(one, other, 0) <= axis.high
    assert 0 <= axis.place(one) <= 1


def test_the_axis_of_the_drawing() -> None:
    assert money_axis(0, euros(438.20)).ticks == tuple(euros(125 * n) for n in range(5))
    assert money_axis(0, euros(4_480), 3).ticks == tuple(euros(1_500 * n) for n in range(4))


def test_bars_are_only_drawn_for_what_there_was_and_the_shown_month_is_said() -> None:
    chart = months_chart(samples.page())
    assert [bar.color for bar in chart.groups[0].bars] == ["chart3"]
    assert [bar.color for bar in chart.groups[-1].bars] == ["chart2", "chart1", "chart3"]
    assert chart.spoken == (
        "September 2025: API price avoided €438.20, Local cost €67.73, API spend €6.12; "
        "12 months are drawn, from October 2024 on."
    )
    assert len(chart.rows) == 12 and chart.labels[-1] == "€500"


def test_the_line_crosses_the_price_in_november() -> None:
    shown = pays_off(samples.break_even(), EURO, SEPTEMBER)
    assert shown.note == "Likely November or December" and shown.chart is not None
    assert shown.chart.crossing == pytest.approx(8.907, abs=0.001)
    assert shown.chart.crossing_label == ("Nov 2025", "in 2 months")
    assert shown.chart.points[0].value.mid == 0 and shown.chart.n_past == 8


def test_what_is_far_ahead_is_said_in_years() -> None:
    assert [ledger.from_now(n) for n in (-1, 0, 1, 24, 37)] == ["", "", "in 1 month", "in 24 months", "in about 3 years"]


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({"state": "never", "reached": None, "earliest": None, "latest": None}, "Not as it goes now"),
        ({"state": "reached", "reached": Month(2025, 7), "latest": Month(2025, 8)}, "Since August 2025"),
        ({"latest": None}, "November 2025 at the earliest"),
        ({"latest": Month(2025, 11)}, "Likely November 2025"),
        ({"latest": Month(2026, 3)}, "Likely Nov 2025 to Mar 2026"),
    ],
)
def test_the_note_says_how_sure_it_is(changes: dict[str, object], note: str) -> None:
    assert pays_off(samples.break_even(**changes), EURO, SEPTEMBER).note == note


def test_without_a_price_or_a_month_of_work_there_is_a_sentence_and_no_chart() -> None:
    without = pays_off(BreakEven("no_hardware", 0), EURO, SEPTEMBER)
    early = pays_off(samples.break_even(state="too_early"), EURO, SEPTEMBER)
    assert without.wants_price and without.chart is None and "cost" in without.words
    assert not early.wants_price and early.chart is None and "month of work" in early.words


# ---------------------------------------------------------------- advice
def test_advice_says_the_figures_that_decide() -> None:
    items = ledger_advice.items(samples.three_advices(), EURO)
    assert [(item.name, item.chip.text, item.sentence, item.acts) for item in items] == [
        (
            "Ticket triage",
            "Migrate",
            "As good as the API within 2 points (94.1 against 94.8%), 100,000 a month.",
            ("evidence", "move"),
        ),
        ("Contract summaries", "Keep testing", "41 votes so far. About 40 more are needed to decide.", ("vote", "evidence")),
        ("Grant letters", "Stay on API", "Readers preferred the API in 61 of 100 blind votes.", ("evidence",)),
    ]


def test_what_has_got_worse_stands_on_top_and_can_be_moved_back() -> None:
    first, *_ = ledger_advice.items(samples.alerting_advices(), EURO)
    assert (first.name, first.chip.tone, first.acts) == ("Redaction of letters", "caution", ("move", "evidence"))
    assert ledger_advice.verb("move", first.advice) == "Move back"
    assert first.sentence == "Since it was moved here, 85.0 against 93.0% for the API. Moving it back is advised."


def test_only_one_workload_is_moved_at_a_time() -> None:
    waiting = next(item for item in ledger_advice.items(samples.alerting_advices(), EURO) if item.advice.obstacle)
    assert waiting.acts == ("evidence",) and "another workload is being watched until" in waiting.sentence


def test_what_was_moved_is_not_offered_again() -> None:
    moved = replace(samples.three_advices()[0].workload, route=Route("local", since=datetime(2025, 9, 1, tzinfo=UTC)))
    (item,) = ledger_advice.items((replace(samples.three_advices()[0], workload=moved),), EURO)
    assert item.acts == ("evidence",) and item.chip.text == "Moved here"


def _moved(**changes: object) -> Advice:
    advice = samples.three_advices()[0]
    workload = replace(advice.workload, route=Route("local", since=datetime(2025, 9, 1, tzinfo=UTC)))
    return replace(advice, workload=workload, previous=Route("api"), **changes)  # type: ignore[arg-type]


def test_what_was_moved_here_goes_back_with_one_press(model: LedgerModel, bridge: RecordingBridge, qtbot) -> None:
    moved = _moved()
    (item,) = ledger_advice.items((moved,), EURO)
    assert item.acts == ("evidence", "return") and ledger_advice.verb("return", moved) == "Return to the API"
    bridge.send(AdviceShown((moved,), EURO))
    model.give_back(moved.workload.id)
    assert bridge.wishes[-1] == ReturnWorkload(moved.workload.id)
    with qtbot.assertNotEmitted(model.told):
        bridge.send(AdviceShown((moved,), EURO))  # it was on its way before
    with qtbot.waitSignal(model.told) as told:
        bridge.send(AdviceShown((samples.three_advices()[0],), EURO))
    assert told.args == ["Ticket triage runs again where it ran before."]


def test_why_it_cannot_go_back_is_told_once(model: LedgerModel, bridge: RecordingBridge, qtbot) -> None:
    refused = LedgerRefused("ReturnWorkload", NotFound("workload", "x"))
    with qtbot.assertNotEmitted(model.failed):
        bridge.send(refused)  # of a sheet, which says it itself
    model.give_back(samples.three_advices()[0].workload.id)
    with qtbot.waitSignal(model.failed):
        bridge.send(refused)
    with qtbot.assertNotEmitted(model.failed):
        bridge.send(refused)


def test_what_became_confidential_does_not_go_back() -> None:
    moved = _moved()
    secret = replace(moved, workload=replace(moved.workload, traits=Traits("confidential")))
    (item,) = ledger_advice.items((secret,), EURO)
    assert item.acts == ("evidence",)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("quality", [Quality(), samples.TRIAGE, samples.GRANTS])
def test_every_rule_has_a_sentence_also_where_nothing_is_known(rule, quality: Quality) -> None:
    nothing = WorkFacts(12, 3, None, None, None, None, None)
    known = WorkFacts(12, 3, 2_800_000_000, 3_100_000_000, 9, 40_000, 32_768, wait_95_ms=9_000)
    for facts in (nothing, known):
        given = samples.advice("v", "Work", "stay", rule, quality, facts=facts, traits=Traits(longest_wait_s=4))
        words = advice_words.sentence(given, EURO)
        assert words.endswith(".") and "None" not in words and "{" not in words
