"""What is written out of comparisons is everything, and acts nowhere: no formula, no picture, no HTML."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from engine.compare_intents import CastVote
from engine.compare_records import ComparisonId, RemoteChoice
from engine.provider_records import ProviderId
from engine.records import MatterId
from engine.store.store import Store
from engine.work.comparison_export import COLUMNS, decimal_usd, written
from engine.work.vote_sets import vote_on
from tests.engine.work.compare_stage import a_store, comparison


def judged(store: Store, matter: MatterId) -> None:
    made = store.votes.create("Summaries", "answer")
    kept = comparison(matter, vote_set=made.id)
    store.matter(matter).comparisons.put(kept)
    store.matter(matter).comparisons.put(comparison(matter, "c2", question="Nobody judged this."))
    store.votes.record(vote_on(kept, CastVote(matter, kept.id, made.id, "best", 1, (1, 0), is_blind=True, recognised=True)))


def test_a_spreadsheet_gets_a_line_for_each_answer_and_no_formula(tmp_path: Path) -> None:
    with a_store(tmp_path) as (_, store, matter):
        judged(store, matter)
        rows = list(csv.DictReader(io.StringIO(written(store, matter, None, ".CSV"), newline="")))
    assert list(rows[0]) == list(COLUMNS) and len(rows) == 4
    local, remote = (row for row in rows if row["comparison"] == "c1")
    assert local["answer"] == "'=1+1 is how it begins" and local["cost_usd"] == "0.000000000" and local["is_best"] == "False"
    assert remote["cost_usd"] == "0.000520000" and remote["reasoning_tokens"] == "12" and remote["is_best"] == "True"
    assert (remote["blind"], remote["recognised"], remote["voter"]) == ("True", "True", "person")
    assert "\n" in remote["answer"] and all(row["judgement"] == "" for row in rows if row["comparison"] == "c2")


def test_a_script_gets_exact_numbers(tmp_path: Path) -> None:
    with a_store(tmp_path) as (_, store, matter):
        judged(store, matter)
        shape = json.loads(written(store, matter, None, ".json"))
    first = next(each for each in shape["comparisons"] if each["id"] == "c1")
    assert first["answers"][1]["cost_nano_usd"] == 520_000 and first["hidden_details"] == 6
    assert first["votes"] == [first["votes"][0] | {"best": "openai/gpt-6.1-sol", "blind": True, "order": [1, 0], "by": "person"}]


def test_for_reading_nothing_is_fetched_by_what_shows_it(tmp_path: Path) -> None:
    with a_store(tmp_path) as (_, store, matter):
        judged(store, matter)
        text = written(store, matter, None, ".md")
    assert "![" not in text and "<b>" not in text and "api.openai.com" in text and "Qwen3 8B" in text


@pytest.mark.parametrize("link", ["[see](https://evil.example/?q=Anna)", "[see][1]\n\n[1]: https://evil.example/?q=Anna"])
def test_an_answer_makes_no_links(tmp_path: Path, link: str) -> None:
    """A restored name in an address would leave with the click on it."""
    with a_store(tmp_path) as (_, store, matter):
        kept = comparison(matter)
        answers = tuple(replace(each, text=link) for each in kept.answers)
        store.matter(matter).comparisons.put(replace(kept, answers=answers))
        shown = MarkdownIt().render(written(store, matter, None, ".md"))
    assert "<a " not in shown and "evil.example" in shown


def test_only_the_wanted_set_is_written(tmp_path: Path) -> None:
    with a_store(tmp_path) as (_, store, matter):
        judged(store, matter)
        wanted = store.matter(matter).comparisons.get(ComparisonId("c1")).vote_set
        assert [each["id"] for each in json.loads(written(store, matter, wanted, ".json"))["comparisons"]] == ["c1"]


def test_the_best_is_named_also_where_a_pane_was_never_sent(tmp_path: Path) -> None:
    with a_store(tmp_path) as (_, store, matter):
        made = store.votes.create("Summaries", "answer")
        whole = comparison(matter, vote_set=made.id)
        kept = replace(whole, answers=(whole.answers[0], replace(whole.answers[1], pane=2)))
        store.matter(matter).comparisons.put(kept)
        store.votes.record(vote_on(kept, CastVote(matter, kept.id, made.id, "best", 1)))
        rows = list(csv.DictReader(io.StringIO(written(store, matter, None, ".csv"), newline="")))
    assert [row["is_best"] for row in rows] == ["False", "True"]


def test_money_has_nine_places() -> None:
    assert [decimal_usd(each) for each in (None, 0, 1, -1, 3_000_000_000, 1_234_567_891)] == [
        None, "0.000000000", "0.000000001", "-0.000000001", "3.000000000", "1.234567891",
    ]  # fmt: skip


def test_the_name_of_a_model_that_was_voted_for_fetches_nothing(tmp_path: Path) -> None:
    hostile = RemoteChoice(ProviderId("own"), "![x](https://tracker.example/x.png)<b>")
    with a_store(tmp_path) as (_, store, matter):
        made = store.votes.create("Summaries", "answer")
        kept = comparison(matter, vote_set=made.id)
        kept = replace(kept, answers=(kept.answers[0], replace(kept.answers[1], choice=hostile)))
        store.matter(matter).comparisons.put(kept)
        store.votes.record(vote_on(kept, CastVote(matter, kept.id, made.id, "best", 1, (0, 1))))
        text = written(store, matter, None, ".md")
    assert "tracker.example" in text and "![" not in text and "<b>" not in text
