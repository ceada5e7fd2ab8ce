"""Price lists that a user carries over in a file, and what a price must be like to be taken. Pure: bytes in, prices out.

CSV with a line of column names, or JSON: a list of objects with the same names.

    model         PROVIDER/MODEL, or MODEL beside a column `provider`
    input         dollars for a million tokens that are read, at most six digits behind the point; so are
    output          those that are written (both must be there),
    cached          those that were read from a cache, empty: as `input`,
    cache_write     and those that are written to one, empty: as `input`
    valid_from    the first day it holds, such as 2026-11-01; empty: always before
    valid_to      the last day; empty: until something else is said
    source        where it stands: an address, or words
    checked       the day on which somebody compared it with that
    note          words

All of a file is taken or nothing: a list in which one figure was misread says nothing that can be relied on.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, NoReturn

from engine.errors import PricesUnfit
from engine.price_records import ListedPrice

MOST_BYTES = 5_000_000
MOST_ROWS = 20_000
LONGEST_MODEL, LONGEST_TEXT = 200, 2_000  # characters
DEAREST = 10_000_000_000  # pico-dollars a token: ten thousand dollars for a million; the dearest that is listed costs 600
FIRST_YEAR, LAST_YEAR = 2015, 2100

Reason = Literal["not_text", "unknown_columns", "no_rows", "too_large", "bad_number", "bad_day", "bad_model", "cannot_read"]
Row = dict[str, str]

_COLUMNS = frozenset("provider model input output cached cache_write valid_from valid_to source checked note".split())
_NEEDED = frozenset({"model", "input", "output"})
_FIGURE = re.compile(r"\d{1,6}(\.\d{1,6})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_BLANKS = re.compile(r"[ \t\r\n]*")
_ADDRESS = re.compile(r"https?://[^\s]+", re.IGNORECASE)


@dataclass(frozen=True)
class _Place:
    """Where in a file something is wrong."""

    file: str = ""
    line: int | None = None

    def unfit(self, reason: Reason, detail: str = "") -> NoReturn:
        raise PricesUnfit(reason, self.file, self.line, detail)


def read_prices(data: bytes, file_name: str, today: date) -> list[ListedPrice]:
    """The prices of a file, in its order. Raises PricesUnfit, with the line where one is to blame.

    A price that was checked after today would make the list look new for ever, so it is not taken.
    """
    file = _Place(file_name)
    if len(data) > MOST_BYTES:
        file.unfit("too_large")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        file.unfit("not_text")
    if "\0" in text:
        file.unfit("not_text")
    if not text.strip():
        file.unfit("no_rows")
    is_json = text.lstrip()[:1] in ("[", "{")
    prices: list[ListedPrice] = []
    seen: set[tuple[str, date | None]] = set()
    for line, row in _json_rows(text, file) if is_json else _csv_rows(text, file):
        place = _Place(file_name, line)
        if len(prices) >= MOST_ROWS:
            place.unfit("too_large")
        price = _price(row, place)
        if (key := (price.model.casefold(), price.first)) in seen:
            place.unfit("bad_model", "model")  # the same one twice: nobody can say which of them is meant
        if price.checked > (today + timedelta(days=1)).isoformat():  # it may be tomorrow elsewhere
            place.unfit("bad_day", "checked")
        seen.add(key)
        prices.append(price)
    if not prices:
        file.unfit("no_rows")
    return prices


def check_price(price: ListedPrice) -> ListedPrice:
    """A price that somebody entered, as it is kept. Raises PricesUnfit with the name of the field."""
    place = _Place()
    _check(price, place)
    return replace(price, source="own", has_steps=False)


# ---------------------------------------------------------------- rows of files
def _csv_rows(text: str, file: _Place) -> Iterator[tuple[int, Row]]:
    heading = text.split("\n", 1)[0]
    rows = csv.reader(io.StringIO(text), delimiter=";" if ";" in heading else ",", strict=True)
    try:
        columns = [name.strip().casefold() for name in next(rows, [])]
        _check_columns(columns, _Place(file.file, 1))
        for cells in rows:
            place = _Place(file.file, rows.line_num)
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(columns):
                place.unfit("unknown_columns")
            yield rows.line_num, {name: cell.strip() for name, cell in zip(columns, cells, strict=False)}
    except csv.Error:
        _Place(file.file, rows.line_num).unfit("cannot_read")


def _json_rows(text: str, file: _Place) -> Iterator[tuple[int, Row]]:
    """One object after the other, so that each has its line. Numbers stay as they are written."""
    decoder = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=_once)
    position, line = _after_blanks(text, 0)
    expected = "["
    while text[position : position + 1] == expected:
        position, n_lines = _after_blanks(text, position + 1)
        line += n_lines
        if expected == "[" and text[position : position + 1] == "]":
            break
        place, start = _Place(file.file, line + 1), position
        try:
            found, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            place.unfit("cannot_read")
        yield line + 1, _row(found, place)
        line += text.count("\n", start, position)
        position, n_lines = _after_blanks(text, position)
        line, expected = line + n_lines, ","
    if text[position : position + 1] != "]" or text[position + 1 :].strip():
        _Place(file.file, line + 1).unfit("cannot_read")


def _after_blanks(text: str, position: int) -> tuple[int, int]:
    """Where the next sign stands, and how many lines further on."""
    match = _BLANKS.match(text, position)
    end = match.end() if match else position
    return end, text.count("\n", position, end)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Raises ValueError for a name that stands twice."""
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("a name stands twice")
    return made


