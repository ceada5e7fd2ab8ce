"""The verbs of the command line and their options, as argparse knows them. Runs nothing. What all have is in `verb_options`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from engine import ledger_arguments, verbs
from engine.network_records import PURPOSES
from engine.provider_records import DIALECTS, QUIRKS
from engine.verb_options import common, everywhere, positive, sending, words


def parser() -> argparse.ArgumentParser:
    """All verbs and their options."""
    top = argparse.ArgumentParser(
        prog="strongroom", description="Ask your own documents, on your own computer. Without a verb the window opens."
    )
    everywhere(top, absent=None)
    top.add_argument("--version", action="version", version=f"strongroom {verbs.version()}")
    kinds = top.add_subparsers(dest="verb", required=True, metavar="VERB")
    _doctor(kinds)
    _models(kinds)
    _documents(kinds)
    _ask(kinds)
    _chat(kinds)
    _compare(kinds)
    _evaluate(kinds)
    _providers(kinds)
    _keys(kinds)
    ledger_arguments.add(kinds)
    _privacy(kinds)
    return top


def _doctor(kinds: Any) -> None:
    common(
        kinds.add_parser("doctor", help="check computer, store, keyring, engine, sandbox and libraries"),
        "doctor",
        needs_store=False,
    )


def _models(kinds: Any) -> None:
    parts = kinds.add_parser("models", help="the model library").add_subparsers(dest="part", required=True, metavar="PART")
    common(parts.add_parser("list", help="the models on this computer"), "models_list", needs_store="if_there")
    catalogue = common(
        parts.add_parser("catalogue", help="models that can be downloaded, and whether they fit; needs no network"),
        "models_catalogue",
        needs_store="if_there",
    )
    catalogue.add_argument("text", metavar="TEXT", nargs="?", default="", help="only those whose name, publisher or use has it")
    catalogue.add_argument("--import", dest="file", metavar="FILE", type=Path, default=None, help="use this newer catalogue")
    search = _hub(parts.add_parser("search", help="look for GGUF models on the hub"), "models_search")
    search.add_argument("text", metavar="TEXT")
    search.add_argument("--limit", type=positive, default=40, metavar="N")
    show = _about_a_model(parts.add_parser("show", help="everything known of a model"), "models_show")
    _hub_address(show)
    fits = _about_a_model(parts.add_parser("fit", help="whether a model fits into the memory that is free now"), "models_fit")
    _hub_address(fits)
    fits.add_argument("--context", type=positive, default=None, metavar="N", help="tokens read at once; else as in the settings")
    download = _hub(parts.add_parser("download", help="fetch a model, or go on with a download"), "models_download")
    download.add_argument(
        "model", metavar="ID", help="of the catalogue or owner/name, with :SIZE or :FILE where there are several"
    )
    _library(parts)


def _library(parts: Any) -> None:
    """What is done with files that are on this computer, or on a stick."""
    add = common(parts.add_parser("import", help="take a GGUF file, or a bundle's folder"), "models_import", needs_store=True)
    add.add_argument("file", metavar="FILE", type=Path)
    add.add_argument("--in-place", action="store_true", help="use the file where it is, without a copy")
    found = common(
        parts.add_parser("find", help="GGUF files of other programs, or in a folder"), "models_find", needs_store="if_there"
    )
    found.add_argument("folder", metavar="FOLDER", nargs="?", type=Path, default=None)
    verify = parts.add_parser("verify", help="read a model's file and compare its checksum")
    common(verify, "models_verify", needs_store="if_there").add_argument("model", metavar="ID")
    repair = _hub(parts.add_parser("repair", help="fetch the damaged parts of a model's file again"), "models_repair")
    repair.add_argument("model", metavar="ID")
    remove = common(parts.add_parser("remove", help="take a model out of the library"), "models_remove", needs_store=True)
    remove.add_argument("model", metavar="ID")
    remove.add_argument("--even-if-used", action="store_true", help="also when something depends on it")
    export = common(
        parts.add_parser("export", help="write models with checksums into a folder, such as on a USB stick"),
        "models_export",
        needs_store="if_there",
    )
    export.add_argument("folder", metavar="FOLDER", type=Path)
    export.add_argument("models", metavar="ID", nargs="+")
    move = common(parts.add_parser("move", help="move the library to another folder"), "models_move", needs_store=True)
    move.add_argument("folder", metavar="FOLDER", type=Path)


def _hub(parser: argparse.ArgumentParser, run: str) -> argparse.ArgumentParser:
    _hub_address(common(parser, run, needs_store=True, network="models"))
    return parser


def _hub_address(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--hub", metavar="URL", default=None, help="another hub, such as your organisation's mirror")
    parser.add_argument(
        "--hub-host", metavar="HOST", action="append", default=None, help="a further host that this hub sends files from"
    )


def _about_a_model(parser: argparse.ArgumentParser, run: str) -> argparse.ArgumentParser:
    """A model on this computer or of the catalogue needs no network; one of the hub does."""
    common(parser, run, needs_store="if_there")
    parser.add_argument("model", metavar="ID", help="on this computer, of the catalogue, or owner/name on the hub")
    return parser


def _privacy(kinds: Any) -> None:
    privacy = kinds.add_parser("privacy", help="the offline lock and the log of every connection")
    parts = privacy.add_subparsers(dest="part", required=True, metavar="PART")
    shown = common(parts.add_parser("log", help="every connection that was tried"), "privacy_log", needs_store=True)
    shown.add_argument("--days", type=positive, default=None, metavar="N", help="only the last N days")
    shown.add_argument("--export", metavar="FILE", type=Path, default=None, help="write it as CSV")
    common(parts.add_parser("attest", help="a signed statement of what is enforced"), "privacy_attest", needs_store=True)
    common(parts.add_parser("lock", help="close the offline lock"), "privacy_lock", needs_store=True)
    unlock = common(parts.add_parser("unlock", help="open the network for a purpose"), "privacy_unlock", needs_store=True)
    unlock.add_argument("purpose", metavar="PURPOSE", choices=PURPOSES, nargs="?", default="models")


def _documents(kinds: Any) -> None:
    documents = kinds.add_parser("documents", help="add, list, show and search documents")
    parts = documents.add_subparsers(dest="part", required=True, metavar="PART")
    add = common(
        parts.add_parser("add", help="copy and read files; a matter that does not exist is started"),
        "documents_add",
        needs_store=True,
    )
    add.add_argument("matter", metavar="MATTER")
    add.add_argument("paths", metavar="PATH", nargs="+", type=Path)
    add.add_argument("--without-index", action="store_true", help="do not wait until passages can be found by meaning")
    listing = common(parts.add_parser("list", help="the documents of a matter"), "documents_list", needs_store=True)
    listing.add_argument("matter", metavar="MATTER")
    show = common(parts.add_parser("show", help="one document with every page"), "documents_show", needs_store=True)
    show.add_argument("document", metavar="DOC")
    remove = common(parts.add_parser("remove", help="remove a document from its matter"), "documents_remove", needs_store=True)
    remove.add_argument("document", metavar="DOC")
    search = common(
        parts.add_parser("search", help="find passages, without a model's answer"), "documents_search", needs_store=True
    )
    search.add_argument("matter", metavar="MATTER")
    search.add_argument("text", metavar="TEXT")
    search.add_argument("--limit", type=positive, default=10, metavar="N")


def _ask(kinds: Any) -> None:
    ask = common(kinds.add_parser("ask", help="one answer with evidence"), "ask", needs_store=True)
    ask.add_argument("matter", metavar="MATTER")
    ask.add_argument("question", metavar="QUESTION")
    ask.add_argument("--model", metavar="ID", default=None, help="a model's id, or a GGUF file")
    ask.add_argument(
        "--files", metavar="PATH", nargs="+", type=Path, default=None, help="add these first and ask about them only"
    )


def _chat(kinds: Any) -> None:
    chat = common(kinds.add_parser("chat", help="one turn without documents, streamed"), "chat", needs_store=True)
    chat.add_argument("text", metavar="TEXT")
    chat.add_argument("--model", metavar="ID", default=None, help="a model's id, or a GGUF file")


def _compare(kinds: Any) -> None:
    compare = sending(kinds.add_parser("compare", help="one prompt to several models; shows first exactly what would be sent"))
    compare.set_defaults(run="compare")
    compare.add_argument("text", metavar="TEXT", type=words)
    compare.add_argument("--model", metavar="ID", default=None, help="the local model that answers too; else the chosen one")
    compare.add_argument("--without-local", action="store_true", help="ask remote models only")
    compare.add_argument("--matter", metavar="MATTER", default=None, help="a matter, for its documents and its hidden details")
    compare.add_argument(
        "--documents", metavar="DOC", nargs="+", default=None, help="add the passages of these documents that matter most"
    )


def _evaluate(kinds: Any) -> None:
    evaluate = sending(
        kinds.add_parser("evaluate", help="a set of prompts to a local and a remote model, and whether the local one reaches it"),
        n_remote=1,
    )
    evaluate.set_defaults(run="evaluate")
    evaluate.add_argument("set", metavar="SET", help="a CSV file with the columns prompt and expected, or the name of a vote set")
    evaluate.add_argument("--local", metavar="ID", required=True, help="the local model, by its id")
    evaluate.add_argument("--matter", metavar="MATTER", default=None, help="the matter that holds the prompts of a vote set")
    evaluate.add_argument(
        "--scorer", choices=("exact", "labels", "fields"), default="exact", help="how an answer is compared with what is expected"
    )


def _providers(kinds: Any) -> None:
    parts = kinds.add_parser("providers", help="remote models that may be asked").add_subparsers(
        dest="part", required=True, metavar="PART"
    )
    common(parts.add_parser("list", help="the providers and where their keys are kept"), "providers_list", needs_store=True)
    add = common(
        parts.add_parser("add", help="a known company by its name, or a server by its address"), "providers_add", needs_store=True
    )
    add.add_argument("name", metavar="NAME")
    add.add_argument("--dialect", choices=DIALECTS, default=None)
    add.add_argument("--base-url", metavar="URL", default=None, help="such as https://models.example.org/v1")
    add.add_argument("--models", metavar="A,B", default=None)
    add.add_argument("--own", action="store_true", help="a server of your organisation")
    add.add_argument("--without-key", action="store_true", help="the server asks for no key")
    add.add_argument("--terms", metavar="TEXT", default="", help="what was agreed about texts there; shown before each send")
    add.add_argument("--quirk", choices=QUIRKS, action="append", default=None, help="what the server does in its own way")
    remove = common(parts.add_parser("remove", help="forget a provider and its key"), "providers_remove", needs_store=True)
    remove.add_argument("name", metavar="NAME")
    test = common(
        parts.add_parser("test", help="ask it for its models: sends the key and nothing else"),
        "providers_test",
        needs_store=True,
        network="compare",
    )
    test.add_argument("name", metavar="NAME")
    test.add_argument("--key-fd", metavar="PROVIDER=N", action="append", default=None, help="a key for this call only")


def _keys(kinds: Any) -> None:
    parts = kinds.add_parser("keys", help="keys of providers, in the system keyring").add_subparsers(
        dest="part", required=True, metavar="PART"
    )
    keep = common(parts.add_parser("set", help="keep a key, read from a file descriptor"), "keys_set", needs_store=True)
    keep.add_argument("name", metavar="PROVIDER")
    keep.add_argument("--key-fd", metavar="N", required=True, help="read the key from file descriptor N")
    common(parts.add_parser("list", help="which providers have a key"), "keys_list", needs_store=True)
    remove = common(parts.add_parser("remove", help="forget a key"), "keys_remove", needs_store=True)
    remove.add_argument("name", metavar="PROVIDER")
