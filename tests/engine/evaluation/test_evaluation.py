"""What a finished run shows: verdicts, agreement that is no quality, and answers that are missing."""

from datetime import UTC, datetime

import pytest

from engine.evaluation.evaluation import Pair, evaluate
from engine.evaluation.non_inferiority import nam_blackwelder, ratio_interval, tango
from engine.evaluation.statistics import wilson

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def run(pairs, scorer="exact", **other):
    return evaluate(pairs, scorer, vote_set="set", time=NOW, local="local:qwen", remote="harbour/large", **other)


def table(a, b, c, d):
    kinds = [("yes", "yes")] * a + [("yes", "no")] * b + [("no", "yes")] * c + [("no", "no")] * d
    return [Pair(local, remote, "yes") for local, remote in kinds]


@pytest.mark.parametrize(
    ("counts", "verdict"),
    [
        ((380, 5, 5, 10), "reached"),
        ((95, 0, 0, 5), "reached"),
        ((85, 4, 6, 5), "more"),
        ((340, 12, 28, 20), "more"),
        ((88, 2, 7, 3), "more"),
        ((300, 5, 75, 20), "inferior"),
        ((60, 0, 0, 0), "more"),
    ],
)
def test_right_answers_give_the_verdict_of_the_ratio(counts, verdict):
    found = run(table(*counts))
    assert (found.verdict, found.table, found.n, found.test) == (verdict, counts, sum(counts), "nam_blackwelder")
    assert found.p_value == nam_blackwelder(*counts).p
    assert found.estimate == (counts[0] + counts[1]) / (counts[0] + counts[2])
    assert found.interval == ratio_interval(*counts)
    assert not found.is_agreement


def test_how_many_more_follows_the_formula():
    """Both right in 90 % with 8 % split: 233 prompts."""
    assert run(table(86, 4, 4, 6)).n_more == 233 - 100
    assert run(table(380, 5, 5, 10)).n_more == 0
    assert run(table(88, 2, 7, 3)).n_more is None
    assert run(table(60, 0, 0, 0)).n_more == 40
    assert run(table(1, 0, 1, 0)).n_more == 98


def test_nothing_run_says_nothing():
    for scorer in ("exact", "labels", "fields", "votes", "judge"):
        found = run([], scorer)
        assert (found.n, found.verdict, found.estimate, found.interval, found.p_value, found.n_more) == (
            0,
            "none",
            None,
            None,
            None,
            100,
        )
        assert found.notes == ()


def test_nothing_right_on_either_side_proves_nothing():
    found = run(table(0, 0, 0, 200))
    assert (found.verdict, found.estimate, found.interval) == ("more", None, None)


def test_without_right_answers_it_is_agreement_and_never_a_verdict():
    found = run([Pair("Paris.", "paris") for _ in range(190)] + [Pair("Lyon", "Paris")] * 10)
    assert (found.is_agreement, found.verdict, found.test, found.p_value, found.n_more) == (True, "more", "agreement", None, None)
    assert (found.table, found.estimate, found.interval) == ((190, 0, 10, 0), 0.95, wilson(190, 200))
    assert "agreement_not_quality" in found.notes


def test_prompts_with_right_answers_count_alone_where_there_are_some():
    found = run([*table(3, 0, 0, 0), Pair("a", "b")])
    assert (found.n, found.is_agreement) == (3, False)
    assert "few_prompts" in found.notes


def test_missing_answers_never_help_the_local_model():
    found = run([Pair(None, "yes", "yes"), Pair("yes", None, "yes"), Pair("yes", "yes", "yes")])
    assert found.table == (1, 0, 1, 0)
    assert "unanswered" in found.notes
    assert run([Pair(None, "x"), Pair("x", "x")]).table == (1, 0, 1, 0)