def _row(found: object, place: _Place) -> Row:
    if not isinstance(found, dict):
        place.unfit("cannot_read")
    row: Row = {}
    for name, value in found.items():
        if value is not None and not isinstance(value, str):
            place.unfit("bad_number" if name not in ("model", "provider") else "bad_model", name)
        row[name.strip().casefold()] = (value or "").strip()
    _check_columns(list(row), place)
    return row


def _check_columns(columns: list[str], place: _Place) -> None:
    for name in columns:
        if name not in _COLUMNS or columns.count(name) > 1:
            place.unfit("unknown_columns", name[:40])
    if missing := _NEEDED - set(columns):
        place.unfit("unknown_columns", min(missing))


# ---------------------------------------------------------------- one price
def _price(row: Row, place: _Place) -> ListedPrice:
    model = row.get("model", "")
    if provider := row.get("provider", ""):
        model = f"{provider}/{model}"
    if (prompt := _pico(row, "input", place)) is None:
        place.unfit("bad_number", "input")
    if (generated := _pico(row, "output", place)) is None:
        place.unfit("bad_number", "output")
    source, note = (" ".join(row.get(name, "").split()) for name in ("source", "note"))
    is_address = _ADDRESS.fullmatch(source) is not None
    price = ListedPrice(
        model=model,
        prompt=prompt,
        generated=generated,
        cached=_pico(row, "cached", place),
        cache_write=_pico(row, "cache_write", place),
        first=_day(row, "valid_from", place),
        last=_day(row, "valid_to", place),
        source="imported",
        url=source if is_address else "",
        checked=row.get("checked", ""),
        note=note if is_address or not source else f"{source}. {note}" if note else source,
    )
    _check(price, place)
    return price


def _check(price: ListedPrice, place: _Place) -> None:
    provider, _, model = price.model.partition("/")
    is_plain = price.model.isprintable() and not any(sign.isspace() for sign in price.model)
    if not (provider and model and is_plain and len(price.model) <= LONGEST_MODEL) or model.endswith("/"):
        place.unfit("bad_model", "model")
    figures = (("input", price.prompt), ("output", price.generated), ("cached", price.cached), ("cache_write", price.cache_write))
    for name, figure in figures:
        if figure is not None and not 0 <= figure <= DEAREST:
            place.unfit("bad_number", name)
    for name, day in (("valid_from", price.first), ("valid_to", price.last)):
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            place.unfit("bad_day", name)
    if price.first and price.last and price.last < price.first:
        place.unfit("bad_day", "valid_to")
    _day({"checked": price.checked}, "checked", place)
    if price.url and not _ADDRESS.fullmatch(price.url):
        place.unfit("cannot_read", "source")
    for name, text in (("source", price.url), ("note", price.note)):
        if len(text) > LONGEST_TEXT:
            place.unfit("too_large", name)
        if not text.isprintable():
            place.unfit("not_text", name)


def _pico(row: Row, name: str, place: _Place) -> int | None:
    """Dollars for a million tokens are as many millionths, that is pico-dollars, for one."""
    if not (text := row.get(name, "")):
        return None
    if not _FIGURE.fullmatch(text):
        place.unfit("bad_number", name)
    return int(Decimal(text) * 1_000_000)


def _day(row: Row, name: str, place: _Place) -> date | None:
    if not (text := row.get(name, "")):
        return None
    if not _DAY.fullmatch(text):
        place.unfit("bad_day", name)
    try:
        return date.fromisoformat(text)
    except ValueError:
        place.unfit("bad_day", name)
