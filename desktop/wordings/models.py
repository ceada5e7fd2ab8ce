"""Sentences about models and the processes that hold them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from desktop import figures
from desktop.wordings.words import Words
from engine import errors

translate = QCoreApplication.translate


def _kept() -> str:
    return translate(
        "wording", "Your documents and conversations are not affected. The question you were writing is saved as a draft."
    )


def _choose_another() -> str:
    return translate("wording", "Choose another model, such as the starter model that came with Strongroom.")


def _model_missing(error: errors.ModelMissing) -> Words:
    return Words(
        title=translate("wording", "{model} is not on this computer").format(model=error.model),
        summary=translate("wording", "Its file is missing."),
        happened=translate("wording", "The file was moved, renamed or deleted since it was chosen."),
        kept=_kept(),
        to_do=_choose_another(),
        icon="file-x",
        actions=("choose_model",),
    )


def _model_damaged(error: errors.ModelDamaged) -> Words:
    happened = {
        "not_a_gguf": translate("wording", "The file is not a GGUF model file."),
        "truncated": translate(
            "wording", "The file ends too early. This usually follows a full disk or a copy that was cut off."
        ),
        "wrong_checksum": translate("wording", "The file does not match the publisher’s checksum. It may be damaged or changed."),
        "load_failed": translate("wording", "The file looks like a model, but its contents could not be loaded."),
    }[error.reason]
    return Words(
        title=translate("wording", "{model} can’t be opened").format(model=error.model),
        summary=translate("wording", "Its file on this computer is damaged."),
        happened=happened,
        kept=_kept(),
        to_do=translate("wording", "Put an undamaged copy of the file in its place, or choose another model."),
        icon="file-warning",
        actions=("choose_model", "try_again"),
    )


def _model_unsupported(error: errors.ModelUnsupported) -> Words:
    happened = {
        "architecture": translate("wording", "The model is of a kind that this version of Strongroom cannot run."),
        "no_chat_template": translate("wording", "The file does not say how questions are written for this model."),
        "bad_chat_template": translate("wording", "The file’s description of how questions are written cannot be used."),
        "not_an_embedding_model": translate("wording", "The model cannot be used to search documents by meaning."),
    }[error.reason]
    return Words(
        title=translate("wording", "{model} can’t be used here").format(model=error.model),
        summary=translate("wording", "Its file is not damaged."),
        happened=happened,
        kept=_kept(),
        to_do=_choose_another(),
        icon="file-x",
        actions=("choose_model",),
    )


def _out_of_memory(error: errors.OutOfMemory) -> Words:
    return Words(
        title=translate("wording", "{model} does not fit into the free memory").format(model=error.model),
        summary=translate("wording", "There is not enough free memory."),
        happened=translate("wording", "The model and room for {n} tokens of reading need more memory than is free now.").format(
            n=figures.number(error.n_ctx)
        ),
        kept=_kept(),
        to_do=translate("wording", "Close other programs, lower the reading length in Settings, or choose a smaller model."),
        icon="memory-stick",
        actions=("settings", "try_again"),
    )


def _prompt_too_long(error: errors.PromptTooLong) -> Words:
    over = max(0, error.n_prompt_tokens - error.n_ctx)
    return Words(
        title=translate("wording", "The question is too long for this model"),
        summary=translate("wording", "It is {n} tokens over.").format(n=figures.number(over)),
        happened=translate("wording", "With its passages it has {n} tokens; the model reads {room} at once.").format(
            n=figures.number(error.n_prompt_tokens), room=figures.number(error.n_ctx)
        ),
        kept=translate("wording", "Your question is kept as you wrote it. Nothing was cut and nothing was given to the model."),
        to_do=translate("wording", "Shorten the question, or raise the reading length in Settings."),
        icon="text-cursor-input",
        tone="caution",
        actions=("settings",),
    )


def _worker_died(error: errors.WorkerDied) -> Words:
    title = {
        "chat": translate("wording", "The model stopped working"),
        "embedding": translate("wording", "Search by meaning stopped working"),
        "extract": translate("wording", "Reading this document stopped"),
        "render": translate("wording", "The page could not be drawn"),
        "inspect": translate("wording", "The model file could not be examined"),
    }[error.worker]
    again = translate("wording", "It is being started again. Then ask once more.")
    return Words(
        title=title,
        summary=translate("wording", "Its separate process ended."),
        happened=translate("wording", "The sealed process that does this work ended unexpectedly. The window is not affected."),
        kept=translate("wording", "What was written until then is kept, and so are your documents and conversations."),
        to_do=again if error.restarting else translate("wording", "Try again. If it happens again, choose a smaller model."),
        icon="circle-alert",
        actions=("try_again",),
    )


def _not_sealed(_error: errors.NotSealed) -> Words:
    return Words(
        title=translate("wording", "This work could not be sealed off"),
        summary=translate("wording", "The system did not enforce the seal."),
        happened=translate(
            "wording", "The operating system did not cut the process off from the network, so it was given nothing."
        ),
        kept=translate("wording", "Nothing confidential was handed over. Your documents and conversations are not affected."),
        to_do=translate("wording", "Open Settings, About, and read the report: it says what this system lacks."),
        icon="shield-alert",
        actions=("settings",),
    )


WORDS: dict[str, Callable[..., Words]] = {
    "model_missing": _model_missing,
    "model_damaged": _model_damaged,
    "model_unsupported": _model_unsupported,
    "out_of_memory": _out_of_memory,
    "prompt_too_long": _prompt_too_long,
    "worker_died": _worker_died,
    "not_sealed": _not_sealed,
}
