"""Stores made by earlier versions open, migrate and hold what they held."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from engine.paths import Profile
from engine.records import Evidence, Page, PageCoverage, Reading, Timings, Usage
from engine.store.main_schema import MAIN_SCHEMA
from engine.store.matter_schema import MATTER_SCHEMA
from engine.store.store import Store

OLD_DATA = Path(__file__).parents[2] / "old_data"
VERSIONS = sorted(folder.name for folder in OLD_DATA.glob("store-*"))
TEXT = "§ 7 Penalty\n\nThe seller pays 0.5 % of the price for each week of delay, at most 5 %. Façade, Mängel."


@pytest.fixture(params=VERSIONS)
def store(request: pytest.FixtureRequest, tmp_path: Path):
    shutil.copytree(OLD_DATA / request.param, tmp_path / "profile")
    opened = Store.open(Profile(tmp_path / "profile"), protection="passphrase", passphrase="a store of long ago")
    yield opened
    opened.close()


def test_there_is_old_data_of_every_version() -> None:
    newest = max(MAIN_SCHEMA.newest, MATTER_SCHEMA.newest)
    assert [f"store-{version}" for version in range(1, newest + 1)] == VERSIONS


def test_settings_and_usage_of_an_old_store(store: Store) -> None:
    assert (store.settings.read().theme, store.settings.read().n_ctx) == ("dark", 8192)
    (event,) = store.usage.events()
    assert event.time == datetime(2026, 11, 22, 9, 30, 0, 123456, tzinfo=UTC)
    assert (event.prompt_tokens, event.total_us) == (812, 1_500_000)


def test_connections_and_measurements_of_an_old_store(store: Store, request: pytest.FixtureRequest) -> None:
    if "store-1" in request.node.name:  # made before there were any
        assert (store.connections.list(None, 10), store.model_loads.recent(), store.measurements.get("memory_bytes_per_s")) == (
            [],
            [],
            None,
        )
        return
    (connection,) = store.connections.list(None, 10)
    assert (connection.host, connection.received, connection.outcome, connection.duration_s) == (
        "huggingface.co",
        5_000_000_000,
        "done",
        61.25,
    )
    (load,) = store.model_loads.recent()
    assert (load.architecture, load.measured, load.tokens_per_s) == ("qwen3", 6_200_000_000, 18.5)
    kept = store.measurements.get("memory_bytes_per_s")
    assert kept is not None and kept[1] == 41.5e9


def test_documents_of_an_old_store(store: Store) -> None:
    assert [(matter.name, matter.n_documents) for matter in store.matters.list()] == [("Empty", 0), ("Northwind v. Meridian", 1)]
    matter = store.matter(store.matters.list()[1].id)
    (document,) = matter.documents.list()
    assert (document.name, document.status, document.n_pages) == ("contract.pdf", "ready", 2)
    assert (document.n_pages_read, document.n_pages_without_text, document.n_passages, document.n_indexed) == (2, 1, 1, 1)
    assert matter.documents.original(document.id) == b"%PDF-1.7 old"
    assert matter.documents.page(document.id, 1) == Page(document.id, 1, TEXT, "text", "", 595.0, 842.0)
    assert matter.documents.coverage(document.id)[1] == PageCoverage(2, "empty", 0, 0.25)


def test_passages_of_an_old_store_are_found(store: Store) -> None:
    matter = store.matter(store.matters.list()[1].id)
    ((number, _),) = matter.passages.search_words("Was gilt bei Mangel an der Facade?")
    (passage,) = matter.passages.get([number])
    assert (passage.text, passage.heading) == (TEXT[13:], "§ 7 Penalty")
    ids, _, vectors = matter.passages.vectors()
    assert ids == [number] and np.array_equal(vectors, [[0.5, -0.25, 1.0]])


def test_conversations_of_an_old_store(store: Store) -> None:
    matter = store.matter(store.matters.list()[1].id)
    (conversation,) = matter.conversations.list()
    question, answer = matter.conversations.messages(conversation.id)
    assert (question.text, answer.text) == ("What is the penalty?", "0.5 % a week.")
    document = matter.documents.list()[0].id
    assert answer.sentences[0].evidence == (Evidence(document, "contract.pdf", 1, 13, 60, TEXT[13:60], "exact", 100.0),)
    assert (answer.usage, answer.reading) == (Usage(812, 300, 57), Reading(1, 1))
    assert answer.timings == Timings(0.81, 237.5, 92.25, 1.5)
    assert (matter.conversations.draft(), conversation.draft) == ("And who", "and at most")