def test_labels_come_with_the_recall_of_each():
    pairs = [Pair("spam", "Spam", "spam")] * 3 + [Pair("ham", "it is spam", "spam")] + [Pair("HAM", "spam", "ham")] * 2
    found = run(pairs, "labels")
    assert found.recall == (("spam", 0.75, 1.0), ("ham", 1.0, 0.0))
    assert found.table == (3, 2, 1, 0)
    assert run(pairs, "labels", labels=("ham", "other", "spam")).recall == (("ham", 1.0, 0.0), ("spam", 0.75, 1.0))


# ---------------------------------------------------------------- fields
def fields(n, local='{"a": 1, "b": 2}', remote='{"a": 1, "b": 2}', source=""):
    return [Pair(local, remote, '{"a": 1, "b": 2}', source)] * n


HALF, NEITHER = '{"a": 1, "b": 9}', '{"a": 8, "b": 9}'


def test_fields_are_graded_and_tested_by_bootstrap():
    found = run(fields(150) + fields(4, local=HALF) + fields(4, remote=HALF), "fields")
    assert (found.test, found.verdict, found.n, found.table) == ("bootstrap", "reached", 158, (150, 4, 4, 0))
    assert found.estimate == pytest.approx(0)
    assert found.interval[0] < 0 < found.interval[1] and found.p_value < 0.001
    assert found.recall == (("a", 1, 1), ("b", 154 / 158, 154 / 158))
    assert found == run(fields(150) + fields(4, local=HALF) + fields(4, remote=HALF), "fields")


def test_worse_fields_are_worse():
    found = run(fields(80) + fields(60, local=HALF), "fields")
    assert found.verdict == "inferior" and found.interval[1] < 0 and found.p_value > 0.99
    assert found.estimate == pytest.approx(-0.5 * 60 / 140)


def test_few_documents_prove_less_than_many():
    apart = fields(140) + fields(6, local=HALF)
    together = fields(140) + fields(6, local=HALF, source="one long document")
    assert run(together, "fields").interval[0] < run(apart, "fields").interval[0]


def test_perfect_fields_are_judged_by_their_table():
    assert run(fields(120), "fields").verdict == "reached"
    assert run(fields(60), "fields").verdict == "more"
    constant = run(fields(120, local=HALF, remote=HALF), "fields")
    assert (constant.verdict, constant.p_value) == ("more", None)


def test_answers_that_do_not_keep_to_the_schema_are_inferior():
    found = run(fields(196) + fields(6, local="sorry"), "fields")
    assert found.verdict == "inferior" and "schema_invalid" in found.notes
    both = run(fields(196) + fields(6, local="sorry", remote="sorry"), "fields")
    assert both.verdict != "inferior" and "schema_invalid" in both.notes


def test_fields_without_right_answers_agree_in_part():
    found = run([Pair('{"a": 1, "b": 2}', HALF)] * 4, "fields")
    assert found.is_agreement and found.estimate == 0.5 and found.table == (0, 0, 4, 0)


# ---------------------------------------------------------------- preferences
def preferences(wins, losses, ties, none=0):
    kinds = ["local"] * wins + ["remote"] * losses + ["equal"] * ties + ["none"] * none
    return [Pair("a", "b", preferred=kind) for kind in kinds]


@pytest.mark.parametrize(("counts", "verdict"), [((8, 10, 382), "reached"), ((10, 14, 176), "more"), ((2, 9, 89), "more")])
def test_votes_give_the_verdict_of_the_difference(counts, verdict):
    found = run(preferences(*counts), "votes")
    b, c, ties = counts
    assert (found.verdict, found.test, found.table) == (verdict, "tango", (ties, b, c, 0))
    assert found.p_value == tango(b, c, sum(counts)).p
    assert found.estimate == (b - c) / sum(counts)


def test_a_judge_alone_brings_no_verdict():
    found = run(preferences(8, 10, 382), "judge")
    assert (found.verdict, found.notes, found.n_more) == ("more", ("judge_only",), None)


def test_two_useless_models_are_not_as_good_as_each_other():
    assert run(preferences(0, 0, 0, 200), "votes").verdict == "more"
    assert run(preferences(0, 0, 60, 140), "votes").p_value == tango(0, 0, 60).p
