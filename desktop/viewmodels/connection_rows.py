"""Connections as rows of a table: words for each column and sort keys. Pure functions of a Connection."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop import figures
from desktop.cells import Cell, StatusCell, TextCell
from desktop.wordings import connections
from engine.network_records import Connection

translate = QCoreApplication.translate

COLUMNS = ("time", "host", "purpose", "sent", "received", "result")
_OUTCOMES = ("refused", "failed", "open", "done")


def title_of(column: str) -> str:
    return {
        "time": translate("connections", "Time"),
        "host": translate("connections", "Host"),
        "purpose": translate("connections", "Purpose"),
        "sent": translate("connections", "Sent"),
        "received": translate("connections", "Received"),
        "result": translate("connections", "Result"),
    }[column]


def cell_of(connection: Connection, column: str) -> Cell:
    """What a cell shows."""
    match column:
        case "time":
            return TextCell(figures.moment(connection.time))
        case "host":
            return TextCell(connection.host, mono=True)
        case "purpose":
            return TextCell(connections.purpose(connection), strong=True)
        case "sent":
            return TextCell(figures.amount_of_data(connection.sent), right=True)
        case "received":
            return TextCell(figures.amount_of_data(connection.received), right=True)
    return StatusCell(connections.result(connection))


def sort_key(connection: Connection, column: str) -> tuple[object, ...]:
    """Key of a column; the time settles ties, so that the order of a column never jumps."""
    match column:
        case "host":
            first: object = connection.host
        case "purpose":
            first = connections.purpose(connection)
        case "sent":
            first = connection.sent
        case "received":
            first = connection.received
        case "result":
            first = _OUTCOMES.index(connection.outcome)
        case _:
            first = connection.time
    return first, connection.time, connection.id
