"""What a model needs here, part by part, against what is free, and what would make it fit. Pure functions of a Fit.

Amounts of memory are in the units in which memory is sold (1 GB is 1,073,741,824 bytes), sizes of files are not; where
both are in view, `units` says so.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop import figures
from desktop.wordings import fit as badge_words
from engine.records import Fit, MemorySum

translate = QCoreApplication.translate


def speed(fit: Fit) -> tuple[str, str]:
    """`20–26 tokens/s` and what kind of figure that is; the second part is empty where there is no figure."""
    words = badge_words.speed(fit)
    if not words:
        return translate("wording", "Speed not known"), ""
    if fit.verdict == "does_not_fit":
        return words, ""
    return words, translate("wording", "measured") if fit.is_measured else translate("wording", "estimate")


def explained(fit: Fit) -> str:
    """The sum in one line, for the badge's tooltip: file + working memory against what is free."""
    free = translate("wording", "{free} free now").format(free=figures.gibibytes(fit.free_bytes))
    if fit.needed_bytes is None:
        return translate("wording", "What it needs is not known before its header is read; {free}").format(free=free)
    needed = figures.gibibytes(fit.needed_bytes)
    if fit.sum is None:
        return translate("wording", "Needs {needed}; {free}").format(needed=needed, free=free)
    words = translate("wording", "File {file} + working memory {rest} = {needed}; {free}")
    rest = figures.gibibytes(fit.needed_bytes - fit.sum.weights)
    return words.format(file=figures.gibibytes(fit.sum.weights), rest=rest, needed=needed, free=free)


def parts(memory: MemorySum, n_ctx: int | None) -> list[tuple[str, str]]:
    """The lines of the sum, largest matters first; parts that are nothing are left out."""
    reading = translate("wording", "Room for reading")
    if n_ctx:
        reading = translate("wording", "Room for reading {n} tokens at once").format(n=figures.number(n_ctx))
    lines = [
        (translate("wording", "The model’s file, in memory"), memory.weights),
        (translate("wording", "Its part that sees pictures"), memory.vision),
        (reading, memory.cache),
        (translate("wording", "Room for computing"), memory.buffers),
        (translate("wording", "The program around it"), memory.program),
        (translate("wording", "Learned from earlier loads here"), memory.learned),
    ]
    return [(label, _signed(amount)) for label, amount in lines if amount]


def _signed(amount: int) -> str:
    return figures.gibibytes(amount) if amount >= 0 else f"−{figures.gibibytes(-amount)}"


def offered(fit: Fit) -> str:
    """`Fits well when it reads 4,096 tokens at once`; empty where no smaller context is offered."""
    if fit.offered_n_ctx is None:
        return ""
    words = translate("wording", "Fits well when it reads {n} tokens at once")
    return words.format(n=figures.number(fit.offered_n_ctx))


def units() -> str:
    """Why the file is a little smaller in the sum than in the list."""
    return translate("wording", "Memory is counted in steps of 1,024, files in steps of 1,000, as systems show them.")
