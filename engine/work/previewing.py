"""Exactly what would be sent: the bodies of a comparison's requests, byte for byte, and what a person must know of them.

Blocking and without any side effect: nothing is read, kept or sent here, and the same plan gives the same bytes. What is
shown is read out of the bodies themselves, so that it cannot be another text than the one that would leave.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Protocol

from engine.compare_records import (
    Attached,
    ComparisonId,
    HiddenDetail,
    Leak,
    LocalChoice,
    PaneChoice,
    Place,
    Preview,
    PromptMessage,
    Receiver,
    RemoteChoice,
)
from engine.errors import Unexpected
from engine.hiding.table import Table
from engine.ledger.costs import high_token_estimate, highest_cost
from engine.provider_records import Provider, Rates
from engine.providers.provider import Wish, body_for, texts_of
from engine.records import MatterId, RequestId
from engine.work.comparison_prompt import with_word_on_placeholders

BETWEEN = "\n\n"  # between the messages, in the text that is shown


class PriceList(Protocol):
    """Who knows what models cost."""

    def rates(self, provider: Provider, model: str, n_prompt_tokens: int, when: datetime) -> Rates | None: ...


@dataclass(frozen=True)
class Plan:
    """What is compared, as it was wished for: it stays the same while details are hidden or shown.

    `messages` are as they were written; what is to be hidden still stands in them. `max_tokens` and `temperature` hold for
    all panes.
    """

    request: RequestId
    comparison: ComparisonId
    matter: MatterId | None
    question: str = field(repr=False)
    messages: tuple[PromptMessage, ...] = field(repr=False)
    panes: tuple[PaneChoice, ...]
    max_tokens: int
    temperature: float
    attached: tuple[Attached, ...] = ()
    n_passages_left_out: int = 0
    order: tuple[int, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """What a person or a document wrote, in which there may be something to hide."""
        return tuple(each.text for each in self.messages if each.role == "user")

    @property
    def remote_panes(self) -> tuple[int, ...]:
        return tuple(number for number, each in enumerate(self.panes) if isinstance(each, RemoteChoice))

    @property
    def local_panes(self) -> tuple[int, ...]:
        return tuple(number for number, each in enumerate(self.panes) if isinstance(each, LocalChoice))


class Previewing:
    """Makes previews. `now` decides which prices hold."""

    def __init__(self, prices: PriceList, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._prices, self._now = prices, now

    def preview(
        self, plan: Plan, table: Table | None, providers: Sequence[Provider], panes: Collection[int] | None = None
    ) -> Preview:
        """What the remote ones of `panes` (None: all) would be sent. `table` None: nothing is hidden.

        Blocks for as long as a text takes to be compared with all that is hidden. A pane whose provider is not among
        `providers` has no receiver.
        """
        messages, places = hidden(plan.messages, table)
        by_id = {each.id: each for each in providers}
        receivers = []
        for number in plan.remote_panes:
            choice = plan.panes[number]
            if (panes is None or number in panes) and isinstance(choice, RemoteChoice) and choice.provider in by_id:
                receivers.append(self._receiver(plan, number, choice.model, messages, by_id[choice.provider]))
        text = BETWEEN.join(each.text for each in messages)
        return Preview(
            plan.request, plan.comparison, plan.matter, plan.question, messages, text, places,
            details=() if table is None else details_in(plan.messages, table, places),
            receivers=tuple(receivers), attached=plan.attached, n_passages_left_out=plan.n_passages_left_out,
            leaks=() if table is None else _leaks(text, receivers, table), order=plan.order,
        )  # fmt: skip

    def _receiver(self, plan: Plan, pane: int, model: str, messages: tuple[PromptMessage, ...], provider: Provider) -> Receiver:
        body = body_for(provider, Wish(messages, model, plan.max_tokens, plan.temperature))
        texts = texts_of(provider, body.content)
        if tuple(texts) != tuple(each.text for each in messages):  # what is shown would not be what is sent
            raise Unexpected("previewing", "another text")
        n_tokens = high_token_estimate(BETWEEN.join(texts))
        rates = self._prices.rates(provider, model, n_tokens, self._now())
        most = None if rates is None else highest_cost(n_tokens, plan.max_tokens, rates, provider.fee_ppm)
        return Receiver(
            pane, provider.id, provider.name, model, provider.host, body.url, body.content, body.sha256, n_tokens,
            plan.max_tokens, most, provider.terms, provider.is_own, body.differs,
        )  # fmt: skip


# ---------------------------------------------------------------- what is hidden
def hidden(messages: Sequence[PromptMessage], table: Table | None) -> tuple[tuple[PromptMessage, ...], tuple[Place, ...]]:
    """The messages with placeholders for what is hidden, with a word on these where there are any, and where they stand.

    Places are those in the messages' texts joined as they are shown.
    """
    if table is None:
        return tuple(messages), ()
    if any(table.hide(each.text).places for each in messages):
        messages = with_word_on_placeholders(messages)
    told, places, before = [], list[Place](), 0
    for message in messages:
        result = table.hide(message.text)
        told.append(PromptMessage(message.role, result.text))
        places += [replace(each, start=each.start + before, end=each.end + before) for each in result.places]
        before += len(result.text) + len(BETWEEN)
    return tuple(told), tuple(places)


def details_in(messages: Sequence[PromptMessage], table: Table, places: Sequence[Place]) -> tuple[HiddenDetail, ...]:
    """The details that these messages hold, those that the user lets be seen among them, and how often each stands there."""
    seen = Counter(each.placeholder for message in messages for each in table.with_all_hidden.hide(message.text).places)
    covered = Counter(each.placeholder for each in places)
    times = {each: covered[each.placeholder] if each.is_hidden else seen[each.placeholder] for each in table.details}
    return tuple(replace(each, n_times=n) for each, n in times.items() if n)


def _leaks(text: str, receivers: Sequence[Receiver], table: Table) -> tuple[Leak, ...]:
    """What would still be sent of what is hidden: in the text, and in the bytes around it, where it has no place to show."""
    found = list(table.leaks(text))
    known = {(each.placeholder, each.form) for each in found}
    for receiver in receivers:
        for leak in table.body_leaks(receiver.body, (receiver.model,)):
            if (leak.placeholder, leak.form) not in known:
                known.add((leak.placeholder, leak.form))
                found.append(replace(leak, start=0, end=0))
    return tuple(found)
