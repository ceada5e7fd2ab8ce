"""Writes a month of the ledger to a file that the user chose; its ending says as what. Nothing is encrypted there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from engine.errors import FolderUnwritable, LedgerInputUnfit
from engine.events import Event
from engine.ledger_events import LedgerExported
from engine.ledger_intents import ExportLedger
from engine.ledger_records import LedgerEvent, Month
from engine.statement_records import LedgerPage
from engine.work.export import FileBeside, write_file
from engine.work.statements import Statements
from engine.work.store_access import StoreAccess

AT_ONCE = 2_000  # entries; a page of them is read and written in about a tenth of a second


class LedgerExport:
    """Create and use it on the engine's loop."""

    def __init__(self, access: StoreAccess, statements: Statements, publish: Callable[[Event], None]) -> None:
        self._access, self._statements, self._publish = access, statements, publish

    async def write(self, wish: ExportLedger) -> None:
        """Write a month, or every entry of it, and tell when it is done.

        Raises LedgerInputUnfit for an ending that is none of these or a month that cannot be, StoreError, DiskFull,
        FolderUnwritable. Whatever is raised, a file that was there before is as it was.
        """
        ending = wish.file.suffix.casefold()
        if ending not in ((".csv",) if wish.entries else _WRITERS):
            raise LedgerInputUnfit("file", "unknown_ending")
        page = await self._statements.page(wish.month)
        try:
            if wish.entries:
                await self._write_entries(wish.file, page.statement.month)
            else:
                await asyncio.to_thread(_write_page, wish.file, ending, page)
        except OSError as problem:  # no such folder, no right to write there, or a folder of the file's own name
            raise FolderUnwritable(str(wish.file if wish.file.is_dir() else wish.file.parent)) from problem
        self._publish(LedgerExported(wish.file))

    async def _write_entries(self, file: Path, month: Month) -> None:
        """Some entries at a time, so that a month with a million needs no more memory than one with a few."""
        beside = await asyncio.to_thread(FileBeside, file)
        try:
            await asyncio.to_thread(_write_lines, beside, (), is_first=True)
            after: tuple[datetime, str] | None = None
            while entries := await self._entries(month, after):
                await asyncio.to_thread(_write_lines, beside, entries)
                after = (entries[-1].time, entries[-1].id)
            await asyncio.to_thread(beside.finish)
        except BaseException:  # also when nobody waits for it any more: half a file is worth nothing
            beside.drop()
            raise

    async def _entries(self, month: Month, after: tuple[datetime, str] | None) -> list[LedgerEvent]:
        return await self._access.read(lambda store: store.ledger.events(month.first, month.last, after=after, limit=AT_ONCE))


# The libraries for spreadsheets and PDF are loaded when somebody writes one: together they take a fifth of a second.
def _write_lines(beside: FileBeside, entries: Sequence[LedgerEvent], *, is_first: bool = False) -> None:
    from engine.reports.entries_csv import entries_csv

    header, *lines = entries_csv(entries)
    beside.write("".join(lines if not is_first else [header, *lines]))


def _write_page(file: Path, ending: str, page: LedgerPage) -> None:
    write_file(file, _WRITERS[ending](page))


def _as_csv(page: LedgerPage) -> str:
    from engine.reports.month_csv import month_csv

    return month_csv(page)


def _as_workbook(page: LedgerPage) -> bytes:
    from engine.reports.workbook import workbook

    return workbook(page)


def _as_printed_page(page: LedgerPage) -> bytes:
    from engine.reports.printed_page import printed_page

    return printed_page(page)


_WRITERS: dict[str, Callable[[LedgerPage], str | bytes]] = {
    ".csv": _as_csv,
    ".xlsx": _as_workbook,
    ".pdf": _as_printed_page,
}
