"""Stores made by earlier versions open, migrate and hold what they held."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from engine.advice_records import Traits
from engine.compare_records import LocalChoice, PaneTimings, Place, RemoteChoice
from engine.ledger_records import Avoided, Energy, Month, Spent, Spread
from engine.paths import Profile
from engine.provider_records import FREE, Cost, ProviderId, Rates, TokenCounts
from engine.records import Evidence, ModelId, Page, PageCoverage, Reading, Timings, Usage
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
    entries = store.ledger.events(date(2026, 11, 20), date(2026, 11, 24))
    (event,) = [entry for entry in entries if entry.workload == "ask"]
    assert event.time == datetime(2026, 11, 22, 9, 30, 0, 123456, tzinfo=UTC)
    assert (event.place, event.use, event.model) == ("local", "work", "SmolLM2-135M-Instruct")
    assert (event.prompt, event.cached, event.generated, event.ttft_us, event.duration_us) == (812, 300, 57, 810_000, 1_500_000)
    assert (event.cost, event.cost_source, event.stop_reason) == (0, "free", "end_of_text")
    assert store.ledger.check(event.time).is_sound


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


# ---------------------------------------------------------------- since version 3
def is_older_than(version: int, request: pytest.FixtureRequest) -> bool:
    return int(request.node.callspec.params["store"].removeprefix("store-")) < version


def test_comparisons_of_an_old_store(store: Store, request: pytest.FixtureRequest) -> None:
    matter = store.matter(store.matters.list()[1].id)
    if is_older_than(3, request):
        assert (matter.comparisons.list(), matter.hidden.list(), matter.prompts.counts()) == ([], [], {})
        assert [each.is_confidential for each in store.matters.list()] == [False, False]
        return
    assert [each.is_confidential for each in store.matters.list()] == [True, False]
    (comparison,) = matter.comparisons.list()
    local, remote = comparison.answers
    assert (comparison.question, comparison.documents) == ("Who pays?", (matter.documents.list()[0].id,))
    assert (local.choice, local.cost, local.timings) == (LocalChoice(ModelId("m")), FREE, PaneTimings(0.5, 2.5, 18.25))
    assert (remote.choice, remote.cost) == (RemoteChoice(ProviderId("openai"), "gpt-4o"), Cost(None, "unknown", 9_000_000))
    assert (remote.text, remote.restored) == ("Anna Härlow pays.", (Place(0, 11, "[Person 1]"),))
    assert remote.problem_facts == {"provider": "OpenAI", "host": "api.openai.com", "reason": "broken_off"}
    person, term = matter.hidden.list()
    assert (person.original, person.forms) == ("Anna Härlow", ("Anna Härlow", "Ms Härlow"))
    assert (term.is_own, term.is_hidden) == (True, False)


def test_votes_calls_and_providers_of_an_old_store(store: Store, request: pytest.FixtureRequest) -> None:
    if is_older_than(3, request):
        assert (store.votes.sets(), store.remote_calls.list(), store.providers.list()) == ([], [], [])
        return
    matter = store.matter(store.matters.list()[1].id)
    (vote_set,) = store.votes.sets(matter.prompts.counts())
    assert (vote_set.name, vote_set.kind, vote_set.n_votes, vote_set.n_prompts) == ("Penalties", "extract", 1, 2)
    (vote,), (evaluation,) = store.votes.votes(vote_set.id), store.evaluations.list(vote_set.id)
    assert (vote.comparison, vote.best, vote.order) == (matter.comparisons.list()[0].id, 0, (1, 0))
    assert (evaluation.table, evaluation.interval, evaluation.verdict) == ((380, 5, 5, 10), (0.97, 1.03), "reached")
    assert [prompt.expected for prompt in matter.prompts.list(vote_set.id)] == ["the seller", None]
    (call,), (provider,) = store.remote_calls.list(), store.providers.list()
    assert (call.status, call.reserved_nano, call.cost_nano) == ("settled", 9_000_000, 3_375_000)
    assert call.tokens == TokenCounts(600, 200, cached=100, reasoning=50)
    assert call.rates == Rates(2_500_000, 10_000_000, 1_250_000, 2_500_000, "0123456789abcdef", "2026-11-09")
    assert (provider.host, provider.quirks, provider.fee_ppm) == ("api.openai.com", ("max_completion_tokens",), 55_000)
    assert (call.use, call.pair) == (("test", "") if is_older_than(4, request) else ("work", "c" * 32))


def test_what_models_used_before_there_was_a_ledger_is_in_it(store: Store, request: pytest.FixtureRequest) -> None:
    entries = [entry for entry in store.ledger.events(date(2026, 11, 20), date(2026, 11, 24)) if entry.place == "api"]
    if is_older_than(3, request):
        assert (entries, store.ledger.count()) == ([], 1)
        return
    (entry,), (call,) = entries, store.remote_calls.list()
    assert call.total_us is not None
    assert (entry.id, entry.time) == (call.id, call.time + timedelta(microseconds=call.total_us))
    assert (entry.provider, entry.model, entry.use) == ("openai", "gpt-4o", call.use)
    assert (entry.cost, entry.at_most, entry.cost_source, entry.rates) == (3_375_000, None, "computed", call.rates)
    assert (entry.prompt, entry.generated, entry.cached, entry.reasoning, entry.ttft_us) == (600, 200, 100, 50, 310_000)
    assert store.ledger.spent(Month(2026, 11), "provider:openai") == Spent(3_375_000, 0, 1)
    days = store.ledger.totals(date(2026, 11, 20), date(2026, 11, 24))
    assert sum(day.n for day in days) == (2 if is_older_than(4, request) else 4)


# ---------------------------------------------------------------- since version 4
def test_the_ledger_of_an_old_store(store: Store, request: pytest.FixtureRequest) -> None:
    if is_older_than(4, request):
        assert (store.workloads.all(), store.bills.list(), store.price_lists.own()) == ({}, [], [])
        assert (store.workloads.last_move(), store.price_lists.imported()) == (None, ("", []))
        return
    asked = store.ledger.get("01" * 16)
    rates = Rates(2_500_000, 10_000_000, 1_250_000, 2_500_000, "0123456789abcdef", "2026-11-09")
    assert asked.avoided == Avoided(
        "openai/gpt-6.1-sol", Spread(1_000, 2_000, 3_000), Spread(800_000, 1_000_000, 1_600_000), "none", rates
    )  # fmt: skip
    assert asked.energy == Energy(Spread(20, 30, 45), "rapl")
    (again,) = [day for day in store.ledger.totals(date(2026, 11, 22), date(2026, 11, 22)) if day.use == "again"]
    assert (again.n, again.generated, again.energy) == (1, 9, Spread(20, 30, 45))
    assert store.ledger.count() == 6  # with the one that was taken back, and the one that takes it back
    assert [(pair.local_prompt, pair.remote_prompt) for pair in store.ledger.pairs()] == [(610, 600)]
    ((traits, route),) = store.workloads.all().values()
    assert traits == Traits("confidential", is_reasoning=True, monthly_items=4000, longest_wait_s=60)
    move = store.workloads.last_move()
    assert move is not None and (move.after, move.label) == (route, "migrate")
    assert (route.kind, route.local, route.remote) == ("share", ModelId("m"), RemoteChoice(ProviderId("openai"), "gpt-4o"))
    (bill,), (day,) = store.bills.list(), store.bills.days(date(2026, 11, 20), date(2026, 11, 20))
    assert (bill.file_name, bill.cost, bill.includes_ours) == ("usage.csv", None, False)
    assert (day.n_requests, day.prompt, day.cost, day.n_unpriced) == (13, 34_090, 141_000_000, 1)
    ((price,), (name, (listed,))) = store.price_lists.own(), store.price_lists.imported()
    assert (price.model, price.prompt, price.first, price.note) == ("openai/gpt-4o", 2_500_000, date(2026, 11, 20), "ours")
    assert (name, listed.model, listed.checked) == ("prices.csv", "acme/one", "2026-11-01")
