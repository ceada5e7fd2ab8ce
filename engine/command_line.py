"""The verbs, for scripts and administrators: read arguments, run one verb on the engine, print, choose the exit code.

Standard output carries the answer and nothing else (with `--json` one document); everything else goes to
standard error. What each verb does is in `verbs`; how it looks as text is in `plain_text`.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from getpass import getpass
from typing import Any

from engine import compare_verbs, cost_verbs, ledger_verbs, model_verbs, privacy_verbs, route_verbs, verbs
from engine.command_arguments import parser
from engine.errors import (
    BudgetReached,
    HiddenDetailLeaks,
    MatterConfidential,
    MoveRefused,
    NetworkRefused,
    NotApproved,
    StoreError,
    StoreLocked,
    StrongroomError,
)  # fmt: skip
from engine.network_records import Purpose
from engine.plain_text import as_text, json_text, sentence_for
from engine.progress_line import Progress
from engine.service import Service, open_service
from engine.session import Session
from engine.work.faults import translated

DONE, FAILED, WRONG_USAGE, REFUSED, INTERRUPTED = 0, 1, 2, 3, 130
POLICY = (NetworkRefused, MatterConfidential, NotApproved, HiddenDetailLeaks, BudgetReached, MoveRefused)
VERBS = (verbs, model_verbs, privacy_verbs, compare_verbs, ledger_verbs, cost_verbs, route_verbs)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; returns the exit code."""
    options = parser().parse_args(argv)
    if options.allow and options.needs_store:
        options.needs_store = True  # where connections are written down; without it none is let out
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr, format="%(message)s")
    progress = Progress(sys.stderr, answer=sys.stdout if options.verb == "chat" and not options.json else None)
    service = open_service(options.profile, progress.take)
    service.start(with_window=False)
    try:
        passphrase = _passphrase(service, options) if options.needs_store is True and not options.memory else None
        result = service.call(lambda session: _run(session, options, progress, passphrase))
    except StrongroomError as error:
        progress.end()
        return _fail(error, as_json=options.json)
    except KeyboardInterrupt:
        progress.end()
        print("Interrupted. What was stored is kept.", file=sys.stderr)
        return INTERRUPTED
    finally:
        service.close()
    progress.end()
    if not progress.has_answered:
        print(json_text(result) if options.json else as_text(options.verb, result))
    return FAILED if result.get("problems") and options.verb == "doctor" else DONE


async def _run(session: Session, options: argparse.Namespace, progress: Progress, passphrase: str | None) -> dict[str, Any]:
    """Run the verb; also a fault of Strongroom ends in one document with a kind, without the text of an exception."""
    with translated(options.run):
        if options.memory and options.needs_store:
            await session.unlock("memory", go_on=False)
        elif options.needs_store is True:
            await session.unlock("keyring" if passphrase is None else "passphrase", passphrase, go_on=False)
        elif options.needs_store:
            await _unlock_if_there(session, options)
        await _open_network(session, options, progress)
        return await _verb(options.run)(session, options, progress)


async def _unlock_if_there(session: Session, options: argparse.Namespace) -> None:
    """Open a store that is there, for where models are kept and how fast they were; do without it where that takes a question."""
    try:
        kind = await session.kind_of_store()
        if kind == "keyring":
            await session.unlock("keyring", go_on=False)
        elif kind is not None and options.passphrase_fd is None:
            raise StoreLocked("needs_passphrase")
        elif kind is not None:
            await session.unlock("passphrase", _from_descriptor(options.passphrase_fd), go_on=False)
    except StoreError as error:
        print(f"Without the store: {sentence_for(error)}", file=sys.stderr)


async def _open_network(session: Session, options: argparse.Namespace, progress: Progress) -> None:
    """Open what `--allow` names for this call, and say which hosts a verb that needs the network will talk to."""
    if options.allow and session.access.is_open:
        session.network.allow_for_this_run(frozenset(options.allow), session.settings)
    if getattr(options, "hub", None):
        session.network.use_hub_for_this_run(options.hub, tuple(options.hub_host or ()), session.settings)
    purpose: Purpose | None = options.network
    if purpose is None:
        return
    if purpose not in session.network.state().open_purposes:
        raise NetworkRefused(purpose, session.network.first_host(purpose), "offline")
    through = f", through the proxy {proxy}" if (proxy := session.network.state().proxy) else ""
    progress.say(f"Network, for {purpose} only: {', '.join(session.network.hosts(purpose))}{through}")


def _verb(name: str) -> Any:
    return next(getattr(module, name) for module in VERBS if hasattr(module, name))


def _passphrase(service: Service, options: argparse.Namespace) -> str | None:
    """The passphrase from a descriptor or a prompt, never from an argument; None for a store that the keyring opens.

    Asked on the main thread, where Ctrl C ends the prompt and gives the terminal its echo back.
    """
    if options.passphrase_fd is not None:
        return _from_descriptor(options.passphrase_fd)
    if service.call(lambda session: session.kind_of_store()) != "passphrase":
        return None
    if not sys.stdin.isatty():
        raise StoreLocked("needs_passphrase")
    return getpass("Passphrase of the store: ", stream=sys.stderr)


def _from_descriptor(number: int) -> str:
    try:
        with os.fdopen(number, encoding="utf-8", closefd=True) as source:
            return source.readline().rstrip("\n")
    except (OSError, ValueError):  # not open, or not text
        raise StoreLocked("needs_passphrase") from None


def _fail(error: StrongroomError, *, as_json: bool) -> int:
    message = sentence_for(error)
    if as_json:
        print(json_text({"error": {"kind": error.kind, "message": message, "facts": error.facts}}))
    print(message, file=sys.stderr)
    return REFUSED if isinstance(error, POLICY) else FAILED
