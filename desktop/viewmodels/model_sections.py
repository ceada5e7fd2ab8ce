"""Which rows the Models screen shows, in which sections: filters and counts. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QCoreApplication

from desktop import figures
from desktop.viewmodels import model_rows
from desktop.viewmodels.hub_search import HubSearch
from desktop.viewmodels.model_rows import Row
from desktop.wordings import fit_sum
from desktop.wordings.fit import badge as fit_badge
from engine.model_records import Download, FoundRepository, Licence, Offer
from engine.records import Fit, Model, ModelState

translate = QCoreApplication.translate


@dataclass(frozen=True)
class Filters:
    """`fits`: all, what can run, or what fits well. `at_work`: any licence, or one that allows it (also with conditions)."""

    shown: Literal["all", "installed", "catalogue"] = "all"
    fits: Literal["any", "fits", "well"] = "any"
    at_work: Literal["any", "conditions", "yes"] = "any"
    typed: str = ""

    def takes_fit(self, fit: Fit) -> bool:
        if self.fits == "well":
            return fit.verdict == "fits_well"
        return self.fits == "any" or fit.verdict in ("fits_well", "tight", "slow")

    def takes_licence(self, licence: Licence | None) -> bool:
        if self.at_work == "any":
            return True
        return licence is not None and licence.at_work in (("yes",) if self.at_work == "yes" else ("yes", "with_conditions"))

    def takes_words(self, *texts: str) -> bool:
        """Every word that was typed stands in one of the texts."""
        everything = " ".join(texts).casefold()
        return all(word in everything for word in self.typed.casefold().split())

    def takes_offer(self, offer: Offer) -> bool:
        model = offer.model
        words = (model.name, model.publisher, model.good_for, model.id, *model.languages)
        fits = any(self.takes_fit(size.fit) for size in offer.sizes)
        return fits and self.takes_licence(model.licence) and self.takes_words(*words)


@dataclass(frozen=True)
class Section:
    """A heading with a note, and its rows. `empty` is what stands there without any."""

    key: Literal["installed", "catalogue", "hub"]
    title: str
    note: str
    rows: tuple[Row, ...]
    empty: str = ""


class Shelf:
    """Everything there is to show, indexed: which offer a model came from, and which downloads belong to what."""

    def __init__(self, models: Iterable[Model], offers: Iterable[Offer], downloads: Iterable[Download]) -> None:
        self.models = tuple(models)
        self.offers = tuple(offers)
        self.offer_of = {size.installed: offer for offer in self.offers for size in offer.sizes if size.installed is not None}
        here = {model.id for model in self.models}
        self.downloads = [one for one in downloads if not (one.phase == "done" and one.installed in here)]
        self.repairs = {one.file: one for one in self.downloads if one.is_repair}
        self.fetching = [one for one in self.downloads if not one.is_repair]

    def offer(self, model: str) -> Offer | None:
        return next((offer for offer in self.offers if offer.model.id == model), None)

    def fetching_of(self, offer: Offer) -> list[Download]:
        return [one for one in self.fetching if one.model == offer.model.id]

    def repair_of(self, model: Model) -> Download | None:
        return self.repairs.get(model.file.replace("\\", "/").rsplit("/", 1)[-1])


def installed_rows(shelf: Shelf, filters: Filters, state: ModelState) -> list[Row]:
    """What is on this computer and what is on its way, each model once."""
    rows: list[Row] = []
    for model in shelf.models:
        offer = shelf.offer_of.get(model.id)
        words = (model.name, model.note, model.file, model.source, offer.model.publisher if offer else "")
        licence = offer.model.licence if offer else None
        if not (filters.takes_words(*words) and filters.takes_fit(model.fit)):
            continue
        if filters.at_work != "any" and not filters.takes_licence(licence):
            continue
        repair = shelf.repair_of(model)
        if repair is not None:
            badge, explained = fit_badge(model.fit), fit_sum.explained(model.fit)
            rows.append(model_rows.download_row(repair, good_for=model.note, badge=badge, explained=explained))
        else:
            rows.append(model_rows.model_row(model, offer=offer, state=state))
    for download in shelf.fetching:
        offer = shelf.offer(download.model)
        if filters.takes_words(download.name, download.model):
            rows.append(fetching_row(download, offer))
    return rows


def fetching_row(download: Download, offer: Offer | None) -> Row:
    """A download with the fit of the size that it fetches."""
    size = next((one for one in offer.sizes if one.size.key == download.size_key), None) if offer else None
    badge = fit_badge(size.fit) if size else None
    good_for = offer.model.good_for if offer and offer.model.good_for else download.file
    return model_rows.download_row(download, good_for=good_for, badge=badge, explained=model_rows.explained(size) if size else "")


def catalogue_rows(shelf: Shelf, filters: Filters) -> list[Row]:
    """What can be had; beside the installed ones only what is not among them."""
    rows: list[Row] = []
    alone = filters.shown == "catalogue"
    for offer in shelf.offers:
        if "/" in offer.model.id or not filters.takes_offer(offer):
            continue
        downloads = shelf.fetching_of(offer)
        if downloads:
            rows += [fetching_row(download, offer) for download in downloads if alone]
        elif alone or not any(size.installed for size in offer.sizes):
            rows.append(model_rows.offer_row(offer, shows_installed=alone))
    return rows


def used_and_free(models: Iterable[Model], disk_free: int | None) -> str:
    """`4.7 GB used, 212 GB free`."""
    n_used = sum(model.n_bytes for model in models)
    used = figures.size(n_used)
    if disk_free is None:
        return translate("models", "{used} used").format(used=used) if n_used else ""
    if not n_used:
        return translate("models", "{free} free").format(free=figures.size(disk_free))
    return translate("models", "{used} used, {free} free").format(used=used, free=figures.size(disk_free))


def nothing_installed(models: tuple[Model, ...] | None) -> str:
    """What stands where no model of the library is shown; `models` None: they are being looked at."""
    if models is None:
        return translate("models", "Looking at your models.")
    if models:
        return translate("models", "None of your models fits these filters.")
    return translate("models", "No model is on this computer yet. Download one below, or add a file that you have.")


def hub_section(hub: HubSearch) -> Section:
    """What a hub named for the words that were typed."""
    nothing = translate("models", "Nothing there answers to “{text}”.").format(text=hub.text)
    if hub.is_searching:
        nothing = translate("models", "Asking {host} for “{text}”.").format(host=hub.host, text=hub.text)
    elif hub.problem is not None:
        nothing = hub.problem.line
    title = translate("models", "On {hub}").format(hub=hub.name)
    note = translate("models", "Anyone can publish there. Choose a publisher you know.")
    return Section("hub", title, note, tuple(_found_row(hub, one) for one in hub.found), nothing)


def _found_row(hub: HubSearch, found: FoundRepository) -> Row:
    offer = hub.offers.get(found.id)
    return model_rows.found_row(found, is_here=offer is not None and any(size.installed for size in offer.sizes))
