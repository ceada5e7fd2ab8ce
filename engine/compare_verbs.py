"""The verbs about remote models and comparing, as JSON-ready values. Without an approval nothing is sent: it is only shown."""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import os
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from engine.compare_intents import PrepareComparison, PrepareEvaluation, RunEvaluation
from engine.compare_json import (
    approval_bytes,
    batch_json,
    check_json,
    evaluation_json,
    pane_json,
    preview_json,
    provider_json,
    usd,
)  # fmt: skip
from engine.compare_records import Comparison, LocalChoice, PaneChoice, Preview, RemoteChoice, VoteSetId
from engine.compare_text import money
from engine.error_sentences import sentence_for
from engine.errors import (
    HiddenDetailLeaks,
    ModelMissing,
    NetworkRefused,
    NotApproved,
    NotFound,
    ProviderUnfit,
    StrongroomError,
    error_from,
)  # fmt: skip
from engine.json_shapes import Json
from engine.models.library import STARTER_MODEL
from engine.provider_records import Provider
from engine.providers.presets import PRESETS, own_server
from engine.records import MatterId, ModelId, RequestId
from engine.session import Session
from engine.store.store import Store
from engine.verbs import Hearing, find_matter
from engine.vote_records import Prompt
from engine.work.prompt_sets import read_prompts

EVALUATIONS = "Evaluations"  # the matter of sets that come from files


# ---------------------------------------------------------------- providers and keys
async def providers_list(session: Session, _: argparse.Namespace, __: Hearing) -> Json:
    return {"providers": [provider_json(each) for each in await session.compare.remote.list()]}


async def providers_add(session: Session, options: argparse.Namespace, _: Hearing) -> Json:
    kept = await session.compare.remote.list()
    wanted = _described(options)
    if any(wanted.id and each.id == wanted.id for each in kept):
        raise ProviderUnfit(wanted.name, "name_taken")
    added = await session.compare.remote.keep(wanted)
    return {"providers": [provider_json(added)]}


def _described(options: argparse.Namespace) -> Provider:
    """The provider that the options describe: a known company by its name alone, or an address."""
    models = tuple(each.strip() for each in (options.models or "").split(",") if each.strip())
    known = next((each for each in PRESETS if options.name.casefold() in (each.id, each.name.casefold())), None)
    if options.base_url is None and known is not None:
        return replace(known, models=models or known.models, terms=options.terms)
    provider = own_server(
        options.name, options.base_url or "", models, dialect=options.dialect or "openai",
        needs_key=not options.without_key, quirks=tuple(options.quirk or ()),
    )  # fmt: skip
    return replace(provider, is_own=options.own, terms=options.terms)


async def providers_remove(session: Session, options: argparse.Namespace, _: Hearing) -> Json:
    provider = await _provider(session, options.name)
    await session.compare.remote.remove(provider.id)
    return {"removed": {"id": provider.id}}


async def providers_test(session: Session, options: argparse.Namespace, _: Hearing) -> Json:
    await take_keys(session, options)
    provider = await _provider(session, options.name)
    return {"checked": check_json(await session.compare.remote.check(provider.id))}


async def keys_set(session: Session, options: argparse.Namespace, _: Hearing) -> Json:
    provider = await _provider(session, options.name)
    place = await session.compare.remote.keep_key(provider.id, _from_descriptor(provider.name, options.key_fd))
    return {"key": {"provider": provider.id, "kept": place}}


async def keys_list(session: Session, _: argparse.Namespace, __: Hearing) -> Json:
    return {"keys": [{"provider": each.id, "key": each.key} for each in await session.compare.remote.list()]}


async def keys_remove(session: Session, options: argparse.Namespace, _: Hearing) -> Json:
    provider = await _provider(session, options.name)
    await session.compare.remote.forget_key(provider.id)
    return {"key": {"provider": provider.id, "kept": "none"}}


