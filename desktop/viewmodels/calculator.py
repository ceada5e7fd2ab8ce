"""A plan as it is typed: its figures, what is wrong with them, the models that have a price, and what it comes to. QtCore only.

The engine works it out; here it is asked after each pause in typing, and never with a figure that is none.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.viewmodels import typed_figures
from desktop.viewmodels.window_model import EngineBridge
from desktop.viewmodels.work_places import WorkPlaces
from desktop.wordings import calculator
from engine import events, ledger_intents
from engine.errors import LedgerInputUnfit
from engine.ledger_events import Calculated, LedgerRefused, PricesListed
from engine.ledger_records import Spread
from engine.price_records import ListedPrice
from engine.records import RequestId
from engine.statement_records import Calculation, CalculatorInput

_PAUSE_MS = 180
_AT_ONCE = 40  # models that are listed for a search
_HOUR, _NANO, _MILLI = 3_600, 1_000_000_000, 1_000

#: The fields in the order in which they stand; the second ones take decimals.
WHOLE = ("n_items", "prompt", "generated", "n_months", "usable_percent")
DECIMAL = ("server", "computer", "per_kwh", "prompt_speed", "generate_speed", "power")
_UNITS = {"server": _NANO, "computer": _NANO, "per_kwh": _NANO, "prompt_speed": _HOUR, "generate_speed": _HOUR, "power": _MILLI}
_EMPTY_MEANS: dict[str, int] = {"computer": 0, "server": 0}


class CalculatorModel(QObject):
    """`changed`: a result, a problem or the chosen model; `models_changed`: what was found for a search."""

    changed = Signal()
    models_changed = Signal()

    def __init__(self, bridge: EngineBridge, places: WorkPlaces) -> None:
        super().__init__()
        self._bridge = bridge
        self._places = places
        self._first = self._first_texts()
        self.texts = dict(self._first)
        self.problems: dict[str, str] = {}
        self.model = places.reference
        self.found: tuple[ListedPrice, ...] = ()
        self.n_found = 0
        self.calculation: Calculation | None = None
        self._sought = ""
        self._request = RequestId("")
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.calculate)
        bridge.happened.connect(self._take)

    def _first_texts(self) -> dict[str, str]:
        """The essay's plan, with what is known of this computer in place of what it guessed."""
        reads, writes = self._places.speeds
        plan, watts = CalculatorInput(100_000, 600, 200, ""), self._places.ledger.watts
        price, months = self._places.computer or (0, plan.n_months)
        figures: dict[str, Decimal | int] = {
            "n_items": plan.n_items, "prompt": plan.prompt, "generated": plan.generated,
            "server": Decimal(plan.server) / _NANO, "computer": _to(2, price), "n_months": months,
            "per_kwh": _to(4, self._places.per_kwh if self._places.per_kwh is not None else plan.per_kwh),
            "prompt_speed": _rounded(reads) or plan.prompt_speed // _HOUR,
            "generate_speed": _rounded(writes) or plan.generate_speed // _HOUR,
            "usable_percent": self._places.ledger.usable_percent,
        }  # fmt: skip
        texts = {name: typed_figures.written(figure) for name, figure in figures.items()}
        return texts | {"power": typed_figures.written(watts.busy) if watts else ""}

    # ------------------------------------------------------------ typing
    def begin(self) -> None:
        """Work out the first plan, and learn which models have a price."""
        self.seek("")
        self.calculate()

    def type(self, name: str, text: str) -> None:
        """A field was changed; it is worked out after a pause."""
        if text == self.texts[name]:
            return
        self.texts[name] = text
        self.problems.pop(name, None)
        self._pause.start()

    def choose_preset(self, prompt: int, generated: int) -> None:
        """Take the tokens of a usual kind of work."""
        self.texts |= {"prompt": typed_figures.written(prompt), "generated": typed_figures.written(generated)}
        for name in ("prompt", "generated"):
            self.problems.pop(name, None)
        self.calculate()

    def seek(self, text: str) -> None:
        """Find models with a price that have the text in their name."""
        self._sought = text.strip()
        self._bridge.submit(ledger_intents.ListPrices(self._sought, _AT_ONCE))

    def choose_model(self, model: str) -> None:
        """`PROVIDER/MODEL` to compare with."""
        self.model = model
        self.calculate()

    def calculate(self) -> None:
        """Ask for the plan as it stands; without an answer where a figure is none."""
        self._pause.stop()
        asked = self.asked()
        if asked is None:
            self._request, self.calculation = RequestId(""), None
        else:
            self._request = RequestId(uuid.uuid4().hex)
            self._bridge.submit(ledger_intents.Calculate(self._request, asked))
        self.changed.emit()

    # ------------------------------------------------------------ the plan
    @property
    def preset(self) -> str:
        return calculator.preset(typed_figures.whole(self.texts["prompt"]), typed_figures.whole(self.texts["generated"]))

    @property
    def speed_words(self) -> str:
        """Where the speeds come from that were filled in; '' once the user has typed others."""
        reads, writes = self._places.speeds
        if any(self.texts[name] != self._first[name] for name in ("prompt_speed", "generate_speed")):
            return ""
        return calculator.speeds(knows_reading=reads is not None, knows_writing=writes is not None)

    def asked(self) -> CalculatorInput | None:
        """The plan; None, with what is wrong beside its fields, where it cannot be asked for."""
        found: dict[str, int] = {}
        for name in (*WHOLE, *DECIMAL):
            value = self._figure(name)
            if value is None and not self._may_be_empty(name):
                self.problems[name] = calculator.not_a_number(is_whole=name in WHOLE)
            elif value is not None:
                found[name] = value
        if self.problems or not self.model:
            return None
        watts = found.pop("power", None)
        asked = CalculatorInput(0, 0, 0, self.model, fee_ppm=self._places.fee_of(self.model))
        asked = asked if watts is None else replace(asked, power=Spread(watts, watts, watts))
        return replace(asked, **found)  # type: ignore[arg-type]

    def _figure(self, name: str) -> int | None:
        """In the engine's units."""
        text = self.texts[name].strip()
        if not text:
            return _EMPTY_MEANS.get(name)
        if name in WHOLE:
            return typed_figures.whole(text)
        value = typed_figures.decimal(text)
        return None if value is None else int((value * _UNITS[name]).to_integral_value(ROUND_HALF_EVEN))

    def _may_be_empty(self, name: str) -> bool:
        """Nobody has to know the watts: a wide range stands for them."""
        return name == "power" and not self.texts[name].strip()

    # ------------------------------------------------------------ happenings
    def _take(self, event: events.Event) -> None:
        match event:
            case Calculated() if event.request == self._request:
                self.calculation = event.calculation
                self.changed.emit()
            case LedgerRefused() if event.wish == "Calculate" and event.request == self._request:
                self.calculation = None
                if isinstance(event.error, LedgerInputUnfit):
                    self.problems[event.error.field] = calculator.refused(event.error.reason)
                self.changed.emit()
            case PricesListed() if event.text == self._sought:
                self.found, self.n_found = event.prices, event.n_found
                if not self.model and self.found:
                    self.choose_model(self.found[0].model)
                self.models_changed.emit()


def _to(places: int, nano: int) -> Decimal:
    """Dollars with so many places; a rate of exchange makes more of them than anybody reads."""
    return (Decimal(nano) / _NANO).quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)


def _rounded(speed: float | None) -> Decimal:
    """A speed as it is written in a field; 0 for none."""
    return Decimal(f"{speed:.1f}") if speed else Decimal(0)
