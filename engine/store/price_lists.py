"""Prices that the user entered, and the one price list that was imported from a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import delete, select

from engine.errors import NotFound
from engine.price_records import ListedPrice
from engine.store.columns import name_on_one_line, storable
from engine.store.database import Database
from engine.store.json_records import json_of, record_from
from engine.store.ledger_tables import ImportedPricesRow, OwnPriceRow

ONLY = 1


class StoredPriceLists:
    """The prices of a profile. An own price is known by its model and the day from which it holds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def own(self) -> list[ListedPrice]:
        """All prices that the user entered, by model and first day."""
        wanted = select(OwnPriceRow.json_text).order_by(OwnPriceRow.model, OwnPriceRow.first_day)
        with self._database.read() as session:
            return [record_from(text, ListedPrice) for text in session.scalars(wanted)]

    def keep(self, price: ListedPrice) -> None:
        """Keep a price that the user entered, in place of the one of that model from the same day. Raises DiskFull."""
        row = OwnPriceRow(**_key(price), json_text=json_of(replace(price, source="own")))
        with self._database.write() as session:
            session.merge(row)

    def remove(self, price: ListedPrice) -> None:
        """Forget the own price of that model from that day. Raises NotFound."""
        which = [getattr(OwnPriceRow, name) == value for name, value in _key(price).items()]
        with self._database.write() as session:
            if session.execute(delete(OwnPriceRow).where(*which)).rowcount != 1:
                raise NotFound("price", price.model)

    def imported(self) -> tuple[str, list[ListedPrice]]:
        """The name of the file that was imported ('' for none) and its prices, in its order."""
        with self._database.read() as session:
            row = session.get(ImportedPricesRow, ONLY)
            return ("", []) if row is None else (row.file_name, record_from(row.json_text, list[ListedPrice]))

    def replace_imported(self, file_name: str, prices: Sequence[ListedPrice]) -> None:
        """Keep the prices of a file in place of those of an earlier one. Without any, the list is gone. Raises DiskFull."""
        with self._database.write() as session:
            session.execute(delete(ImportedPricesRow))
            if prices:
                kept = json_of([replace(price, source="imported") for price in prices])
                session.add(ImportedPricesRow(id=ONLY, file_name=name_on_one_line(file_name), json_text=kept))


def _key(price: ListedPrice) -> dict[str, str]:
    return {"model": storable(price.model), "first_day": "" if price.first is None else price.first.isoformat()}
