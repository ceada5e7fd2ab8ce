"""The verbs about models, as JSON-ready values. The same owners work here as behind the window.

Knows nothing of printing and exit codes. Raises StrongroomError.
"""

from __future__ import annotations

import argparse
import dataclasses

from engine.errors import FileUnfit, ModelDamaged, NetworkRefused, NotFound, error_from
from engine.json_shapes import Json, download_json, found_json, model_json, offer_json, repository_json
from engine.model_records import Download, Offer
from engine.records import Model, ModelId
from engine.session import Session
from engine.verbs import Hearing
from engine.work.finding_models import split_choice


async def models_list(session: Session, _: argparse.Namespace, __: Hearing) -> Json:
    return {"models": [model_json(model) for model in await session.list_models()]}


# ---------------------------------------------------------------- what could be had
async def models_catalogue(session: Session, options: argparse.Namespace, _: Hearing) -> Json:
    if options.file is not None:
        await session.desk.finding.import_catalogue(options.file)
    await session.list_models()
    shown = await session.desk.finding.offers()
    wanted = options.text.casefold()
    return {
        "edition": dataclasses.asdict(shown.edition),
        "first_choices": list(shown.first_choices),
        "models": [offer_json(offer) for offer in shown.offers if wanted in _words_of(offer)],
    }


def _words_of(offer: Offer) -> str:
    model = offer.model
    return " ".join((model.id, model.name, model.publisher, model.good_for)).casefold()


async def models_search(session: Session, options: argparse.Namespace, _: Hearing) -> Json:
    found = await session.desk.finding.search(options.text, limit=options.limit)
    return {"models": [repository_json(each) for each in found]}


async def models_show(session: Session, options: argparse.Namespace, progress: Hearing) -> Json:
    if model := await _installed(session, options.model):
        return {"models": [model_json(model)]}
    return {"models": [offer_json(await _offer(session, options.model, progress))]}


async def models_fit(session: Session, options: argparse.Namespace, progress: Hearing) -> Json:
    session.desk.advice.n_ctx = options.context
    if model := await _installed(session, options.model):
        return {"models": [model_json(model)]}
    offer = await _offer(session, options.model, progress)
    _, key = split_choice(options.model)
    sizes = tuple(size for size in offer.sizes if key in (None, size.size.key, *(file.path for file in size.size.files)))
    if not sizes:
        raise NotFound("catalogue model", options.model)
    return {"models": [offer_json(dataclasses.replace(offer, sizes=sizes))]}


async def _installed(session: Session, wanted: str) -> Model | None:
    return next((model for model in await session.list_models() if wanted in (model.id, model.file)), None)


async def _offer(session: Session, wanted: str, progress: Hearing) -> Offer:
    """A model of the catalogue; with the network open also one of the hub, and the fit of one that needs its header read."""
    model, _ = split_choice(wanted)
    is_open = "models" in session.network.state().open_purposes
    offer = await session.desk.finding.in_catalogue(model)
    if offer is None and "/" not in model:
        raise NotFound("catalogue model", wanted)
    if offer is not None and not (is_open and _has_unknown_fit(offer)):
        return offer
    if not is_open:
        raise NetworkRefused("models", session.network.first_host("models"), "offline")
    progress.say(f"Network, for models only: {', '.join(session.network.hosts('models'))}")
    return await session.desk.finding.repository(model) if offer is None else await session.desk.finding.with_headers(offer)


def _has_unknown_fit(offer: Offer) -> bool:
    return any(size.fit.verdict == "unknown" for size in offer.sizes)


# ---------------------------------------------------------------- downloads
async def models_download(session: Session, options: argparse.Namespace, _: Hearing) -> Json:
    await session.list_models()
    return await _fetched(session, await session.desk.download(options.model))


async def models_repair(session: Session, options: argparse.Namespace, _: Hearing) -> Json:
    await session.list_models()
    return await _fetched(session, await session.desk.repair(ModelId(options.model)))


async def _fetched(session: Session, download: Download) -> Json:
    """Wait for the last word. Raises what a download failed with; what was fetched is kept."""
    ended = await session.desk.downloads.finished(download.id)
    if ended.problem:
        raise error_from(ended.problem, dict(ended.problem_facts or {}))
    models = [model for model in await session.list_models() if model.id == ended.installed]
    return {"download": download_json(ended), "models": [model_json(model) for model in models]}


# ---------------------------------------------------------------- the library
async def models_import(session: Session, options: argparse.Namespace, _: Hearing) -> Json:
    await session.desk.relist()
    if options.file.is_dir():
        added = await session.desk.keeping.import_bundle(options.file)
    else:
        added = [await session.desk.add(options.file, "in_place" if options.in_place else "import")]
    models = await session.list_models()
    return {"models": [model_json(model) for model in models if model.id in added]}


async def models_find(session: Session, options: argparse.Namespace, _: Hearing) -> Json:
    await session.list_models()
    return {"found": [found_json(each) for each in await session.desk.find(options.folder)]}


async def models_verify(session: Session, options: argparse.Namespace, _: Hearing) -> Json:
    await session.list_models()
    check = await session.desk.verify(ModelId(options.model))
    if check is not None and not check.is_sound:
        raise ModelDamaged(options.model, "wrong_checksum")
    return {"check": dataclasses.asdict(check) if check is not None else None}


async def models_remove(session: Session, options: argparse.Namespace, _: Hearing) -> Json:
    await session.list_models()
    in_use = await session.remove_model(ModelId(options.model), even_if_used=options.even_if_used)
    if in_use is not None:
        raise FileUnfit(options.model, "needs_confirmation", ", ".join(in_use.needed_by) or "it is open now")
    return {"removed": {"id": options.model}}


async def models_export(session: Session, options: argparse.Namespace, _: Hearing) -> Json:
    await session.list_models()
    await session.desk.export([ModelId(each) for each in options.models], options.folder)
    return {"bundle": {"folder": str(options.folder), "models": options.models}}


async def models_move(session: Session, options: argparse.Namespace, _: Hearing) -> Json:
    await session.desk.move(options.folder)
    return {"library": {"folder": str(options.folder)}, "models": [model_json(each) for each in await session.list_models()]}
