"""Comparisons, prompts and hidden details: what a matter keeps of comparing, and that the main store has nothing of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.compare_records import (
    DETAIL_KINDS,
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
from engine.errors import NotFound
from engine.provider_records import FREE, Cost, Provider, ProviderId, TokenCounts
from engine.records import DocumentId, MatterId, ModelId
from engine.store.comparisons import StoredComparisons
from engine.store.hidden_details import StoredHiddenDetails
from engine.store.matter_schema import MATTER_SCHEMA
from engine.store.matter_store import MatterStore
from engine.store.migrations import create_database
from engine.store.remote_calls import RemoteCall
from engine.store.store import Store
from engine.vote_records import Evaluation, Prompt, Vote

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LOCAL = PaneAnswer(
    0, LocalChoice(ModelId("m")), "Qwen3 8B", text="0.5 %\na week.", sent_back="0.5 %\na week.", stop_reason="end_of_text",
    tokens=TokenCounts(600, 9, 100), timings=PaneTimings(0.5, 2.5, None), cost=FREE, masked=((0, 3), (5, 6)),
    prompt_sha256="ef" * 32,
)  # fmt: skip
REMOTE = PaneAnswer(
    1, RemoteChoice(ProviderId("openai"), "gpt-4o"), "gpt-4o", "api.openai.com", "Anna pays.", "[Person 1] pays.",
    (Place(0, 4, "[Person 1]"),), reasoning="Who?", answered_by="gpt-4o-2024-08-06", cost=Cost(None, "unknown", 9_000_000),
    problem="outcome_unknown", problem_facts={"host": "api.openai.com", "status": 0, "more": [None, 1.5, True]},
)  # fmt: skip
COMPARISON = Comparison(
    ComparisonId("c1"), None, NOON, "Who pays?", (LOCAL, REMOTE), VoteSetId("s"), (DocumentId("d1"), DocumentId("d2")), 2, NOON, 7
)
DETAILS = [
    HiddenDetail("[Person 1]", "person", "Anna Härlow", ("Anna Härlow", "Ms Härlow"), 4),
    HiddenDetail("[Term 1]", "term", "Façade", is_own=True, is_hidden=False),
]


@pytest.fixture
def kept(matter: MatterStore) -> Comparison:
    """The comparison as it is kept: in its matter."""
    matter.comparisons.put(COMPARISON)
    return replace(COMPARISON, matter=matter.comparisons._matter)


# ---------------------------------------------------------------- comparisons
def test_a_comparison_comes_back_as_it_was(matter: MatterStore, kept: Comparison) -> None:
    assert matter.comparisons.get(kept.id) == kept
    assert matter.comparisons.list() == [kept]


def test_each_answer_that_ends_is_added(matter: MatterStore, kept: Comparison) -> None:
    more = replace(kept, answers=(LOCAL, REMOTE, replace(LOCAL, pane=2)), approved=None)
    matter.comparisons.put(more)
    assert matter.comparisons.list() == [more]


def test_the_newest_come_first(matter: MatterStore, kept: Comparison) -> None:
    others = [replace(kept, id=ComparisonId(f"c{n}"), created=NOON + timedelta(seconds=n // 2)) for n in range(2, 6)]
    for each in others:
        matter.comparisons.put(each)
    assert matter.comparisons.list() == [*reversed(others), kept]
    assert matter.comparisons.list(limit=2) == [*reversed(others)][:2]


def test_the_comparisons_of_a_set(matter: MatterStore, kept: Comparison) -> None:
    other = replace(kept, id=ComparisonId("c2"), vote_set=None)
    matter.comparisons.put(other)
    assert matter.comparisons.list(VoteSetId("s")) == [kept]
    assert matter.comparisons.list(VoteSetId("other")) == []
    assert matter.comparisons.list(VoteSetId("s"), limit=0) == []


def test_a_deleted_comparison_is_gone(matter: MatterStore, kept: Comparison) -> None:
    matter.comparisons.delete(kept.id)
    assert matter.comparisons.list() == []
    for call in (matter.comparisons.get, matter.comparisons.delete):
        with pytest.raises(NotFound) as missing:
            call(kept.id)
        assert missing.value.what == "comparison"


def test_comparisons_outlive_a_restart_and_go_with_their_matter(open_store: Callable[..., Store]) -> None:
    store = open_store()
    matter = store.matters.create("Northwind").id
    store.matter(matter).comparisons.put(COMPARISON)
    store.matter(matter).hidden.put(DETAILS)
    store.close()
    again = open_store().matter(matter)
    assert again.comparisons.list() == [replace(COMPARISON, matter=matter)]
    assert again.hidden.list() == DETAILS


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
CHOICES = st.builds(LocalChoice, TEXTS) | st.builds(RemoteChoice, TEXTS, TEXTS)
FACTS = st.none() | st.dictionaries(TEXTS, st.none() | st.booleans() | st.integers(-(2**40), 2**40) | TEXTS, max_size=3)
SPANS = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=3).map(tuple)
SECONDS = st.floats(0, 1e6)
ANSWERS = st.builds(
    PaneAnswer, st.integers(0, 3), CHOICES, TEXTS, TEXTS, TEXTS, TEXTS,
    restored=st.lists(st.builds(Place, st.integers(0, 9), st.integers(0, 9), TEXTS), max_size=2).map(tuple),
    masked=SPANS, reasoning=TEXTS, stop_reason=st.sampled_from([None, "end_of_text", "filtered"]),
    tokens=st.none() | st.builds(TokenCounts, st.integers(0, 9), st.integers(0, 9)),
    timings=st.none() | st.builds(PaneTimings, st.none() | SECONDS, SECONDS, st.none() | SECONDS),
    cost=st.none() | st.builds(Cost, st.none() | st.integers(0, 2**62), st.sampled_from(["provider", "unknown"])),
    problem=st.none() | TEXTS, problem_facts=FACTS,
)  # fmt: skip


@given(st.lists(ANSWERS, max_size=4).map(tuple), TEXTS, st.none() | TEXTS)
def test_every_comparison_comes_back_as_it_was(answers, question, vote_set) -> None:
    comparisons = StoredComparisons(create_database(None, None, MATTER_SCHEMA), MatterId("m"))
    comparison = replace(COMPARISON, matter=MatterId("m"), answers=answers, question=question, vote_set=vote_set)
    comparisons.put(comparison)
    assert comparisons.get(comparison.id) == comparison
    comparisons._database.close()


def test_halves_of_characters_keep_offsets(matter: MatterStore) -> None:
    answer = replace(LOCAL, text="a\ud83db\udc00", problem_facts={"name": "\ud800"})
    matter.comparisons.put(replace(COMPARISON, question="\udfff?", answers=(answer,)))
    (comparison,) = matter.comparisons.list()
    assert (comparison.question, comparison.answers[0].text) == ("\ufffd?", "a\ufffdb\ufffd")
    assert comparison.answers[0].problem_facts == {"name": "\ufffd"}


# ---------------------------------------------------------------- hidden details
def test_the_table_is_kept_as_a_whole(matter: MatterStore) -> None:
    assert matter.hidden.list() == []
    for table in (DETAILS, DETAILS[::-1], DETAILS[:1], []):
        matter.hidden.put(table)
        assert matter.hidden.list() == table


def test_a_table_that_fails_leaves_the_earlier_one(matter: MatterStore) -> None:
    matter.hidden.put(DETAILS)
    with pytest.raises(TypeError):
        matter.hidden.put([DETAILS[1], object()])  # type: ignore[list-item]
    with pytest.raises(ZeroDivisionError), matter._database.write() as session:
        session.connection().exec_driver_sql("DELETE FROM hidden_details")
        raise ZeroDivisionError
    assert matter.hidden.list() == DETAILS


@given(st.lists(st.builds(HiddenDetail, TEXTS, st.sampled_from(DETAIL_KINDS), TEXTS, st.lists(TEXTS, max_size=3).map(tuple))))
def test_every_table_comes_back_as_it_was(details) -> None:
    hidden = StoredHiddenDetails(create_database(None, None, MATTER_SCHEMA))
    hidden.put(details)
    assert hidden.list() == details
    hidden._database.close()


def test_what_is_hidden_is_hidden_in_one_matter(store: Store) -> None:
    one, two = (store.matter(store.matters.create(name).id) for name in ("one", "two"))
    one.hidden.put(DETAILS)
    one.comparisons.put(COMPARISON)
    assert (two.hidden.list(), two.comparisons.list()) == ([], [])


# ---------------------------------------------------------------- prompts
SET, OTHER = VoteSetId("s"), VoteSetId("other")


def test_prompts_are_numbered_as_they_come(matter: MatterStore) -> None:
    matter.prompts.add(SET, [Prompt(9, "Who pays?", "the seller", "q.csv"), Prompt(9, "")])
    matter.prompts.add(SET, (Prompt(0, text) for text in ("How much?",)))
    matter.prompts.add(OTHER, [Prompt(1, "When?")])
    assert matter.prompts.list(SET) == [Prompt(1, "Who pays?", "the seller", "q.csv"), Prompt(2, ""), Prompt(3, "How much?")]
    assert (matter.prompts.count(SET), matter.prompts.counts()) == (3, {SET: 3, OTHER: 1})


def test_other_prompts_take_their_place_and_the_comparisons_lose_the_number(matter: MatterStore, kept: Comparison) -> None:
    elsewhere = replace(kept, id=ComparisonId("c2"), vote_set=OTHER)
    matter.comparisons.put(elsewhere)
    matter.prompts.add(SET, [Prompt(0, str(number)) for number in range(9)])
    matter.prompts.replace(SET, [Prompt(0, "new")])
    assert matter.prompts.list(SET) == [Prompt(1, "new")]
    assert matter.comparisons.get(kept.id) == replace(kept, prompt=None)
    assert matter.comparisons.get(elsewhere.id) == elsewhere


def test_deleted_prompts_leave_the_comparisons(matter: MatterStore, kept: Comparison) -> None:
    matter.prompts.add(SET, [Prompt(0, "a")])
    matter.prompts.add(OTHER, [Prompt(0, "b")])
    matter.prompts.delete(SET)
    assert (matter.prompts.list(SET), matter.prompts.count(SET), matter.prompts.count(OTHER)) == ([], 0, 1)
    assert matter.comparisons.list(SET) == [replace(kept, prompt=None)]


def test_a_replacement_that_fails_leaves_the_earlier_prompts(matter: MatterStore) -> None:
    def broken():
        yield Prompt(0, "new")
        raise OSError("the file ended")

    matter.prompts.replace(SET, [Prompt(0, "old")])
    with pytest.raises(Exception):  # noqa: B017 - whatever it is called: nothing has changed
        matter.prompts.replace(SET, broken())
    assert matter.prompts.list(SET) == [Prompt(1, "old")]


# ---------------------------------------------------------------- where texts are
CANARY = "Kanarienvogel"


def test_no_text_of_a_comparison_is_in_the_main_store(store: Store) -> None:
    provider = Provider(ProviderId("p"), "P", "openai", "https://p.example/v1", ("m",), "p.example")
    store.providers.put(provider)
    vote_set = store.votes.create("Tickets", "classify").id
    matter = store.matter(store.matters.create("Northwind").id)
    answers = (replace(LOCAL, text=CANARY, sent_back=CANARY), replace(REMOTE, text=CANARY, reasoning=CANARY))
    comparison = replace(COMPARISON, question=CANARY, answers=answers, vote_set=vote_set)
    matter.comparisons.put(comparison)
    matter.hidden.put([replace(DETAILS[0], original=CANARY, forms=(CANARY,))])
    matter.prompts.replace(vote_set, [Prompt(1, CANARY, CANARY, CANARY)])
    call = RemoteCall("a" * 32, NOON, vote_set, "p", "m", "p.example", "cd" * 32)
    store.remote_calls.reserve(call)
    store.remote_calls.settle(replace(call, status="settled"))
    store.votes.record(Vote(vote_set, comparison.id, NOON, ("a", "b"), "best", 0, (0, 1), (13, 13)))
    results = Evaluation(vote_set, NOON, "a", "b", "labels", 9, (1, 1, 1, 1), 1.0, None, "t", None, "more")
    store.evaluations.record(replace(results, recall=((CANARY, 0.5, 0.5),)))
    assert CANARY not in everything(store._main)
    assert CANARY in everything(matter._database), "the control: there it is"


def everything(database) -> str:
    with database.read() as session:
        connection = session.connection()
        tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
        assert len(tables) > 5
        return repr([connection.exec_driver_sql(f'SELECT * FROM "{table}"').all() for table in tables])
