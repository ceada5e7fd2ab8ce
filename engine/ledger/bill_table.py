"""The rows of a provider's export: bytes to text, text to cells, cells to what one row says. Pure.

Strict, because it is about money: a row that does not fit its header, or a figure that cannot be right, refuses the whole
file with the line it is in. Columns that nobody asked for are never looked at, names of keys, projects and people among them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from engine.errors import BillUnfit
from engine.ledger.bill_cells import count_in, day_in, money_in, name_in
from engine.ledger.bill_formats import PLAIN, Layout, Names, column_names, layouts_of

LARGEST_FILE = 50_000_000  # bytes
MOST_LINES = 2_000_000
SEPARATORS = ",;\t"
LONGEST_HEADER = 100_000  # characters
DOLLARS = PLAIN | {"usd"}


@dataclass(frozen=True)
class Usage:
    """What one row says. `service` is how it is priced: `list`, `batch`, or `other` where no price is known for it."""

    line: int
    day: date
    model: str
    n_requests: int
    prompt: int
    generated: int
    cached: int
    cache_write: int
    hour_write: int
    money: Decimal | None
    service: str
    steps: str


class BillTable:
    """A file that is being read, `n_lines` of it so far. `n_skipped` rows name no usage, as those of days without any."""

    def __init__(self, content: bytes, file: str, latest: date) -> None:
        """Raises BillUnfit where it is no table of a known kind."""
        self._file, self._latest = file, latest
        self.n_skipped = 0
        self.n_lines = 0
        text = _text(content, file)
        self._separator, self._names, self.layout = self._header(text)
        self._rows = csv.reader(io.StringIO(text, newline=""), delimiter=self._separator, strict=True)
        self._at = {name: at for at, name in enumerate(self._names)}
        layout = self.layout
        self._day, self._model, self._requests = (self._first(each) for each in (layout.day, layout.model, layout.requests))
        self._amount, self._currency, self._steps = (self._first(each) for each in (layout.money, layout.currency, layout.steps))
        self._prompt, self._generated = self._places(layout.prompt), self._places(layout.generated)
        self._cached, self._written = self._places(layout.cached), self._places(layout.cache_write)
        self._hour, self._unpriced = self._places(layout.hour_write), self._places(layout.unpriced)
        figures = (self._amount, self._requests, *self._prompt, *self._generated)
        self._figures = tuple(each for each in figures if each is not None)

    def usage(self) -> Iterator[Usage]:
        """What each row says. Raises BillUnfit."""
        has_header = False
        try:
            for row in self._rows:
                line = self.n_lines = self._rows.line_num
                if line > MOST_LINES:
                    raise BillUnfit(self._file, "too_large", line)
                if not any(row):
                    continue
                if not has_header:
                    has_header = True
                elif (found := self._read(self._fitted(row, line), line)) is not None:
                    yield found
        except csv.Error:
            raise BillUnfit(self._file, "not_text", self._rows.line_num) from None

    # ---------------------------------------------------------------- the header
    def _header(self, text: str) -> tuple[str, tuple[str, ...], Layout]:
        first = next((each for each in text[:LONGEST_HEADER].splitlines() if each.strip()), "")
        for separator in sorted(SEPARATORS, key=first.count, reverse=True):
            try:
                cells = next(csv.reader([first], delimiter=separator, strict=True), [])
            except csv.Error:
                continue
            names = column_names(cells)
            layouts = layouts_of(names)
            if len(layouts) > 1:
                raise BillUnfit(self._file, "mixed", 1)
            if layouts:
                wanted = [each for each in names if names.count(each) > 1]
                if set(wanted) & {each for group in layouts[0].needs for each in group}:
                    raise BillUnfit(self._file, "unknown_columns", 1)
                return separator, names, layouts[0]
        raise BillUnfit(self._file, "unknown_columns" if first else "no_rows")

    def _first(self, names: Names) -> int | None:
        return next((self._at[each] for each in names if each in self._at), None)

    def _places(self, names: Names) -> tuple[int, ...]:
        return tuple(self._at[each] for each in names if each in self._at)

    # ---------------------------------------------------------------- a row
    def _fitted(self, row: list[str], line: int) -> list[str]:
        """The row as long as its header: spreadsheets leave out empty cells at the end, and add some."""
        n = len(self._names)
        if len(row) < n:
            row = row + [""] * (n - len(row)) if len(row) > 1 else row
        elif len(row) > n and not any(row[n:]):
            row = row[:n]
        if len(row) != n:
            raise BillUnfit(self._file, "mixed" if layouts_of(column_names(row)) else "unknown_columns", line)
        return row

    def _read(self, row: list[str], line: int) -> Usage | None:
        if not any(row[each].strip() for each in self._figures):
            self.n_skipped += 1
            return None
        try:
            day = day_in(self._cell(row, self._day), self._latest)
        except ValueError:
            if self._is_header(row, line):
                self.n_skipped += 1
                return None
            raise BillUnfit(self._file, "bad_day", line) from None
        try:
            model = name_in(self._cell(row, self._model), self.layout.item_ends)
        except ValueError:
            raise BillUnfit(self._file, "not_text", line) from None
        try:
            return self._usage(row, line, day, model)
        except ValueError:
            raise BillUnfit(self._file, "bad_number", line) from None

    def _usage(self, row: list[str], line: int, day: date, model: str) -> Usage:
        prompt, cached = _sum(row, self._prompt), _sum(row, self._cached)
        return Usage(
            line, day, model,
            n_requests=1 if self.layout.is_request else count_in(self._cell(row, self._requests)),
            prompt=prompt, generated=_sum(row, self._generated),
            cached=min(cached, prompt),  # OpenRouter may count the two with different tokenizers
            cache_write=_sum(row, self._written), hour_write=_sum(row, self._hour),
            money=self._money(row), service=self._service(row), steps=self._cell(row, self._steps).strip(),
        )  # fmt: skip

    def _cell(self, row: Sequence[str], at: int | None) -> str:
        return "" if at is None else row[at]

    def _money(self, row: Sequence[str]) -> Decimal | None:
        """The amount in dollars. Raises ValueError, for another currency too: no rate of that day is known."""
        amount = self._cell(row, self._amount)
        if not amount.strip():
            return None
        if self._cell(row, self._currency).strip().casefold() not in DOLLARS:
            raise ValueError("no dollars")
        return money_in(amount)

    def _service(self, row: Sequence[str]) -> str:
        service = "list"
        for name, values in self.layout.ordinary.items():
            if name not in self._at or (value := row[self._at[name]].strip().casefold()) in values:
                continue
            if value not in self.layout.batch.get(name, ()):
                return "other"
            service = "batch"
        return "other" if any(count_in(row[each]) for each in self._unpriced) else service

    def _is_header(self, row: Sequence[str], line: int) -> bool:
        """Whether this row is the header once more, as in exports that were put behind each other; another one is refused."""
        names = column_names(row)
        if names == self._names:
            return True
        if layouts_of(names):
            raise BillUnfit(self._file, "mixed", line)
        return False


def _sum(row: Sequence[str], places: Sequence[int]) -> int:
    return sum(count_in(row[each]) for each in places)


def _text(content: bytes, file: str) -> str:
    """The file's text: UTF-8, or UTF-16 where it begins with that mark, as spreadsheets write it. Raises BillUnfit."""
    if len(content) > LARGEST_FILE:
        raise BillUnfit(file, "too_large")
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise BillUnfit(file, "not_text") from None
    if "\0" in text:
        raise BillUnfit(file, "not_text")
    return text
