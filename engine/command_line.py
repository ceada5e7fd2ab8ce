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
from engine.events import AnswerGrew
from engine.plain_text import as_text, sentence_for
from engine.service import Service, open_service
from engine.session import Session
from engine.work.faults import translated

DONE, FAILED, WRONG_USAGE, REFUSED, INTERRUPTED = 0, 1, 2, 3, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; returns the exit code."""
    options = parser().parse_args(argv)
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr, format="%(message)s")
    progress = Progress(sys.stderr, answer=sys.stdout if options.verb == "chat" and not options.json else None)
    service = open_service(options.profile, progress.take)
    service.start(with_window=False)
    try:
        passphrase = _passphrase(service, options) if options.needs_store and not options.memory else None
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
        print(json.dumps(result, ensure_ascii=False, indent=2) if options.json else as_text(options.verb, result))
    return FAILED if result.get("problems") and options.verb == "doctor" else DONE


async def _run(session: Session, options: argparse.Namespace, progress: Progress, passphrase: str | None) -> dict[str, Any]:
    """Run the verb; also a fault of Strongroom ends in one document with a kind, without the text of an exception."""
    with translated(options.run):
        if options.memory and options.needs_store:
            await session.unlock("memory", go_on=False)
        elif options.needs_store:
            await session.unlock("keyring" if passphrase is None else "passphrase", passphrase, go_on=False)
        return await getattr(verbs, options.run)(session, options, progress)


def _passphrase(service: Service, options: argparse.Namespace) -> str | None:
    """The passphrase from a descriptor or a prompt, never from an argument; None for a store that the keyring opens.

    Asked on the main thread, where Ctrl C ends the prompt and gives the terminal its echo back.
    """
    if options.passphrase_fd is not None:
        try:
            with os.fdopen(options.passphrase_fd, encoding="utf-8", closefd=True) as source:
                return source.readline().rstrip("\n")
        except (OSError, ValueError):  # not open, or not text
            raise StoreLocked("needs_passphrase") from None
    if service.call(lambda session: session.kind_of_store()) != "passphrase":
        return None
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
    """Shows on standard error how far a verb is: a line that is written over on a terminal, nothing otherwise.

    `answer` is where the words of an answer go as they come; None where they are printed as a whole.
    """

    def __init__(self, stream: Any, answer: Any = None) -> None:
        self._stream = stream
        self._answer = answer
        self._shown = False
        self._listener: Any = None
        self.has_answered = False

    def listen(self, listener: Any) -> None:
        """Also hand every event to `listener`."""
        self._listener = listener

    def take(self, event: Any) -> None:
        """An event of the engine; called on the engine's thread."""
        if self._listener is not None:
            self._listener(event)
        if self._answer is not None and isinstance(event, AnswerGrew):
            text = event.text if self.has_answered else event.text.lstrip()
            self._answer.write(text)
            self._answer.flush()
            self.has_answered = self.has_answered or bool(text)
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
        if self.has_answered:
            self._answer.write("\n")
