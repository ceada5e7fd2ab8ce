"""What a remote call used and cost, as far as that can be known once it has ended, in the order of how far it can be trusted.

What the provider says that it charged; the tokens that it counted at known prices; an estimate from what was seen of an
answer that broke off; or that it is not known. Pure but for the price list, which takes a moment to load: for threads.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from engine.compare_records import PaneStopReason, PaneTimings
from engine.errors import ProviderError, StrongroomError
from engine.ledger.costs import cost_of
from engine.provider_records import Cost, Provider, Rates, TokenCounts
from engine.providers.provider import Ended, Grew, Piece, Thought
from engine.providers.refusals import may_cost
from engine.store.remote_calls import CallStatus, RemoteCall

BYTES_PER_TOKEN = 3.5  # English has about 4 with most providers and 3 with some; other scripts have 2 to 3


class PriceList(Protocol):
    """Where prices come from."""

    def rates(self, provider: Provider, model: str, n_prompt_tokens: int, when: datetime) -> Rates | None: ...


class NoPrices:
    """A price list that knows none."""

    def rates(self, provider: Provider, model: str, n_prompt_tokens: int, when: datetime) -> Rates | None:
        return None


@dataclass
class Heard:
    """What was seen of one request. Written by the thread that sends it, in seconds of `time.perf_counter`."""

    began: float = 0.0
    first: float | None = None
    over: float = 0.0
    has_left: bool = False  # any byte of the text may have reached the other side
    n_bytes: int = 0  # of text and reasoning
    n_pieces: int = 0
    has_thought: bool = False  # its reasoning was sent too
    ended: Ended | None = None

    def leaves(self) -> None:
        self.has_left = True

    def note(self, piece: Piece) -> None:
        if isinstance(piece, Ended):
            self.ended = piece
        elif isinstance(piece, Grew | Thought):
            self.first = self.first or time.perf_counter()
            self.n_pieces += 1
            self.has_thought = self.has_thought or isinstance(piece, Thought)
            self.n_bytes += len(piece.text.encode("utf-8", "surrogatepass"))

    def timings(self) -> PaneTimings:
        ttft = None if self.first is None else self.first - self.began
        total = max(self.over - self.began, 0.0)
        return PaneTimings(ttft, total, None if ttft is None else self._speed(total - ttft))

    def _speed(self, wrote_s: float) -> float | None:
        """Tokens a second while it was written; None where nothing tells.

        An answer in one piece was written before it came, and so was reasoning that is counted but not sent.
        """
        tokens = self.ended.tokens if self.ended is not None else None
        if tokens is None or self.n_pieces < 2 or wrote_s <= 0:
            return None
        seen = tokens.generated - (0 if self.has_thought else tokens.reasoning or 0)
        return seen / wrote_s if seen > 0 else None


@dataclass(frozen=True)
class Sent:
    """The last word on a request that was reserved: what became of it and what it cost.

    `priced_as` is the model whose prices were taken: the one that answered, or the requested one where the price list does
    not know that; '' where no price was used. `stop_reason` None: it did not come to an end.
    """

    call: str
    status: CallStatus
    tokens: TokenCounts | None
    cost: Cost
    answered_by: str = ""
    timings: PaneTimings = field(default_factory=lambda: PaneTimings(None, 0.0, None))
    stop_reason: PaneStopReason | None = None
    priced_as: str = ""
    request_id: str = ""


def settled(
    call: RemoteCall, provider: Provider, n_sent: int, heard: Heard, error: StrongroomError | None, prices: PriceList
) -> tuple[RemoteCall, Sent]:
    """The call as it is to be kept, and the same for whoever asked. `n_sent` are the bytes of the request's body."""
    ended = heard.ended
    status = _status(heard, error)
    tokens = ended.tokens if ended is not None else None
    counted = tokens or TokenCounts(likely_tokens(n_sent), likely_tokens(heard.n_bytes))
    answered_by = ended.answered_by if ended is not None else ""
    priced_as, rates = _rates(call, provider, answered_by, counted.prompt, prices)
    cost = _cost(call, provider, status, heard, counted, rates)
    if cost.source not in ("computed", "estimated") or status in ("not_sent", "refused"):
        priced_as, rates = "", None
    timings = heard.timings()
    stop_reason: PaneStopReason | None = ended.stop_reason if ended is not None else "cancelled" if error is None else None
    request_id = ended.request_id if ended is not None else ""
    kept = replace(
        call,
        status=status,
        cost_nano=cost.nano_usd,
        cost_source=cost.source,
        tokens=tokens,
        answered_by=answered_by,
        ttft_us=None if timings.ttft_s is None else round(timings.ttft_s * 1e6),
        total_us=round(timings.total_s * 1e6),
        stop_reason=stop_reason or "",
        provider_request_id=request_id,
        rates=rates,
    )
    return kept, Sent(call.id, status, tokens, cost, answered_by, timings, stop_reason, priced_as, request_id)


def likely_tokens(n_bytes: int) -> int:
    """Tokens of so many bytes of UTF-8, roughly; not a bound."""
    return -(-n_bytes * 10 // round(BYTES_PER_TOKEN * 10))


def _status(heard: Heard, error: StrongroomError | None) -> CallStatus:
    if heard.ended is not None:
        return "settled" if heard.ended.tokens is not None or heard.ended.cost_nano is not None else "estimated"
    if not heard.has_left:
        return "not_sent"
    if heard.n_bytes:
        return "estimated"
    return "refused" if isinstance(error, ProviderError) and not may_cost(error) else "unknown"


def _rates(
    call: RemoteCall, provider: Provider, answered_by: str, n_prompt_tokens: int, prices: PriceList
) -> tuple[str, Rates | None]:
    for model in dict.fromkeys(each for each in (answered_by, call.model) if each):
        if (rates := prices.rates(provider, model, n_prompt_tokens, call.time)) is not None:
            return model, rates
    return "", None


def _cost(
    call: RemoteCall, provider: Provider, status: CallStatus, heard: Heard, counted: TokenCounts, rates: Rates | None
) -> Cost:
    if status in ("not_sent", "refused"):
        return Cost(0, "computed")
    if status == "unknown":
        return Cost(None, "unknown", call.reserved_nano)
    charged = heard.ended.cost_nano if heard.ended is not None else None
    if charged is not None:
        return Cost(_with_fee(charged, provider.fee_ppm), "provider")
    if rates is None:
        return Cost(None, "unknown", call.reserved_nano)
    nano = cost_of(counted, rates, provider.fee_ppm)
    if status == "settled":
        return Cost(nano, "computed")
    return Cost(nano if call.reserved_nano is None else min(nano, call.reserved_nano), "estimated", call.reserved_nano)


def _with_fee(nano: int, fee_ppm: int) -> int:
    """Rounded half to even, as every cost is."""
    whole, rest = divmod(nano * (1_000_000 + fee_ppm), 1_000_000)
    return whole + (rest > 500_000 or (rest == 500_000 and whole % 2 == 1))
