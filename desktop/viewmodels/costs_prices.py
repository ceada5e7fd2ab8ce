"""Prices of models: found, entered, changed, imported. QtCore only."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from desktop import wording
from desktop.viewmodels import costs_entry as entry
from desktop.viewmodels.costs_price_table import PriceTable
from desktop.viewmodels.window_model import EngineBridge
from desktop.wordings.words import Words
from engine import events, ledger_intents
from engine import ledger_events as happened
from engine.errors import PricesUnfit
from engine.price_records import ListedPrice

translate = QCoreApplication.translate
Problems = dict[str, str]

_PAUSE_MS = 200  # after the last letter that was typed
_LIMIT = 200
_DEAREST = 10_000  # dollars for a million tokens
_PICO = 1_000_000  # in a dollar for a million tokens
_FIELDS = {"model": "model", "input": "prompt", "output": "generated", "cached": "cached", "valid_from": "first"}


class PricesModel(QObject):
    """`changed`: the list or a problem; `kept`: the price that was wished for last is kept, or gone."""

    changed = Signal()
    kept = Signal()

    def __init__(self, bridge: EngineBridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.table = PriceTable(self)
        self.text = ""
        self.n_found = 0
        self.as_of = ""
        self.age_days = 0
        self.imported = ""
        self.has_listed = False
        self.problem: Words | None = None  # why a file was refused, or a price was not removed
        self.entry_problems: Problems = {}  # why a price that was entered was refused, by field
        self._doing: Literal["", "keep", "remove", "import"] = ""
        self._told_by = ""  # the text of the list that tells that it is done
        self._replaced: ListedPrice | None = None  # to be forgotten once the one in its place is kept
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.look)
        bridge.happened.connect(self._take)

    # ------------------------------------------------------------ finding
    def look(self) -> None:
        self._bridge.submit(ledger_intents.ListPrices(self.text, _LIMIT))

    def find(self, text: str) -> None:
        """Look for prices of models with these words in their names, once no more letters follow."""
        if text.strip() != self.text:
            self.text = text.strip()
            self._pause.start()

    # ------------------------------------------------------------ one's own
    @property
    def is_busy(self) -> bool:
        return bool(self._doing)

    def keep(
        self, model: str, prompt: str, generated: str, cached: str, first: str, url: str, before: ListedPrice | None
    ) -> None:
        """Keep a price of one's own; `kept` or `entry_problems` follow. Dollars for a million tokens; `cached` and `first` may be
        empty. `before` is the price that is changed.
        """
        self.entry_problems = {}
        figures = {"prompt": _figure(prompt), "generated": _figure(generated)}
        if cached.strip():
            figures["cached"] = _figure(cached)
        since = entry.day(first) if first.strip() else entry.Day(None)
        problems = {field: each.problem for field, each in figures.items() if each.problem}
        if since.problem:
            problems["first"] = since.problem
        if "/" not in model.strip().strip("/"):
            problems["model"] = translate("costs", "Write it as provider/model, such as openai/gpt-6.1-sol.")
        if problems:
            self.entry_problems = problems
            self.changed.emit()
            return
        pico = {field: _pico(each.value) for field, each in figures.items()}
        price = ListedPrice(
            model=model.strip(),
            prompt=pico["prompt"],
            generated=pico["generated"],
            cached=pico.get("cached"),
            cache_write=before.cache_write if before is not None else None,
            first=since.value,
            last=before.last if before is not None else None,
            source="own",
            url=url.strip(),
            checked=date.today().isoformat(),
            note=before.note if before is not None and before.source == "own" else "",
        )
        self._begin("keep", price.model)
        if before is not None and before.source == "own" and (before.model, before.first) != (price.model, price.first):
            self._replaced = before
        self._bridge.submit(ledger_intents.KeepPrice(price))

    def remove(self, price: ListedPrice) -> None:
        """Forget a price of one's own; the lists have their say again."""
        self._begin("remove")
        self._bridge.submit(ledger_intents.RemovePrice(price))

    def import_file(self, file: Path) -> None:
        """Take a list from a file, in place of the one that was imported before."""
        self._begin("import")
        self._bridge.submit(ledger_intents.ImportPrices(file))

    def forget_problems(self) -> None:
        """They were seen, or nobody waits any more."""
        self.problem, self.entry_problems = None, {}

    def _begin(self, what: Literal["keep", "remove", "import"], told_by: str = "") -> None:
        self._doing, self._told_by = what, told_by
        self.problem = self._replaced = None
        self.changed.emit()

    # ------------------------------------------------------------ happenings
    def _take(self, event: events.Event) -> None:
        match event:
            case happened.PricesListed():
                self._take_list(event)
            case happened.LedgerRefused(wish="KeepPrice") if self._doing == "keep":
                self._doing, self._replaced = "", None
                self.entry_problems = _problems_of(event)
            case happened.LedgerRefused(wish="RemovePrice" | "ImportPrices") if self._doing:
                self._doing = ""
                self.problem = wording.words_for(event.error)
            case _:
                return
        self.changed.emit()

    def _take_list(self, event: happened.PricesListed) -> None:
        self.has_listed, self.as_of, self.age_days, self.imported = True, event.as_of, event.age_days, event.imported
        is_told = bool(self._doing) and event.text == self._told_by
        if is_told:
            done, self._doing, replaced = self._doing, "", self._replaced
            if done == "keep" and replaced is not None:
                self.remove(replaced)
                self.kept.emit()
                return
            self.kept.emit()
        if event.text == self.text:
            self.table.fill(event.prices)
            self.n_found = event.n_found
        elif is_told:
            self.look()  # what was wished for is told with another text than the one that is looked for


def _figure(typed: str) -> entry.Number:
    return entry.number(typed.strip().removeprefix("$"), most=_DEAREST, places=6)


def _pico(dollars: Decimal | None) -> int:
    return int((dollars or Decimal(0)) * _PICO)


def _problems_of(event: happened.LedgerRefused) -> Problems:
    """Beside the field that it is about, or beside the first one."""
    words = wording.words_for(event.error)
    field = _FIELDS.get(event.error.detail, "model") if isinstance(event.error, PricesUnfit) else "model"
    return {field: words.happened}


class PriceSearch(QObject):
    """Prices of models with some words in their names, for a sheet that is open for a moment. `changed`: others were found."""

    changed = Signal()

    def __init__(self, bridge: EngineBridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.table = PriceTable(self)
        self.text = ""
        self.prices: tuple[ListedPrice, ...] | None = None  # None: not answered yet
        self.n_found = 0
        bridge.happened.connect(self._take)

    def find(self, text: str) -> None:
        self.text, self.prices = text.strip(), None
        self._bridge.submit(ledger_intents.ListPrices(self.text, _LIMIT))

    def _take(self, event: events.Event) -> None:
        if isinstance(event, happened.PricesListed) and event.text == self.text:
            self.prices, self.n_found = event.prices, event.n_found
            self.table.fill(event.prices)
            self.changed.emit()
