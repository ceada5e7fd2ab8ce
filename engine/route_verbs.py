"""The verbs that move workloads and do their work by their route. Without an approval nothing is sent: it is only shown."""

from __future__ import annotations

import argparse
import asyncio
import uuid
from pathlib import Path

from engine.advice_records import Route, Workload
from engine.compare_records import VoteSetId
from engine.compare_verbs import local_model, remote_choice, require_open, take_keys
from engine.errors import HiddenDetailLeaks, NotApproved, StrongroomError
from engine.json_shapes import Json
from engine.ledger_events import WorkFinished, WorkPrepared
from engine.ledger_intents import PrepareWork, RunWork
from engine.ledger_verbs import find_workload
from engine.plan_json import finished_json, route_json, work_json
from engine.records import MatterId, RequestId
from engine.session import Session
from engine.verbs import Hearing, find_matter
from engine.work.comparison_export import written
from engine.work.export import write_file
from engine.work.prompt_sets import read_prompts


async def ledger_move(session: Session, options: argparse.Namespace, _: Hearing) -> Json:
    workload = await find_workload(session, options.workload)
    before = workload.route
    route = Route(
        kind=options.to,
        local=before.local if options.local is None else await local_model(session, options.local),
        remote=before.remote if options.remote is None else await remote_choice(session, options.remote),
        share_percent=before.share_percent if options.share is None else options.share,
        sample_percent=before.sample_percent if options.sample is None else options.sample,
    )
    await session.ledger.move(workload.id, route)
    return await _shown(session, options.workload)


async def ledger_return(session: Session, options: argparse.Namespace, _: Hearing) -> Json:
    workload = await find_workload(session, options.workload)
    await session.ledger.moves.give_back(workload.id)
    return await _shown(session, options.workload)


async def _shown(session: Session, name: str) -> Json:
    workload = await find_workload(session, name)
    return {"workload": {"id": workload.id, "name": workload.name, "route": route_json(workload.route)}}


# ---------------------------------------------------------------- doing the work
async def run_work(session: Session, options: argparse.Namespace, progress: Hearing) -> Json:
    await take_keys(session, options)
    matter = (await find_matter(session, options.matter)).id
    workload = await find_workload(session, options.workload)
    if options.prompts is not None:
        await _fill(session, matter, workload, options.prompts)
    wish = PrepareWork(RequestId(uuid.uuid4().hex), matter, workload.id, hides=not options.show_all)
    prepared = await session.compare.routed.prepared(wish, own=tuple(options.hide or ()))
    approved = {each.lower() for each in options.approve or ()}
    if options.preview or (prepared.n_remote and not approved):
        return {"preview": work_json(prepared)}
    _require_approved(prepared, approved)
    if approved:
        hosts = tuple(dict.fromkeys(each.host for each in prepared.receivers))
        require_open(session, hosts, prepared.max_cost, progress)
    done = await _done(session, RunWork(wish.request, prepared.sha256 if approved else ""), progress)
    result: Json = {"work": finished_json(done)}
    if options.output is not None:
        await _export(session, matter, workload, options.output)
        result["output"] = str(options.output)
    return result


async def _fill(session: Session, matter: MatterId, workload: Workload, file: Path) -> None:
    found = (await asyncio.to_thread(read_prompts, file)).prompts
    await session.access.write(lambda store: store.matter(matter).prompts.replace(VoteSetId(workload.id), found))


def _require_approved(prepared: WorkPrepared, approved: set[str]) -> None:
    """Raises NotApproved for anything but exactly what was shown."""
    if approved and approved != {prepared.sha256}:
        raise NotApproved("changed")
    leaks = [leak for preview in prepared.previews for leak in preview.leaks]
    if approved and leaks:
        raise HiddenDetailLeaks(len(leaks), ", ".join(sorted({each.form for each in leaks})))


async def _done(session: Session, wish: RunWork, progress: Hearing) -> WorkFinished:
    """The run's last word. Raises what ended it."""
    finished: list[WorkFinished] = []
    failed: list[StrongroomError] = []

    def listen(event: object) -> None:
        if isinstance(event, WorkFinished):
            finished.append(event)
        elif isinstance(error := getattr(event, "error", None), StrongroomError):
            failed.append(error)

    progress.listen(listen)
    await session.compare.routed.run(wish)
    if not finished:
        raise failed[-1]
    return finished[-1]


async def _export(session: Session, matter: MatterId, workload: Workload, file: Path) -> None:
    text = await session.access.read(lambda store: written(store, matter, VoteSetId(workload.id), file.suffix))
    await asyncio.to_thread(write_file, file, text)
