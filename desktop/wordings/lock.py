"""The offline lock in words: what is open, what runs through it, since when. Pure; no error sentences."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from desktop import figures
from desktop.wordings.words import StatusWords
from engine.network_records import NetworkState, Purpose

translate = QCoreApplication.translate


def state(network: NetworkState, n_downloads: int = 0, *, waits_for_send: bool = False) -> StatusWords:
    """The lock as the status bar shows it; `n_downloads` are those that fetch something at this moment.

    What leaves comes first, then what runs, then what could: the bar never says less than what may happen.
    `waits_for_send`: a text is being read before it may be sent.
    """
    if network.sending_to:
        return _sending(network.sending_to)
    if network.is_closed and waits_for_send:
        return StatusWords(translate("wording", "Offline until you choose Send"), "local", "lock")
    if network.is_closed:
        return StatusWords(translate("wording", "Offline. Nothing leaves this computer"), "local", "lock")
    if "compare" in network.busy_with:
        return StatusWords(translate("wording", "Connected to where a model is offered"), "outbound", "arrow-up-right")
    if "models" in network.open_purposes:
        return _models(network, n_downloads)
    if "server" in network.open_purposes:
        return StatusWords(translate("wording", "Open for programs on this computer"), "neutral", "lock-open")
    return StatusWords(translate("wording", "Offline until you choose Send"), "local", "lock")


def _sending(hosts: tuple[str, ...]) -> StatusWords:
    text = translate("wording", "Sending to {n} hosts for this comparison").format(n=figures.number(len(hosts)))
    if len(hosts) == 1:
        text = translate("wording", "Sending to {host} for this comparison").format(host=hosts[0])
    return StatusWords(text, "outbound", "arrow-up-right")


def _models(network: NetworkState, n_downloads: int) -> StatusWords:
    if n_downloads > 1:
        text = translate("wording", "Downloading {n} models. Your documents stay here").format(n=figures.number(n_downloads))
        return StatusWords(text, "neutral", "arrow-down-to-line")
    if n_downloads == 1:
        return StatusWords(translate("wording", "Downloading a model. Your documents stay here"), "neutral", "arrow-down-to-line")
    if "models" in network.busy_with:
        return StatusWords(translate("wording", "Looking for models. Your documents stay here"), "neutral", "search")
    return StatusWords(translate("wording", "Downloads allowed. Your documents stay here"), "neutral", "lock-open")


def title(network: NetworkState) -> str:
    """Heading of the lock on the Privacy page."""
    if network.is_closed:
        return translate("wording", "Offline lock is on")
    return translate("wording", "Offline lock is open for {purposes}").format(purposes=purposes(network.open_purposes))


def sentence(network: NetworkState) -> str:
    """What the state of the lock means."""
    if network.is_closed:
        return translate(
            "wording",
            "Strongroom opens no connection by itself. Downloads ask you to unlock first. A text leaves only when you choose "
            "Send, and a key is told only when you choose Test.",
        )
    parts = {
        "models": translate("wording", "Strongroom may look for models and download them. Your documents stay here."),
        "compare": translate("wording", "Text leaves only when you choose Send."),
        "server": translate("wording", "Programs on this computer may ask Strongroom."),
    }
    return " ".join(parts[purpose] for purpose in network.open_purposes)


def purposes(open_purposes: tuple[Purpose, ...]) -> str:
    """`downloads`, `downloads and sending`."""
    words = {
        "models": translate("wording", "downloads"),
        "compare": translate("wording", "sending"),
        "server": translate("wording", "other programs"),
    }
    *first, last = [words[purpose] for purpose in open_purposes]
    return translate("wording", "{first} and {last}").format(first=", ".join(first), last=last) if first else last


def since(network: NetworkState, now: datetime) -> str:
    """`Closed for 3 h 12 min`; empty where the engine does not say since when."""
    if network.since is None:
        return ""
    for_long = figures.duration((now - network.since).total_seconds())
    if network.is_closed:
        return translate("wording", "Closed for {duration}").format(duration=for_long)
    return translate("wording", "Open for {duration}").format(duration=for_long)
