"""Moving a workload: which route is wished for, what holds it up, that nothing else is done, and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication

from desktop.viewmodels.move import SAMPLES, SHARES, MoveModel, stepped
from desktop.views.move_sheet import MoveSheet
from desktop.wordings import routes
from engine import compare_events, events
from engine import ledger_intents as wishes
from engine.advice_records import Advice, Route, Traits
from engine.compare_records import RemoteChoice
from engine.errors import MoveRefused
from engine.ledger_events import LedgerRefused
from engine.provider_records import ProviderId
from engine.records import ModelId
from tests.desktop import compare_samples
from tests.desktop import sheet_samples_ledger as samples
from tests.desktop.compare_samples import CLAUDE, GPT
from tests.desktop.sheet_stage import SheetStage, clipped, texts


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    yield
    QLocale.setDefault(before)


@pytest.fixture
def stage(qtbot, qapp: QApplication) -> Iterator[SheetStage]:
    stage = SheetStage(qapp)
    yield stage
    stage.close()


def opened(stage: SheetStage, advice: Advice) -> MoveSheet:
    stage.send(samples.shown(advice))
    stage.ledger.move_wanted.emit(advice)
    return stage.sheet(MoveSheet)


def test_it_proposes_what_is_advised_and_the_button_says_what_it_does(stage: SheetStage) -> None:
    sheet = opened(stage, samples.migrate())
    assert sheet.kinds.options["local"].isChecked() and sheet.go.text() == "Move to this computer"
    assert "Now: GPT-5.2 answers, at api.openai.com." in texts(sheet)
    assert "Moving sends nothing and answers nothing." in texts(sheet)
    chips = {kind: option.chip.tone for kind, option in sheet.kinds.options.items() if option.chip}
    assert chips == {"api": "outbound", "shadow": "outbound", "share": "outbound", "local": "local"}
    sheet.go.click()
    (wish,) = stage.bridge.wished(wishes.MoveWorkload)
    assert (wish.workload, wish.route) == (samples.TRIAGE, Route("local", None, GPT))
    assert not sheet.go.isEnabled()


def test_it_ends_only_when_the_advice_shows_the_new_route(stage: SheetStage) -> None:
    told: list[str] = []
    stage.ledger.told.connect(told.append)
    advice = samples.migrate()
    opened(stage, advice).go.click()
    stage.send(samples.shown(advice))  # on its way before the move
    assert stage.has_sheet and told == []
    stage.send(samples.shown(samples.at(advice, Route("local", None, GPT, since=datetime.now(UTC)))))
    assert not stage.has_sheet and told == ["Letter labels was moved. Qwen3 8B answers on this computer."]
    assert stage.behind.hasFocus()


def test_a_remote_model_that_is_known_only_later_is_proposed_for_samples(stage: SheetStage) -> None:
    known = stage.gestures.places.providers
    stage.send(compare_events.ProvidersListed((), (), ""))
    advice = samples.migrate()
    sheet = opened(stage, replace(advice, workload=replace(advice.workload, route=Route())))
    assert sheet.model.route.remote is None
    stage.send(compare_events.ProvidersListed(known, (), ""))
    assert sheet.model.route.remote is not None and "Choose a model" not in texts(sheet)


def test_a_refusal_is_shown_in_place_and_can_be_tried_again(stage: SheetStage) -> None:
    sheet = opened(stage, samples.migrate())
    sheet.go.click()
    stage.send(LedgerRefused("MoveWorkload", MoveRefused("Letter labels", "one_at_a_time", "Minutes", "2026-12-02")))
    assert "Minutes was moved a short while ago" in texts(sheet) and sheet.go.isEnabled()
    sheet.kinds.options["shadow"].click()
    assert "Minutes" not in texts(sheet)


def test_models_and_the_share_go_into_the_route(stage: SheetStage) -> None:
    sheet = opened(stage, samples.migrate())
    sheet.kinds.options["share"].click()
    sheet.share.more.click()
    sheet.sample.less.click()
    for button, words in ((sheet.local, "Qwen3 8B"), (sheet.remote, "claude-sonnet-4-5")):
        button.choices.aboutToShow.emit()
        next(one for one in button.choices.actions() if one.text() == words).trigger()
    assert sheet.go.text() == "Run 30% on this computer"
    sheet.go.click()
    route = stage.bridge.wished(wishes.MoveWorkload)[0].route
    assert route == Route("share", ModelId("q"), CLAUDE, 30, 1)


def test_the_sample_says_how_many_and_what_they_cost(stage: SheetStage) -> None:
    sheet = opened(stage, samples.migrate())
    assert "About 2,000 items a month" in sheet.model.sample_words and "about €6.40 a month" in sheet.model.sample_words
    few = samples.migrate(facts=samples.facts(n_items=100, api_cost=320_000_000))
    model = MoveModel(stage.bridge, stage.gestures.places, few)
    assert "About 20 items a month" in model.sample_words  # the least of a month
    for _ in SAMPLES:
        sheet.sample.less.click()
    assert "nobody would notice" in sheet.model.sample_words and not sheet.sample.less.isEnabled()


@pytest.mark.parametrize(("value", "direction", "expected"), [(20, 1, 30), (20, -1, 10), (33, 1, 40), (33, -1, 30), (99, 1, 99)])
def test_steps_lead_to_the_next_one_and_stay_at_an_end(value: int, direction: int, expected: int) -> None:
    assert stepped(value, SHARES, direction) == expected


def test_one_at_a_time_holds_up_what_moves_here_and_nothing_else(stage: SheetStage) -> None:
    until = datetime(2030, 12, 2, tzinfo=UTC)
    sheet = opened(stage, samples.migrate(obstacle="one_at_a_time", watched_until=until))
    assert "being watched until 2 December 2030" in texts(sheet) and not sheet.go.isEnabled()
    assert "2 December" in sheet.go.accessibleDescription()
    sheet.go.click()
    sheet.model.move()
    assert stage.bridge.wished(wishes.MoveWorkload) == []
    sheet.kinds.options["shadow"].click()
    assert sheet.go.isEnabled()


def test_confidential_work_stays_here_and_takes_no_samples(stage: SheetStage) -> None:
    secret = replace(samples.workload(), traits=Traits("confidential"))
    sheet = opened(stage, samples.migrate(workload=secret))
    assert sheet.go.isEnabled() and not sheet.sample.isVisible() and not sheet.remote.isEnabled()
    sheet.kinds.options["api"].click()
    assert not sheet.go.isEnabled()
    for kind in ("shadow", "share"):
        sheet.kinds.options[kind].click()  # type: ignore[index]
        assert not sheet.go.isEnabled() and "confidential" in sheet.go.accessibleDescription()


def test_without_a_model_it_leads_to_where_one_is_got(stage: SheetStage) -> None:
    led: list[str] = []
    stage.gestures.screen_wanted.connect(led.append)
    stage.send(events.ModelsListed(()))
    sheet = opened(stage, samples.migrate())
    assert not sheet.go.isEnabled() and sheet.get_model.isVisible()
    sheet.get_model.click()
    assert led == ["models"]


def test_a_provider_that_is_gone_has_to_be_chosen_anew(stage: SheetStage) -> None:
    gone = RemoteChoice(ProviderId("closed"), "old")
    sheet = opened(stage, samples.migrate(workload=samples.workload(route=Route("local", None, gone))))
    sheet.kinds.options["api"].click()
    assert not sheet.go.isEnabled() and "Choose a remote model first" in texts(sheet)
    stage.send(compare_events.ProvidersListed((), ()))
    assert sheet.add_key.isVisible()


def test_a_dropped_quality_leads_back_with_one_press(stage: SheetStage) -> None:
    sheet = opened(stage, samples.dropped())
    assert "Moving it back is advised" in texts(sheet)
    assert sheet.go.hasFocus() and sheet.go.text() == "Return to the API" and not sheet.back.isVisible()
    stage.key(Qt.Key.Key_Space)
    assert stage.bridge.wished(wishes.ReturnWorkload) == [wishes.ReturnWorkload(samples.TRIAGE)]
    stage.send(samples.shown(samples.at(samples.dropped(), Route("api", None, GPT))))
    assert not stage.has_sheet


def test_the_way_back_stays_beside_another_choice(stage: SheetStage) -> None:
    sheet = opened(stage, samples.dropped())
    sheet.kinds.options["shadow"].click()
    assert sheet.back.text() == "Return to the API" and sheet.go.text() == "Compare beside the API"
    sheet.back.click()
    assert len(stage.bridge.wished(wishes.ReturnWorkload)) == 1 and stage.bridge.wished(wishes.MoveWorkload) == []


def test_what_never_moved_has_no_way_back_and_the_same_route_is_no_move(stage: SheetStage) -> None:
    sheet = opened(stage, samples.migrate())
    assert not sheet.back.isVisible()
    sheet.kinds.options["api"].click()
    assert "runs like this already" in sheet.go.accessibleDescription()


def test_each_route_says_where_it_runs() -> None:
    names = routes.Names("Qwen3 8B", "GPT-5.2", "api.openai.com")
    said = [routes.summary(Route(kind, share_percent=20), names) for kind in routes.KINDS]
    assert said == [
        "GPT-5.2 answers, at api.openai.com.",
        "GPT-5.2 answers, at api.openai.com; Qwen3 8B answers too, to be compared.",
        "Qwen3 8B answers 20% on this computer, GPT-5.2 the others, at api.openai.com.",
        "Qwen3 8B answers on this computer.",
    ]
    assert routes.summary(Route(), routes.Names()) == "The remote model answers."


def test_escape_changes_nothing(stage: SheetStage) -> None:
    opened(stage, samples.migrate())
    stage.key(Qt.Key.Key_Escape)
    assert not stage.has_sheet and stage.behind.hasFocus()
    assert stage.bridge.wished(wishes.MoveWorkload) == []


def test_nothing_is_clipped_in_a_small_window_with_large_text(qtbot, qapp: QApplication) -> None:
    stage = SheetStage(qapp, text_size=200)
    stage.send(*compare_samples.a_day_of_comparing())
    stage.theme.choose("light", text_size=200, reduced_motion=True)
    assert clipped(opened(stage, samples.dropped())) == []
    stage.close()
