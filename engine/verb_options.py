"""Options that all verbs of the command line have, and how values of options are read. Runs nothing.

Each verb sets `run`, the name of the function that does it, and what it needs: `needs_store` (yes, no, or `if_there`:
open it where that takes no question) and `network`, the purpose for which it opens connections.
"""

from __future__ import annotations

import argparse
from typing import Any

from engine.network_records import PURPOSES, Purpose


def common(
    parser: argparse.ArgumentParser, run: str, *, needs_store: bool | str, network: Purpose | None = None
) -> argparse.ArgumentParser:
    """What a verb runs and needs, and the options of every verb."""
    parser.set_defaults(run=run, needs_store=needs_store, network=network)
    everywhere(parser, absent=argparse.SUPPRESS)
    return parser


def everywhere(parser: argparse.ArgumentParser, absent: Any) -> None:
    """Options that may stand before or after the verb; after it, an absent one leaves what stood before."""
    no = False if absent is None else absent
    parser.add_argument("--profile", metavar="DIR", default=absent, help="another data folder (models, store, settings)")
    parser.add_argument(
        "--json", action="store_true", default=no, help="print one JSON document on standard output and nothing else"
    )
    parser.add_argument(
        "--passphrase-fd", metavar="N", type=int, default=absent, help="read the store's passphrase from file descriptor N"
    )
    parser.add_argument(
        "--memory", action="store_true", default=no, help="keep nothing: the store lives in memory for this call only"
    )
    parser.add_argument(
        "--allow",
        metavar="PURPOSE",
        choices=PURPOSES,
        action="append",
        default=absent,
        help="open the network for this call only, for models, compare or server",
    )


def sending(parser: argparse.ArgumentParser, n_remote: int | str = "+") -> argparse.ArgumentParser:
    """What verbs have in common that can send text: without --approve they only show it."""
    common(parser, "", needs_store=True)
    parser.add_argument(
        "--with",
        dest="remote",
        metavar="PROVIDER/MODEL",
        nargs=n_remote,
        required=True,
        help="remote models, each by its provider",
    )
    approving(parser)
    return parser


def approving(parser: argparse.ArgumentParser) -> None:
    """How what would be sent is approved, and what of it is hidden."""
    parser.add_argument(
        "--approve",
        metavar="SHA256",
        action="append",
        default=None,
        help="send exactly the bytes that were shown with this SHA-256, once",
    )
    parser.add_argument("--hide", metavar="TERM", action="append", default=None, help="hide this as well")
    parser.add_argument("--show-all", action="store_true", help="hide nothing: names and numbers leave as they are")
    parser.add_argument("--key-fd", metavar="PROVIDER=N", action="append", default=None, help="a key for this call only")


def words(text: str) -> str:
    """A text that says something."""
    if not text.strip():
        raise argparse.ArgumentTypeError("must not be empty")
    return text


def positive(text: str) -> int:
    """A whole number from 1 on."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number