async def _provider(session: Session, name: str) -> Provider:
    """A provider by id or name. Raises NotFound."""
    for each in await session.compare.remote.list():
        if name.casefold() in (each.id, each.name.casefold()):
            return each
    raise NotFound("provider", name)


async def take_keys(session: Session, options: argparse.Namespace) -> None:
    """Keys that are given with the call are used for this call and kept nowhere."""
    for given in options.key_fd or ():
        name, _, number = given.partition("=")
        provider = await _provider(session, name)
        session.compare.remote.use_key(provider, _from_descriptor(provider.name, number))


def _from_descriptor(name: str, number: str) -> str:
    try:
        with os.fdopen(int(number), encoding="utf-8", closefd=True) as source:
            return source.readline().strip()
    except (OSError, ValueError):
        raise ProviderUnfit(name, "bad_key") from None


# ---------------------------------------------------------------- compare
async def compare(session: Session, options: argparse.Namespace, progress: Hearing) -> Json:
    await take_keys(session, options)
    shown = await session.compare.once.preview(await _wish(session, options), tuple(options.hide or ()))
    preview = shown.preview
    approval = hashlib.sha256(approval_bytes(preview.receivers)).hexdigest()
    if not options.approve:
        return {"preview": preview_json(preview, approval)}
    _require_approved(preview, approval, options.approve)
    require_open(session, preview.hosts, preview.max_cost, progress)
    comparison = await session.compare.once.answers(shown)
    _require_an_answer(comparison)
    return {"answers": [pane_json(each, sentence_for) for each in comparison.answers]}


async def _wish(session: Session, options: argparse.Namespace) -> PrepareComparison:
    """What the options ask of whom. Raises NotFound, ModelMissing."""
    panes: list[PaneChoice] = [] if options.without_local else [LocalChoice(await local_model(session, options.model))]
    panes += [await remote_choice(session, each) for each in options.remote]
    matter = (await find_matter(session, options.matter)).id if options.matter else None
    documents = await _documents(session, matter, options.documents or ())
    return PrepareComparison(
        RequestId(uuid.uuid4().hex), matter, options.text, tuple(panes), documents, hides=not options.show_all
    )


async def _documents(session: Session, matter: MatterId | None, names: Sequence[str]) -> tuple:
    if not names:
        return ()
    if matter is None:  # documents are known by their matter
        raise NotFound("document", names[0])
    documents = await session.access.read(lambda store: store.matter(matter).documents.list())
    by_name = {key: each.id for each in documents for key in (each.name, each.id)}
    missing = next((name for name in names if name not in by_name), None)
    if missing is not None:
        raise NotFound("document", missing)
    return tuple(by_name[name] for name in names)


async def local_model(session: Session, wanted: str | None) -> ModelId:
    """A model on this computer by id or file, None for the chosen one. Raises ModelMissing."""
    models = await session.list_models()
    chosen = wanted or session.settings.model or STARTER_MODEL.id
    found = next((each.id for each in models if chosen in (each.id, each.file)), None)
    if found is None:
        raise ModelMissing(chosen)
    return found


async def remote_choice(session: Session, wanted: str) -> RemoteChoice:
    """`PROVIDER/MODEL`; the name of a model may hold slashes itself. Raises NotFound."""
    name, _, model = wanted.partition("/")
    provider = await _provider(session, name)
    if not model:
        raise NotFound("provider", wanted)
    return RemoteChoice(provider.id, model)


def _require_approved(preview: Preview, all_of_it: str, approved: Sequence[str]) -> None:
    """Raises NotApproved unless every body is approved, by its own SHA-256 or by that of all of them."""
    named = Counter(each.lower() for each in approved)  # the same body twice is two requests, each with an approval of its own
    if not (all_of_it in named or Counter(each.sha256 for each in preview.receivers) <= named):
        raise NotApproved("changed")
    if preview.leaks:
        raise HiddenDetailLeaks(len(preview.leaks), ", ".join(sorted({each.form for each in preview.leaks})))


