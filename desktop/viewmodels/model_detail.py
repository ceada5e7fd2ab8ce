"""One model in detail: what is known of it, where it came from, how far its download is. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication, QLocale

from desktop import figures, wording
from desktop.viewmodels.document_detail import Step
from desktop.wordings.words import Words
from engine.model_records import Download, FoundRepository, ModelCheck, Offer, OfferedModel, OfferedSize
from engine.records import Fit, Model

translate = QCoreApplication.translate
_MOST_LANGUAGES = 8


@dataclass(frozen=True)
class Subject:
    """What the panel is about. `size` is the size that is chosen, `download` the one that fetches or repairs it."""

    model: Model | None = None
    offer: Offer | None = None
    size: OfferedSize | None = None
    download: Download | None = None
    found: FoundRepository | None = None

    @property
    def name(self) -> str:
        if self.offer is not None:
            return self.offer.model.name
        if self.model is not None:
            return self.model.name
        if self.download is not None:
            return self.download.name
        return self.found.id if self.found else ""

    @property
    def is_here(self) -> bool:
        """Whether the size that is chosen is on this computer."""
        if self.model is None:
            return False
        return self.size is None or self.size.installed == self.model.id

    @property
    def fit(self) -> Fit | None:
        if self.is_here and self.model is not None:
            return self.model.fit
        return self.size.fit if self.size else None


# ---------------------------------------------------------------- what is known
def made_by(subject: Subject) -> str:
    """Who made it; where nobody is named, where the file came from."""
    if subject.offer is not None and subject.offer.model.publisher:
        return translate("models", "Made by {publisher}.").format(publisher=subject.offer.model.publisher)
    if subject.found is not None:
        return translate("models", "Published by {publisher}.").format(publisher=subject.found.id.partition("/")[0])
    return ""


def facts(subject: Subject) -> list[tuple[str, str]]:
    """Label and value of what is known; what is not known is not listed."""
    lines: list[tuple[str, str]] = []
    if subject.offer is not None:
        lines += _offer_facts(subject.offer.model)
    elif subject.model is not None:
        lines += _model_facts(subject.model)
    if subject.is_here and subject.model is not None and subject.model.source:
        lines.append((translate("models", "From"), origin(subject.model.source)))
    elif subject.size is not None:
        lines.append((translate("models", "From"), subject.size.size.repository))
    return [(label, value) for label, value in lines if value]


def origin(source: str) -> str:
    """`acme/clerk-GGUF, version b6704cac` of a repository at a commit; anything else as it stands."""
    repository, at, commit = source.rpartition("@")
    if not at or "/" not in repository:
        return source
    return translate("models", "{repository}, version {version}").format(repository=repository, version=commit[:8])


def _offer_facts(model: OfferedModel) -> list[tuple[str, str]]:
    return [
        (translate("models", "Good for"), model.good_for),
        (translate("models", "Languages"), languages(model.languages)),
        (translate("models", "Reads at once"), _tokens(model.context_length)),
        (translate("models", "Parameters"), _parameters(model.n_parameters, model.n_active_parameters)),
        (translate("models", "Thinks before it answers"), _thinks(model)),
        (translate("models", "Sees pictures"), translate("models", "Yes") if model.sees else ""),
        (translate("models", "Published"), model.released),
        (translate("models", "Note"), model.note),
    ]


def _model_facts(model: Model) -> list[tuple[str, str]]:
    return [
        (translate("models", "Good for"), model.note),
        (translate("models", "Reads at once"), _tokens(model.context_length)),
        (translate("models", "Parameters"), _parameters(model.n_parameters, None)),
        (translate("models", "Size"), model.quantisation or ""),
        (translate("models", "Licence"), model.licence or ""),
    ]


def languages(codes: tuple[str, ...]) -> str:
    """Language names in the user's language; `100+` is told as a count."""
    names: list[str] = []
    for code in codes:
        if code.endswith("+"):
            names.append(translate("models", "more than {n}").format(n=code.rstrip("+")))
            continue
        language = QLocale(code.replace("-", "_")).language()
        names.append(
            code if language in (QLocale.Language.C, QLocale.Language.AnyLanguage) else QLocale.languageToString(language)
        )
    if len(names) > _MOST_LANGUAGES:
        rest = figures.number(len(names) - _MOST_LANGUAGES)
        return translate("models", "{names} and {n} more").format(names=", ".join(names[:_MOST_LANGUAGES]), n=rest)
    return ", ".join(names)


def _tokens(n: int | None) -> str:
    return translate("models", "up to {n} tokens").format(n=figures.number(n)) if n else ""


def _parameters(n: int | None, n_active: int | None) -> str:
    if not n:
        return ""
    whole = _billions(n)
    if n_active and n_active != n:
        return translate("models", "{all}, {active} used for each word").format(all=whole, active=_billions(n_active))
    return whole


def _billions(n: int) -> str:
    if n < 950_000_000:
        return translate("models", "{n} million").format(n=figures.number(round(n / 1e6)))
    return translate("models", "{n} billion").format(n=QLocale().toString(n / 1e9, "f", 1))


