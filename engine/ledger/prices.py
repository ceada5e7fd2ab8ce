"""Prices of remote models, from the price list that comes with the program (the package genai-prices).

The one module that knows that package. It is loaded when a price is asked for, which takes a third of a second, so ask on
a thread. The list is never brought up to date over the network; a newer one comes with a newer release. What the list
does not say is not known: no name is guessed, and a price that would leave a part out is no price.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING

from engine.price_records import ListedPrice
from engine.provider_records import Provider, Rates

if TYPE_CHECKING:
    from genai_prices.types import ConditionalPrice, ModelInfo, ModelPrice, TieredPrices
    from genai_prices.types import Provider as Listed

#: The newest entry of the list that has taken effect, by its date. The list does not say it: it also has prices that were
#: announced for later, so its newest date would come true while the list grows old. A test holds it against the list.
NEWEST_ENTRY = "2026-11-09"

PROMPT, GENERATED, CACHED, CACHE_WRITE = "input_mtok", "output_mtok", "cache_read_mtok", "cache_write_mtok"

#: Prices of what our requests never ask for: sounds, pictures, searches, a cache for an hour.
UNUSED = frozenset(
    "input_audio_mtok output_audio_mtok cache_audio_read_mtok input_image_mtok output_image_mtok cache_image_read_mtok "
    "input_video_mtok output_video_mtok audio_hours input_audio_hours cache_write_1h_mtok web_searches_kcount "
    "storage_searches_kcount input_document_kpages input_annotated_document_kpages".split()
)

#: Models that search by themselves and charge for each search, which no count of tokens tells.
SEARCHES = re.compile(r"sonar|search|deep-research|online", re.IGNORECASE)
NO_CHAT = re.compile(
    r"embed|moderation|whisper|tts|transcribe|realtime|audio|image|video|ocr|live|voxtral|robotics|lyria|banana|:batch|^ft:|^~|-$",
    re.IGNORECASE,
)
LONGEST_NAME = 200  # characters of a model's name; it may come from a provider, and is matched against patterns
PICO_IN_DOLLAR_A_MILLION = 1_000_000


@dataclass(frozen=True)
class Stepped:
    """What a token costs by the size of the prompt: `rates[0]` until `starts[0]` tokens, above that `rates[1]`, and so on.

    Above a step its price is that of all tokens, also of the first.
    """

    starts: tuple[int, ...]
    rates: tuple[Rates, ...]

    def at(self, n_prompt_tokens: int) -> Rates:
        return self.rates[bisect_left(self.starts, n_prompt_tokens)]


class Prices:
    """The price list. Safe to ask from several threads; a price that was asked for before takes microseconds."""

    def __init__(self) -> None:
        self._stepped: dict[int, tuple[ModelPrice, Stepped | None]] = {}
        self._rows: tuple[date, tuple[ListedPrice, ...]] | None = None

    def rates(self, provider: Provider, model: str, n_prompt_tokens: int, when: datetime) -> Rates | None:
        """What a token costs in a request of this size at this moment, without the provider's fee; None: not known.

        `n_prompt_tokens` are all tokens of the prompt, cached ones too. Where the list has no price for cached tokens, or
        for tokens written to a cache, it is the prompt's: that is how such a list counts them, and the highest they are
        likely to cost. Standard service only: no batch, flex or priority.
        """
        stepped = self.stepped(provider.prices, model, when)
        return None if stepped is None else stepped.at(n_prompt_tokens)

    def stepped(self, name: str, model: str, when: datetime) -> Stepped | None:
        """As `rates`, for prompts of any size. `name` is the provider's in the list."""
        found = _found(name, model)
        return None if found is None else self._with_steps(found.get_prices(when))

    def of_day(self, name: str, model: str, day: date) -> tuple[Stepped, ...]:
        """Every price that holds at some time of this day (UTC): several where the hour counts, none if not known."""
        found = _found(name, model)
        hours = {time(0)} | (_hours(found) if found is not None else set())
        each = (self.stepped(name, model, datetime.combine(day, hour, UTC)) for hour in sorted(hours))
        return tuple(dict.fromkeys(price for price in each if price is not None))

    def differ(self, name: str, one: str, other: str) -> bool:
        """Whether the list has an entry for the second of these models that is not that of the first."""
        found = _found(name, other)
        return found is not None and found is not _found(name, one)

    def as_of(self) -> str:
        """The date of the newest entry, such as 2026-11-09. Single prices may have been checked long before."""
        return NEWEST_ENTRY

    @cached_property
    def snapshot(self) -> str:
        """Names the list as it is loaded here: the first 16 hexadecimal digits of the SHA-256 over all of it."""
        from genai_prices.data import providers

        return hashlib.sha256(repr(providers).encode()).hexdigest()[:16]

    def models(self, provider: Provider) -> tuple[str, ...]:
        """Names of models that answer in text and have a price, in the order of the alphabet: the list has no dates of them.

        Names as the list has them; an account may know others, or not all of these.
        """
        listed = _providers().get(provider.prices)
        if listed is None:
            return ()
        now = datetime.now(UTC)
        names = (each.id for each in listed.models if not each.deprecated and not NO_CHAT.search(each.id))
        return tuple(sorted(name for name in names if self.rates(provider, name, 0, now) is not None))

    def listed(self, day: date) -> tuple[ListedPrice, ...]:
        """What models that answer in text cost on this day, by provider and model, for short prompts.

        Where the hour counts, it is the price at noon (UTC). The first time takes half a second.
        """
        if (kept := self._rows) is not None and kept[0] == day:
            return kept[1]
        rows = (self._row(each, model, day) for each in _providers().values() for model in each.models)
        made = tuple(sorted((row for row in rows if row is not None), key=lambda row: row.model))
        self._rows = (day, made)
        return made

    def _row(self, provider: Listed, model: ModelInfo, day: date) -> ListedPrice | None:
        noon = datetime.combine(day, time(12), UTC)
        found = None if NO_CHAT.search(model.id) else _found(provider.id, model.id)
        stepped = None if found is None else self.stepped(provider.id, model.id, noon)
        if found is None or stepped is None:
            return None
        short, price = stepped.rates[0], found.get_prices(noon)
        first, last = _days(found, price, day)
        return ListedPrice(
            model=f"{provider.id}/{model.id}",
            prompt=short.prompt,
            generated=short.generated,
            cached=None if getattr(price, CACHED) is None else short.cached,
            cache_write=None if getattr(price, CACHE_WRITE) is None else short.cache_write,
            first=first,
            last=last,
            url=(provider.pricing_urls or [""])[0],
            note=found.price_comments or "",
            has_steps=bool(stepped.starts),
        )

    def _with_steps(self, price: ModelPrice) -> Stepped | None:
        """The price as rates. The list is never exchanged while the program runs, so its entries can be told by identity."""
        known = self._stepped.get(id(price))
        if known is None or known[0] is not price:
            known = self._stepped[id(price)] = (price, self._read(price))
        return known[1]

    def _read(self, price: ModelPrice) -> Stepped | None:
        kept = {name: each for name, each in vars(price).items() if each is not None}
        if not {PROMPT, GENERATED} <= kept.keys() or kept.keys() - {PROMPT, GENERATED, CACHED, CACHE_WRITE} - UNUSED:
            return None
        used = {name: each for name, each in kept.items() if name not in UNUSED}
        starts = sorted({step.start for each in used.values() if not isinstance(each, Decimal) for step in each.tiers})
        return Stepped(tuple(starts), tuple(self._rates(used, n_tokens) for n_tokens in (0, *(start + 1 for start in starts))))

    def _rates(self, prices: dict[str, Decimal | TieredPrices], n_prompt_tokens: int) -> Rates:
        pico = {name: _pico(_at(price, n_prompt_tokens)) for name, price in prices.items()}
        prompt = pico[PROMPT]
        cached, cache_write = pico.get(CACHED, prompt), pico.get(CACHE_WRITE, prompt)
        return Rates(prompt, pico[GENERATED], cached, cache_write, self.snapshot, self.as_of())


