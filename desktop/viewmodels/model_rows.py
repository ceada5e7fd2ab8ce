"""Models, downloads, offers and finds as rows of one list: words, figures and what can be done. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QCoreApplication

from desktop import figures, wording
from desktop.wordings import fit_sum
from desktop.wordings import licence as licence_words
from desktop.wordings.fit import badge as fit_badge
from desktop.wordings.words import StatusWords
from engine.model_records import Download, FoundRepository, Offer, OfferedSize
from engine.records import Model, ModelState

translate = QCoreApplication.translate

Kind = Literal["model", "download", "offer", "found"]
Key = tuple[Kind, str]
Act = Literal["load", "remove", "download", "pause", "resume", "cancel"]

OWN_SOURCE = "Strongroom"  # where a model comes from that came with the program
_RUNNING = ("waiting", "connecting", "downloading", "retrying", "verifying", "measuring")


@dataclass(frozen=True)
class Progress:
    """How far a download is: `share` None while its length is not known. `problem` takes the place of the time left."""

    share: float | None
    amount: str
    rate: str
    left: str
    is_problem: bool = False


@dataclass(frozen=True)
class Row:
    """One row. `acts` are what its buttons do, the first with a label, the others as icons."""

    key: Key
    name: str
    good_for: str
    badge: StatusWords | None = None
    explained: str = ""
    amount: str = ""
    licence: str = ""
    speed: str = ""
    speed_kind: str = ""
    chip: StatusWords | None = None
    progress: Progress | None = None
    acts: tuple[Act, ...] = ()

    @property
    def spoken(self) -> str:
        """What screen readers say of the row."""
        words = [self.name, self.badge.text if self.badge else "", self.good_for]
        if self.progress is not None:
            words += [self.progress.amount, self.progress.rate, self.progress.left]
            if self.progress.share is not None:
                words.append(figures.share(self.progress.share))
        else:
            words += [self.amount, self.licence, f"{self.speed} {self.speed_kind}".strip()]
        words.append(self.chip.text if self.chip else "")
        return ", ".join(word for word in words if word)


def is_running(download: Download) -> bool:
    """Whether it goes on by itself."""
    return download.phase in _RUNNING


def comes_with_program(model: Model) -> bool:
    """Whether the program needs it, so that it cannot be removed."""
    return model.source == OWN_SOURCE


def row_size(offer: Offer) -> OfferedSize | None:
    """The size that stands for an offer in a list: the advised one, else the smallest."""
    advised = next((size for size in offer.sizes if size.size.key == offer.advised), None)
    return advised or (offer.sizes[0] if offer.sizes else None)


def model_row(model: Model, *, offer: Offer | None, state: ModelState) -> Row:
    """A model of the library."""
    speed, kind = fit_sum.speed(model.fit)
    chip: StatusWords | None = None
    acts: tuple[Act, ...] = () if comes_with_program(model) else ("remove",)
    if model.problem is not None:
        words = wording.words_for_kind(model.problem, model.problem_facts)
        speed, kind = "", ""
        chip = StatusWords(translate("models", "Damaged"), words.tone, "file-warning")
        if model.problem != "model_damaged":
            chip = StatusWords(translate("models", "Can’t be used"), words.tone, words.icon)
    elif state.model == model.id and state.phase == "ready":
        chip, acts = StatusWords(translate("models", "Loaded"), "local", "check"), ()
    elif state.model == model.id and state.phase in ("loading", "restarting"):
        chip, acts = StatusWords(translate("models", "Loading"), "neutral", "clock"), ()
    elif model.purpose == "chat":
        acts = ("load", *acts) if model.fit.verdict != "does_not_fit" else acts
    elif model.purpose == "embedding":
        chip, speed, kind = StatusWords(translate("models", "For search"), "neutral", "search"), "", ""
    return Row(
        ("model", model.id),
        model.name,
        offer.model.good_for if offer else model.note,
        fit_badge(model.fit),
        fit_sum.explained(model.fit),
        figures.size(model.n_bytes),
        licence_words.short(offer.model.licence) if offer else model.licence or translate("models", "Licence not known"),
        speed,
        kind,
        chip,
        acts=acts,
    )


def offer_row(offer: Offer, *, shows_installed: bool = False) -> Row:
    """A model of the catalogue that is not on this computer, or (`shows_installed`) perhaps is."""
    size = row_size(offer)
    chip, acts = None, ("download",) if size else ()
    if size is None:
        return Row(("offer", offer.model.id), offer.model.name, offer.model.good_for)
    speed, kind = fit_sum.speed(size.fit)
    if offer.model.purpose == "embedding":
        speed, kind = translate("models", "For search"), ""
    if shows_installed and any(one.installed for one in offer.sizes):
        chip, acts = StatusWords(translate("models", "Installed"), "neutral", "check"), ()
    elif size.fit.verdict == "does_not_fit":
        acts = ()
    return Row(
        ("offer", offer.model.id),
        offer.model.name,
        offer.model.good_for,
        fit_badge(size.fit),
        explained(size),
        amount(size),
        licence_words.short(offer.model.licence),
        speed,
        kind,
        chip,
        acts=acts,  # type: ignore[arg-type]
    )


def explained(size: OfferedSize) -> str:
    """The fit's sum in a line; where it is not known, what the model needs in any case."""
    words = fit_sum.explained(size.fit)
    if size.fit.needed_bytes is None and size.at_least_bytes:
        least = translate("models", "It needs at least {size} of memory.").format(size=figures.gibibytes(size.at_least_bytes))
        return f"{words}. {least}"
    return words


