"""What a reference model would have charged for work that was done here. Pure; nano-dollars, rounded once, half to even.

    avoided = (prompt · P + generated · G) · ratio

P and G are the reference's prices for a prompt of that many of its own tokens, at that time. Nothing is made up in favour of
either side: standard service, nothing cached, an answer of the same text (a model that reasons would charge for more). The
three ends of the ratio are reckoned apart, each with the step of the price list that it reaches.
"""

from __future__ import annotations

from datetime import UTC, datetime, time

from engine.ledger.money import half_even
from engine.ledger.price_book import PriceBook
from engine.ledger.prices import Stepped
from engine.ledger.ratios import MILLION, Ratio
from engine.ledger_records import Avoided, DayTotal, Spread
from engine.provider_records import Rates

_PICO_IN_NANO = 1_000
_NOON = time(12, tzinfo=UTC)


def kept_as(reference: str, *, in_batches: bool) -> str:
    """What the books call a reference. In batches it is another one: its sums must never pass for those at the full price."""
    return f"{reference} in batches" if in_batches else reference


def avoided(
    reference: str,
    n_prompt: int,
    n_generated: int,
    when: datetime,
    ratio: Ratio,
    book: PriceBook,
    *,
    in_batches: bool = False,
) -> Avoided | None:
    """What `reference` would have charged for one generation of so many local tokens; None: it has no price then.

    `in_batches`: it would have been asked in batches, at half the price.
    """

    def rates(ppm: int) -> Rates | None:
        return book.rates_of(reference, _remote(n_prompt, ppm), when)

    low, mid, high = rates(ratio.amount.low), rates(ratio.amount.mid), rates(ratio.amount.high)
    if low is None or mid is None or high is None:
        return None
    amounts = [
        _cost(n_prompt, n_generated, each, ppm, in_batches)
        for each, ppm in ((low, ratio.amount.low), (mid, ratio.amount.mid), (high, ratio.amount.high))
    ]
    return Avoided(kept_as(reference, in_batches=in_batches), _in_order(*amounts), ratio.amount, ratio.source, mid)


def repriced(total: DayTotal, reference: str, ratio: Ratio, book: PriceBook, *, in_batches: bool = False) -> Spread | None:
    """What `reference` would have charged for all events of a total, with the prices of its day; None: it has none then.

    Exact to the rounding where no prompt reaches a step, or all are equally long. Otherwise the low end has the price of
    short prompts, the high end that of the longest, and the middle that of the mean. Where the hour counts, the low end
    has the cheapest of the day, the high end the dearest, and the middle that of noon (UTC).
    """
    of_day = book.of_day(reference, total.utc_day)
    noon = book.rates_of(reference, _remote(_mean(total), ratio.amount.mid), datetime.combine(total.utc_day, _NOON))
    if not of_day or noon is None:
        return None

    def cost(rates: Rates, ppm: int) -> int:
        return _cost(total.prompt, total.generated, rates, ppm, in_batches)

    low, high = ratio.amount.low, ratio.amount.high
    shortest = total.longest_prompt if _are_alike(total) else 0
    return _in_order(
        min(cost(_at(each, shortest, low), low) for each in of_day),
        cost(noon, ratio.amount.mid),
        max(cost(_at(each, total.longest_prompt, high), high) for each in of_day),
    )


def reaches_a_step(total: DayTotal, ratio: Ratio, stepped: Stepped) -> bool:
    """Whether a prompt of the total can be long enough for another price than the first."""
    return bool(stepped.starts) and _remote(total.longest_prompt, ratio.amount.high) > stepped.starts[0]


def _are_alike(total: DayTotal) -> bool:
    """Whether all prompts are as long as the longest, so that it is known on which side of a step each of them falls."""
    return total.n * total.longest_prompt == total.prompt


def _mean(total: DayTotal) -> int:
    """Of the prompts. What was taken back again leaves no events, and no price of long prompts either."""
    return min(max(0, total.prompt // total.n), total.longest_prompt) if total.n > 0 else 0


def _remote(n_tokens: int, ppm: int) -> int:
    """Local tokens as those of the reference, half to even."""
    return half_even(n_tokens * ppm, MILLION)


def _at(stepped: Stepped, n_prompt: int, ppm: int) -> Rates:
    return stepped.at(_remote(n_prompt, ppm))


def _cost(n_prompt: int, n_generated: int, rates: Rates, ppm: int, in_batches: bool) -> int:
    pico = n_prompt * rates.prompt + n_generated * rates.generated
    return half_even(pico * ppm, _PICO_IN_NANO * MILLION * (2 if in_batches else 1))


def _in_order(low: int, mid: int, high: int) -> Spread:
    """With the ends outermost, also for sums that were taken back and for a list whose price falls at a step."""
    return Spread(min(low, mid, high), mid, max(low, mid, high))
