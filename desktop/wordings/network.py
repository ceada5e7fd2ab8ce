"""Sentences about connections: those that the lock kept in, those that failed, and hubs that said no."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from desktop import figures
from desktop.wordings.words import Words
from engine import errors

translate = QCoreApplication.translate


def _host(name: str) -> str:
    return name or translate("wording", "another computer")


def _nothing_left() -> str:
    return translate("wording", "Nothing was sent. Your documents and conversations stay on this computer.")


def _fetched_kept() -> str:
    return translate("wording", "What was fetched before is kept, so a download continues from where it stopped.")


def _network_refused(error: errors.NetworkRefused) -> Words:
    host = _host(error.host)
    title, happened, to_do = {
        "offline": (
            translate("wording", "The offline lock is closed"),
            translate("wording", "Strongroom did not connect to {host}, because the lock is closed for this purpose."),
            _opening(error.purpose),
        ),
        "no_purpose": (
            translate("wording", "A connection without a purpose was stopped"),
            translate("wording", "A part of Strongroom wanted to connect to {host} without saying what for."),
            translate("wording", "You can go on working. Copy the details into a report, so that it is put right."),
        ),
        "host_not_allowed": (
            translate("wording", "{host} may not be reached"),
            translate("wording", "It is not among the hosts that were shown to you, so it was not contacted."),
            translate("wording", "If you trust it, add it in Settings, Models and memory. Otherwise choose another model."),
        ),
        "not_https": (
            translate("wording", "The address of {host} is not safe"),
            translate("wording", "It would be reached without encryption, so that others could read and change what is sent."),
            translate("wording", "Enter an address that begins with https in Settings, Models and memory."),
        ),
        "bypass": (
            translate("wording", "A connection past the lock was stopped"),
            translate("wording", "Something in the program wanted to reach {host} without asking the lock. It was stopped."),
            translate("wording", "Look at it in Settings, Privacy, and copy the details into a report."),
        ),
        "not_approved": (
            translate("wording", "A text that nobody approved was held back"),
            translate("wording", "What was about to go to {host} is not, letter for letter, the text that you approved."),
            translate("wording", "Compare again and read the text before you choose Send."),
        ),
    }[error.reason]
    is_closed = error.reason == "offline"
    return Words(
        title=title.format(host=host),
        summary=translate("wording", "Nothing was sent."),
        happened=happened.format(host=host),
        kept=_nothing_left(),
        to_do=to_do,
        icon="lock" if is_closed else "shield-alert",
        tone="neutral" if is_closed else "caution",
        actions=("open_lock",) if is_closed and error.purpose in ("models", "") else ("privacy",),
    )


def _opening(purpose: str) -> str:
    if purpose == "compare":
        return translate("wording", "Choose Send in Compare: it opens the lock for that one text.")
    if purpose == "server":
        return translate("wording", "Allow other programs on this computer in Settings, Privacy.")
    return translate("wording", "Open the lock for downloads, then try again.")


def _network_failed(error: errors.NetworkFailed) -> Words:
    host = _host(error.host)
    happened, to_do = {
        "no_address": (
            translate("wording", "No address was found for {host}. This computer may have no connection to the internet."),
            translate("wording", "Check the connection, then try again."),
        ),
        "no_connection": (
            translate("wording", "{host} could not be reached. The network or a firewall may be in the way."),
            translate("wording", "Check the connection, then try again."),
        ),
        "timed_out": (
            translate("wording", "{host} did not answer in time."),
            translate("wording", "Try again in a few minutes."),
        ),
        "tls": (
            translate("wording", "{host} could not prove that it is {host}. Something on the way may be reading along."),
            translate(
                "wording",
                "If your organisation inspects connections, its certificate must be installed in this system. Otherwise do "
                "not continue on this network.",
            ),
        ),
        "proxy": (
            translate("wording", "The proxy on the way to {host} refused, or could not be reached."),
            translate("wording", "Check the proxy in Settings, Models and memory, or ask whoever administers your network."),
        ),
        "broken_off": (
            translate("wording", "The connection to {host} ended before everything had come."),
            translate("wording", "Try again. It goes on from where it stopped."),
        ),
        "bad_answer": (
            translate("wording", "{host} sent something that is not an answer to what was asked."),
            translate("wording", "Try again later. On a guest network, sign in to it first."),
        ),
    }[error.reason]
    return Words(
        title=translate("wording", "No answer from {host}").format(host=host),
        summary=happened.format(host=host),
        happened=happened.format(host=host),
        kept=_fetched_kept(),
        to_do=to_do,
        icon="shield-alert" if error.reason == "tls" else "wifi-off",
        tone="danger" if error.reason == "tls" else "caution",
        actions=("privacy", "try_again") if error.reason in ("proxy", "tls") else ("try_again",),
    )


def _hub_refused(error: errors.HubRefused) -> Words:
    host = _host(error.host)
    happened, to_do, actions = {
        "not_found": (
            translate("wording", "{host} has no such model or file any more. It was renamed or taken back."),
            translate("wording", "Choose another size or another model."),
            (),
        ),
        "gated": (
            translate("wording", "The publisher wants you to sign in at {host} and agree to its terms first."),
            translate("wording", "Agree to the terms in a browser, then add your access token here and try again."),
            ("token", "try_again"),
        ),
        "token_refused": (
            translate("wording", "{host} did not accept your access token. It may have ended, or not cover this model."),
            translate("wording", "Add another token, then try again."),
            ("token", "try_again"),
        ),
        "rate_limited": (
            translate("wording", "{host} has had too many requests from this network for now."),
            _waiting(error.retry_after_s),
            ("try_again",),
        ),
        "server_error": (
            translate("wording", "{host} has a fault of its own at the moment."),
            translate("wording", "Try again in a few minutes."),
            ("try_again",),
        ),
        "unexpected": (
            translate("wording", "{host} answered with {status}, which says nothing about the model."),
            translate("wording", "Try again later, or choose another model."),
            ("try_again",),
        ),
    }[error.reason]
    return Words(
        title=translate("wording", "{host} did not give what was asked for").format(host=host),
        summary=happened.format(host=host, status=error.status),
        happened=happened.format(host=host, status=error.status),
        kept=_fetched_kept(),
        to_do=to_do,
        icon="key-round" if "token" in actions else "circle-alert",
        tone="caution",
        actions=actions,
    )


def _waiting(seconds: float | None) -> str:
    if seconds is None:
        return translate("wording", "Wait a few minutes, then try again.")
    minutes = max(1, round(seconds / 60))
    wait = figures.amount(minutes, translate("figures", "minute"), translate("figures", "minutes"))
    return translate("wording", "It asks to wait {time}. Then try again.").format(time=wait)


WORDS: dict[str, Callable[..., Words]] = {
    "network_refused": _network_refused,
    "network_failed": _network_failed,
    "hub_refused": _hub_refused,
}
