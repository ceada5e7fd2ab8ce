"""Make a store as this version makes it, to be opened by every later one.

    make_store.py FOLDER

Run once for each version of the tables and kept in the repository as store-N; never made again for an old N.
tests/engine/store/test_old_data.py knows what is in it. Its key: the passphrase below, stretched cheaply.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np

from engine.advice_records import Move, Route, Traits
from engine.compare_records import (
    Comparison,
    ComparisonId,
    HiddenDetail,
    LocalChoice,
    PaneAnswer,
    PaneTimings,
    Place,
    RemoteChoice,
    VoteSetId,
)
from engine.documents.passages import NewPassage
from engine.ledger_records import Avoided, Energy, LedgerEvent, Spread, WorkloadId
from engine.model_records import ModelLoad
from engine.network_records import Connection
from engine.paths import Profile
from engine.price_records import Bill, BillLine, ListedPrice
from engine.provider_records import FREE, Cost, Provider, ProviderId, Rates, TokenCounts
from engine.records import Evidence, MatterId, Message, MessageId, ModelId, Page, Reading, Sentence, Timings, Usage
from engine.settings import Settings
from engine.store.keys import Stretching
from engine.store.remote_calls import RemoteCall
from engine.store.store import Store
from engine.vote_records import Evaluation, Prompt, Vote

PASSPHRASE = "a store of long ago"
TEXT = "§ 7 Penalty\n\nThe seller pays 0.5 % of the price for each week of delay, at most 5 %. Façade, Mängel."
WHEN = datetime(2026, 11, 22, 9, 30, 0, 123456, tzinfo=UTC)
CONNECTION = Connection(
    0, WHEN, "models", "Qwen3 8B", "GET", "huggingface.co", 443, 812, 5_000_000_000, 200, "done", "", "proxy.example:3128", 61.25
)
LOAD = ModelLoad(WHEN, "ab" * 32, "qwen3", 4096, 6_300_000_000, 6_200_000_000, 23_400_000_000, 5_000_000_000, 18.5, 120.0)
PROVIDER = Provider(
    ProviderId("openai"), "OpenAI", "openai", "https://api.openai.com/v1", ("gpt-4o",), "api.openai.com",
    prices="openai", fee_ppm=55_000, quirks=("max_completion_tokens",), terms="No training on our texts, 2026-10-01",
)  # fmt: skip
RATES = Rates(2_500_000, 10_000_000, 1_250_000, 2_500_000, "0123456789abcdef", "2026-11-09")
TOKENS = TokenCounts(600, 200, cached=100, reasoning=50)
CALL = RemoteCall(
    "0" * 32, WHEN, "", "openai", "gpt-4o", "api.openai.com", "cd" * 32, 3, "request", "reserved", 9_000_000,
    use="work", pair="c" * 32,
)  # fmt: skip
SETTLED = replace(
    CALL, status="settled", cost_nano=3_375_000, cost_source="computed", tokens=TOKENS, answered_by="gpt-4o-2024-08-06",
    ttft_us=310_000, total_us=2_500_000, stop_reason="end_of_text", provider_request_id="req_1", rates=RATES,
)  # fmt: skip
HIDDEN = (
    HiddenDetail("[Person 1]", "person", "Anna Härlow", ("Anna Härlow", "Ms Härlow"), 4),
    HiddenDetail("[Term 1]", "term", "Project Façade", n_times=1, is_own=True, is_hidden=False),
)
ANSWERS = (
    PaneAnswer(
        0, LocalChoice(ModelId("m")), "Qwen3 8B", text="0.5 % a week.", stop_reason="end_of_text", tokens=TokenCounts(600, 9),
        timings=PaneTimings(0.5, 2.5, 18.25), cost=FREE, masked=((0, 3),), prompt_sha256="ef" * 32,
    ),
    PaneAnswer(
        1, RemoteChoice(PROVIDER.id, "gpt-4o"), "gpt-4o", "api.openai.com", "Anna Härlow pays.", "[Person 1] pays.",
        (Place(0, 11, "[Person 1]"),), reasoning="Who pays?", answered_by="gpt-4o-2024-08-06", tokens=TOKENS,
        cost=Cost(None, "unknown", 9_000_000), problem="outcome_unknown",
        problem_facts={"provider": "OpenAI", "host": "api.openai.com", "reason": "broken_off"},
    ),
)  # fmt: skip
PROMPTS = (Prompt(1, "Who pays?", "the seller", "questions.csv"), Prompt(2, "How much?"))


def main(folder: Path) -> None:
    Stretching.today = classmethod(lambda _: Stretching(b"old data's salt.", memory_kib=64, passes=1, lanes=1))  # type: ignore
    store = Store.open(Profile(folder), protection="passphrase", passphrase=PASSPHRASE)
    store.settings.write(Settings(theme="dark", n_ctx=8192))
    number = store.connections.begin(replace(CONNECTION, outcome="open", duration_s=None))
    store.connections.end(replace(CONNECTION, id=number))
    store.model_loads.record(LOAD)
    store.measurements.put("memory_bytes_per_s", 41.5e9)
    store.matters.set_confidential(store.matters.create("Empty").id, True)
    matter = store.matters.create("Northwind v. Meridian").id
    fill(store, matter)
    compare(store, matter)
    account(store)
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


def compare(store: Store, name: MatterId) -> None:
    store.providers.put(PROVIDER)
    store.remote_calls.reserve(CALL)
    store.remote_calls.settle(SETTLED)
    vote_set = store.votes.create("Penalties", "extract").id
    matter = store.matter(name)
    matter.hidden.put(HIDDEN)
    matter.prompts.replace(vote_set, PROMPTS)
    documents = (matter.documents.list()[0].id,)
    comparison = ComparisonId("c" * 32)
    kept = Comparison(comparison, name, WHEN, "Who pays?", ANSWERS, vote_set, documents, 2, WHEN, 1)
    matter.comparisons.put(kept)
    store.votes.record(vote_of(vote_set, comparison))
    store.evaluations.record(evaluation_of(vote_set))


def account(store: Store) -> None:
    """What came with version 4."""
    for entry in (ASKED, REPLACED, PAIRED):
        store.ledger.record(entry)
    store.ledger.correct(REPLACED.id, replace(REPLACED, id="ab" * 16, generated=9))
    workload = WorkloadId("ee" * 16)
    store.workloads.put_traits(workload, Traits("confidential", is_reasoning=True, monthly_items=4000, longest_wait_s=60))
    before = Route("api", remote=RemoteChoice(PROVIDER.id, "gpt-4o"))
    after = replace(before, kind="share", local=ModelId("m"), share_percent=30, since=WHEN)
    store.workloads.move(Move(workload, WHEN, before, after, "migrate", '{"margin_percent": 5}'))
    day = date(2026, 11, 20)
    lines = [BillLine(day, "openai", "gpt-4o", 12, 34_000, 5_600, 700, 141_000_000), BillLine(day, "openai", "o9", 1, 90, 9)]
    bill = Bill(
        "ff" * 16, "openai", "usage.csv", day, day, 2, 13, 34_090, 5_609, None, "provider", WHEN, workload, includes_ours=False
    )  # fmt: skip
    store.bills.keep(bill, lines)
    store.price_lists.keep(ListedPrice("openai/gpt-4o", 2_500_000, 10_000_000, 1_250_000, first=day, source="own", note="ours"))
    store.price_lists.replace_imported("prices.csv", [ListedPrice("acme/one", 1, 2, source="imported", checked="2026-11-01")])


ASKED = LedgerEvent(
    "01" * 16, WHEN, date(2026, 11, 22), "local", WorkloadId("ask"), "SmolLM2-135M-Instruct", prompt=812, generated=57,
    cached=300, duration_us=1_500_000, ttft_us=810_000, stop_reason="end_of_text",
    avoided=Avoided("openai/gpt-6.1-sol", Spread(1_000, 2_000, 3_000), Spread(800_000, 1_000_000, 1_600_000), "none", RATES),
    energy=Energy(Spread(20, 30, 45), "rapl"),
)  # fmt: skip
REPLACED = replace(ASKED, id="02" * 16, workload=WorkloadId("chat"), use="again", avoided=None, generated=8)
PAIRED = replace(
    ASKED, id="03" * 16, workload=WorkloadId("compare"), use="test", prompt=610, avoided=None, energy=None, pair="c" * 32
)  # fmt: skip


def vote_of(vote_set: VoteSetId, comparison: ComparisonId) -> Vote:
    return Vote(vote_set, comparison, WHEN, ("local:m", "openai/gpt-4o"), "best", 0, (1, 0), (13, 17), is_blind=True)


def evaluation_of(vote_set: VoteSetId) -> Evaluation:
    return Evaluation(
        vote_set, WHEN, "local:m", "openai/gpt-4o", "fields", 400, (380, 5, 5, 10), 1.0, (0.97, 1.03), "nam_blackwelder",
        0.00004, "reached", notes=("small",),
    )  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]))
