"""Runs a story in a process of its own, on a display of its own, and answers what it asks over the standard streams."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any


def walk(command: Sequence[str], environment: Mapping[str, str], answer: Callable[..., list[Any]], log: Path) -> int:
    """Run `command` to its end and give its exit code. Each line that it prints is a wish as JSON, which `answer` answers."""
    pipe = subprocess.PIPE
    with (
        log.open("w") as said,
        subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, stderr=said, text=True) as walking,
    ):
        assert walking.stdin is not None and walking.stdout is not None
        for wish in walking.stdout:
            print(json.dumps(answer(*json.loads(wish))), file=walking.stdin, flush=True)
        return walking.wait(timeout=60)
