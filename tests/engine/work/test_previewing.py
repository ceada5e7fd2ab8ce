"""A preview without any screen: the text that is shown is the one in the bodies, and what would leak is found."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.compare_records import LocalChoice, RemoteChoice
from engine.errors import Unexpected
from engine.hiding import leaks as of_leaks
from engine.hiding import table as of_table
from engine.hiding.matching import Wanted
from engine.hiding.table import Table
from engine.ledger.costs import highest_cost
from engine.provider_records import ProviderId
from engine.providers.provider import texts_of
from engine.records import ModelId
from engine.settings import Settings
from engine.work import previewing
from engine.work.planning import plan_of
from engine.work.previewing import BETWEEN, Plan, Previewing
from tests.engine.work.played_models import ACME, AT_ACME, AT_BORG, BORG, PlayedPrices

LOCAL = LocalChoice(ModelId("starter"))
PROVIDERS = (ACME, BORG)
previews = Previewing(PlayedPrices())


def learned(plan: Plan, *own: str) -> Table:
    return Table().learn(plan.texts, [(each, "term") for each in own])


def test_without_a_matter_the_same_text_gives_the_same_bytes():
    made = []
    for _ in range(2):
        plan = plan_of("Dear Anna Harlow and Brian Cole, see Brian Cole.", (LOCAL, AT_ACME, AT_BORG), Settings())
        made.append(previews.preview(plan, learned(plan), PROVIDERS))
    first, second = made
    assert first.request != second.request
    assert [each.body for each in first.receivers] == [each.body for each in second.receivers]
    assert "[Person 1] and [Person 2]" in first.text
    assert [(each.placeholder, each.n_times) for each in first.details] == [("[Person 1]", 1), ("[Person 2]", 2)]


@settings(max_examples=60)
@given(st.text(st.characters(exclude_categories=()), min_size=1, max_size=200), st.booleans())
def test_what_is_shown_is_what_is_in_the_bodies(text, hides):
    plan = plan_of(text, (LOCAL, AT_ACME, AT_BORG), Settings())
    preview = previews.preview(plan, learned(plan) if hides else None, PROVIDERS)
    assert len(preview.receivers) == 2
    for receiver, provider in zip(preview.receivers, PROVIDERS, strict=True):
        assert BETWEEN.join(texts_of(provider, receiver.body)) == preview.text
        assert hashlib.sha256(receiver.body).hexdigest() == receiver.sha256
    for place in preview.places:
        assert preview.text[place.start : place.end] == place.placeholder


def test_another_text_in_a_body_is_never_shown_as_this_one(monkeypatch):
    monkeypatch.setattr(previewing, "texts_of", lambda *_: ("something else",))
    with pytest.raises(Unexpected):
        previews.preview(plan_of("Hello", (LOCAL, AT_ACME), Settings()), None, PROVIDERS)


def test_the_settings_hold_for_all_and_what_cannot_is_said():
    wished = Settings(max_answer_tokens=99, temperature=0.5)
    provider = replace(ACME, quirks=("no_temperature",))
    plan = plan_of("Hello", (AT_ACME, AT_BORG), wished)
    without, with_it = previews.preview(plan, None, (provider, BORG)).receivers
    assert "temperature" in without.differs and "temperature" not in json.loads(without.body)
    assert json.loads(with_it.body)["max_tokens"] == with_it.max_tokens == 99
    assert json.loads(with_it.body)["temperature"] == 0.5


def test_the_most_that_it_can_cost_counts_a_high_estimate_and_the_fee():
    plan = plan_of("Hello", (LOCAL, AT_ACME, AT_BORG), Settings())
    provider = replace(ACME, fee_ppm=55_000)
    known, unknown = previews.preview(plan, None, (provider, BORG)).receivers
    rates = PlayedPrices().rates(ACME, "large", 0, datetime.now(UTC))
    assert rates is not None
    assert known.max_cost == highest_cost(known.n_tokens, known.max_tokens, rates, 55_000)
    assert known.n_tokens >= len(known.body.split()) and unknown.max_cost is None


def test_only_the_wanted_panes_and_known_providers_have_receivers():
    plan = plan_of("Hello", (AT_ACME, AT_BORG, RemoteChoice(ProviderId("gone"), "x")), Settings())
    assert [each.pane for each in previews.preview(plan, None, PROVIDERS).receivers] == [0, 1]
    assert [each.pane for each in previews.preview(plan, None, PROVIDERS, {1, 2}).receivers] == [1]


def test_a_detail_that_is_let_seen_is_told_and_is_no_leak():
    plan = plan_of("Dear Anna Harlow, yours Brian Cole.", (LOCAL, AT_ACME), Settings())
    preview = previews.preview(plan, learned(plan).show(("[Person 1]",)), PROVIDERS)
    assert [(each.original, each.is_hidden, each.n_times) for each in preview.details] == [
        ("Anna Harlow", False, 1),
        ("Brian Cole", True, 1),
    ]
    assert "Anna Harlow" in preview.text and preview.leaks == ()


def test_a_detail_of_the_matter_that_is_not_in_this_text_is_not_told():
    table = Table().learn(["Brian Cole wrote."], ())
    plan = plan_of("Dear Anna Harlow", (LOCAL, AT_ACME), Settings())
    preview = previews.preview(plan, table.learn(plan.texts, ()), PROVIDERS)
    assert [each.placeholder for each in preview.details] == ["[Person 2]"]


def test_what_is_hidden_and_still_in_the_text_is_a_leak(monkeypatch):
    plan = plan_of("Dear Anna Harlow", (LOCAL, AT_ACME, AT_BORG), Settings())
    table = learned(plan)
    monkeypatch.setattr(previewing, "hidden", lambda messages, _: (tuple(messages), ()))
    leaks = previews.preview(plan, table, PROVIDERS).leaks
    text = previews.preview(plan, table, PROVIDERS).text
    assert leaks and {each.placeholder for each in leaks} == {"[Person 1]"}
    assert "Harlow" in text[leaks[0].start : leaks[0].end]


def test_what_leaks_around_the_text_is_found_but_not_in_the_name_of_the_model(monkeypatch):
    plan = plan_of("Is this large?", (LOCAL, AT_ACME), Settings())
    table = learned(plan, "large")
    assert previews.preview(plan, table, PROVIDERS).leaks == (), "the model's own name"
    real = previewing.body_for

    def with_a_user(provider, wish):
        body = real(provider, wish)
        sent = json.loads(body.content) | ({"user": "Harlow-Thornfield"} if wish.messages else {})
        return replace(body, content=json.dumps(sent).encode())

    monkeypatch.setattr(previewing, "body_for", with_a_user)
    leaks = previews.preview(plan, table.learn((), [("Harlow-Thornfield", "term")]), PROVIDERS).leaks
    assert [(each.placeholder, each.start, each.end) for each in leaks] == [("[Term 2]", 0, 0)]


def test_what_is_looked_for_is_made_ready_once_for_a_whole_set(monkeypatch):
    made = []

    class Counted(Wanted):
        def __init__(self, details):
            made.append(len(details))
            super().__init__(details)

    monkeypatch.setattr(of_table, "Wanted", Counted)
    monkeypatch.setattr(of_leaks, "Wanted", Counted)
    plans = [plan_of(f"Dear Ms Anna Harlow, this is letter {n}.", (LOCAL, AT_ACME), Settings()) for n in range(4)]
    table = Table(learned(plans[0]).details)
    made.clear()
    assert all(previews.preview(each, table, PROVIDERS).places for each in plans)
    assert made == [1]  # with the details of a large set each further time takes longer than the texts themselves
    seen = table.show(["[Person 1]"])
    assert [each.n_times for each in previews.preview(plans[0], seen, PROVIDERS).details] == [1]
