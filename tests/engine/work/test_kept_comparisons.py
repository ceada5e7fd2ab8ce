"""What was judged is known after a restart, and who stands where stays the same and is balanced over a set."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from engine.compare_intents import CastVote
from engine.compare_records import ComparisonId
from engine.work.kept_comparisons import kept_comparison, kept_comparisons
from engine.work.vote_sets import vote_on
from tests.engine.work.compare_stage import WHEN, a_store, comparison


def test_judged_is_what_a_person_voted_on(tmp_path: Path) -> None:
    with a_store(tmp_path) as (_, store, matter):
        made = store.votes.create("Summaries", "answer")
        for n in range(3):
            kept = replace(comparison(matter, f"c{n}", made.id), created=WHEN + timedelta(minutes=n))
            store.matter(matter).comparisons.put(kept)
        vote = vote_on(kept, CastVote(matter, kept.id, made.id, "all_equal"))
        store.votes.record(replace(vote, comparison=ComparisonId("c0"), by="a model that judges"))
        store.votes.record(replace(vote, comparison=ComparisonId("c1")))
        listed, judged = kept_comparisons(store, matter)
        assert [each.id for each in listed] == ["c2", "c1", "c0"] and judged == ("c1",)
        store.votes.delete(made.id)
        assert kept_comparisons(store, matter)[1] == ()


def test_each_pair_has_its_places_and_of_four_two_stand_each_way(tmp_path: Path) -> None:
    with a_store(tmp_path) as (_, store, matter):
        made = store.votes.create("Summaries", "answer")
        for n in range(8):
            kept = replace(comparison(matter, f"c{n}", made.id), created=WHEN + timedelta(minutes=n))
            store.matter(matter).comparisons.put(kept)
        orders = [kept_comparison(store, matter, ComparisonId(f"c{n}"))[1] for n in range(8)]
        assert orders == [kept_comparison(store, matter, ComparisonId(f"c{n}"))[1] for n in range(8)]
        assert [orders[start : start + 4].count((1, 0)) for start in (0, 4)] == [2, 2]
        store.matter(matter).comparisons.put(comparison(matter, "alone"))
        assert kept_comparison(store, matter, ComparisonId("alone"))[1] == ()