@cache
def _providers() -> dict[str, Listed]:
    """Providers by their own names in the list; the package would also take one that only looks like it."""
    from genai_prices.data import providers

    return {each.id: each for each in providers}


@lru_cache(maxsize=8192)
def _found(name: str, model: str) -> ModelInfo | None:
    """The entry that the package takes for a model of this name."""
    if not 0 < len(model) <= LONGEST_NAME or SEARCHES.search(model) or name not in _providers():
        return None
    from genai_prices import Usage, calc_price

    try:
        return calc_price(Usage(), model, provider_id=name).model
    except LookupError:
        return None


def _conditions(model: ModelInfo) -> list[ConditionalPrice]:
    return model.prices if isinstance(model.prices, list) else []


def _hours(model: ModelInfo) -> set[time]:
    """The times of the day (UTC) at which another price begins."""
    from genai_prices.types import TimeOfDateConstraint

    windows = (each.constraint for each in _conditions(model))
    return {
        hour.replace(tzinfo=None)  # the list has them in UTC
        for window in windows
        if isinstance(window, TimeOfDateConstraint)
        for hour in (window.start_time, window.end_time)
    }


def _days(model: ModelInfo, price: ModelPrice, day: date) -> tuple[date | None, date | None]:
    """Since when a price holds and until when, as far as the list says."""
    from genai_prices.types import StartDateConstraint

    starts = [(each.constraint.start_date, each.prices) for each in _conditions(model)
              if isinstance(each.constraint, StartDateConstraint)]  # fmt: skip
    later = [start for start, _ in starts if start > day]
    first = next((start for start, begins in starts if begins is price), None)
    return first, min(later) - timedelta(days=1) if later else None


def _at(price: Decimal | TieredPrices, n_prompt_tokens: int) -> Decimal:
    """The price of every token in a request of this size."""
    if isinstance(price, Decimal):
        return price
    reached = [step.price for step in price.tiers if n_prompt_tokens > step.start]
    return reached[-1] if reached else price.base


def _pico(dollars_a_million: Decimal) -> int:
    return int((dollars_a_million * PICO_IN_DOLLAR_A_MILLION).to_integral_value(ROUND_HALF_EVEN))
