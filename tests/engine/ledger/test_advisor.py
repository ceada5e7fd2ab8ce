"""Advice: known cases with their figures, the border of every threshold, and what holds for all of them."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.advice_records import RULES, Quality, Route, Traits, WorkFacts, Workload
from engine.evaluation.evaluation import Pair, evaluate
from engine.evaluation.quality import quality_of
from engine.ledger.advice_rules import Costs
from engine.ledger.advisor import LABELS, advise, in_order
from engine.ledger_records import Spread, WorkloadId
from engine.ledger_settings import Thresholds
from engine.vote_records import VoteSet

DOLLAR, CENT = 10**9, 10**7
NOW = datetime(2026, 11, 21, tzinfo=UTC)
SET = VoteSet("tickets", "Tickets", "classify", NOW)
STANDARD = Thresholds()
TICKETS = Workload(WorkloadId("tickets"), "Tickets", "classify", Traits("public"))
GPU_MOST, CPU_MOST = 361_651, 43_800
REACHED = Quality("reached", 400, "evaluation", p_value=0.00004, n_more=0)
UNKNOWN, INFERIOR = Quality(n_more=100), Quality("inferior", 400, "evaluation")
#: A workload to which no rule but the last but one holds.
GOOD = WorkFacts(100_000, 100_000, 3000 * DOLLAR, 7 * DOLLAR, GPU_MOST, 600, 4096)


def shown(a, b, c, d, scorer="exact"):
    """The quality that an evaluation with this table shows."""
    if scorer == "votes":
        kinds = ["equal"] * a + ["local"] * b + ["remote"] * c + ["none"] * d
        pairs = [Pair("x", "y", preferred=each) for each in kinds]
    else:
        kinds = [("yes", "yes")] * a + [("yes", "no")] * b + [("no", "yes")] * c + [("no", "no")] * d
        pairs = [Pair(*each, "yes") for each in kinds]
    found = evaluate(pairs, scorer, vote_set="tickets", time=NOW, local="local:qwen", remote="openai/gpt-4")
    return quality_of(SET, [], [found], STANDARD)


def traits(**more):
    return replace(TICKETS, traits=replace(TICKETS.traits, **more))


def rule(advice):
    return next(each for each in advice.reasons if each.decides).rule


def rules(advice):
    return [each.rule for each in advice.reasons]


def facts_of(advice, name):
    return dict(next(each for each in advice.reasons if each.rule == name).facts)


def said(facts=GOOD, quality=REACHED, workload=TICKETS, thresholds=STANDARD, **more):
    return advise(workload, facts, quality, thresholds, **more)


def tickets(n, api_cents, per_kwh_cents=20, uwh=353_241, most=GPU_MOST, **more):
    """A month of tickets at so much of the remote model, with the electricity of this computer at its high end."""
    electricity = round(Fraction(n * uwh * per_kwh_cents, 100))
    return replace(GOOD, n_items=n, n_api=n, api_cost=api_cents * CENT, local_cost=electricity, most_items=most, **more)


# ---------------------------------------------------------------- known cases
def test_a_hundred_thousand_tickets_at_the_price_of_2023_migrate():
    advice = said(tickets(100_000, 300_000), shown(380, 5, 5, 10))
    assert (advice.label, rule(advice), rules(advice)) == ("migrate", "reached", ["reached"])
    assert advice.saving.low == 3000 * DOLLAR - 7_064_820_000  # $2,992.94
    assert facts_of(advice, "reached")["saving_low"] == advice.saving.low


def test_the_same_on_a_computer_that_cannot_do_so_many_stays():
    advice = said(tickets(100_000, 300_000, uwh=1_000_000, most=CPU_MOST), shown(380, 5, 5, 10))
    assert (advice.label, rule(advice)) == ("stay", "capacity")
    assert facts_of(advice, "capacity") == {"why": "too_many", "n_items": 100_000, "most_items": 43_800}


def test_at_todays_lowest_price_electricity_decides():
    advice = said(tickets(100_000, 1_600), shown(380, 5, 5, 10))
    assert (advice.label, rule(advice)) == ("migrate", "reached")
    assert round(advice.saving.low / CENT) == 894
    dear = said(tickets(100_000, 1_600, per_kwh_cents=35), shown(380, 5, 5, 10))
    assert (dear.label, rule(dear), rules(dear)) == ("stay", "no_saving", ["no_saving", "reached"])
    assert round(facts_of(dear, "no_saving")["saving"] / CENT) == 364
    assert facts_of(dear, "no_saving")["least"] == 5 * DOLLAR


def test_little_work_at_a_dear_model_is_tested_and_at_a_cheap_one_left():
    dear = said(tickets(800, 2_400), UNKNOWN)
    assert (dear.label, rule(dear), rules(dear)) == ("test_more", "quality_unknown", ["quality_unknown"])
    assert dear.test_cost == 3 * DOLLAR  # a hundred prompts at three cents
    assert facts_of(dear, "quality_unknown")["why"] == "nothing"
    cheap = said(tickets(800, 280), UNKNOWN)
    assert (cheap.label, rule(cheap)) == ("stay", "no_saving")
    assert rules(cheap) == ["no_saving", "low_volume", "quality_unknown"]


def test_what_is_not_proven_is_tested_further():
    advice = said(tickets(100_000, 300_000), shown(85, 4, 6, 5))
    assert (advice.label, rule(advice)) == ("test_more", "quality_unknown")
    figures = facts_of(advice, "quality_unknown")
    assert (round(figures["p_value"], 5), figures["n"], figures["why"]) == (0.21534, 100, "open")
    assert round(figures["estimate"], 3) == 0.978


def test_votes_that_lean_to_the_remote_model_but_not_beyond_the_margin_are_tested_further():
    advice = said(tickets(100_000, 300_000), shown(89, 2, 9, 0, "votes"))
    assert (advice.label, rule(advice)) == ("test_more", "quality_unknown")
    figures = facts_of(advice, "quality_unknown")
    assert (round(figures["low"], 3), round(figures["high"], 3)) == (-0.146, -0.006)
    assert (figures["n_more"], figures["why"], advice.test_cost) == (None, "hopeless", None)


def test_prompts_too_long_for_the_local_model_stay():
    advice = said(replace(GOOD, prompt_95=120_000, n_ctx=32_768))
    assert (advice.label, rule(advice)) == ("stay", "context")
    assert facts_of(advice, "context") == {"prompt_95": 120_000, "n_ctx": 32_768, "context_percent": 80}


def test_confidential_work_at_a_remote_model_migrates_whatever_the_quality():
    for quality in (REACHED, UNKNOWN, INFERIOR):
        advice = said(replace(GOOD, n_api=3, n_items=3), quality, traits(sensitivity="confidential"))
        assert (advice.label, rule(advice)) == ("migrate", "confidential_on_api")
        assert facts_of(advice, "confidential_on_api")["n_api"] == 3
        assert facts_of(advice, "confidential_on_api")["status"] == quality.status
        assert advice.test_cost is None  # nothing of it may be sent for a test


# ---------------------------------------------------------------- borders
def with_facts(**more):
    return lambda: said(replace(GOOD, **more))


@pytest.mark.parametrize(
    ("inside", "outside", "broken"),
    [
        (with_facts(prompt_95=800, n_ctx=1000), with_facts(prompt_95=801, n_ctx=1000), "context"),
        (with_facts(n_items=GPU_MOST), with_facts(n_items=GPU_MOST + 1), "capacity"),
        (
            with_facts(api_cost=10 * DOLLAR, local_cost=5 * DOLLAR),
            with_facts(api_cost=10 * DOLLAR, local_cost=5 * DOLLAR + 1),
            "no_saving",
        ),
        (
            with_facts(api_cost=100 * DOLLAR, local_cost=80 * DOLLAR),
            with_facts(api_cost=100 * DOLLAR, local_cost=80 * DOLLAR + 1),
            "no_saving",
        ),
        (
            with_facts(n_items=1000, api_cost=20 * DOLLAR - 1),
            with_facts(n_items=999, api_cost=20 * DOLLAR - 1),
            "low_volume",
        ),
        (with_facts(n_items=999, api_cost=20 * DOLLAR), with_facts(n_items=999, api_cost=20 * DOLLAR - 1), "low_volume"),
    ],
)
def test_on_its_threshold_a_rule_does_not_hold_and_just_beyond_it_does(inside, outside, broken):
    assert broken not in rules(inside())
    assert rule(outside()) == broken


def test_a_fifth_of_what_the_computer_can_do_stays_free():
    assert rule(said(replace(GOOD, n_items=100, most_items=125))) == "reached"
    full = said(replace(GOOD, n_items=101, most_items=126))
    assert (full.label, facts_of(full, "otherwise")["why"]) == ("test_more", "nearly_full")


def test_thresholds_are_those_of_the_settings():
    strict = Thresholds(
        context_percent=10, capacity_percent=20, least_saving=Decimal(4000), few_items=200_000, low_cost=Decimal(5000)
    )
    long = replace(GOOD, prompt_95=600)
    assert rules(said(long, thresholds=strict)) == ["context", "no_saving", "low_volume"]
    assert rules(said(long)) == ["reached"]


def test_how_long_an_answer_may_take():
    slow = replace(GOOD, wait_95_ms=20_001)
    patient, hasty = traits(longest_wait_s=21), traits(longest_wait_s=20)
    assert rule(said(slow, workload=patient)) == "reached"
    assert rule(said(replace(slow, wait_95_ms=20_000), workload=hasty)) == "reached"
    advice = said(slow, workload=hasty)
    assert (advice.label, rule(advice), rules(advice)) == ("test_more", "incomplete", ["incomplete", "reached"])
    assert facts_of(advice, "incomplete")["too_slow"] == 1


def test_a_judge_alone_and_tokens_that_were_not_converted_are_not_enough():
    for advice in (said(quality=replace(REACHED, source="judge")), said(replace(GOOD, has_ratio=False))):
        assert (advice.label, rule(advice)) == ("test_more", "incomplete")


def test_hard_thinking_moves_only_once_its_quality_is_reached():
    hard = traits(is_reasoning=True)
    assert rule(said(quality=UNKNOWN, workload=hard)) == "reasoning"
    assert said(quality=UNKNOWN, workload=hard).label == "stay"
    assert rule(said(workload=hard)) == "reached"


@pytest.mark.parametrize("status", ["inferior", "failing"])
def test_worse_answers_stay_where_they_are_good(status):
    advice = said(quality=Quality(status, 200, "evaluation", valid_local=970_000, valid_remote=990_000))
    assert (advice.label, rule(advice)) == ("stay", "inferior")
    assert facts_of(advice, "inferior")["valid_local"] == 970_000


def test_without_a_local_model_nothing_moves():
    assert facts_of(said(replace(GOOD, has_local_model=False)), "capacity")["why"] == "no_local_model"


def test_what_is_not_known_decides_nothing():
    bare = WorkFacts(0, 0, None, None, None, None, None)
    assert rules(said(bare, UNKNOWN)) == ["quality_unknown"]
    assert facts_of(said(bare), "otherwise")["why"] == "no_items"
    assert facts_of(said(replace(bare, n_items=1)), "otherwise")["why"] == "no_speed"
    assert facts_of(said(replace(GOOD, api_cost=None)), "otherwise")["why"] == "no_price"
    assert said(replace(GOOD, most_items=None)).label == "test_more"
    assert rule(said(replace(GOOD, local_cost=None, api_cost=4 * DOLLAR))) == "no_saving"  # it can be no more than $4


@pytest.mark.parametrize(
    ("quality", "corrected_p", "why"),
    [
        (UNKNOWN, None, "nothing"),
        (replace(UNKNOWN, local="local:another"), None, "other_models"),
        (Quality(n=400, test="agreement", source="evaluation", n_more=100), None, "agreement"),
        (Quality(n=99, source="evaluation", n_more=1), None, "few"),
        (Quality(n=100, source="evaluation", n_more=100), 0.03, "several"),
        (Quality(n=100, source="evaluation", n_more=100), None, "open"),
        (Quality(n=100, source="evaluation"), None, "hopeless"),
    ],
)
def test_why_a_quality_is_not_known_is_told(quality, corrected_p, why):
    assert facts_of(said(quality=quality, corrected_p=corrected_p), "quality_unknown")["why"] == why


# ---------------------------------------------------------------- money
def test_the_saving_is_a_range_and_its_low_end_counts():
    costs = Costs(Spread(40 * DOLLAR, 50 * DOLLAR, 60 * DOLLAR), Spread(1, 2, 3), 4 * DOLLAR, 2000 * DOLLAR, Fraction(7))
    facts = replace(GOOD, api_cost=40 * DOLLAR, local_cost=4 * DOLLAR + 3)
    advice = said(facts, costs=costs)
    assert advice.saving == Spread(36 * DOLLAR - 3, 46 * DOLLAR - 2, 56 * DOLLAR - 1)
    assert facts_of(advice, "reached")["payback_thousandths"] == 50_000  # 2000 by 40 a month, in thousandths
    assert said(facts, Quality(n_more=30), costs=costs).test_cost == 210


def test_hardware_that_is_owned_already_has_nothing_to_pay_back():
    assert facts_of(said(), "reached")["payback_thousandths"] is None


# ---------------------------------------------------------------- after a move
def moved(kind):
    return replace(TICKETS, route=Route(kind, since=NOW))


@pytest.mark.parametrize("kind", ["share", "local"])
def test_what_got_worse_since_it_runs_here_is_told(kind):
    form = Quality("unknown", 20, "evaluation", valid_local=950_000, valid_remote=1_000_000)
    assert said(workload=moved(kind), since_move=INFERIOR).alert == "quality_dropped"
    assert said(workload=moved(kind), since_move=form).alert == "form_dropped"
    assert said(workload=moved(kind), since_move=replace(form, n=19)).alert == ""
    assert said(workload=moved(kind), since_move=replace(form, valid_local=980_000)).alert == ""
    assert said(workload=moved(kind), since_move=replace(form, valid_remote=979_999)).alert == ""
    assert said(workload=moved(kind), since_move=replace(REACHED, status="failing")).alert == "form_dropped"
    assert said(workload=moved(kind), since_move=REACHED).alert == ""
    assert said(workload=moved(kind)).alert == ""


def test_with_an_alert_it_is_what_was_found_since_that_counts():
    advice = said(quality=REACHED, workload=moved("local"), since_move=INFERIOR)
    assert (advice.label, rule(advice), advice.quality) == ("stay", "inferior", INFERIOR)


@pytest.mark.parametrize("kind", ["api", "shadow"])
def test_what_does_not_run_here_cannot_have_got_worse_by_it(kind):
    assert said(workload=moved(kind), since_move=INFERIOR).alert == ""


# ---------------------------------------------------------------- order
def test_the_most_worthwhile_comes_first():
    def of(name, dollars, kind="classify", **more):
        workload = replace(TICKETS, id=WorkloadId(name), name=name, kind=kind, **more)
        return said(replace(GOOD, api_cost=dollars * DOLLAR, local_cost=0), workload=workload)

    hard = of("hard", 1000, traits=Traits("public", is_reasoning=True))
    some, letters, other = of("some", 300), of("letters", 400, "draft"), of("other", 600, "other")
    loss = said(replace(GOOD, api_cost=0, local_cost=DOLLAR), workload=replace(TICKETS, name="loss"))
    unknown = said(replace(GOOD, api_cost=None), workload=replace(TICKETS, name="unknown"))
    alert = replace(loss, alert="quality_dropped", workload=replace(TICKETS, name="alert"))
    found = in_order([unknown, loss, hard, other, letters, some, alert])
    assert [each.workload.name for each in found] == ["alert", "some", "letters", "other", "hard", "loss", "unknown"]


# ---------------------------------------------------------------- properties
counts = st.integers(0, 10**6)
money = st.none() | st.integers(0, 10**13)
statuses = st.sampled_from(["reached", "unknown", "inferior", "failing"])
qualities = st.builds(
    Quality,
    statuses,
    st.integers(0, 500),
    st.sampled_from(["votes", "evaluation", "judge"]),
    n_more=st.none() | st.integers(0, 500),
)
any_facts = st.builds(
    WorkFacts, counts, counts, money, money, st.none() | counts, st.none() | counts, st.none() | counts,
    st.none() | counts, st.booleans(), st.booleans(),
)  # fmt: skip
any_traits = st.builds(
    Traits, st.sampled_from(["public", "internal", "confidential"]), st.booleans(), longest_wait_s=st.none() | st.integers(0, 100)
)
workloads = any_traits.map(lambda each: replace(TICKETS, traits=each))


@settings(max_examples=150, deadline=None)
@given(workloads, any_facts, qualities)
def test_exactly_one_reason_decides_the_first_and_by_its_own_label(workload, facts, quality):
    advice = advise(workload, facts, quality, STANDARD)
    assert [each.decides for each in advice.reasons] == [True] + [False] * (len(advice.reasons) - 1)
    assert advice.label == LABELS[advice.reasons[0].rule]
    assert rules(advice) == sorted(rules(advice), key=RULES.index)
    assert ("otherwise" in rules(advice)) == (rules(advice) == ["otherwise"])


@settings(max_examples=150, deadline=None)
@given(workloads, any_facts, qualities, statuses)
def test_evidence_of_quality_never_makes_or_breaks_a_matter_of_privacy(workload, facts, quality, status):
    one, other = (advise(workload, facts, each, STANDARD) for each in (quality, replace(quality, status=status)))
    assert (rule(one) == "confidential_on_api") == (rule(other) == "confidential_on_api")
    is_private = workload.traits.sensitivity == "confidential" and facts.n_api > 0
    assert (rule(one) == "confidential_on_api") == is_private


@settings(max_examples=150, deadline=None)
@given(workloads, any_facts, qualities)
def test_work_migrates_only_for_privacy_or_with_a_saving_a_quality_and_room_that_were_shown(workload, facts, quality):
    advice = advise(workload, facts, quality, STANDARD)
    if advice.label == "migrate" and rule(advice) != "confidential_on_api":
        assert (quality.status, facts.has_local_model) == ("reached", True)
        assert quality.source != "judge"
        assert advice.saving.low >= 5 * DOLLAR
        assert facts.n_items * 100 <= 80 * facts.most_items


@settings(max_examples=100, deadline=None)
@given(workloads, any_facts, qualities, st.integers(0, 10**13))
def test_a_dearer_computer_is_never_a_reason_to_migrate(workload, facts, quality, dearer):
    if facts.local_cost is None:
        return
    before = advise(workload, facts, quality, STANDARD)
    after = advise(workload, replace(facts, local_cost=facts.local_cost + dearer), quality, STANDARD)
    assert not (before.label != "migrate" == after.label)
