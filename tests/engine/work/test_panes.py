"""One pane by itself, without a comparison or a screen: an answer comes of it, whatever happens."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

import pytest

from engine.compare_events import PaneEnded, PaneProgress
from engine.compare_records import PaneAnswer, PromptMessage
from engine.errors import ModelMissing, StrongroomError, WorkerDied
from engine.events import Event
from engine.hiding.table import Table
from engine.provider_records import FREE
from engine.records import RequestId
from engine.settings import Settings
from engine.work.pane_writing import PaneTask, Writing
from engine.work.panes import Panes, Stop
from engine.work.planning import plan_of
from engine.work.previewing import Previewing
from tests.engine.work.played_models import ACME, AT_ACME, LOCAL, PlayedLocal, PlayedPrices, PlayedSending, settled

SAID = (PromptMessage("user", "Hello"),)


def local_task(**more: object) -> PaneTask:
    return PaneTask(RequestId("r"), 0, LOCAL, "Starter", SAID, 100, **more)  # type: ignore[arg-type]


def remote_task() -> PaneTask:
    plan = plan_of("Hello", (LOCAL, AT_ACME), Settings())
    (receiver,) = Previewing(PlayedPrices()).preview(plan, None, (ACME,)).receivers
    return PaneTask(RequestId("r"), 1, AT_ACME, "large", plan.messages, 100, receiver=receiver, provider=ACME)


@pytest.fixture
def local() -> PlayedLocal:
    return PlayedLocal()


@pytest.fixture
def sending() -> PlayedSending:
    return PlayedSending()


async def test_an_answer_of_each_kind_without_anybody_who_listens(local: PlayedLocal, sending: PlayedSending) -> None:
    panes = Panes(local, sending)
    running = [asyncio.create_task(panes.run(each)) for each in (local_task(), remote_task())]
    await settled()
    for script in (*local.scripts, *sending.scripts):
        script.say("Hello to you")
        script.finish()
    here, there = await asyncio.gather(*running)
    assert here.text == there.text == "Hello to you" and here.is_usable and there.is_usable
    assert (here.cost, here.host, there.host) == (FREE, "", ACME.host)
    assert there.cost is not None and there.cost.source == "computed"


async def test_one_stop_ends_several_panes_each_in_its_own_way(local: PlayedLocal, sending: PlayedSending) -> None:
    panes, stop = Panes(local, sending), Stop()
    running = [asyncio.create_task(panes.run(each, stop=stop)) for each in (local_task(), remote_task())]
    await settled()
    stop.set()
    here, there = await asyncio.gather(*running)
    assert here.stop_reason == there.stop_reason == "cancelled"
    assert here.tokens is not None and here.tokens.generated == 2, "the model itself said what it had written"
    assert there.cost is not None and there.cost.source == "estimated"
    assert not here.is_usable


async def test_what_was_stopped_before_it_began_asks_nobody(local: PlayedLocal, sending: PlayedSending) -> None:
    stop = Stop()
    stop.set()
    answer = await Panes(local, sending).run(remote_task(), stop=stop)
    assert (answer.stop_reason, sending.sent) == ("cancelled", [])


@pytest.mark.parametrize("error", [ModelMissing("starter"), WorkerDied("chat", -9)])
async def test_a_failure_keeps_what_was_written(local: PlayedLocal, sending: PlayedSending, error: StrongroomError) -> None:
    running = asyncio.create_task(Panes(local, sending).run(local_task()))
    await settled()
    local.scripts[0].say("Some words")
    local.scripts[0].fail(error)
    answer = await running
    assert (answer.text, answer.problem, answer.problem_facts) == ("Some words", error.kind, error.facts)
    assert answer.stop_reason is None and answer.timings is not None and answer.timings.ttft_s is not None


async def test_a_cancelled_pane_has_its_last_word_first(local: PlayedLocal, sending: PlayedSending) -> None:
    heard: list[Event] = []
    running = asyncio.create_task(Panes(local, sending).run(local_task(), publish=heard.append))
    await settled()
    local.scripts[0].say("Some words")
    await settled()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    ends = [each.answer for each in heard if isinstance(each, PaneEnded)]
    assert [(each.text, each.stop_reason) for each in ends] == [("Some words", "cancelled")]
    assert not local.scripts[0].is_open, "the model was told"


async def test_a_fault_of_the_program_ends_in_words(
    local: PlayedLocal, sending: PlayedSending, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> object:
        raise KeyError("Harlow")

    monkeypatch.setattr(sending, "send", broken)
    answer: PaneAnswer = await Panes(local, sending).run(remote_task())
    assert answer.problem == "unexpected" and "Harlow" not in str(answer.problem_facts) + caplog.text


async def test_thoughts_are_kept_apart_and_told_as_progress(local: PlayedLocal, sending: PlayedSending) -> None:
    heard: list[Event] = []
    running = asyncio.create_task(Panes(local, sending).run(remote_task(), publish=heard.append))
    await settled()
    script = sending.scripts[0]
    for thought in ("Well, ", "now."):
        script.think(thought)
    script.say("Yes.")
    script.finish()
    answer = await running
    assert (answer.reasoning, answer.text) == ("Well, now.", "Yes.")
    told = [(each.stage, each.n_read) for each in heard if isinstance(each, PaneProgress)]
    assert told == [("thinking", 6), ("thinking", 10), ("writing", 0)]


@pytest.mark.parametrize("n", [1, 300])
async def test_where_an_answer_tells_who_wrote_it_is_found_in_short_and_long_ones(
    local: PlayedLocal, sending: PlayedSending, n: int
) -> None:
    running = asyncio.create_task(Panes(local, sending).run(local_task(names=("Quillmark-7",))))
    await settled()
    local.scripts[0].say("I am Quillmark-7. " * n)
    local.scripts[0].finish()
    answer = await running
    assert [answer.text[start:end] for start, end in answer.masked] == ["Quillmark-7"] * n


def test_a_long_thought_takes_no_longer_for_each_of_its_words() -> None:
    writing, began = Writing(local_task()), time.process_time()
    for _ in range(60_000):
        writing.think("hm ")
    assert time.process_time() - began < 10  # all of it counted anew for each word took over a minute, on the engine's loop


def test_a_placeholder_that_a_model_was_not_told_stays_as_it_wrote_it() -> None:
    table = Table().learn(["Mrs Anna Harlow met Mr Peter Baker."])
    task = replace(local_task(table=table), messages=(PromptMessage("user", "Who is [Person 1]?"),))
    writing = Writing(task)
    writing.think("[Person 1] or [Person 2]")
    writing.grow("[Person 1], and never [Per")
    writing.grow("son 2].")
    answer = writing.end()
    assert answer.text == "Anna Harlow, and never [Person 2]."
    assert answer.reasoning == "Anna Harlow or [Person 2]"
    assert [each.placeholder for each in answer.restored] == ["[Person 1]"]
