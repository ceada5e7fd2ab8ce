"""The verbs about the network: its log, its lock, and the statement of what is enforced. As JSON-ready values."""

from __future__ import annotations

import argparse
import asyncio

from engine.attestation import attest
from engine.computer_check import check_computer
from engine.connection_export import as_csv
from engine.json_shapes import Json, connection_json, network_json
from engine.session import Session
from engine.verbs import Hearing, version
from engine.work.export import write_file
from engine.work.network_access import ALL


async def privacy_log(session: Session, options: argparse.Namespace, _: Hearing) -> Json:
    connections = await session.network.connections(options.days, limit=ALL)
    if options.export is not None:
        await asyncio.to_thread(write_file, options.export, as_csv(connections))
    told: Json = {"connections": [connection_json(each) for each in connections]}
    return told | ({"exported": str(options.export)} if options.export is not None else {})


async def privacy_attest(session: Session, _: argparse.Namespace, __: Hearing) -> Json:
    return {"attestation": await attestation(session)}


async def attestation(session: Session) -> Json:
    """What is enforced on this computer at this moment, signed with this profile's own key."""
    report = await check_computer(session)
    connections = await session.network.connections(None, limit=ALL)
    return await asyncio.to_thread(
        attest,
        network=session.network.state(),
        report=report,
        connections=connections,
        version=version(),
        profile=session.profile.root,
    )


async def privacy_lock(session: Session, _: argparse.Namespace, __: Hearing) -> Json:
    await session.close_network()
    return {"network": network_json(session.network.state())}


async def privacy_unlock(session: Session, options: argparse.Namespace, _: Hearing) -> Json:
    await session.open_network(options.purpose)
    return {"network": network_json(session.network.state())}