def amount(size: OfferedSize) -> str:
    """`5.0 GB`; `about 5.0 GB` where only a public list says so."""
    if size.size.n_bytes is not None:
        return figures.size(size.size.n_bytes)
    if size.size.about_bytes is not None:
        return translate("models", "about {size}").format(size=figures.size(size.size.about_bytes))
    return translate("models", "Size not known")


def download_row(download: Download, *, good_for: str, badge: StatusWords | None, explained: str = "") -> Row:
    """A download, in the place that the model will have."""
    acts: tuple[Act, ...] = ("pause", "cancel")
    if download.phase in ("paused", "failed"):
        acts = ("resume", "cancel")
    elif download.phase in ("verifying", "measuring", "done"):
        acts = ()
    return Row(
        ("download", download.id),
        download.name,
        translate("models", "Repairing its damaged parts") if download.is_repair else good_for,
        badge,
        explained,
        progress=progress_of(download),
        acts=acts,
    )


def progress_of(download: Download) -> Progress:
    """The bar of a download with the words around it."""
    whole = download.n_bytes
    share = min(1.0, download.n_done / whole) if whole else None
    done = figures.part(download.n_done, whole) if whole else figures.size(download.n_done)
    rate = figures.rate(download.bytes_per_s) if download.bytes_per_s else ""
    left = figures.short_time_left(download.seconds_left) if download.seconds_left is not None else ""
    match download.phase:
        case "waiting":
            return Progress(share, done, "", translate("models", "Waits for its turn"))
        case "connecting":
            return Progress(share if download.n_done else None, done, "", translate("models", "Connecting"))
        case "retrying":
            return Progress(share, done, "", translate("models", "Connection lost, trying again"))
        case "verifying":
            return Progress(
                1.0 if whole else None, figures.size(whole or download.n_done), "", translate("models", "Checking the file")
            )
        case "measuring":
            return Progress(1.0, figures.size(whole or download.n_done), "", translate("models", "Measuring its speed"))
        case "paused":
            return Progress(share, done, "", translate("models", "Paused"))
        case "done":
            return Progress(1.0, figures.size(whole or download.n_done), "", translate("models", "Done"))
        case "failed":
            words = wording.words_for_kind(download.problem, download.problem_facts) if download.problem else None
            return Progress(share, done, "", words.title if words else translate("models", "Stopped"), is_problem=True)
    return Progress(share, done, rate, left)


def found_row(found: FoundRepository, *, is_here: bool = False) -> Row:
    """A repository that the hub named. Whether it fits is not known before it was looked at."""
    owner, _, name = found.id.partition("/")
    downloads = translate("models", "{n} downloads").format(n=figures.number(found.n_downloads))
    updated = ""
    if found.updated is not None:
        updated = translate("models", "changed {day}").format(day=_inside(figures.day(found.updated)))
    chip = StatusWords(translate("models", "Asks for sign-in"), "caution", "key-round") if found.gated else None
    if is_here:
        chip = StatusWords(translate("models", "Installed"), "neutral", "check")
    return Row(
        ("found", found.id),
        name or owner,
        translate("models", "By {publisher}").format(publisher=owner),
        amount=downloads,
        licence=licence_words.short(found.licence),
        speed=updated,
        chip=chip,
    )


def _inside(day: str) -> str:
    """`today`, as it stands inside a line; dates begin with a figure and stay."""
    return day if day[:1].isdigit() else day[:1].lower() + day[1:]
