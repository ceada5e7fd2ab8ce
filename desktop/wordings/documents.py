"""Sentences about documents that cannot be read, and the states of those that can."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from desktop import figures
from desktop.wordings.words import StatusWords, Words
from engine import errors
from engine.records import DocumentStatus

translate = QCoreApplication.translate


def _kept() -> str:
    return translate("wording", "The original file is unchanged. The other documents are read as usual.")


def _document_encrypted(error: errors.DocumentEncrypted) -> Words:
    return Words(
        title=translate("wording", "{name} needs a password").format(name=error.name),
        summary=translate("wording", "That password did not open it.")
        if error.tried
        else translate("wording", "Needs a password."),
        happened=translate("wording", "The password that was given does not open this document.")
        if error.tried
        else translate("wording", "The document is encrypted by whoever made it."),
        kept=_kept(),
        to_do=translate("wording", "Enter its password. It is used once and not stored."),
        icon="key-round",
        tone="caution",
        actions=("password", "remove"),
    )


def _unreadable_happened(error: errors.DocumentUnreadable) -> str:
    return {
        "empty": translate("wording", "The file holds nothing: it is 0 bytes long."),
        "damaged": translate("wording", "The file is damaged or was cut off."),
        "wrong_format": translate("wording", "The file is not what its name says it is."),
        "unsupported_format": translate("wording", "Strongroom does not read this kind of file yet."),
        "no_text": translate("wording", "No text was found. The pages are probably pictures, such as a scan."),
        "too_slow": translate("wording", "Reading took longer than is allowed for one document, so it was stopped."),
        "too_much_memory": translate(
            "wording", "Reading needed more memory than is allowed for one document, so it was stopped."
        ),
        "crashed": translate("wording", "The sealed process that read this document ended unexpectedly."),
        "unreachable": translate("wording", "The file could not be opened: it was moved, or you may not read it."),
    }[error.reason]


def _unreadable_to_do(error: errors.DocumentUnreadable) -> str:
    read_again = translate("wording", "Read it again, or remove it and add another copy.")
    return {
        "empty": translate("wording", "Remove it and add a copy that has contents."),
        "damaged": translate("wording", "Open it in the program that made it, save it again, and add that copy."),
        "wrong_format": translate("wording", "Give the file its right ending, or save it again as PDF, and add that copy."),
        "unsupported_format": translate("wording", "Save it as PDF, DOCX, TXT, MD, HTML or EML, and add that copy."),
        "no_text": translate("wording", "Add a copy with text in it, for example one that a scanner program has recognised."),
        "too_slow": translate("wording", "Split the document into parts and add those."),
        "too_much_memory": translate("wording", "Split the document into parts and add those."),
        "crashed": read_again,
        "unreachable": translate("wording", "Check that the file is there and that you may read it, then add it again."),
    }[error.reason]


def _document_unreadable(error: errors.DocumentUnreadable) -> Words:
    no_text = error.reason == "no_text"
    title = translate("wording", "No text found in {name}") if no_text else translate("wording", "{name} can’t be read")
    can_read_again = error.reason in ("too_slow", "too_much_memory", "crashed", "no_text", "damaged")
    return Words(
        title=title.format(name=error.name),
        summary=_unreadable_happened(error),
        happened=_unreadable_happened(error),
        kept=_kept(),
        to_do=_unreadable_to_do(error),
        icon="triangle-alert" if no_text else "file-warning",
        tone="caution" if no_text else "danger",
        actions=("read_again", "remove") if can_read_again else ("remove",),
    )


def _document_too_large(error: errors.DocumentTooLarge) -> Words:
    return Words(
        title=translate("wording", "{name} is too large").format(name=error.name),
        summary=translate("wording", "{size}; the limit is {limit}.").format(
            size=figures.size(error.n_bytes), limit=figures.size(error.limit)
        ),
        happened=translate("wording", "The file has {size}. Strongroom reads files of up to {limit}.").format(
            size=figures.size(error.n_bytes), limit=figures.size(error.limit)
        ),
        kept=_kept(),
        to_do=translate("wording", "Split the document into parts and add those."),
        icon="file-warning",
        actions=("remove",),
    )


def _original_missing(error: errors.OriginalMissing) -> Words:
    changed = error.changed
    return Words(
        title=translate("wording", "The original of {name} has changed").format(name=error.name)
        if changed
        else translate("wording", "The original of {name} is not there").format(name=error.name),
        summary=translate("wording", "The file changed after it was added.")
        if changed
        else translate("wording", "The file was moved or deleted."),
        happened=translate("wording", "The file on this computer is no longer the one that was added.")
        if changed
        else translate("wording", "The file is no longer where it was when it was added."),
        kept=translate("wording", "The encrypted copy in this matter is complete, and answers keep using it."),
        to_do=translate("wording", "Add the file again if answers shall use the newer one.")
        if changed
        else translate("wording", "Read the copy in the page viewer."),
        icon="file-search",
        tone="caution",
    )


WORDS: dict[str, Callable[..., Words]] = {
    "document_encrypted": _document_encrypted,
    "document_unreadable": _document_unreadable,
    "document_too_large": _document_too_large,
    "original_missing": _original_missing,
}


def status(state: DocumentStatus) -> StatusWords:
    """Chip of a document's state."""
    return {
        "waiting": StatusWords(translate("wording", "Waiting"), "neutral", "clock"),
        "reading": StatusWords(translate("wording", "Reading"), "neutral", "loader-circle"),
        "indexing": StatusWords(translate("wording", "Indexing"), "neutral", "loader-circle"),
        "ready": StatusWords(translate("wording", "Ready"), "local", "check"),
        "needs_password": StatusWords(translate("wording", "Needs a password"), "caution", "key-round"),
        "no_text": StatusWords(translate("wording", "No text found"), "caution", "triangle-alert"),
        "failed": StatusWords(translate("wording", "Can’t be read"), "danger", "circle-alert"),
        "cancelled": StatusWords(translate("wording", "Not read"), "neutral", "ban"),
    }[state]
