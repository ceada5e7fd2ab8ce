"""A comparison while it is open: which panes wait for approval, which run, which have ended, and what may be sent.

Pure state: no I/O, nothing is published. Each pane is in one place at a time. A remote pane waits until a person has
approved its request; from then on that request is used up, and only trying the pane again makes a new one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from engine.compare_intents import PrepareComparison
from engine.compare_records import Comparison, ComparisonId, PaneAnswer, Preview, Receiver
from engine.errors import HiddenDetailLeaks, NotApproved, NotFound, StrongroomError
from engine.hiding.table import Table
from engine.provider_records import Provider
from engine.records import MatterId, ModelId
from engine.work.panes import Stop
from engine.work.previewing import Plan


@dataclass(eq=False)
class Run:
    """One run of one pane. `prompt_sha256` is of the words that it reads."""

    pane: int
    matter: MatterId
    prompt_sha256: str
    is_remote: bool = False
    model: ModelId | None = None  # on this computer
    stop: Stop = field(default_factory=Stop)
    task: asyncio.Task[None] | None = None


@dataclass(eq=False)
class Prepared:
    """What was prepared: the plan, what is hidden in it, and what would be sent of it now."""

    plan: Plan
    matter: MatterId
    table: Table | None
    preview: Preview
    providers: tuple[Provider, ...]  # as they were then


class OpenComparison:
    """One comparison. `is_left`: nobody waits for it any more. `is_deleted`: nothing of it is kept any more."""

    def __init__(self, wish: PrepareComparison) -> None:
        self.wish = wish
        self.turn = asyncio.Lock()  # one wish after the other
        self.matter = wish.matter
        self.created = datetime.now(UTC)
        self.approved: datetime | None = None
        self.waiting: set[int] = set()
        self._running: dict[int, Run] = {}
        self._answers: dict[int, PaneAnswer] = {}
        self.is_left = self.is_deleted = False
        self._prepared: Prepared | None = None
        self._used: set[str] = set()
        self.n_hidden = 0

    # ------------------------------------------------------------ what would be sent
    @property
    def is_prepared(self) -> bool:
        return self._prepared is not None

    def is_of(self, comparison: ComparisonId) -> bool:
        return self._prepared is not None and self._prepared.plan.comparison == comparison

    @property
    def prepared(self) -> Prepared:
        """What was prepared last. Raises NotApproved while nothing is."""
        if self._prepared is None:
            raise NotApproved("nothing_waits")
        return self._prepared

    def prepare(self, prepared: Prepared) -> None:
        """Take what would be sent from now on; only this can be approved."""
        if self._prepared is None:
            self.waiting = set(prepared.plan.remote_panes)
        self._prepared = prepared
        self.matter = prepared.matter

    def require_waiting(self) -> Prepared:
        """Raises NotApproved where no request waits that could still be changed."""
        if self.is_left or not self.waiting:
            raise NotApproved("nothing_waits")
        return self.prepared

    def require_approval(self, approved: Sequence[str]) -> Prepared:
        """Raises NotApproved unless exactly what waits now was approved."""
        wanted = [each.sha256 for each in self.receivers.values()] if self.is_prepared else []
        if self.is_left or not wanted:
            is_done = bool(approved) and self._used.issuperset(approved) and not self.is_left
            raise NotApproved("already_sent" if is_done else "nothing_waits")
        if sorted(approved) != sorted(wanted):
            raise NotApproved("changed")
        return self.prepared

    def gone(self, providers: Sequence[Provider]) -> dict[int, StrongroomError]:
        """What keeps panes that wait from ever being sent as they were shown: their provider has moved, or is gone.

        A checksum says nothing of an address, so no approval that was meant for the one may count for the other.
        """
        if self._prepared is None:
            return {}
        before, now = ({each.id: each for each in some} for some in (self._prepared.providers, providers))
        found: dict[int, StrongroomError] = {}
        for pane, receiver in self.receivers.items():
            known = now.get(receiver.provider)
            if known is None:
                found[pane] = NotFound("provider", receiver.provider)
            elif _address(known) != _address(before[receiver.provider]):
                found[pane] = NotApproved("changed")
        return found

    @property
    def receivers(self) -> dict[int, Receiver]:
        """The requests that wait, by pane."""
        return {each.pane: each for each in self.prepared.preview.receivers if each.pane in self.waiting}

    def require_same(self, preview: Preview) -> None:
        """Raises what keeps a preview that was made again from being sent instead of the one that was approved."""
        if _requests(preview) != _requests(self.prepared.preview):
            raise NotApproved("changed")
        if preview.leaks:
            raise HiddenDetailLeaks(len(preview.leaks), ", ".join(sorted({each.form for each in preview.leaks})))

    # ------------------------------------------------------------ panes
    def begin(self, run: Run) -> Run | None:
        """A pane runs from now on; gives the run that it takes the place of, whose answer no longer counts."""
        self.waiting.discard(run.pane)
        before = self._running.get(run.pane)
        self._running[run.pane] = run
        return before

    def use(self, receiver: Receiver) -> None:
        """The request is on its way: it was approved, and this was that one time."""
        self._used.add(receiver.sha256)
        self.approved = self.approved or datetime.now(UTC)
        self.n_hidden = len({each.placeholder for each in self.prepared.preview.places})

    def end(self, run: Run, answer: PaneAnswer) -> None:
        """A run has had its last word."""
        if self._running.get(run.pane) is run:
            self._answers[run.pane] = answer
        self.drop(run)

    def drop(self, run: Run) -> None:
        """A run is over, with a last word or without having begun."""
        if self._running.get(run.pane) is run:
            del self._running[run.pane]

    def is_running(self, pane: int) -> bool:
        return pane in self._running

    def has_ended(self, pane: int) -> bool:
        return pane in self._answers and pane not in self._running and pane not in self.waiting

    def read_by(self, pane: int) -> str:
        """Which words a pane reads, or has read; '' if it has not begun."""
        if pane in self._running:
            return self._running[pane].prompt_sha256
        return self._answers[pane].prompt_sha256 if pane in self._answers else ""

    def wait_again(self, pane: int) -> None:
        """A remote pane that has ended waits for a new approval."""
        self.waiting.add(pane)

    def stop(self, pane: int | None) -> None:
        """Ask one pane, or all that run, to end."""
        for number, run in self._running.items():
            if pane in (None, number):
                run.stop.set()

    def leave(self) -> None:
        """Nobody waits for it any more: what waits is dropped, what runs is asked to stop."""
        self.is_left = True
        self.waiting.clear()
        self.stop(None)

    # ------------------------------------------------------------ what is kept
    @property
    def is_done(self) -> bool:
        return not self._running and not self.waiting

    def comparison(self) -> Comparison:
        """It, as it is to be kept now."""
        wish, prepared = self.wish, self.prepared
        return Comparison(
            prepared.plan.comparison, prepared.matter, self.created, wish.text,
            tuple(self._answers[each] for each in sorted(self._answers)),
            wish.vote_set, wish.documents, self.n_hidden, self.approved, wish.prompt,
        )  # fmt: skip


def _address(provider: Provider) -> tuple[str, str, str]:
    return provider.base_url, provider.dialect, provider.host


def _requests(preview: Preview) -> set[tuple[int, str, str]]:
    return {(each.pane, each.url, each.sha256) for each in preview.receivers}
