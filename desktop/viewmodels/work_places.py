"""Where work could be done, for the sheets of the ledger: models here and elsewhere, how fast this computer is, what it pays.

QtCore only. It lives as long as the window, because much of it is told once; sheets come and go.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from PySide6.QtCore import QObject, Signal

from desktop.viewmodels.compare_setup import Candidate, CompareSetup
from desktop.viewmodels.window_model import EngineBridge
from desktop.wordings import ledger
from engine import compare_events, compare_intents, events, ledger_events, ledger_intents
from engine.advice_records import Advice
from engine.compare_records import LocalChoice, RemoteChoice
from engine.ledger_records import WorkloadId
from engine.ledger_settings import LedgerSettings
from engine.price_records import Currency
from engine.provider_records import Provider
from engine.records import Model, ModelId

_UNIT = 1_000_000_000


class WorkPlaces(QObject):
    """`changed` after anything of it did. `advice` is what was told last, in the order in which it was told."""

    changed = Signal()

    def __init__(self, bridge: EngineBridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.setup = CompareSetup()
        self.ledger = LedgerSettings()
        self.advice: tuple[Advice, ...] = ()
        self.currency = Currency()
        self.reference = ""  # PROVIDER/MODEL that the ledger compares with; '' before a month was shown
        self._models: dict[ModelId, Model] = {}
        self._chosen: ModelId | None = None  # in the settings
        self._in_use: ModelId | None = None
        self._reads, self._writes = 0.0, 0.0  # tokens a second of the model in use, 0 while not known
        bridge.happened.connect(self._take)

    def ask(self) -> None:
        """Learn what is there now."""
        self._bridge.submit(compare_intents.ListProviders())
        self._bridge.submit(ledger_intents.ShowAdvice())

    # ------------------------------------------------------------ models
    @property
    def local(self) -> list[Candidate]:
        return self.setup.local

    @property
    def providers(self) -> tuple[Provider, ...]:
        return self.setup.providers

    def remote(self, provider: Provider) -> list[Candidate]:
        return self.setup.remote(provider)

    @property
    def chosen_name(self) -> str:
        """The model of the settings, which a route without one of its own uses."""
        return self.local_name(None)

    def local_name(self, model: ModelId | None) -> str:
        """The name of a model of this computer; None is the one that is chosen in the settings."""
        wanted = model or self._chosen or self._in_use
        if wanted is None:
            return ""
        found = self._models.get(wanted) or next((each for each in self._models.values() if each.file == wanted), None)
        return found.name if found else str(wanted)

    def has_local(self, model: ModelId | None) -> bool:
        """Whether a model is on this computer and can be used; None: whether any is."""
        usable = [each.choice.model for each in self.local if isinstance(each.choice, LocalChoice)]
        return bool(usable) if model is None else model in usable

    def remote_name(self, choice: RemoteChoice | None) -> str:
        """`GPT-5.2`; '' for none."""
        return ledger.model(choice.model) if choice else ""

    def provider(self, choice: RemoteChoice | None) -> Provider | None:
        """Who offers a remote model; None where there is no such provider any more."""
        return next((each for each in self.providers if choice and each.id == choice.provider), None)

    def fee_of(self, reference: str) -> int:
        """What the provider of `PROVIDER/MODEL` adds to its prices, in millionths."""
        name = reference.partition("/")[0]
        return next((each.fee_ppm for each in self.providers if each.prices == name), 0)

    # ------------------------------------------------------------ this computer
    @property
    def speeds(self) -> tuple[float | None, float | None]:
        """Tokens a second that the model in use was seen to read and to write; None where nobody measured it."""
        fit = self._models[self._in_use].fit if self._in_use in self._models else None
        measured = fit if fit is not None and fit.is_measured else None
        reads = self._reads or (measured.prompt_tokens_per_s if measured else None)
        writes = self._writes or (measured.tokens_per_s_low if measured else None)
        return reads or None, writes or None

    @property
    def per_kwh(self) -> int | None:
        """Nano-dollars a kilowatt-hour as it was entered for today; None where nothing usable was entered."""
        day = date.today()
        tariffs = [each for each in self.ledger.tariffs if each.day <= day]
        if not tariffs:
            return None
        newest = max(tariffs, key=lambda each: each.day)
        return self._in_dollars(newest.per_kwh, newest.currency, day)

    @property
    def computer(self) -> tuple[int, int] | None:
        """What this computer cost (nano-dollars) and over how many months that is spread; None where nobody said."""
        hardware = self.ledger.hardware
        if hardware is None:
            return None
        price = self._in_dollars(hardware.price, hardware.currency, date.today())
        return None if price is None else (price, hardware.n_months)

    def _in_dollars(self, amount: Decimal, currency: str, day: date) -> int | None:
        if currency != "USD":
            rates = [each for each in self.ledger.rates if each.currency == currency and each.day <= day]
            if not rates:
                return None
            amount = amount / max(rates, key=lambda each: each.day).per_usd
        return int((amount * _UNIT).to_integral_value(ROUND_HALF_EVEN))

    # ------------------------------------------------------------ workloads
    def advice_on(self, workload: WorkloadId) -> Advice | None:
        return next((each for each in self.advice if each.workload.id == workload), None)

    # ------------------------------------------------------------ happenings
    def _take(self, event: events.Event) -> None:
        match event:
            case events.ModelsListed():
                self._models = {each.id: each for each in event.models}
                self.setup.show_models(event.models)
            case events.ModelStateChanged():
                self._follow_model(event.state.model, event.state.tokens_per_s)
            case events.SettingsChanged():
                self.ledger = event.settings.ledger
                self._chosen = ModelId(event.settings.model) if event.settings.model else None
            case events.Finished() if event.answer.timings is not None:
                timings = event.answer.timings
                self._reads, self._writes = timings.prefill_tokens_per_s, timings.decode_tokens_per_s
            case compare_events.ProvidersListed():
                self.setup.show_providers(event.providers)
            case ledger_events.AdviceShown():
                self.advice, self.currency = event.advice, event.currency
            case ledger_events.LedgerShown():
                self.reference = event.page.statement.reference
            case _:
                return
        self.changed.emit()

    def _follow_model(self, model: ModelId | None, writes: float | None) -> None:
        if model != self._in_use:
            self._in_use, self._reads, self._writes = model, 0.0, 0.0
        self._writes = writes or self._writes
        self.setup.show_in_use(model)
