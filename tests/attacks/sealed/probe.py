"""Play a worker that was taken over: seal or not, then try every attack and print what came of each, as JSON.

Run as a script by any Python from 3.11 on; needs the standard library and the program's engine folder only.
"""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path
from typing import Any


def main() -> None:
    plan: dict[str, Any] = json.loads(sys.argv[1])
    sys.path.insert(0, plan["program"])
    sys.path.insert(1, str(Path(__file__).resolve().parent))
    import files
    import network
    import processes
    import rights

    from engine import sandbox

    plan["opened_before"] = socket.create_connection(("127.0.0.1", plan["tcp"]))
    plan["pair_made_before"] = kept = [end.detach() for end in socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)]
    told: dict[str, Any] = {}
    if plan["sealed"]:
        seal = sandbox.seal(readable=[Path(plan["model"]), Path(plan["link_to_the_key"]).parent], keep=kept)
        told["seal"] = [seal.network, seal.files, seal.detail]
    if plan["last_attack"]:
        told["result"] = outcome(getattr(processes, plan["last_attack"]), plan)
    else:
        told["rights"] = {right.__name__: outcome(right, plan) for right in rights.RIGHTS}
        attacks = [*network.ATTACKS, *files.ATTACKS, *processes.ATTACKS]
        told["attacks"] = {attack.__name__: outcome(attack, plan) for attack in attacks}
    print(json.dumps(told), flush=True)


def outcome(attempt: Any, plan: dict[str, Any]) -> str:
    """`done`, or why not."""
    try:
        attempt(plan)
    except OSError as refusal:
        return f"refused: {type(refusal).__name__} {refusal.errno}"
    except Exception as failure:
        return f"failed: {type(failure).__name__} {failure}"
    return "done"


main()
