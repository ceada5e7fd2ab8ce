"""Remote models as the engine shows them: who offers them, what a request to one used, and what that cost.

Frozen values. Money is counted in nano-dollars (1e-9 US dollars, integers); None means that it is not known, never that
it is nothing. A model that runs on another computer is remote, whoever made it and whatever its licence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NewType

ProviderId = NewType("ProviderId", str)
Dialect = Literal["openai", "anthropic"]
DIALECTS: tuple[Dialect, ...] = ("openai", "anthropic")

#: What an account cannot do, or does in its own way. Chosen by the preset or by the user, never guessed from a name.
#: `max_completion_tokens`: the limit has this name. `no_temperature`: a request that sets one fails.
#: `no_stream_options`: usage is sent without being asked for, and asking fails.
Quirk = Literal["max_completion_tokens", "no_temperature", "no_stream_options"]
QUIRKS: tuple[Quirk, ...] = ("max_completion_tokens", "no_temperature", "no_stream_options")

KeyPlace = Literal["keyring", "session", "none"]

#: Where a cost comes from. `free`: on this computer. `provider`: it said so. `computed`: from the tokens it counted and
#: known prices. `estimated`: from what was seen of an answer that broke off. `unknown`: no price, or no usage.
CostSource = Literal["free", "provider", "computed", "estimated", "unknown"]


@dataclass(frozen=True)
class Provider:
    """A company, or a server of the user's organisation, that offers models under an address.

    `host` is spelled as in the list of allowed hosts. `terms` is what the user recorded about what happens with texts
    there ('' if nothing was). `prices` is its name in the price list, '' for none. `fee_ppm` is added to each cost, in
    millionths.
    """

    id: ProviderId
    name: str
    dialect: Dialect
    base_url: str
    models: tuple[str, ...]
    host: str
    is_own: bool = False  # a server of the user's organisation, which is no company that sells answers
    needs_key: bool = True
    terms: str = ""
    prices: str = ""
    fee_ppm: int = 0
    quirks: tuple[Quirk, ...] = ()
    key: KeyPlace = "none"


@dataclass(frozen=True)
class ProviderCheck:
    """What a test of a provider's address and key found; no text was sent. `models` are those that it names."""

    provider: ProviderId
    models: tuple[str, ...]
    duration_s: float


@dataclass(frozen=True)
class TokenCounts:
    """Tokens of one request, in one way for all providers.

    `prompt` is everything that was read, cached tokens included; `generated` is everything that was written, reasoning
    included. None: not told.
    """

    prompt: int
    generated: int
    cached: int = 0
    cache_write: int = 0
    reasoning: int | None = None


@dataclass(frozen=True)
class Cost:
    """What a request cost, in nano-dollars. `at_most` is what had been reserved for it where the cost is not known."""

    nano_usd: int | None
    source: CostSource
    at_most: int | None = None


FREE = Cost(0, "free")


@dataclass(frozen=True)
class Rates:
    """Prices in pico-dollars a token for a request of a certain size, with the price list that they are from."""

    prompt: int
    generated: int
    cached: int
    cache_write: int
    snapshot: str  # the first 16 hexadecimal digits of the SHA-256 of the list
    as_of: str  # date of the list's newest entry, such as 2026-11-09
