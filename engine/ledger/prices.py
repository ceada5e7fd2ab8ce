"""Prices of remote models, from the price list that comes with the program (the package genai-prices).

The one module that knows that package. It is loaded when a price is asked for, which takes a third of a second, so ask on
a thread. The list is never brought up to date over the network; a newer one comes with a newer release. What the list
does not say is not known: no name is guessed, and a price that would leave a part out is no price.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from engine.provider_records import Provider, Rates

if TYPE_CHECKING:
    from genai_prices.types import ModelPrice, TieredPrices
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


class Prices:
    """The price list. Safe to ask from several threads."""

    def rates(self, provider: Provider, model: str, n_prompt_tokens: int, when: datetime) -> Rates | None:
        """What a token costs in a request of this size at this moment, without the provider's fee; None: not known.

        `n_prompt_tokens` are all tokens of the prompt, cached ones too. Some lists have steps, and above a step its price
        is that of all tokens, also of the first. Where the list has no price for cached tokens, or for tokens written to a
        cache, it is the prompt's: that is how such a list counts them, and the highest they are likely to cost. Standard
        service only: no batch, flex or priority.
        """
        with_steps = self._price(provider, model, when)
        if with_steps is None:
            return None
        kept = {name: price for name, price in vars(with_steps).items() if price is not None}
        if not {PROMPT, GENERATED} <= kept.keys() or kept.keys() - {PROMPT, GENERATED, CACHED, CACHE_WRITE} - UNUSED:
            return None
        pico = {name: _pico(_at(price, n_prompt_tokens)) for name, price in kept.items() if name not in UNUSED}
        prompt = pico[PROMPT]
        cached, cache_write = pico.get(CACHED, prompt), pico.get(CACHE_WRITE, prompt)
        return Rates(prompt, pico[GENERATED], cached, cache_write, self.snapshot, self.as_of())

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
        listed = _listed(provider)
        if listed is None:
            return ()
        now = datetime.now(UTC)
        names = (each.id for each in listed.models if not each.deprecated and not NO_CHAT.search(each.id))
        return tuple(sorted(name for name in names if self.rates(provider, name, 0, now) is not None))

    def _price(self, provider: Provider, model: str, when: datetime) -> ModelPrice | None:
        if not 0 < len(model) <= LONGEST_NAME or SEARCHES.search(model) or _listed(provider) is None:
            return None
        from genai_prices import Usage, calc_price

        try:
            nothing = calc_price(Usage(), model, provider_id=provider.prices, genai_request_timestamp=when)
        except LookupError:
            return None
        return nothing.model_price


def _listed(provider: Provider) -> Listed | None:
    """The provider in the list, by its own name there; the package would also take one that only looks like it."""
    from genai_prices.data import providers

    return next((each for each in providers if each.id == provider.prices), None)


def _at(price: Decimal | TieredPrices, n_prompt_tokens: int) -> Decimal:
    """The price of every token in a request of this size."""
    if isinstance(price, Decimal):
        return price
    reached = [step.price for step in price.tiers if n_prompt_tokens > step.start]
    return reached[-1] if reached else price.base


def _pico(dollars_a_million: Decimal) -> int:
    return int((dollars_a_million * PICO_IN_DOLLAR_A_MILLION).to_integral_value(ROUND_HALF_EVEN))
