"""Which items of a workload are answered here and which by the remote model, and which are put to both.

Pure. Chance plays no part: an item's place follows from a checksum of its workload and its words. The same item goes the
same way each time, and raising the share that is answered here moves further items and takes none back. Counts are exact
integers. Knows nothing of approvals: what is planned for the remote model is sent only where a person said so.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from engine.advice_records import Route
from engine.ledger_records import WorkloadId
from engine.ledger_settings import Thresholds

Arm = Literal["local", "remote"]

PLACES = 2**64


@dataclass(frozen=True)
class Course:
    """Who answers an item, and whose answer counts. `is_sample`: the remote one is only there to be compared with."""

    local: bool
    remote: bool
    counts: Arm
    is_sample: bool = False

    @property
    def is_pair(self) -> bool:
        return self.local and self.remote


HERE, AWAY = Course(True, False, "local"), Course(False, True, "remote")
SHADOWED, SAMPLED = Course(True, True, "remote"), Course(True, True, "local", is_sample=True)


def item_keys(workload: WorkloadId, texts: Sequence[str]) -> tuple[str, ...]:
    """What items go by: the workload, the words, and which one it is of several with the same words."""
    seen: Counter[str] = Counter()
    keys = []
    for text in texts:
        seen[text] += 1
        keys.append(_checksum(f"{workload}\0{seen[text]}\0{text}").hex())
    return tuple(keys)


def plan(route: Route, item_key: str, thresholds: Thresholds, *, n_sampled: int = 0) -> Course:
    """The course of an item that comes alone. `n_sampled` of its workload were samples this month already."""
    return plan_all(route, (item_key,), thresholds, n_sampled=n_sampled)[0]


def plan_all(
    route: Route, item_keys: Sequence[str], thresholds: Thresholds, *, n_sampled: int = 0, may_sample: bool = True
) -> tuple[Course, ...]:
    """The course of each item of a run.

    Of what is answered here, `sample_percent` are samples, and more where the month would else have fewer than
    `least_sample`. None are where the route has no remote model or asks for none.
    """
    if route.kind in ("api", "shadow"):
        return (AWAY if route.kind == "api" else SHADOWED,) * len(item_keys)
    here = [number for number, key in enumerate(item_keys) if route.kind == "local" or is_here(key, route.share_percent)]
    samples: set[int] = set()
    if may_sample and route.remote is not None and route.sample_percent > 0:
        first = sorted(here, key=lambda number: (_place("sample", item_keys[number]), number))
        n_wanted = sum(_is_below("sample", item_keys[number], route.sample_percent) for number in here)
        samples = set(first[: max(n_wanted, thresholds.least_sample - n_sampled)])
    local = set(here)
    return tuple(
        SAMPLED if number in samples else HERE if number in local else AWAY for number in range(len(item_keys))
    )  # fmt: skip


def is_here(item_key: str, share_percent: int) -> bool:
    """Whether an item is among the share that is answered here; once it is, it is for every larger share."""
    return _is_below("share", item_key, share_percent)


def _is_below(drawn_for: str, item_key: str, percent: int) -> bool:
    return _place(drawn_for, item_key) * 100 < percent * PLACES


def _place(drawn_for: str, item_key: str) -> int:
    """A whole number from 0 to PLACES - 1, evenly spread. What is drawn for one purpose says nothing of another."""
    return int.from_bytes(_checksum(f"{drawn_for}\0{item_key}")[:8])


def _checksum(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
