"""Whatever is wished for in whatever order, and whatever fails: one last word for each pane that began, and nothing leaves
that was not approved just then.

The models are played, so that hundreds of orders of events can be tried; the store is a real one in memory.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.compare_events import ComparisonKept, ComparisonPrepared, PaneEnded, PaneGrew, PaneStarted
from engine.compare_intents import ReviseHidden, SendComparison, TryPaneAgain
from engine.compare_records import Preview, Receiver
from engine.errors import DiskFull, NetworkRefused, NotFound, OutcomeUnknown, WorkerDied
from engine.records import RequestId
from tests.engine.work.played_models import ACME, AT_ACME, AT_BORG, BORG, LOCAL, OTHER, Script, Stage, settled, stage

WISHES = ["prepare", "revise", "send", "send", "send twice", "send something older", "stop one", "stop all", "try again", "leave"]
AROUND = [
    "mark", "unmark", "move", "remove", "add", "fill the disk", "free the disk", "delete the comparison", "delete the matter",
    "load", "unload", "end",
]  # fmt: skip
MODELS = ["say", "say", "finish", "finish", "fail"]
DEEDS = st.lists(st.sampled_from([*WISHES * 2, *AROUND, *MODELS * 3, *["settle"] * 12]), max_size=45)
PANES = [(LOCAL, AT_ACME), (AT_ACME, AT_BORG), (LOCAL, OTHER, AT_ACME, AT_BORG), (LOCAL, OTHER), (AT_ACME, AT_ACME)]


class Play:
    """Plays deeds on a stage, and keeps what was approved."""

    def __init__(self, played: Stage, choice: random.Random) -> None:
        self.stage, self.choice = played, choice
        self.tasks: list[asyncio.Task[Any]] = []
        self.approved: Counter[tuple[str, str]] = Counter()
        self.objections: list[str] = []
        self.names = ["a", "b"]  # the newest comparison at each of two places
        played.sending.about_to_send = self._is_about_to_leave

    def _is_about_to_leave(self, receiver: Receiver) -> None:
        self.approved[receiver.url, receiver.sha256] -= 1
        if receiver not in [each for preview in self.previews() for each in preview.receivers]:
            self.objections.append("what was never shown is about to leave")
        if self.approved[receiver.url, receiver.sha256] < 0:
            self.objections.append("more is about to leave than was approved for this address")
        if b"Harlow" in receiver.body:
            self.objections.append("a hidden name is about to leave")

    def previews(self, request: RequestId | None = None) -> list[Preview]:
        prepared = [each.preview for each in self.stage.of(ComparisonPrepared)]
        return [each for each in prepared if request in (None, each.request)]

    def begin(self, work: Coroutine[Any, Any, Any]) -> None:
        self.tasks.append(asyncio.create_task(work))

    async def settle(self) -> None:
        if self.tasks:
            await asyncio.wait(self.tasks, timeout=20)
        await settled()

    async def do(self, deed: str) -> None:
        request = RequestId(self.choice.choice(self.names))
        if deed == "settle":
            await self.settle()
        elif deed in MODELS:
            self.play_model(deed)
        elif deed in AROUND:
            await self.change(deed)
        else:
            self.wish(deed, request)

    def wish(self, deed: str, request: RequestId) -> None:
        comparing, pane = self.stage.comparing, self.choice.randrange(4)
        if deed == "prepare":
            if self.choice.random() < 0.8:  # else it is prepared anew under its name
                self.names[self.choice.randrange(2)] = request = RequestId(f"{request}'")
            wish = self.stage.wish("Who is Anna Harlow?", panes=self.choice.choice(PANES))
            self.begin(comparing.prepare(replace(wish, request=request)))
        elif deed == "revise":
            hide = self.choice.choice([(), ("Who",)])
            self.begin(comparing.revise(ReviseHidden(request, hide=hide, hide_again=("[Person 1]", "[Term 1]"))))
        elif deed.startswith("send"):
            self.send(deed, request)
        elif deed == "try again":
            self.begin(comparing.try_again(TryPaneAgain(request, pane)))
        elif deed == "leave":
            self.begin(comparing.leave(request))
        else:
            comparing.stop(request, pane if deed == "stop one" else None)

    def send(self, deed: str, request: RequestId) -> None:
        previews = self.previews(request)
        if not previews:
            return
        older = [each for each in previews if each.comparison == previews[-1].comparison]
        preview = self.choice.choice(older) if deed == "send something older" else previews[-1]
        wish = SendComparison(request, tuple(each.sha256 for each in preview.receivers))
        for receiver in preview.receivers:
            self.approved[receiver.url, receiver.sha256] += 1
        for _ in range(2 if deed == "send twice" else 1):  # the second click is no second approval
            self.begin(self.stage.comparing.send(wish))

    def play_model(self, deed: str) -> None:
        scripts: list[Script] = [*self.stage.local.scripts, *self.stage.sending.scripts]
        waiting = [each for each in scripts if each.is_open]
        if not waiting:
            return
        script = self.choice.choice(waiting)
        if deed == "say":
            script.say(self.choice.choice(["Some ", "words [Per", "son 1]"]))
        elif deed == "finish":
            script.finish()
        else:
            script.fail(self.choice.choice([WorkerDied("chat", -9), OutcomeUnknown("x", "y", "timed_out"), NOT_OPEN]))

    async def change(self, deed: str) -> None:
        played = self.stage
        if deed in ("mark", "unmark", "delete the matter"):
            await self.change_matter(deed)
        elif deed == "move":
            played.move(self.choice.choice([ACME, BORG]))
        elif deed == "remove":
            played.providers.kept.pop(self.choice.choice([ACME.id, BORG.id]), None)
        elif deed == "add":
            played.providers.kept |= {ACME.id: ACME, BORG.id: BORG}
        elif deed in ("fill the disk", "free the disk"):
            played.access.is_full = deed == "fill the disk"
        elif deed == "delete the comparison" and self.previews():
            comparison = self.choice.choice(self.previews()).comparison
            self.begin(played.comparing.delete(played.matter.id, comparison))
        elif deed == "load":
            played.local.is_loading.set()
        elif deed == "unload":
            played.local.is_loading.clear()
        elif deed == "end":
            await played.comparing.end()

    async def change_matter(self, deed: str) -> None:
        if self.stage.access.is_full:
            return
        try:
            if deed == "delete the matter":
                if self.choice.random() < 0.5:  # else it goes while its comparisons run
                    await self.stage.comparing.end(self.stage.matter.id)
                await self.stage.access.write(lambda store: store.matters.delete(self.stage.matter.id))
            else:
                await self.stage.set_confidential(deed == "mark")
        except NotFound:
            pass  # it was deleted before


NOT_OPEN = NetworkRefused("compare", "x", "offline")


@settings(max_examples=200)
@given(deeds=DEEDS, seed=st.integers(0, 2**16))
def test_each_pane_that_began_has_one_last_word_and_nothing_leaves_unapproved(deeds, seed):
    asyncio.run(_play(["prepare", "settle", *deeds], random.Random(seed)))


async def _play(deeds: list[str], choice: random.Random) -> None:
    async with stage() as played:
        play = Play(played, choice)
        for deed in deeds:
            await play.do(deed)
        played.local.is_loading.set()
        await play.settle()
        await played.comparing.end()
        await asyncio.wait_for(asyncio.gather(*play.tasks, return_exceptions=True), 20)
        for task in play.tasks:
            if not isinstance(task.exception(), NotFound | DiskFull | None):  # only deleting and listing raise
                raise task.exception()  # type: ignore[misc]
        assert play.objections == []
        _judge(played)


def _judge(played: Stage) -> None:
    running: dict[tuple[RequestId, int], str] = {}
    for event in played.events:
        if isinstance(event, PaneStarted):
            assert (event.request, event.pane) not in running, "a pane began twice without an end"
            running[event.request, event.pane] = ""
        elif isinstance(event, PaneGrew):
            running[event.request, event.pane] += event.text
        elif isinstance(event, PaneEnded):
            shown = running.pop((event.request, event.answer.pane))
            assert shown == event.answer.text
            assert event.answer.problem is not None or event.answer.stop_reason is not None
    assert running == {}, "a pane had no last word"
    for kept in played.of(ComparisonKept):
        assert [each.pane for each in kept.comparison.answers] == sorted({each.pane for each in kept.comparison.answers})
        asked = [each for each in kept.comparison.answers if each.host and each.problem not in ("not_approved", "not_found")]
        assert not asked or kept.comparison.approved is not None
    assert played.comparing._open == {} and played.comparing._runs._runs == {}


async def test_nothing_leaves_while_the_matter_is_confidential():
    async with stage() as played:
        choice = random.Random(1)
        play = Play(played, choice)
        await played.set_confidential()
        for _ in range(20):
            await play.do(choice.choice(["prepare", "send", "send twice", "try again", "settle"]))
        await play.settle()
        assert played.sending.sent == []


@pytest.mark.parametrize("n", [2, 5])
async def test_clicking_send_many_times_at_once_sends_each_body_once(n):
    async with stage() as played:
        preview = await played.prepared(panes=(AT_ACME, AT_BORG))
        wish = SendComparison(preview.request, tuple(each.sha256 for each in preview.receivers))
        await asyncio.gather(*[played.comparing.send(wish) for _ in range(n)])
        await settled()
        assert Counter(each.sha256 for each, _ in played.sending.sent) == Counter(wish.approved)
