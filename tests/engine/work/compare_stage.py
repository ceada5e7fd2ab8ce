"""A store in memory with a matter, and comparisons to vote on and to write out."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from engine.compare_records import (
    Comparison,
    ComparisonId,
    LocalChoice,
    PaneAnswer,
    PaneTimings,
    RemoteChoice,
    VoteSetId,
)
from engine.paths import Profile
from engine.provider_records import FREE, Cost, ProviderId, TokenCounts
from engine.records import MatterId, ModelId
from engine.store.store import Store
from engine.work.store_access import StoreAccess

WHEN = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
LOCAL, REMOTE = LocalChoice(ModelId("qwen3")), RemoteChoice(ProviderId("openai"), "gpt-6.1-sol")


@contextmanager
def a_store(folder: Path) -> Iterator[tuple[StoreAccess, Store, MatterId]]:
    """An open store in memory with one matter."""
    writer, readers = ThreadPoolExecutor(1), ThreadPoolExecutor(2)
    access = StoreAccess(writer, readers)
    store = access.store = Store.open(Profile(folder), protection="memory")
    try:
        yield access, store, store.matters.create("Grievance 2291").id
    finally:
        store.close()
        writer.shutdown()
        readers.shutdown()


def comparison(matter: MatterId, name: str = "c1", vote_set: str | None = None, question: str = "Sum it up.") -> Comparison:
    """A local answer, which is free, and a remote one, which is not."""
    local = PaneAnswer(
        0, LOCAL, "Qwen3 8B", text="=1+1 is how it begins", stop_reason="end_of_text",
        tokens=TokenCounts(100, 20), timings=PaneTimings(0.5, 2.0, 13.3), cost=FREE,
    )  # fmt: skip
    remote = PaneAnswer(
        1, REMOTE, "GPT-6.1 Sol", "api.openai.com", "See ![x](https://evil.example/a.png)\nand <b>this</b>",
        "See ![x](https://evil.example/a.png)\nand <b>this</b>", answered_by="gpt-6.1-sol-2026", stop_reason="end_of_text",
        tokens=TokenCounts(110, 30, 10, 0, 12), timings=PaneTimings(0.8, 1.2, 70.0), cost=Cost(520_000, "computed"),
    )  # fmt: skip
    return Comparison(
        ComparisonId(name), matter, WHEN, question, (local, remote),
        None if vote_set is None else VoteSetId(vote_set), n_hidden=6, approved=WHEN,
    )  # fmt: skip
