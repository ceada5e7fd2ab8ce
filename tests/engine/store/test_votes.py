from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.compare_records import Comparison, ComparisonId, VoteSetId
from engine.errors import DiskFull, NotFound
from engine.paths import Profile
from engine.store.prompts import StoredPrompts
from engine.store.store import Store
from engine.vote_records import Evaluation, Prompt, Vote

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PROMPTS = [Prompt(1, "Who pays?", "the seller", "questions.csv"), Prompt(2, "How much?")]


def vote(vote_set: str, comparison: str = "c1", **changes: object) -> Vote:
    models = ("local:m", "openai/gpt-4o")
    plain = Vote(VoteSetId(vote_set), ComparisonId(comparison), NOON, models, "best", 1, (1, 0), (13, 17), True, True)
    return replace(plain, **changes)  # type: ignore[arg-type]


def evaluation(vote_set: str, **changes: object) -> Evaluation:
    plain = Evaluation(
        VoteSetId(vote_set), NOON, "local:m", "openai/gpt-4o", "labels", 400, (380, 5, 5, 10), 1.0, (0.97, 1.03),
        "nam_blackwelder", 0.00004, "reached", 12, True, (), ("small",),
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


def compared(vote_set: str | None) -> Comparison:
    return Comparison(
        ComparisonId("c1"), None, NOON, "Who pays?", (), None if vote_set is None else VoteSetId(vote_set), prompt=1
    )


# ---------------------------------------------------------------- sets
def test_sets_are_listed_as_they_came(store: Store) -> None:
    first, second = store.votes.create("Tickets", "classify"), store.votes.create("Letters \ud83d", "draft")
    assert [(each.name, each.kind) for each in store.votes.sets()] == [("Tickets", "classify"), ("Letters \ufffd", "draft")]
    assert store.votes.get(second.id) == second
    assert first.seed != second.seed and 0 <= first.seed < 2**31


def test_a_set_can_be_renamed(store: Store) -> None:
    made = store.votes.create("Tickets", "classify")
    store.votes.rename(made.id, "Tickets 2027")
    assert store.votes.get(made.id) == replace(made, name="Tickets 2027")


def test_prompts_are_counted_in_the_matter_that_is_open(store: Store) -> None:
    made, other = store.votes.create("Tickets", "classify"), store.votes.create("Letters", "draft")
    matter = store.matter(store.matters.create("Northwind").id)
    matter.prompts.replace(made.id, PROMPTS)
    assert [each.n_prompts for each in store.votes.sets(matter.prompts.counts())] == [2, 0]
    assert store.votes.get(other.id, matter.prompts.counts()).n_prompts == 0
    assert [each.n_prompts for each in store.votes.sets()] == [0, 0]


@pytest.mark.parametrize(
    "call",
    [
        lambda store: store.votes.get("0"),
        lambda store: store.votes.rename("0", "t"),
        lambda store: store.votes.delete("0"),
        lambda store: store.votes.votes("0"),
        lambda store: store.votes.record(vote("0")),
        lambda store: store.evaluations.record(evaluation("0")),
    ],
)
def test_a_set_that_is_not_there_is_said(store: Store, call: Callable[[Store], object]) -> None:
    gone = store.votes.create("gone", "other")
    store.votes.delete(gone.id)
    with pytest.raises(NotFound) as missing:
        call(store)
    assert missing.value.what == "vote set"


# ---------------------------------------------------------------- votes
def test_votes_come_back_in_the_order_of_time(store: Store) -> None:
    made = store.votes.create("Tickets", "classify").id
    later = vote(made, "c2", time=NOON + timedelta(microseconds=1), judgement="all_equal", best=None, is_blind=False)
    for each in (later, vote(made)):
        store.votes.record(each)
    assert list(store.votes.votes(made)) == [vote(made), later]
    assert store.votes.get(made).n_votes == 2


def test_a_second_vote_takes_the_place_of_the_first(store: Store) -> None:
    made = store.votes.create("Tickets", "classify").id
    for best in (0, 1):
        store.votes.record(vote(made, best=best))
    assert [each.best for each in store.votes.votes(made)] == [1]
    assert store.votes.get(made).n_votes == 1


def test_a_model_that_judges_does_not_replace_a_person(store: Store) -> None:
    made = store.votes.create("Tickets", "classify").id
    for each in (vote(made), vote(made, by="local:judge", best=0)):
        store.votes.record(each)
    assert {each.by: each.best for each in store.votes.votes(made)} == {"person": 1, "local:judge": 0}
    assert store.votes.get(made).n_votes == 1, "people's votes"


def test_votes_and_evaluations_have_no_room_for_content() -> None:
    texts = {field.name for field in fields(Vote) if "str" in str(field.type)}
    assert texts == {"models", "by"}
    texts = {field.name for field in fields(Evaluation) if "str" in str(field.type)}
    assert texts == {"local", "remote", "test", "recall", "notes"}


def test_evaluations_come_back_newest_first(store: Store) -> None:
    made = store.votes.create("Tickets", "classify").id
    later = evaluation(made, time=NOON + timedelta(seconds=1), interval=None, p_value=None, estimate=None, verdict="more")
    for each in (evaluation(made), later):
        store.evaluations.record(each)
    assert list(store.evaluations.list(made)) == [later, evaluation(made)]


def test_the_names_of_labels_are_not_kept(store: Store) -> None:
    made = store.votes.create("Tickets", "classify").id
    store.evaluations.record(evaluation(made, recall=(("the seller", 0.5, 0.75), ("the buyer", 1.0, 0.25))))
    assert store.evaluations.list(made)[0].recall == (("", 0.5, 0.75), ("", 1.0, 0.25))


def test_sets_votes_and_evaluations_outlive_a_restart(open_store: Callable[..., Store]) -> None:
    store = open_store()
    made = store.votes.create("Tickets", "classify")
    store.votes.record(vote(made.id))
    store.evaluations.record(evaluation(made.id))
    store.close()
    again = open_store()
    assert list(again.votes.sets()) == [replace(made, n_votes=1)]
    assert (list(again.votes.votes(made.id)), list(again.evaluations.list(made.id))) == ([vote(made.id)], [evaluation(made.id)])


# ---------------------------------------------------------------- deleting a set
def filled(store: Store, n_matters: int = 2) -> VoteSetId:
    """A set with a vote, an evaluation, and prompts and a comparison in each of some matters."""
    made = store.votes.create("Tickets", "classify").id
    for number in range(n_matters):
        matter = store.matter(store.matters.create(f"matter {number}").id)
        matter.prompts.replace(made, PROMPTS)
        matter.comparisons.put(compared(made))
    store.votes.record(vote(made))
    store.evaluations.record(evaluation(made))
    return made


def rows(store: Store, table: str) -> int:
    with store._main.read() as session:
        return session.connection().exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()


def is_forgotten_in(store: Store) -> list[bool]:
    matters = [store.matter(each.id) for each in store.matters.list()]
    shown = [(matter.comparisons.list()[0].vote_set, matter.comparisons.list()[0].prompt) for matter in matters]
    return [matter.prompts.counts() == {} and each == (None, None) for matter, each in zip(matters, shown, strict=True)]


def test_a_deleted_set_takes_its_votes_and_prompts_and_leaves_the_comparisons(store: Store) -> None:
    made, kept = filled(store), store.votes.create("Letters", "draft")
    store.matter(store.matters.list()[0].id).prompts.add(kept.id, PROMPTS)
    store.votes.delete(made)
    assert list(store.votes.sets()) == [kept]
    assert [rows(store, table) for table in ("vote_sets", "votes", "evaluations")] == [1, 0, 0]
    first, second = (store.matter(each.id) for each in store.matters.list())
    assert (first.prompts.counts(), second.prompts.counts()) == ({kept.id: 2}, {})
    assert [each.comparisons.list() for each in (first, second)] == [
        [replace(compared(None), matter=matter.id, prompt=None)] for matter in store.matters.list()
    ]


def test_a_deleted_set_leaves_matters_that_are_closed(open_store: Callable[..., Store], monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store()
    made = filled(store)
    store.close()
    again = open_store()
    again.votes.delete(made)
    assert again.matters._open == {}, "they are closed again"
    monkeypatch.setattr(StoredPrompts, "forget_set", lambda *_: None)  # nothing is left for the opening to do
    assert is_forgotten_in(again) == [True, True]
    assert rows(again, "vote_sets") == 0


def test_a_matter_that_cannot_be_read_forgets_when_it_is_opened(
    open_store: Callable[..., Store], profile: Profile, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = open_store()
    made = filled(store)
    store.close()
    file = next(profile.matters.glob("*.db"))
    file.rename(tmp_path / "away.db")
    store = open_store()
    store.votes.delete(made)
    assert "still holds prompts" in caplog.text
    assert list(store.votes.sets()) == [] and rows(store, "vote_sets") == 1
    with pytest.raises(NotFound):
        store.votes.rename(made, "t")
    with pytest.raises(NotFound):
        store.votes.delete(made)
    (tmp_path / "away.db").rename(file)
    assert is_forgotten_in(store) == [True, True]
    store.votes.finish_deletions()
    assert rows(store, "vote_sets") == 0


def test_a_full_disk_does_not_keep_a_matter_shut(
    open_store: Callable[..., Store], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    store = open_store()
    made = filled(store, 1)
    store.close()

    def full(*_: object) -> None:
        raise DiskFull(free=0)

    store = open_store()
    with monkeypatch.context() as patched:
        patched.setattr(StoredPrompts, "forget_set", full)
        store.votes.delete(made)
        assert len(store.matter(store.matters.list()[0].id).comparisons.list()) == 1
    assert "disk_full" in caplog.text
    store.votes.finish_deletions()
    assert is_forgotten_in(store) == [True]
    assert rows(store, "vote_sets") == 0
