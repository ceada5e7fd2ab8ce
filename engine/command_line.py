"""The verbs, for scripts and administrators: read arguments, run one verb on the engine, print, choose the exit code.

Standard output carries the answer and nothing else (with `--json` one document); everything else goes to
standard error. What each verb does is in `verbs`; how it looks as text is in `plain_text`.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Sequence
from getpass import getpass
from pathlib import Path
from typing import Any

from engine import verbs
from engine.errors import StoreLocked, StrongroomError
from engine.plain_text import as_text, sentence_for
from engine.service import open_service
from engine.session import Session

DONE, FAILED, WRONG_USAGE, REFUSED, INTERRUPTED = 0, 1, 2, 3, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; returns the exit code."""
    options = parser().parse_args(argv)
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr, format="%(message)s")
    progress = Progress(sys.stderr)
    service = open_service(options.profile, progress.take)
    service.start(with_window=False)
    try:
        result = service.call(lambda session: _run(session, options, progress))
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
    print(json.dumps(result, ensure_ascii=False, indent=2) if options.json else as_text(options.verb, result))
    return FAILED if result.get("problems") and options.verb == "doctor" else DONE


async def _run(session: Session, options: argparse.Namespace, progress: Progress) -> dict[str, Any]:
    verb = getattr(verbs, options.run)
    if options.needs_store:
        await _open_store(session, options)
    return await verb(session, options, progress)


async def _open_store(session: Session, options: argparse.Namespace) -> None:
    """Open with the keyring; a store under a passphrase takes it from a descriptor or a prompt, never from an argument."""
    import asyncio

    if options.memory:
        await session.unlock("memory", go_on=False)
        return
    wants_passphrase = options.passphrase_fd is not None or await session.kind_of_store() == "passphrase"
    if not wants_passphrase:
        await session.unlock("keyring", go_on=False)
        return
    await session.unlock("passphrase", await asyncio.to_thread(_passphrase, options.passphrase_fd), go_on=False)


def _passphrase(descriptor: int | None) -> str:
    if descriptor is not None:
        with os.fdopen(descriptor, encoding="utf-8", closefd=True) as source:
            return source.readline().rstrip("\n")
    if not sys.stdin.isatty():
        raise StoreLocked("needs_passphrase")
    return getpass("Passphrase of the store: ", stream=sys.stderr)


def _fail(error: StrongroomError, *, as_json: bool) -> int:
    message = sentence_for(error)
    if as_json:
        print(json.dumps({"error": {"kind": error.kind, "message": message, "facts": error.facts}}, ensure_ascii=False, indent=2))
    print(message, file=sys.stderr)
    return FAILED


# ---------------------------------------------------------------- arguments
def parser() -> argparse.ArgumentParser:
    """All verbs and their options."""
    top = argparse.ArgumentParser(
        prog="strongroom", description="Ask your own documents, on your own computer. Without a verb the window opens."
    )
    _everywhere(top, absent=None)
    top.add_argument("--version", action="version", version=f"strongroom {verbs.version()}")
    kinds = top.add_subparsers(dest="verb", required=True, metavar="VERB")
    _doctor(kinds)
    _models(kinds)
    _documents(kinds)
    _ask(kinds)
    _chat(kinds)
    return top


def _common(parser: argparse.ArgumentParser, run: str, *, needs_store: bool) -> argparse.ArgumentParser:
    parser.set_defaults(run=run, needs_store=needs_store)
    _everywhere(parser, absent=argparse.SUPPRESS)
    return parser


def _everywhere(parser: argparse.ArgumentParser, absent: Any) -> None:
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


def _doctor(kinds: Any) -> None:
    _common(
        kinds.add_parser("doctor", help="check computer, store, keyring, engine, sandbox and libraries"),
        "doctor",
        needs_store=False,
    )


def _models(kinds: Any) -> None:
    models = kinds.add_parser("models", help="the model library").add_subparsers(dest="part", required=True, metavar="PART")
    _common(models.add_parser("list", help="the models on this computer"), "models_list", needs_store=False)


def _documents(kinds: Any) -> None:
    documents = kinds.add_parser("documents", help="add, list, show and search documents")
    parts = documents.add_subparsers(dest="part", required=True, metavar="PART")
    add = _common(
        parts.add_parser("add", help="copy and read files; a matter that does not exist is started"),
        "documents_add",
        needs_store=True,
    )
    add.add_argument("matter", metavar="MATTER")
    add.add_argument("paths", metavar="PATH", nargs="+", type=Path)
    add.add_argument("--without-index", action="store_true", help="do not wait until passages can be found by meaning")
    listing = _common(parts.add_parser("list", help="the documents of a matter"), "documents_list", needs_store=True)
    listing.add_argument("matter", metavar="MATTER")
    show = _common(parts.add_parser("show", help="one document with every page"), "documents_show", needs_store=True)
    show.add_argument("document", metavar="DOC")
    remove = _common(parts.add_parser("remove", help="remove a document from its matter"), "documents_remove", needs_store=True)
    remove.add_argument("document", metavar="DOC")
    search = _common(
        parts.add_parser("search", help="find passages, without a model's answer"), "documents_search", needs_store=True
    )
    search.add_argument("matter", metavar="MATTER")
    search.add_argument("text", metavar="TEXT")
    search.add_argument("--limit", type=_positive, default=10, metavar="N")


def _ask(kinds: Any) -> None:
    ask = _common(kinds.add_parser("ask", help="one answer with evidence"), "ask", needs_store=True)
    ask.add_argument("matter", metavar="MATTER")
    ask.add_argument("question", metavar="QUESTION")
    ask.add_argument("--model", metavar="ID", default=None, help="a model's id, or a GGUF file")
    ask.add_argument(
        "--files", metavar="PATH", nargs="+", type=Path, default=None, help="add these first and ask about them only"
    )


def _chat(kinds: Any) -> None:
    chat = _common(kinds.add_parser("chat", help="one turn without documents, streamed"), "chat", needs_store=True)
    chat.add_argument("text", metavar="TEXT")
    chat.add_argument("--model", metavar="ID", default=None, help="a model's id, or a GGUF file")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


# ---------------------------------------------------------------- progress
class Progress:
    """Shows on standard error how far a verb is: a line that is written over on a terminal, nothing otherwise."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._shown = False
        self._listener: Any = None

    def listen(self, listener: Any) -> None:
        """Also hand every event to `listener`."""
        self._listener = listener

    def take(self, event: Any) -> None:
        """An event of the engine; called on the engine's thread."""
        if self._listener is not None:
            self._listener(event)
        if line := verbs.progress_line(event):
            self.show(line)

    def show(self, line: str) -> None:
        if self._stream.isatty():
            self._stream.write(f"\r\x1b[K{line}")
            self._stream.flush()
            self._shown = True

    def end(self) -> None:
        if self._shown:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._shown = False
