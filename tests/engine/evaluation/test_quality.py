"""What stored votes and evaluations say together: which of them count, by which thresholds, and for several kinds of work."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.advice_records import Quality
from engine.evaluation.evaluation import Pair, evaluate
from engine.evaluation.non_inferiority import nam_blackwelder, tango
from engine.evaluation.quality import Wanted, corrected, quality_of
from engine.evaluation.verdict import ALPHA
from engine.ledger_settings import Thresholds
from tests.engine.evaluation.ballots import LOCAL, REMOTE, SET, START, THIRD, vote, votes

STANDARD = Thresholds()
NOON = START + timedelta(hours=12)
REACHED, OPEN, WORSE = (380, 5, 5, 10), (85, 4, 6, 5), (300, 5, 75, 20)
VALID, BROKEN = '{"total": 1}', "nothing of the kind"


def ran(table, scorer="exact", *, at=0, **other):
    """An evaluation with such a table, finished so many hours after noon."""
    a, b, c, d = table
    if scorer in ("votes", "judge"):
        kinds = ["equal"] * a + ["local"] * b + ["remote"] * c + ["none"] * d
        pairs = [Pair("x", "y", preferred=each) for each in kinds]
    else:
        answers = [("yes", "yes")] * a + [("yes", "no")] * b + [("no", "yes")] * c + [("no", "no")] * d
        pairs = [Pair(*each, other.get("expected", "yes")) for each in answers]
    return evaluate(pairs, scorer, vote_set="set", time=NOON + timedelta(hours=at), local=LOCAL, remote=REMOTE)


def fields(n_valid, n_remote_valid, n=200):
    pairs = [Pair(VALID if i < n_valid else BROKEN, VALID if i < n_remote_valid else BROKEN, '{"total": 1}') for i in range(n)]
    return evaluate(pairs, "fields", vote_set="set", time=NOON, local=LOCAL, remote=REMOTE)


def quality(*evaluations, ballots=(), thresholds=STANDARD, wanted=None):
    return quality_of(SET, list(ballots), list(evaluations), thresholds, wanted or Wanted())


# ---------------------------------------------------------------- evaluations
@pytest.mark.parametrize(("table", "status"), [(REACHED, "reached"), (OPEN, "unknown"), (WORSE, "inferior")])
def test_an_evaluation_with_right_answers_says_what_its_table_shows(table, status):
    found = quality(ran(table))
    assert (found.status, found.source, found.n, found.table) == (status, "evaluation", sum(table), table)
    assert found.p_value == nam_blackwelder(*table).p
    assert (found.local, found.remote, found.time) == (LOCAL, REMOTE, NOON)
    assert found.n_more == (0 if status != "unknown" else ran(table).n_more)


def test_nothing_known_needs_a_hundred_prompts():
    assert quality() == Quality(n_more=100)


def test_few_prompts_show_nothing_however_good_they_are():
    found = quality(ran((99, 0, 0, 0)))
    assert (found.status, found.n_more) == ("unknown", 1)
    few = Thresholds(least_prompts=500)
    assert (quality(ran(REACHED), thresholds=few).status, quality(ran(REACHED), thresholds=few).n_more) == ("unknown", 100)
    assert quality(ran(REACHED), thresholds=Thresholds(least_prompts=400)).status == "reached"


def test_the_ratio_of_today_is_asked_of_the_table_that_was_kept():
    found = ran((340, 12, 28, 20))  # 0.957 of the quality
    assert quality(found).status == "unknown"
    assert quality(found, thresholds=Thresholds(ratio_percent=90)).status == "reached"
    assert quality(found, thresholds=Thresholds(ratio_percent=100)).status == "inferior"


def test_the_newest_evaluation_counts_whatever_order_they_come_in():
    old, new = ran(WORSE, at=-1), ran(REACHED)
    assert quality(old, new).status == quality(new, old).status == "reached"


@pytest.mark.parametrize(("table", "status"), [(REACHED, "reached"), (WORSE, "inferior")])
def test_a_small_sample_takes_nothing_back_that_many_prompts_have_shown(table, status):
    shown, sample = ran(table, at=-1), ran((20, 0, 0, 0))
    assert (quality(shown, sample).status, quality(shown, sample).n) == (status, sum(table))
    assert quality(shown, sample, wanted=Wanted(since=NOON - timedelta(hours=2))).n == 20, "what it is like since then"
    assert quality(shown, replace(sample, remote="other/model")).n == 20, "of other models"


def test_agreement_is_no_quality():
    found = quality(ran((400, 0, 0, 0), expected=None))
    assert (found.status, found.test, found.n, found.n_more) == ("unknown", "agreement", 400, 100)
    assert quality(ran((400, 0, 0, 0), expected=None, at=1), ran(REACHED)).status == "reached"


def test_a_judge_reaches_as_a_judge_and_condemns_nobody():
    found = quality(ran((380, 10, 8, 2), "judge"))
    assert (found.status, found.source) == ("reached", "judge")
    assert quality(ran((100, 10, 280, 10), "judge")).status == "unknown"
    assert quality(ran((380, 10, 8, 2), "judge"), ran(OPEN, at=-1)).source == "judge"
    assert quality(ran((380, 10, 8, 2), "judge"), ran(WORSE, at=-1)).status == "inferior"


# ---------------------------------------------------------------- form
def test_the_share_of_answers_that_keep_to_the_form_is_known_where_it_was_asked_for():
    found = quality(fields(195, 200))
    assert (found.status, found.valid_local, found.valid_remote) == ("failing", 975_000, 1_000_000)
    assert quality(fields(196, 200)).status != "failing"
    assert quality(fields(195, 195)).status != "failing"  # the remote model cannot do it either
    assert quality(ran(REACHED)).valid_local is None
    assert quality(fields(90, 99, 99)).status == "unknown"


def test_a_laxer_form_gives_the_scores_back_their_word():
    graded = replace(fields(190, 200), test="bootstrap", p_value=0.001)
    assert (graded.verdict, quality(graded).status) == ("inferior", "failing")
    assert quality(graded, thresholds=Thresholds(valid_percent=95)).status == "reached"
    assert quality(replace(graded, p_value=0.9), thresholds=Thresholds(valid_percent=95)).status == "unknown"


def test_an_evaluation_from_before_the_shares_were_kept_still_fails_by_its_form():
    assert quality(replace(fields(190, 200), valid=None)).status == "failing"


def test_of_graded_scores_no_more_is_taken_than_follows():
    good = replace(ran(REACHED), test="bootstrap", verdict="reached", p_value=0.001)
    bad = replace(good, verdict="inferior", p_value=0.999)
    strict, lax = Thresholds(ratio_percent=97), Thresholds(ratio_percent=90)
    assert [quality(good, thresholds=each).status for each in (STANDARD, strict, lax)] == ["reached", "unknown", "reached"]
    assert [quality(bad, thresholds=each).status for each in (STANDARD, strict, lax)] == ["inferior", "inferior", "unknown"]


# ---------------------------------------------------------------- votes
def test_votes_speak_at_planned_looks_and_the_last_look_stands_between_them():
    good = votes(wins=8, losses=2, ties=390)
    found = quality(ballots=good)
    assert (found.status, found.source, found.n) == ("reached", "votes", 400)
    assert found.p_value == tango(8, 2, 400).p
    assert quality(ballots=good[:99]).status == "unknown"
    assert quality(ballots=good[:99]).p_value is None
    assert quality(ballots=good[:150]).p_value == quality(ballots=good[:100]).p_value is not None


def test_a_worse_estimate_whose_interval_does_not_pass_the_margin_is_not_inferior():
    found = quality(ballots=votes(wins=2, losses=9, ties=89))
    assert [round(each, 3) for each in found.interval] == [-0.146, -0.006]
    assert found.status == "unknown"
    assert quality(ballots=votes(wins=2, losses=40, ties=58)).status == "inferior"


def test_the_margin_of_today_is_asked_of_the_votes():
    ballots = votes(wins=10, losses=14, ties=176)
    assert quality(ballots=ballots).status == "unknown"
    assert quality(ballots=ballots, thresholds=Thresholds(margin_percent=10)).status == "reached"


def test_votes_of_a_judge_are_a_judges():
    assert quality(ballots=votes(wins=8, losses=2, ties=390, by="local:judge")).source == "judge"
    mixed = [*votes(wins=8, losses=2, ties=390, by="local:judge"), vote(1000)]
    assert (quality(ballots=mixed).source, quality(ballots=mixed).status) == ("votes", "unknown")


def test_two_models_of_which_neither_is_local_say_nothing_of_this_computer():
    assert quality(ballots=votes(wins=0, ties=400, models=(REMOTE, THIRD))) == Quality(n_more=100)


def test_what_contradicts_itself_is_taken_at_its_worst():
    assert quality(ran(REACHED), ballots=votes(wins=2, losses=40, ties=58)).status == "inferior"
    assert quality(ran(OPEN), ballots=votes(wins=8, losses=2, ties=390)).status == "reached"


# ---------------------------------------------------------------- which count
def test_a_result_about_other_models_or_from_before_does_not_count():
    found, ballots = ran(REACHED), votes(wins=8, losses=2, ties=390)
    assert quality(found, wanted=Wanted(local=LOCAL, remote=REMOTE)).status == "reached"
    for wanted in (Wanted(local="local:other"), Wanted(remote=THIRD), Wanted(since=NOON + timedelta(seconds=1))):
        assert quality(found, ballots=ballots, wanted=wanted) == Quality(n_more=100)
    assert quality(found, wanted=Wanted(since=NOON)).status == "reached"


# ---------------------------------------------------------------- several kinds of work
def claim(p, **other):
    return replace(Quality(status="reached", n=100, source="evaluation", p_value=p, n_more=0), **other)


def test_of_several_claims_only_those_stand_that_bear_being_several():
    found = corrected({"a": claim(0.001), "b": claim(0.016), "c": claim(0.012), "d": claim(0.5, status="unknown")})
    assert [(each.status, p and round(p, 6)) for each, p in found.values()] == [
        ("reached", 0.003),
        ("unknown", 0.024),
        ("unknown", 0.024),
        ("unknown", None),
    ]
    assert found["b"][0].n_more == 100


def test_a_single_claim_is_not_corrected_and_a_judges_is_none():
    alone = {"a": claim(ALPHA), "b": claim(0.016, source="judge")}
    assert corrected(alone) == {"a": (alone["a"], None), "b": (alone["b"], None)}


def test_after_the_last_look_no_further_votes_are_asked_for():
    found = corrected({"a": claim(0.016, source="votes", n=400), "b": claim(0.016, source="votes", n=150)})
    assert [each.n_more for each, _ in found.values()] == [None, 50]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0, ALPHA), max_size=8), st.floats(0, ALPHA))
def test_a_further_claim_never_brings_one_back(p_values, further):
    before = corrected({at: claim(p) for at, p in enumerate(p_values)})
    after = corrected({**{at: claim(p) for at, p in enumerate(p_values)}, "new": claim(further)})
    assert all(after[at][0].status == "unknown" for at, (each, _) in before.items() if each.status == "unknown")
