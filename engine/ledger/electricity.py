"""What energy cost: micro-watt-hours by the price of a kilowatt-hour on the day that they were used.

Pure. A price holds from its day on; days before the first one have the first one. Where nobody entered a price that can be
converted, an example stands in for it and is marked as one, because nothing would be said to be free otherwise.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

from engine.ledger.money import NANO, converted, exactly, half_even
from engine.ledger_records import Month, Spread
from engine.ledger_settings import LedgerSettings
from engine.price_records import Currency

EXAMPLE_PER_KWH = Decimal("0.20")  # dollars
MICRO_WH_IN_KWH = 1_000_000_000

#: Low, middle and high sum of micro-watt-hours, by the number of the tariff that holds for them.
EnergyByTariff = Mapping[int, list[int]]


class Tariffs:
    """The prices of electricity as a month shows them, in nano-units of its currency.

    `lacks_rate`: a price was entered in a currency without a rate, and the example stands in its place.
    """

    def __init__(self, settings: LedgerSettings, currency: Currency, month: Month) -> None:
        entered = sorted(settings.tariffs, key=lambda each: each.day)
        self._days = [each.day for each in entered]
        prices = [exactly(each.per_kwh, each.currency, currency, settings, month.last) for each in entered]
        example = Fraction(converted(int(EXAMPLE_PER_KWH * NANO), currency))
        self._prices = [example if each is None else each for each in prices] or [example]
        self._examples = [each is None for each in prices] or [True]
        self.lacks_rate = None in [prices[number] for number in self._of_month(month)] if prices else False

    def number_on(self, day: date) -> int:
        """Which tariff holds on a day."""
        return max(0, bisect_right(self._days, day) - 1)

    def is_example(self, number: int) -> bool:
        return self._examples[number]

    def cost(self, energy: EnergyByTariff) -> Spread:
        """What energy cost; each of the three figures is rounded once, half to even."""
        if len(energy) == 1:  # as in most months; fractions take their time
            ((number, amounts),) = energy.items()
            price = self._prices[number]
            return Spread(*(half_even(each * price.numerator, price.denominator * MICRO_WH_IN_KWH) for each in amounts))
        return Spread(*(round(self._exact(energy, which)) for which in range(3)))

    def per_kwh(self, energy: EnergyByTariff, day: date) -> int:
        """What a kilowatt-hour cost: that of the tariff, or the mean by energy where a month had several.

        Without energy, the tariff of `day`.
        """
        used = [number for number, (_, middle, _) in energy.items() if middle > 0]
        if len(used) < 2:
            return round(self._prices[used[0] if used else self.number_on(day)])
        return round(self._exact(energy, 1) * MICRO_WH_IN_KWH / sum(energy[number][1] for number in used))

    def _exact(self, energy: EnergyByTariff, which: int) -> Fraction:
        return sum((amounts[which] * self._prices[number] for number, amounts in energy.items()), Fraction(0)) / MICRO_WH_IN_KWH

    def _of_month(self, month: Month) -> range:
        return range(self.number_on(month.first), self.number_on(month.last) + 1)
