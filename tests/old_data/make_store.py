"""Make a store as this version makes it, to be opened by every later one.

    make_store.py FOLDER

Run once for each version of the tables and kept in the repository as store-N; never made again for an old N.
tests/engine/store/test_old_data.py knows what is in it. Its key: the passphrase below, stretched cheaply.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from engine.documents.passages import NewPassage
from engine.model_records import ModelLoad
from engine.network_records import Connection
from engine.paths import Profile
from engine.records import Evidence, Message, MessageId, Page, Reading, Sentence, Timings, Usage
from engine.settings import Settings
from engine.store.keys import Stretching
from engine.store.store import Store
from engine.store.usage import UsageEvent

PASSPHRASE = "a store of long ago"
TEXT = "§ 7 Penalty\n\nThe seller pays 0.5 % of the price for each week of delay, at most 5 %. Façade, Mängel."
WHEN = datetime(2026, 11, 22, 9, 30, 0, 123456, tzinfo=UTC)
CONNECTION = Connection(
    0, WHEN, "models", "Qwen3 8B", "GET", "huggingface.co", 443, 812, 5_000_000_000, 200, "done", "", "proxy.example:3128", 61.25
)
LOAD = ModelLoad(WHEN, "ab" * 32, "qwen3", 4096, 6_300_000_000, 6_200_000_000, 23_400_000_000, 5_000_000_000, 18.5, 120.0)


def main(folder: Path) -> None:
    Stretching.today = classmethod(lambda _: Stretching(b"old data's salt.", memory_kib=64, passes=1, lanes=1))  # type: ignore
    store = Store.open(Profile(folder), protection="passphrase", passphrase=PASSPHRASE)
    store.settings.write(Settings(theme="dark", n_ctx=8192))
    store.usage.record(UsageEvent(WHEN, "ask", "SmolLM2-135M-Instruct", 812, 300, 57, 810_000, 1_500_000, "end_of_text"))
    number = store.connections.begin(replace(CONNECTION, outcome="open", duration_s=None))
    store.connections.end(replace(CONNECTION, id=number))
    store.model_loads.record(LOAD)
    store.measurements.put("memory_bytes_per_s", 41.5e9)
    store.matters.create("Empty")
    fill(store, store.matters.create("Northwind v. Meridian").id)
    store.close()
    Profile(folder).lock.unlink()


def fill(store: Store, name: str) -> None:
    matter = store.matter(name)  # type: ignore[arg-type]
    document, _ = matter.documents.add("contract.pdf", "application/pdf", b"%PDF-1.7 old", "/home/someone/contract.pdf")
    matter.documents.opened(document.id, n_pages=2, media_type="application/pdf")
    pages = [Page(document.id, 1, TEXT, "text", "", 595.0, 842.0), Page(document.id, 2, "", "empty")]
    matter.documents.put_pages(document.id, pages, [None, 0.25])
    ids = matter.passages.put(document.id, [NewPassage(1, 13, len(TEXT), "§ 7 Penalty", TEXT[13:])])
    matter.passages.put_vectors(ids, np.array([[0.5, -0.25, 1.0]], dtype=np.float32))
    matter.documents.set_status(document.id, "ready")
    conversation = matter.conversations.create("What is the penalty?")
    matter.conversations.add_question(conversation.id, "What is the penalty?")
    evidence = Evidence(document.id, "contract.pdf", 1, 13, 60, TEXT[13:60], "exact", 100.0)
    answer = Message(
        MessageId("a" * 32),
        conversation.id,
        "assistant",
        "0.5 % a week.",
        WHEN,
        (Sentence(0, 13, "0.5 % a week.", (evidence,), supported=True, unsupported_parts=("week",)),),
        "SmolLM2-135M-Instruct",
        "end_of_text",
        Usage(812, 300, 57),
        Timings(0.81, 237.5, 92.25, 1.5),
        Reading(1, 1),
    )
    matter.conversations.put_answer(answer)
    matter.conversations.set_draft(None, "And who")
    matter.conversations.set_draft(conversation.id, "and at most")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
