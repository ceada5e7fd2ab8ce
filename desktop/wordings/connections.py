"""The network log in words: what a connection was for, how it ended, and why it was not opened. Pure."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QCoreApplication

from desktop import figures
from desktop.wordings.words import StatusWords
from engine.network_records import Connection, Purpose

translate = QCoreApplication.translate


def purpose_name(purpose: Purpose | None) -> str:
    """What connections of a purpose are for."""
    if purpose is None:
        return translate("wording", "Unknown")
    return {
        "models": translate("wording", "Models"),
        "compare": translate("wording", "Compare"),
        "server": translate("wording", "Programs on this computer"),
    }[purpose]


def purpose(connection: Connection) -> str:
    """`Models, Qwen3 8B`; of one that was refused also why."""
    parts = [purpose_name(connection.purpose), connection.about]
    if connection.outcome == "refused":
        parts.append(refusal(connection.reason))
    return ", ".join(part for part in parts if part)


def refusal(reason: str) -> str:
    """Why a connection was not opened, in a few words."""
    return {
        "offline": translate("wording", "lock was closed"),
        "no_purpose": translate("wording", "nothing asked for it"),
        "host_not_allowed": translate("wording", "host is not allowed"),
        "not_https": translate("wording", "not encrypted"),
        "bypass": translate("wording", "tried to pass the lock"),
        "not_approved": translate("wording", "nobody approved it"),
    }.get(reason, reason)


def failure(reason: str) -> str:
    """How a connection that was opened failed, in a few words."""
    return {
        "no_address": translate("wording", "address not found"),
        "no_connection": translate("wording", "no connection"),
        "timed_out": translate("wording", "no answer in time"),
        "tls": translate("wording", "certificate not trusted"),
        "proxy": translate("wording", "the proxy refused"),
        "broken_off": translate("wording", "broken off"),
        "bad_answer": translate("wording", "answer could not be used"),
        "interrupted": translate("wording", "stopped"),
    }.get(reason, reason)


def result(connection: Connection) -> StatusWords:
    """The chip of a connection. Copper is for text that leaves, so a download that was allowed stays neutral."""
    match connection.outcome:
        case "refused":
            return StatusWords(translate("wording", "Blocked"), "neutral", "x")
        case "failed":
            return StatusWords(translate("wording", "Failed"), "caution", "triangle-alert")
        case "open":
            return StatusWords(translate("wording", "Open"), _tone(connection), "clock")
    icon = "arrow-up-right" if connection.purpose == "compare" else "arrow-down-to-line"
    return StatusWords(translate("wording", "Allowed"), _tone(connection), icon)


def _tone(connection: Connection) -> Literal["outbound", "neutral"]:
    return "outbound" if connection.purpose == "compare" else "neutral"


def details(connection: Connection) -> str:
    """Everything that is known of a connection, one fact a line, for a tooltip."""
    lines = [f"{connection.method} {connection.host}:{connection.port}".strip(), purpose(connection)]
    if connection.status is not None:
        lines.append(translate("wording", "Answer {status}").format(status=connection.status))
    if connection.outcome == "failed":
        lines.append(failure(connection.reason))
    if connection.outcome == "open":
        lines.append(translate("wording", "Still running, or Strongroom ended before it did"))
    if connection.via:
        lines.append(translate("wording", "Through the proxy {proxy}").format(proxy=connection.via))
    if connection.duration_s is not None:
        lines.append(translate("wording", "Took {duration}").format(duration=figures.seconds(connection.duration_s)))
    return "\n".join(lines)


def left(n_bytes: int, days: int | None) -> str:
    """How much text left this computer in the time that is shown; a fact of the log, not a promise."""
    period = {
        7: translate("wording", "In the last 7 days"),
        30: translate("wording", "In the last 30 days"),
        None: translate("wording", "As far back as the log reaches"),
    }[days]
    if not n_bytes:
        words = translate("wording", "{period}, no text of your documents or conversations left this computer.")
        return words.format(period=period)
    text = translate("wording", "{period}, {size} of text left this computer, all of it approved by you.")
    return text.format(period=period, size=figures.amount_of_data(n_bytes))