def require_open(session: Session, hosts: Sequence[str], most: int | None, progress: Hearing) -> None:
    """A script sends only where that was opened for it; the hosts are named before anything goes there."""
    if "compare" not in session.network.state().open_purposes:
        raise NetworkRefused("compare", next(iter(hosts), ""), "offline")
    through = f", through the proxy {proxy}" if (proxy := session.network.state().proxy) else ""
    progress.say(f"Sending the approved text to {', '.join(hosts)}{through}. {money(usd(most), 'At most')}.")


def _require_an_answer(comparison: Comparison) -> None:
    """Raises what went wrong where no remote model answered."""
    remote = [each for each in comparison.answers if isinstance(each.choice, RemoteChoice)]
    if all(each.problem for each in remote):
        raise error_from(str(remote[0].problem), dict(remote[0].problem_facts or {}))


# ---------------------------------------------------------------- evaluate
async def evaluate(session: Session, options: argparse.Namespace, progress: Hearing) -> Json:
    await take_keys(session, options)
    matter, vote_set, prompts = await _set(session, options)
    wish = PrepareEvaluation(
        RequestId(uuid.uuid4().hex), matter, vote_set, await local_model(session, options.local),
        await remote_choice(session, options.remote[0]), options.scorer, hides=not options.show_all,
    )  # fmt: skip
    prepared = await session.compare.evaluating.prepared(wish, prompts, own=tuple(options.hide or ()))
    if prepared is None:
        raise NotApproved("nothing_waits")
    hosts = tuple(dict.fromkeys(each.host for each in prepared.receivers))
    if not options.approve:
        return {"preview": batch_json(prepared)}
    if prepared.sha256 not in {each.lower() for each in options.approve}:
        raise NotApproved("changed")
    require_open(session, hosts, prepared.max_cost, progress)
    outcome: list[StrongroomError] = []
    progress.listen(lambda event: outcome.append(event.error) if hasattr(event, "error") else None)
    evaluation = await session.compare.evaluating.run(RunEvaluation(wish.request, prepared.sha256))
    if evaluation is None:
        raise outcome[-1]
    return evaluation_json(evaluation)


async def _set(session: Session, options: argparse.Namespace) -> tuple[MatterId, VoteSetId, tuple[Prompt, ...]]:
    """The prompts of a file, which a set of its name then holds, or of a vote set in a matter. Raises PromptsUnfit, NotFound."""
    file = Path(options.set)
    if file.suffix.casefold() in (".csv", ".tsv") or file.is_file():
        found = (await asyncio.to_thread(read_prompts, file)).prompts
        matter = await find_matter(session, options.matter or EVALUATIONS, start=options.matter is None)
        return matter.id, await session.access.write(lambda store: _mirrored(store, matter.id, file.stem, found)), found
    if options.matter is None:
        raise NotFound("vote set", options.set)
    matter = await find_matter(session, options.matter)
    sets = await session.access.read(lambda store: store.votes.sets())
    wanted = next((each.id for each in sets if options.set in (each.id, each.name)), None)
    if wanted is None:
        raise NotFound("vote set", options.set)
    return matter.id, wanted, await session.compare.prompts.list(matter.id, wanted)


def _mirrored(store: Store, matter: MatterId, name: str, prompts: Sequence[Prompt]) -> VoteSetId:
    """The set called `name` with the prompts of its file in this matter, made if there is none.

    A set of that name that holds other prompts here, such as one's own questions, stays as it is beside the new one.
    """
    kept = store.matter(matter).prompts
    for vote_set in [each.id for each in store.votes.sets() if each.name == name]:
        before = kept.list(vote_set)
        if [(each.text, each.expected) for each in before] == [(each.text, each.expected) for each in prompts]:
            return vote_set
        if {each.source for each in before} <= {prompts[0].source}:  # an earlier version of the file
            kept.replace(vote_set, prompts)
            return vote_set
    made = store.votes.create(name, "other").id
    kept.replace(made, prompts)
    return made
