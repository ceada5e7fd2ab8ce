"""Sentences about model files that could not be brought into the library."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from desktop import figures
from desktop.wordings.words import Words
from engine import errors

translate = QCoreApplication.translate


def _others_unchanged() -> str:
    return translate("wording", "The models that you have are unchanged.")


def _file_changed(error: errors.FileChanged) -> Words:
    happened = translate(
        "wording", "What {host} has under this name now is not the file that was chosen: its publisher replaced it."
    )
    return Words(
        title=translate("wording", "{file} was changed by its publisher").format(file=error.file),
        summary=translate("wording", "It is not the file that was chosen."),
        happened=happened.format(host=error.host),
        kept=translate("wording", "Nothing of the other file was kept. The models that you have are unchanged."),
        to_do=translate("wording", "Remove this download and start it again: you are then shown the file as it is today."),
        icon="file-warning",
        tone="caution",
        actions=("remove",),
    )


def _checksum_wrong(error: errors.ChecksumWrong) -> Words:
    return Words(
        title=translate("wording", "{file} did not arrive as it was published").format(file=error.file),
        summary=translate("wording", "Its checksum is wrong."),
        happened=translate(
            "wording",
            "All of it came from {host}, but the checksum is not the publisher’s. It was damaged or changed on the way.",
        ).format(host=error.host),
        kept=translate("wording", "Nothing of it was put into your library. The models that you have are unchanged."),
        to_do=translate(
            "wording", "Download it again. If it happens twice, use another network: something on this one changes files."
        ),
        icon="file-warning",
        actions=("try_again", "remove"),
    )


def _no_room(error: errors.NoRoom) -> Words:
    needed, free = figures.size(error.needed), figures.size(max(0, error.free))
    kept = translate("wording", "What was fetched is kept, so it continues from where it stopped.")
    return Words(
        title=translate("wording", "The disk has too little room"),
        summary=translate("wording", "{needed} are needed, {free} are free.").format(needed=needed, free=free),
        happened=translate("wording", "{needed} are needed in {folder}, and {free} are free there.").format(
            needed=needed, folder=error.folder, free=free
        ),
        kept=kept if error.kept else translate("wording", "Nothing was fetched. The models that you have are unchanged."),
        to_do=translate("wording", "Free some space or remove a model, or choose a smaller size, then try again."),
        icon="hard-drive",
        tone="caution",
        actions=("try_again",),
    )


def _folder_unwritable(error: errors.FolderUnwritable) -> Words:
    return Words(
        title=translate("wording", "Nothing can be written into the folder"),
        summary=error.folder,
        happened=translate("wording", "The system does not let Strongroom write into {folder}.").format(folder=error.folder),
        kept=_others_unchanged(),
        to_do=translate("wording", "Allow it, plug the disk in, or choose another folder for models in Settings, Models."),
        icon="folder-lock",
        tone="caution",
        actions=("settings", "try_again"),
    )


def _already_running(error: errors.AlreadyRunning) -> Words:
    happened = translate("wording", "Another Strongroom is fetching this file into the same folder.")
    if error.pid is not None:
        happened = translate("wording", "Another Strongroom (process {pid}) is fetching this file into the same folder.").format(
            pid=error.pid
        )
    return Words(
        title=translate("wording", "{file} is being downloaded already").format(file=error.file),
        summary=happened,
        happened=happened,
        kept=translate("wording", "The other download goes on undisturbed."),
        to_do=translate("wording", "Wait for it, or stop it in the other window and try again."),
        icon="clock",
        tone="neutral",
        actions=("try_again",),
    )


def _name_refused(error: errors.NameRefused) -> Words:
    return Words(
        title=translate("wording", "A file name was refused"),
        summary=translate("wording", "The name leads out of the library, or is no name here."),
        happened=translate("wording", "“{name}” leads out of the library’s folder, or is no file name on this system.").format(
            name=printable(error.name)
        ),
        kept=translate("wording", "Nothing was written. The models that you have are unchanged."),
        to_do=translate("wording", "Take the model from another source: an honest one does not use such names."),
        icon="shield-alert",
        actions=("remove",),
    )


def printable(name: str) -> str:
    """A stranger's file name without line breaks, controls and marks that turn the direction of writing."""
    return "".join(character if character.isprintable() else "�" for character in name[:120])


def _file_unfit(error: errors.FileUnfit) -> Words:
    file = printable(error.file)
    happened, to_do = {
        "not_a_catalogue": (
            translate("wording", "The file is not a catalogue of Strongroom, or it was damaged."),
            translate("wording", "Choose the catalogue file as it was given to you."),
        ),
        "older_catalogue": (
            translate("wording", "The catalogue is older than the one that is in use."),
            translate("wording", "Nothing has to be done: the newer one stays in use."),
        ),
        "newer_format": (
            translate("wording", "The file was made for a newer version of Strongroom."),
            translate("wording", "Install the newer version, then try again."),
        ),
        "not_a_bundle": (
            translate("wording", "The folder holds no models that Strongroom exported, or their list was damaged."),
            translate("wording", "Choose the folder that holds the file strongroom-bundle.json."),
        ),
        "not_a_gguf": (
            translate("wording", "The file is not a GGUF model file."),
            translate("wording", "Choose a file that ends in .gguf and comes from a publisher you know."),
        ),
        "incomplete_split": (
            translate("wording", "The model comes in several files, and not all of them are here."),
            translate("wording", "Put all of its files into one folder, then add the first one."),
        ),
        "missing": (
            translate("wording", "The file or folder is no longer there."),
            translate("wording", "Plug its disk in, or choose another one."),
        ),
        "unreadable": (
            translate("wording", "The system does not let Strongroom read it."),
            translate("wording", "Allow reading it, then try again."),
        ),
        "too_large": (
            translate("wording", "The file is larger than such a file can be."),
            translate("wording", "Choose the file as it was given to you."),
        ),
        "no_gguf_here": (
            translate("wording", "There is no GGUF model file in it."),
            translate("wording", "Choose another repository or folder."),
        ),
        "needs_confirmation": (
            translate("wording", "Its size and checksum are not known yet, so it cannot be told whether it is the right file."),
            translate("wording", "Open the lock for downloads: the hub is then asked for both."),
        ),
    }[error.reason]
    return Words(
        title=translate("wording", "{file} can’t be used").format(file=file),
        summary=happened,
        happened=happened,
        kept=translate("wording", "The file itself was not changed, and the models that you have are unchanged."),
        to_do=to_do,
        icon="file-x",
        tone="caution",
        actions=("open_lock",) if error.reason == "needs_confirmation" else (),
    )


WORDS: dict[str, Callable[..., Words]] = {
    "file_changed": _file_changed,
    "checksum_wrong": _checksum_wrong,
    "no_room": _no_room,
    "folder_unwritable": _folder_unwritable,
    "already_running": _already_running,
    "name_refused": _name_refused,
    "file_unfit": _file_unfit,
}