def _thinks(model: OfferedModel) -> str:
    return {
        "no": translate("models", "No"),
        "switchable": translate("models", "Can be switched on"),
        "always": translate("models", "Always, which takes time"),
        "unknown": "",
    }[model.thinks]


# ---------------------------------------------------------------- checksum and download
def checksum(subject: Subject, checks: Mapping[str, ModelCheck]) -> tuple[str, str]:
    """Sentence about the file's checksum, and the icon beside it."""
    model = subject.model
    if subject.is_here and model is not None:
        check = checks.get(model.id)
        if check is not None and not check.is_sound:
            return damage(check), "file-warning"
        if model.problem == "model_damaged":
            return translate("models", "The file is damaged."), "file-warning"
        if model.is_verified or (check is not None and check.expected is not None):
            return translate("models", "The file has the publisher’s checksum."), "badge-check"
        if model.is_verified is None:
            words = translate("models", "No published checksum is known to compare with.")
            if check is not None:
                words = translate("models", "No published checksum is known. Its own was recorded, so later damage shows.")
            return words, "info"
        return translate("models", "The file has not been checked since it last changed."), "info"
    if subject.size is None:
        return "", ""
    if subject.size.size.is_confirmed:
        return translate("models", "Size and checksum are known beforehand and are compared after the download."), "badge-check"
    words = translate("models", "The checksum is asked for at the download and compared after it.")
    return words, "info"


def damage(check: ModelCheck) -> str:
    """What verifying found: `2 parts are damaged, 38 MB.`"""
    if check.n_damaged_parts is None or check.damaged_bytes is None:
        return translate("models", "The file is not the one that was published.")
    one, many = translate("models", "part is damaged"), translate("models", "parts are damaged")
    parts = figures.amount(check.n_damaged_parts, one, many)
    return translate("models", "{parts}, {size}.").format(parts=parts, size=figures.size(check.damaged_bytes))


def steps(download: Download) -> list[Step]:
    """The four steps of a download; a failed one fails where it stopped."""
    names = [
        translate("models", "Space reserved"),
        translate("models", "Fetching the damaged parts") if download.is_repair else translate("models", "Downloading"),
        translate("models", "Check the file"),
        translate("models", "Short test"),
    ]
    notes = [
        _space(download),
        _fetched(download),
        translate("models", "Publisher’s checksum"),
        translate("models", "Measures real speed"),
    ]
    at = {"waiting": 0, "connecting": 1, "downloading": 1, "retrying": 1, "paused": 1, "verifying": 2, "measuring": 3, "done": 4}
    if download.phase == "failed":
        here = {"no_room": 0, "folder_unwritable": 0, "checksum_wrong": 2}.get(download.problem or "", 1)
        state = "failed"
    else:
        here, state = at[download.phase], "needs_you" if download.phase == "paused" else "working"
    if download.phase == "waiting":
        state = "not_started"
    result = []
    for place, (name, note) in enumerate(zip(names, notes, strict=True)):
        own = "done" if place < here else state if place == here else "not_started"
        result.append(Step(own, name, note))  # type: ignore[arg-type]
    return result


def _space(download: Download) -> str:
    if not download.n_bytes:
        return ""
    return translate("models", "{size} on this disk").format(size=figures.size(download.n_bytes))


def _fetched(download: Download) -> str:
    host = download.hosts[0] if download.hosts else ""
    if not download.n_bytes:
        return translate("models", "from {host}").format(host=host) if host else ""
    done = figures.share(download.n_done / download.n_bytes)
    return translate("models", "{share}, from {host}").format(share=done, host=host) if host else done


def problem(subject: Subject, checks: Mapping[str, ModelCheck]) -> Words | None:
    """What stopped the download, or keeps the model from being used."""
    download, model = subject.download, subject.model
    if download is not None and download.problem is not None and download.phase in ("failed", "paused"):
        return wording.words_for_kind(download.problem, download.problem_facts)
    if subject.is_here and model is not None and model.problem is not None and download is None:
        words = wording.words_for_kind(model.problem, model.problem_facts)
        return _repairable(model, words, checks.get(model.id)) if model.can_repair else words
    return None


def _repairable(model: Model, words: Words, check: ModelCheck | None) -> Words:
    """The same problem where the damaged parts can be fetched again."""
    to_do = translate("models", "Repair fetches only the damaged parts and checks the whole file afterwards.")
    happened = words.happened
    if check is not None and check.damaged_bytes is not None:
        happened = translate("models", "It does not match the publisher’s checksum: {damage}").format(damage=damage(check))
        to_do = translate(
            "models", "Repair fetches only the damaged parts, {part} of {all}, and checks the whole file afterwards."
        )
        to_do = to_do.format(part=figures.size(check.damaged_bytes), all=figures.size(model.n_bytes))
    kept = translate("models", "Your documents and conversations are not affected, and other models can answer.")
    title = translate("models", "{name} is damaged").format(name=model.name)
    return replace(words, title=title, happened=happened, kept=kept, to_do=to_do)


def repair_verb(check: ModelCheck | None) -> str:
    """`Repair, 38 MB`, where it is known how much is damaged."""
    if check is None or check.damaged_bytes is None:
        return translate("models", "Repair")
    return translate("models", "Repair, {size}").format(size=figures.size(check.damaged_bytes))
