"""The prompts of a workload on their way to whom its route names: what each is for, what is left to do, what came of it.

Pure, but for the wishes that it stops. Who plans it is work/routed_planning, who runs it work/routed_work.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from engine.advice_records import Route, Workload
from engine.compare_records import Comparison, LocalChoice, PaneAnswer, PaneChoice, Preview, VoteSetId
from engine.errors import NotApproved, StrongroomError
from engine.evaluation.evaluation import Pair
from engine.ledger.routing import Arm, Course
from engine.ledger_events import WorkFinished, WorkPrepared
from engine.ledger_intents import PrepareWork
from engine.ledger_records import Month, local_day
from engine.records import ModelId
from engine.vote_records import Prompt, Scorer, SetKind
from engine.work.evaluation_batch import HOPELESS, MOST_FAILURES_IN_A_ROW, Batch, is_its_own, pair_of, problem_of
from engine.work.panes import Stop
from engine.work.previewing import Plan

SCORERS: dict[SetKind, Scorer] = {"classify": "labels", "extract": "fields"}
ARMS: tuple[Arm, ...] = ("local", "remote")  # in the order of their panes
Answers = Mapping[Arm, PaneAnswer]


@dataclass(frozen=True)
class Item:
    """A prompt with its course. `preview` is what would be sent of it, None where nothing is."""

    prompt: Prompt
    course: Course
    plan: Plan = field(repr=False)
    preview: Preview | None = field(default=None, repr=False)

    def pane_of(self, arm: Arm) -> int:
        """The place of its local or of its remote model among its panes."""
        return next(number for number, each in enumerate(self.plan.panes) if arm_of(each) == arm)


@dataclass(eq=False)
class RoutedBatch:
    """A run that waits to begin, or is under way. `prompts` are all of the set, `items` those that are to be answered.

    `sent` is what waits for approval, None where nothing would be sent. Whoever begins without an approval sends nothing.
    """

    wish: PrepareWork
    workload: Workload
    local: ModelId
    prompts: tuple[Prompt, ...] = field(repr=False)
    items: tuple[Item, ...] = field(repr=False)
    sent: Batch | None = field(repr=False)
    own: tuple[str, ...] = field(default=(), repr=False)
    began: datetime | None = None
    sends: bool = False  # what would be sent was approved
    compares: bool = True  # until the model whose answers do not count turns out not to answer
    stop: Stop = field(default_factory=Stop)
    sending_stop: Stop = field(default_factory=Stop)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def route(self) -> Route:
        return self.workload.route

    @property
    def can_do_without_sending(self) -> bool:
        """Whether what would be sent are samples only."""
        return all(each.course.counts == "local" for each in self.items)

    def arms(self, item: Item) -> tuple[Arm, ...]:
        """Who is asked, as things stand."""
        course = item.course
        if course.is_pair and self.compares and self.sends and not self.sending_stop.is_set:
            return "local", "remote"
        return (course.counts,)

    def comparison(self, item: Item, answers: Answers, began: datetime) -> Comparison:
        """What came of a prompt, as it is kept."""
        preview = item.preview if "remote" in answers else None
        return Comparison(
            item.plan.comparison,
            self.wish.matter,
            began,
            item.plan.question,
            tuple(answers[arm] for arm in ARMS if arm in answers),
            VoteSetId(self.wish.workload),
            n_hidden=0 if preview is None else sum(each.is_hidden for each in preview.details),
            approved=None if preview is None else self.began,
            prompt=item.prompt.number,
        )

    def halt(self) -> None:
        """Nothing more is asked of anybody."""
        self.stop.set()
        self.sending_stop.set()

    def halt_sending(self) -> None:
        """Nothing more is sent; who can go on without it does."""
        self.sending_stop.set()
        if not self.can_do_without_sending:
            self.stop.set()

    def require_waiting(self, approved: str) -> None:
        """Raises what keeps it from beginning: it has begun, this is not what was approved, or it would leak."""
        if self.began is not None:
            raise NotApproved("already_sent")
        if self.sent is not None and (approved or not self.can_do_without_sending):
            self.sent.require_waiting(approved)
        elif approved:
            raise NotApproved("changed")

    def shown(self) -> WorkPrepared:
        """As a person sees it before it begins."""
        receivers = () if self.sent is None else self.sent.receivers
        costs = [each.max_cost for each in receivers]
        counted = Counter(each.course.counts for each in self.items)
        return WorkPrepared(
            self.wish.request,
            self.wish.workload,
            n_local=counted["local"],
            n_remote=counted["remote"],
            n_sample=sum(each.course.is_sample for each in self.items),
            previews=() if self.sent is None else self.sent.previews,
            receivers=receivers,
            sha256="" if self.sent is None else self.sent.sha256,
            max_cost=None if None in costs else sum(each for each in costs if each is not None),
        )


@dataclass
class Progress:
    """How far a run is. `spent` in nano-dollars; None once a cost is not known."""

    answered: Counter[Arm] = field(default_factory=Counter)
    failures: Counter[Arm] = field(default_factory=Counter)  # in a row
    n_failed: int = 0
    n_pairs: int = 0
    spent: int | None = 0

    def spend(self, answers: Answers) -> None:
        """Count what the answers cost; one that has no cost at all was never sent."""
        remote = answers.get("remote")
        cost = 0 if remote is None or remote.cost is None else remote.cost.nano_usd
        self.spent = None if self.spent is None or cost is None else self.spent + cost

    def take(self, item: Item, answers: Answers) -> None:
        """Count what came of a prompt."""
        for arm, answer in answers.items():
            self.failures[arm] = 0 if is_its_own(answer) else self.failures[arm] + 1
        if answers[item.course.counts].is_usable:
            self.answered[item.course.counts] += 1
        else:
            self.n_failed += 1
        self.n_pairs += len(answers) == 2 and all(map(is_its_own, answers.values()))

    def hopeless(self, arm: Arm, answers: Answers) -> StrongroomError | None:
        """What went wrong with this model where asking it on would not help."""
        error = problem_of(answers[arm]) if arm in answers else None
        if error is not None and (isinstance(error, HOPELESS) or self.failures[arm] >= MOST_FAILURES_IN_A_ROW):
            return error
        return None

    def finished(self, batch: RoutedBatch) -> WorkFinished:
        return WorkFinished(
            batch.wish.request,
            batch.wish.workload,
            self.answered.total(),
            self.n_failed,
            self.answered["local"],
            self.answered["remote"],
            self.spent,
        )


def has_cost(answer: PaneAnswer) -> bool:
    """Whether it was sent, and may have to be paid for."""
    return arm_of(answer.choice) == "remote" and answer.cost is not None


def arm_of(choice: PaneChoice) -> Arm:
    return "local" if isinstance(choice, LocalChoice) else "remote"


# ---------------------------------------------------------------- what was answered before
def left_to_do(prompts: Sequence[Prompt], kept: Iterable[Comparison], counting: Sequence[PaneChoice]) -> tuple[Prompt, ...]:
    """The prompts that a run begins with: those that were answered least often by a model whose answers count.

    A run that was stopped is so gone on with, and where all were answered as often everything is answered anew. What a
    model could not answer at all counts as answered, for it would not now; what a line or a stop cut off does not.
    """
    texts = {each.number: each.text for each in prompts}
    times = Counter(
        each.prompt
        for each in kept
        if each.prompt is not None
        and texts.get(each.prompt) == each.question
        and any(answer.choice in counting and is_its_own(answer) for answer in each.answers)
    )
    fewest = min((times[each.number] for each in prompts), default=0)
    return tuple(each for each in prompts if times[each.number] == fewest)


def n_sampled(kept: Iterable[Comparison], month: Month, counting: Sequence[PaneChoice]) -> int:
    """How many prompts were put to both models this month."""
    return sum(Month.of(local_day(each.created)) == month and _is_pair(each, counting) for each in kept)


def pairs_since(
    prompts: Sequence[Prompt], kept: Iterable[Comparison], models: Sequence[PaneChoice], since: datetime | None
) -> list[Pair]:
    """The answers of both models to prompts whose right answer is known, the newest to each, since that time (None: ever).

    `kept` is newest first. Prompts of a run are few, so what was seen since the workload was moved is looked at together.
    """
    known = {each.number: each for each in prompts if each.expected is not None and each.expected.strip()}
    found: dict[int, Pair] = {}
    for each in kept:
        prompt = known.get(each.prompt or 0)
        if prompt is None or prompt.number in found or prompt.text != each.question or not _is_pair(each, models):
            continue
        if since is not None and each.created < since:
            continue
        local, remote = (next(answer for answer in each.answers if answer.choice == model) for model in models)
        if (pair := pair_of(local, remote, prompt)) is not None:
            found[prompt.number] = pair
    return [found[number] for number in sorted(found)]


def _is_pair(comparison: Comparison, models: Sequence[PaneChoice]) -> bool:
    """Whether each of these models has an answer of its own in it."""
    own = [each.choice for each in comparison.answers if is_its_own(each)]
    return all(each in own for each in models)
