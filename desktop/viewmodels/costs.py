"""The settings of the ledger: what was typed becomes a setting, or a sentence beside the field that says why it does not.

QtCore only. Each wish returns its problems by field; without one the change is made and shows at once. Nothing is looked up:
rates and prices of electricity are the user's own.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import ValidationError
from PySide6.QtCore import QCoreApplication, QObject, Signal

from desktop.viewmodels import costs_entry as entry
from desktop.viewmodels.providers import ProvidersModel
from desktop.viewmodels.settings import SettingsModel
from desktop.viewmodels.window_model import EngineBridge
from desktop.wordings import costs, ledger
from engine import events, ledger_intents
from engine import ledger_events as happened
from engine.ledger_records import EnergyMethod
from engine.ledger_settings import Budget, ExchangeRate, Hardware, LedgerSettings, MeterWatts, Tariff
from engine.statement_records import ReferenceLine, Role

translate = QCoreApplication.translate
Problems = dict[str, str]

MOST_WATTS, MOST_MONTHS = 100_000, 240
_MOST_RATE, _MOST_TARIFF, _MOST_AMOUNT = 10_000_000, 1_000_000, 1_000_000_000


class CostsModel(QObject):
    """`changed` follows every change of the settings and of what the running month says about them."""

    changed = Signal()

    def __init__(self, bridge: EngineBridge, settings: SettingsModel, providers: ProvidersModel) -> None:
        super().__init__()
        self._bridge = bridge
        self._settings = settings
        self._providers = providers
        self._before: LedgerSettings | None = None
        self._is_watched = False
        self.references: tuple[ReferenceLine, ...] = ()
        self.methods: tuple[tuple[EnergyMethod, int], ...] = ()
        self._workloads: dict[str, str] = {}
        bridge.happened.connect(self._take)
        settings.changed.connect(self.changed)
        providers.changed.connect(self.changed)

    @property
    def ledger(self) -> LedgerSettings:
        """What counts now."""
        return self._settings.settings.ledger

    def watch(self, is_watched: bool) -> None:
        """Somebody looks at this page, or no longer does."""
        self._is_watched = is_watched
        if is_watched:
            self._before = self.ledger
            self._bridge.submit(ledger_intents.ShowLedger())
            self._bridge.submit(ledger_intents.ShowAdvice())
            if not self._providers.has_listed:
                self._providers.look()

    def _take(self, event: events.Event) -> None:
        match event:
            case happened.LedgerShown() if event.page.statement.is_running:
                self.references = event.page.statement.references
                self.methods = event.page.statement.energy.methods
            case happened.AdviceShown():
                found = (each.workload for each in event.advice)
                self._workloads = {f"workload:{each.id}": ledger.workload(each.id, each.name) for each in found}
            case events.SettingsChanged():
                self._look_again(event.settings.ledger)
                return
            case _:
                return
        self.changed.emit()

    def _look_again(self, now: LedgerSettings) -> None:
        """The running month is asked for again when something of it can be another."""
        if self._is_watched and now != self._before:
            self._before = now
            self._bridge.submit(ledger_intents.ShowLedger())

    def change(self, **fields: Any) -> bool:
        """Change some of it by name; False, and nothing is changed, where a value is out of range."""
        try:
            wanted = LedgerSettings.model_validate({**self.ledger.model_dump(), **fields})
        except ValidationError:
            self.changed.emit()
            return False
        self._settings.change(ledger=wanted.model_dump())
        return True

    # ------------------------------------------------------------ currency
    @property
    def rates(self) -> list[tuple[ExchangeRate, bool]]:
        """Newest first, each with whether amounts of today go by it."""
        ordered = sorted(self.ledger.rates, key=lambda each: (each.day, each.currency), reverse=True)
        used: dict[str, ExchangeRate] = {}
        for each in ordered:
            used.setdefault(each.currency, each)
        return [(each, used[each.currency] is each and bool(self._uses(each.currency))) for each in ordered]

    def has_rate(self, code: str) -> bool:
        return code == "USD" or any(each.currency == code for each in self.ledger.rates)

    def use_currency(self, typed: str) -> str:
        """Show amounts in this currency; else why not."""
        code, problem = entry.code(typed)
        if not problem and not self.has_rate(code):
            problem = costs.no_rate(code)
        if not problem:
            self.change(currency=code)
        return problem

    def add_rate(self, currency: str, per_usd: str, day: str) -> Problems:
        """A rate of the same currency and day takes the place of the one from before."""
        code, no_code = entry.code(currency)
        figure = entry.number(per_usd, most=_MOST_RATE, places=8)
        looked_up = entry.day(day, latest=date.today())
        problems = _found(currency=no_code, per_usd=figure.problem, day=looked_up.problem)
        if code == "USD":
            problems["currency"] = translate("costs", "Rates are counted from the dollar, so it needs none of its own.")
        if figure.value == 0:
            problems["per_usd"] = translate("costs", "A rate is more than nothing.")
        if problems or figure.value is None or looked_up.value is None:
            return problems
        rate = ExchangeRate(currency=code, day=looked_up.value, per_usd=figure.value)
        others = [each for each in self.ledger.rates if (each.currency, each.day) != (code, rate.day)]
        self.change(rates=[each.model_dump() for each in [*others, rate]])
        return {}

    def remove_rate(self, rate: ExchangeRate) -> str:
        """Forget a rate; else why it is needed. The last one of a currency that is in use stays."""
        left = [each for each in self.ledger.rates if each != rate]
        uses = [] if any(each.currency == rate.currency for each in left) else self._uses(rate.currency)
        if uses:
            return costs.rate_is_needed(rate.currency, uses)
        self.change(rates=[each.model_dump() for each in left])
        return ""

    def _uses(self, code: str) -> list[str]:
        now = self.ledger
        uses = {
            translate("costs", "the amounts shown"): now.currency == code,
            translate("costs", "electricity"): any(each.currency == code for each in now.tariffs),
            translate("costs", "hardware"): now.hardware is not None and now.hardware.currency == code,
            translate("costs", "budgets"): any(each.currency == code for each in now.budgets),
        }
        return [words for words, is_used in uses.items() if is_used]

    def _currency(self, typed: str) -> tuple[str, str]:
        """A currency that an amount can be entered in; it needs a rate, or the amount could not be counted."""
        code, problem = entry.code(typed)
        if not problem and not self.has_rate(code):
            return "", costs.no_rate(code)
        return code, problem

    # ------------------------------------------------------------ electricity
    @property
    def tariffs(self) -> list[tuple[Tariff, bool]]:
        """Newest first, each with whether it holds today."""
        ordered = sorted(self.ledger.tariffs, key=lambda each: each.day, reverse=True)
        holds = next((each for each in ordered if each.day <= date.today()), ordered[-1] if ordered else None)
        return [(each, each is holds) for each in ordered]

    def add_tariff(self, price: str, currency: str, day: str) -> Problems:
        """A price from the same day takes the place of the one from before."""
        figure, since = entry.number(price, most=_MOST_TARIFF), entry.day(day)
        code, no_code = self._currency(currency)
        problems = _found(price=figure.problem, currency=no_code, day=since.problem)
        if problems or figure.value is None or since.value is None:
            return problems
        tariff = Tariff(day=since.value, currency=code, per_kwh=figure.value)
        others = [each for each in self.ledger.tariffs if each.day != tariff.day]
        self.change(tariffs=[each.model_dump() for each in [*others, tariff]])
        return {}

    def remove_tariff(self, tariff: Tariff) -> None:
        self.change(tariffs=[each.model_dump() for each in self.ledger.tariffs if each != tariff])

    def measure(self, idle: str, busy: str) -> Problems:
        """What a plug meter showed."""
        (at_rest, no_idle), (at_work, no_busy) = entry.whole(idle, most=MOST_WATTS), entry.whole(busy, most=MOST_WATTS)
        problems = _found(idle=no_idle, busy=no_busy)
        if at_rest is not None and at_work is not None and at_work < at_rest:
            problems["busy"] = translate("costs", "While it answers the computer takes at least what it takes at rest.")
        if problems or at_rest is None or at_work is None:
            return problems
        self.change(watts=MeterWatts(idle=at_rest, busy=at_work).model_dump())
        return {}

    def forget_watts(self) -> None:
        self.change(watts=None)

    def use_co2(self, typed: str) -> str:
        """Grams for a kilowatt-hour; nothing: none are reckoned."""
        grams, problem = entry.whole(typed, most=5000) if typed.strip() else (None, "")
        if not problem:
            self.change(co2_g_per_kwh=grams)
        return problem

    # ------------------------------------------------------------ hardware
    def use_hardware(self, price: str, currency: str, bought: str, n_months: str, share: str) -> Problems:
        """What the computer cost and over what that is spread."""
        figure, day = entry.number(price, most=_MOST_AMOUNT), entry.day(bought)
        code, no_code = self._currency(currency)
        months, no_months = entry.whole(n_months, least=1, most=MOST_MONTHS)
        part, no_part = entry.whole(share.strip().removesuffix("%"), least=1, most=100)
        problems = _found(price=figure.problem, currency=no_code, bought=day.problem, n_months=no_months, share=no_part)
        if problems or figure.value is None or day.value is None or months is None or part is None:
            return problems
        hardware = Hardware(price=figure.value, currency=code, bought=day.value, n_months=months, share_percent=part)
        self.change(hardware=hardware.model_dump())
        return {}

    def own_already(self) -> None:
        """Count nothing of the hardware."""
        self.change(hardware=None)

    # ------------------------------------------------------------ models to compare with
    def reference(self, role: Role) -> tuple[str, bool, tuple[int, int] | None] | None:
        """What is compared with: its name, whether it is only suggested, its prices. None: not known yet."""
        chosen = str(getattr(self.ledger, role)).strip()
        line = next((each for each in self.references if each.role == role), None)
        if line is not None and (line.reference == chosen or (not chosen and line.is_default)):
            return line.reference, line.is_default, line.prices
        return None

    def choose_reference(self, role: Role, name: str) -> None:
        """Compare with this model; '' goes back to the suggestion."""
        self.change(**{role: name})

    # ------------------------------------------------------------ budgets
    @property
    def scopes(self) -> dict[str, str]:
        """What a budget can be for, with its name."""
        providers = {f"provider:{each.id}": each.name for each in self._providers.providers}
        fixed = {key: costs.scope(key, {}) for key in ("", "workload:compare")}
        return {"": fixed[""], **providers, "workload:compare": fixed["workload:compare"], **self._workloads}

    def keep_budget(
        self, scope: str, limit: str, currency: str, warn: str, is_hard: bool, before: Budget | None = None
    ) -> Problems:
        """A budget for the same scope takes the place of the one from before; `before` is the one that is changed."""
        figure = entry.number(limit, most=_MOST_AMOUNT)
        code, no_code = self._currency(currency)
        at, no_warn = _thresholds(warn)
        problems = _found(limit=figure.problem, currency=no_code, warn=no_warn)
        if problems or figure.value is None:
            return problems
        budget = Budget(scope=scope, limit=figure.value, currency=code, is_hard=is_hard, warn_percent=at)
        others = [each for each in self.ledger.budgets if each != before and each.scope != scope]
        if not self.change(budgets=[each.model_dump() for each in [*others, budget]]):
            return {"limit": translate("costs", "There are too many budgets. Remove one first.")}
        return {}

    def remove_budget(self, budget: Budget) -> None:
        self.change(budgets=[each.model_dump() for each in self.ledger.budgets if each != budget])


def _found(**problems: str) -> Problems:
    return {field: words for field, words in problems.items() if words}


def _thresholds(typed: str) -> tuple[tuple[int, ...], str]:
    """`50, 80, 100`, without repeats, the lowest first; nothing: no warning."""
    parts = typed.replace("%", " ").replace(",", " ").replace(";", " ").split()
    found = [entry.whole(part, least=1, most=100) for part in parts]
    if any(problem for _, problem in found):
        return (), translate("costs", "Enter per cent from 1 to 100, such as 50, 80, 100.")
    return tuple(sorted({value for value, _ in found if value is not None})), ""
