"""All prices that are known: one's own, those of a file that was carried over, and the list that comes with the program.

The first of these that has a price for the model on the day decides; the others are not asked. Pure, and it never changes:
another price makes another book. Days are those of UTC, as providers count them. A price holds from its first day to its
last, so one that was announced does not count before. Of several that hold, the one that began last counts.

A provider answers under the name of a release, so what `gpt-4o` costs in the first two is also what `gpt-4o-2024-08-06`
costs, unless that release has a price of its own in any of the three.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

from engine.ledger.prices import Prices, Stepped
from engine.price_records import ListedPrice
from engine.provider_records import Provider, Rates

LONGEST_REFERENCE = 300  # characters
MOST_KEPT = 20_000  # answers; then all of them are forgotten and found again
_RELEASE = re.compile(r"[-@]20\d\d-?[01]\d-?[0-3]\d$")


class PriceBook:
    """Prices by reference (`PROVIDER/MODEL`) or by provider and model. Safe to ask from several threads, and quick."""

    def __init__(self, own: Sequence[ListedPrice], imported: Sequence[ListedPrice], bundled: Prices) -> None:
        self._layers = (_Layer("own", own), _Layer("imported", imported))
        self._bundled = bundled
        self._kept: dict[tuple[str, date], Stepped | None] = {}
        self._days: dict[tuple[str, date], tuple[Stepped, ...]] = {}

    # ------------------------------------------------------------ what a token costs
    def rates(self, provider: Provider, model: str, n_prompt_tokens: int, when: datetime) -> Rates | None:
        """What a token costs in a request of this size at this moment, without the provider's fee; None: not known.

        A provider that the price list does not know, such as a server of one's own, goes by its id in one's own prices.
        """
        stepped = self._named(provider.prices or provider.id, model, when)
        if stepped is None:
            stepped = self._bundled.stepped(provider.prices, model, when)
        return None if stepped is None else stepped.at(n_prompt_tokens)

    def rates_of(self, reference: str, n_prompt_tokens: int, when: datetime) -> Rates | None:
        """As `rates`, for a reference; None also for one that is none."""
        stepped = self._stepped(reference, when)
        return None if stepped is None else stepped.at(n_prompt_tokens)

    def steps(self, reference: str, when: datetime) -> tuple[int, ...]:
        """The sizes of a prompt above which every token has another price; () where there are none, or no price."""
        stepped = self._stepped(reference, when)
        return () if stepped is None else stepped.starts

    def of_day(self, reference: str, day: date) -> tuple[Stepped, ...]:
        """Every price that holds at some time of this day (UTC), the first hour's first; () where it is not known."""
        try:
            return self._days[reference, day]
        except KeyError:
            pass
        name, _, model = reference.partition("/")
        stepped = self._named(name, model, datetime(day.year, day.month, day.day, tzinfo=UTC))
        if len(self._days) >= MOST_KEPT:
            self._days.clear()
        self._days[reference, day] = found = self._bundled.of_day(name, model, day) if stepped is None else (stepped,)
        return found

    def models(self, provider: Provider) -> tuple[str, ...]:
        """As Prices.models: names of models that the list that comes with the program has a price for."""
        return self._bundled.models(provider)

    # ------------------------------------------------------------ the lists
    def find(self, text: str, limit: int, now: datetime | None = None) -> tuple[list[ListedPrice], int]:
        """Prices whose `PROVIDER/MODEL` has every word of the text in it, one's own first; and how many there are in all.

        Of the list that comes with the program, models that answer in text, at their price of this day. The first time takes
        half a second.
        """
        day = (now or datetime.now(UTC)).astimezone(UTC).date()
        words = text.casefold().split()
        listed = (*self._layers[0].prices, *self._layers[1].prices, *self._bundled.listed(day))
        found = [price for price in listed if all(word in price.model.casefold() for word in words)]
        return found[: max(0, limit)], len(found)

    def as_of(self) -> str:
        """The date of the newest entry of the lists: the one that comes with the program, or the imported one by the newest
        day on which a price of it was checked. A single price has its own date in its Rates.
        """
        return max(self._bundled.as_of(), self._layers[1].newest)

    def age_days(self, today: date) -> int:
        """How old the lists are."""
        return max(0, (today - date.fromisoformat(self.as_of())).days)

    @property
    def snapshot(self) -> str:
        """Names everything in the book."""
        return _digest([layer.snapshot for layer in self._layers] + [self._bundled.snapshot])

    # ------------------------------------------------------------ which of them
    def _stepped(self, reference: str, when: datetime) -> Stepped | None:
        name, _, model = reference.partition("/")
        stepped = self._named(name, model, when)
        return self._bundled.stepped(name, model, when) if stepped is None else stepped

    def _named(self, name: str, model: str, when: datetime) -> Stepped | None:
        """The price in the first two layers."""
        if not (name and model) or len(name) + len(model) >= LONGEST_REFERENCE:
            return None
        key = f"{name}/{model}", when.astimezone(UTC).date()
        try:
            return self._kept[key]
        except KeyError:
            pass
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        self._kept[key] = found = self._found(name, model, key[1])
        return found

    def _found(self, name: str, model: str, day: date) -> Stepped | None:
        line = _RELEASE.sub("", model)
        is_release = line != model and not self._bundled.differ(name, line, model)
        for layer in self._layers:
            for each in (model, line) if is_release else (model,):
                if (price := layer.price(f"{name}/{each}", day)) is not None:
                    return price
        return None


class _Layer:
    """Prices of one origin."""

    def __init__(self, name: str, prices: Iterable[ListedPrice]) -> None:
        self.name = name
        self.prices = tuple(sorted(prices, key=lambda each: (each.model.casefold(), each.first or date.min)))
        self.newest = max((each.checked for each in self.prices), default="")
        self.snapshot = _digest([name, *map(_written, self.prices)]) if self.prices else ""
        self._by_model: dict[str, list[ListedPrice]] = {}
        for each in self.prices:
            self._by_model.setdefault(each.model.casefold(), []).append(each)

    def price(self, reference: str, day: date) -> Stepped | None:
        for each in reversed(self._by_model.get(reference.casefold(), ())):
            if (each.first or date.min) <= day <= (each.last or date.max):
                return self._as_rates(each)
        return None

    def _as_rates(self, price: ListedPrice) -> Stepped:
        cached = price.prompt if price.cached is None else price.cached
        written = price.prompt if price.cache_write is None else price.cache_write
        digest = _digest([self.name, _written(price)]) if self.name == "own" else self.snapshot
        as_of = price.checked or (price.first.isoformat() if price.first else "")
        return Stepped((), (Rates(price.prompt, price.generated, cached, written, f"{self.name}:{digest}", as_of),))


def _written(price: ListedPrice) -> str:
    days = (price.first, price.last)
    return repr((price.model, price.prompt, price.generated, price.cached, price.cache_write, *map(str, days), price.checked))


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
