"""One comparison: its prompt, its answers, what is shown of them, and the judgement. Changes with the engine's events.

While names are hidden, nothing that tells the models apart may be shown, and no answer before all have ended: which one
was quick gives it away. The order of blind answers is the engine's. Knows no Qt, no bridge, no wording.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from desktop.viewmodels.answer_differences import Differences, differences
from desktop.viewmodels.compare_marks import Mark
from desktop.viewmodels.compare_pane import Pane
from engine import compare_events
from engine.compare_records import MIN_PANES, Comparison, ComparisonId, Preview, VoteSetId
from engine.errors import StrongroomError
from engine.events import Event
from engine.records import DocumentId, MatterId, RequestId
from engine.vote_records import Judgement


@dataclass(frozen=True)
class Choice:
    """What the person judged; `best` is a pane's number."""

    judgement: Judgement
    best: int | None = None


class ComparisonRun:
    """`is_live`: the engine works on it under `request`; a stored one has none."""

    def __init__(
        self,
        request: RequestId,
        matter: MatterId | None,
        question: str,
        panes: Sequence[Pane],
        *,
        documents: tuple[DocumentId, ...] = (),
        vote_set: VoteSetId | None = None,
        prompt: int | None = None,
        is_blind: bool = False,
        hides: bool = True,
    ) -> None:
        self.request = request
        self.matter = matter
        self.question = question
        self.panes = list(panes)
        self.documents = documents
        self.vote_set = vote_set
        self.prompt = prompt
        self.is_blind = is_blind
        self.hides = hides
        self.is_live = True
        self.preview: Preview | None = None
        self.comparison: ComparisonId | None = None
        self.approved: datetime | None = None
        self.n_hidden = 0
        self.choice: Choice | None = None
        self.was_revealed = False  # names were shown before the vote
        self.was_judged = False  # before it was opened again
        self.refusal: StrongroomError | None = None
        self._order: tuple[int, ...] = ()
        self._ended: list[int] = []  # numbers of finished panes, the first one first
        self._compared: dict[tuple[int, str, str], Differences] = {}

    # ------------------------------------------------------------ what is shown
    @property
    def order(self) -> tuple[int, ...]:
        """Which pane stands at each place, from the left."""
        return self._order or tuple(range(len(self.panes)))

    @order.setter
    def order(self, order: tuple[int, ...]) -> None:
        self._order = order if sorted(order) == list(range(len(self.panes))) else ()

    @property
    def in_order(self) -> list[Pane]:
        """The panes from the left."""
        return [self.panes[number] for number in self.order]

    @property
    def names_hidden(self) -> bool:
        return self.is_blind and self.choice is None and not self.was_revealed

    @property
    def shows_answers(self) -> bool:
        """Whether answers may be seen now."""
        return not self.names_hidden or self.is_done

    @property
    def is_done(self) -> bool:
        """Every pane has ended."""
        return all(pane.has_ended for pane in self.panes)

    @property
    def is_running(self) -> bool:
        return any(pane.is_running or pane.stage == "preparing" for pane in self.panes)

    @property
    def unsent(self) -> list[Pane]:
        """Panes that wait for the person's approval."""
        return [pane for pane in self.panes if pane.stage == "unsent"]

    @property
    def can_be_judged(self) -> bool:
        return self.is_done and len(self.panes) >= MIN_PANES and all(pane.is_usable for pane in self.panes)

    @property
    def is_fair(self) -> bool:
        """Whether all finished answers are to the same words."""
        read = {pane.answer.prompt_sha256 for pane in self.panes if pane.answer is not None and pane.has_ended}
        return len(read - {""}) <= 1

    # ------------------------------------------------------------ differences
    @property
    def measure(self) -> Pane | None:
        """The answer that others are compared with: the first that finished, or the left one while names are hidden."""
        if self.names_hidden:
            return self.in_order[0] if self.is_done else None
        usable = [number for number in self._ended if self.panes[number].text.strip()]
        return self.panes[usable[0]] if usable else None

    def differences(self, pane: Pane) -> Differences | None:
        """What an answer says that the first one does not; None where there is nothing to compare yet."""
        measure = self.measure
        if measure is None or measure is pane or not pane.has_ended or not pane.text.strip():
            return None
        key = (pane.number, measure.text, pane.text)
        if key not in self._compared:
            self._compared = {old: found for old, found in self._compared.items() if old[0] != pane.number}
            self._compared[key] = differences(measure.text, pane.text)
        return self._compared[key]

    def marks(self, pane: Pane, *, with_differences: bool) -> Iterator[Mark]:
        """Everything that is marked in an answer now."""
        yield from pane.marks(with_names=not self.names_hidden)
        if with_differences and (found := self.differences(pane)) is not None:
            yield from (Mark(start, end, "differs") for start, end in found.stretches)

    # ------------------------------------------------------------ happenings
    def take(self, event: Event) -> Pane | None:
        """Take an event of this request; the pane that it is about, if it is about one."""
        match event:
            case compare_events.ComparisonPrepared():
                self._prepare(event.preview)
            case compare_events.ComparisonRefused():
                self.refusal = event.error
            case compare_events.ComparisonKept():
                self._keep(event.comparison)
            case compare_events.PaneEnded():
                return self._end(event)
            case compare_events.PaneStarted() | compare_events.PaneProgress() | compare_events.PaneGrew():
                return self._get_on(event)
        return None

    def _prepare(self, preview: Preview) -> None:
        self.preview = preview
        self.comparison = preview.comparison
        self.matter = preview.matter or self.matter
        self.refusal = None
        standing = {place.placeholder for place in preview.places}  # the matter may know more details than this text has
        self.n_hidden = sum(detail.is_hidden and detail.placeholder in standing for detail in preview.details)
        if preview.order:
            self.order = preview.order
        for receiver in preview.receivers:
            if 0 <= receiver.pane < len(self.panes):
                self.panes[receiver.pane].wait_for_approval(receiver)

    def _keep(self, comparison: Comparison) -> None:
        self.comparison = comparison.id
        self.matter = comparison.matter
        self.approved = comparison.approved or self.approved

    def _get_on(self, event: Event) -> Pane | None:
        number: int = getattr(event, "pane", -1)
        if not 0 <= number < len(self.panes):
            return None
        pane = self.panes[number]
        match event:
            case compare_events.PaneStarted():
                if event.host:  # nothing goes to another computer that was not approved a moment ago
                    self.approved = datetime.now(UTC)
                    self.refusal = None
                self._ended = [each for each in self._ended if each != number]
                pane.start(event)
            case compare_events.PaneProgress():
                pane.progress(event)
            case compare_events.PaneGrew():
                pane.grow(event.text)
        return pane

    def _end(self, event: compare_events.PaneEnded) -> Pane | None:
        number = event.answer.pane
        if not 0 <= number < len(self.panes):
            return None
        self.panes[number].end(event.answer)
        if number not in self._ended:
            self._ended.append(number)
        return self.panes[number]


def stored_run(comparison: Comparison) -> ComparisonRun:
    """A comparison as it was kept; nothing of it runs any more."""
    answers = sorted(comparison.answers, key=lambda each: each.pane)
    panes = [Pane(at, answer.choice, answer.name, answer.host) for at, answer in enumerate(answers)]
    run = ComparisonRun(
        RequestId(""), comparison.matter, comparison.question, panes, documents=comparison.documents,
        vote_set=comparison.vote_set, prompt=comparison.prompt,
    )  # fmt: skip
    for pane, answer in zip(panes, answers, strict=True):
        pane.end(answer)
    run._ended = [pane.number for pane in panes]
    run.is_live = False
    run.comparison, run.approved, run.n_hidden = comparison.id, comparison.approved, comparison.n_hidden
    return run
