from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.hiding.placeholders import mentioned
from engine.hiding.table import Table
from tests.engine.hiding.texts import texts

slow = settings(deadline=None, max_examples=150)


def table_of(*written: str) -> Table:
    return Table().learn(written)


def originals(table: Table, kind: str = "person") -> list[str]:
    return [each.original for each in table.details if each.kind == kind]


def test_one_person_has_one_placeholder_in_all_spellings():
    text = (
        "Ms Anna Harlow wrote. Harlow, Anna signed. A. Harlow paid, and Mrs Harlow complained. Anna's flat, ANNA HARLOW, "
        "Harlow's letter."
    )
    table = table_of(text)
    assert originals(table) == ["Anna Harlow"]
    hidden = table.hide(text).text
    assert hidden == (
        "[Person 1] wrote. [Person 1] signed. [Person 1] paid, and [Person 1] complained. [Person 1]'s flat, [Person 1], "
        "[Person 1]'s letter."
    )


def test_a_short_name_that_two_people_share_is_nobody_elses():
    table = table_of("Anna Harlow and Benjamin Harlow live here. Mr Harlow works, Ms Harlow does not.")
    assert len({each.placeholder for each in table.details}) >= 3
    assert "Harlow" not in table.hide("Mr Harlow met Ms Harlow.").text


def test_a_title_tells_husband_and_wife_apart():
    table = table_of("Mrs Anna Harlow and Mr Benjamin Harlow rent the flat. Mr Harlow pays.")
    assert table.hide("Mr Harlow pays.").text == "[Person 2] pays."


def test_numbers_follow_the_first_appearance_and_never_change():
    first = table_of("I spoke to Priya Raman and to Daniel Okafor.")
    assert [(each.placeholder, each.original) for each in first.details] == [
        ("[Person 1]", "Priya Raman"),
        ("[Person 2]", "Daniel Okafor"),
    ]
    second = first.learn(["Anna Harlow told Daniel Okafor. Okafor told Priya."])
    assert [(each.placeholder, each.original) for each in second.details] == [
        ("[Person 1]", "Priya Raman"),
        ("[Person 2]", "Daniel Okafor"),
        ("[Person 3]", "Anna Harlow"),
    ]
    assert [each.n_times for each in second.details] == [1, 2, 1]


def test_a_later_full_name_joins_the_short_one():
    table = table_of("Dear Mr Okafor, thank you.").learn(["Daniel Okafor replied."])
    assert len(table.details) == 1
    assert table.hide("Daniel Okafor replied.").text == "[Person 1] replied."


def test_what_is_shown_stays_and_can_be_hidden_again():
    table = table_of("Anna Harlow rents 14 Larch Road, Leeds LS6 2AB.")
    shown = table.show(["[Person 1]"])
    assert shown.hide("Anna Harlow rents.").text == "Anna Harlow rents."
    assert shown.leaks("Anna Harlow") == ()
    assert shown.learn(["Anna Harlow rents."]).hide("Anna Harlow").text == "Anna Harlow"
    assert shown.hide_again(["[Person 1]"]).hide("Anna Harlow rents.").text == "[Person 1] rents."


def test_the_users_own_terms_are_hidden_wherever_they_stand():
    table = Table().learn(
        ["About project Falcon and FALCONS."], own=[("Falcon", "term"), ("Blue Heron", "organisation"), ("§§", "term")]
    )
    assert [(each.placeholder, each.original, each.is_own) for each in table.details] == [
        ("[Term 1]", "Falcon", True),
        ("[Organisation 1]", "Blue Heron", True),
        ("[Term 2]", "§§", True),
    ]
    assert table.hide("falcon, FALCONS, blue-heron and §§ 3").text == "[Term 1], [Term 1]S, [Organisation 1] and [Term 2] 3"
    assert table.placeholder_of("falcon") == "[Term 1]"
    assert table.placeholder_of("eagle") is None


def test_a_name_that_is_an_ordinary_word_leaves_the_word_alone():
    table = table_of("Ms Amelia Price and Mr Will Grant agreed.")
    hidden = table.hide("The price is high. Will you grant it? I told Will that Price agreed to the grant.").text
    assert hidden == "The price is high. Will you grant it? I told [Person 2] that [Person 1] agreed to the grant."


@pytest.mark.parametrize("typed", ["[Person 1]", "(Person 1)", "**[person 1]**", "[[Person 1]]"])
def test_a_placeholder_that_the_user_typed_is_not_taken_for_ours(typed):
    text = f"What does {typed} mean in the letter of Anna Harlow?"
    table = table_of(text)
    assert [each.placeholder for each in table.details if each.kind == "person"] == ["[Person 2]"]
    assert table.restore(table.hide(text).text).text == text
    late = table_of("Anna Harlow wrote.").learn([text])
    assert late.restore(late.hide(text).text).text == text


@slow
@given(texts)
def test_nothing_can_be_read_after_hiding(text):
    table = table_of(text)
    assert table.leaks(table.hide(text).text) == ()


@slow
@given(texts)
def test_a_hidden_text_gives_back_the_original(text):
    table = table_of(text)
    hidden = table.hide(text)
    assert hidden.original == text
    for place in hidden.places:
        assert hidden.text[place.start : place.end] == place.placeholder


@slow
@given(texts)
def test_hiding_again_changes_nothing(text):
    table = table_of(text)
    hidden = table.hide(text).text
    assert table.hide(hidden).text == hidden


@slow
@given(texts, texts)
def test_learning_more_never_changes_what_was_given(first, second):
    before = table_of(first)
    after = before.learn([second])
    given_before = [(each.placeholder, each.kind, each.original) for each in before.details]
    assert [(each.placeholder, each.kind, each.original) for each in after.details][: len(given_before)] == given_before
    assert len({each.placeholder for each in after.details}) == len(after.details)
    assert after.learn([second]) == after


@slow
@given(texts)
def test_no_number_is_given_that_the_text_holds(text):
    ours = {placeholder for each in table_of(text).details for placeholder in mentioned(each.placeholder)}
    assert not ours & mentioned(text)


names = st.sampled_from(
    ["Priya Raman", "Daniel Okafor", "T-20871", "+44 7700 900461", "Leeds", "on 3 June", "and", "Brent Estates Ltd"]
)


@slow
@given(st.lists(names, min_size=1, max_size=10))
def test_restoring_is_exact_where_each_detail_has_one_spelling(parts):
    text = "; ".join(parts) + "."
    table = table_of(text)
    assert table.restore(table.hide(text).text).text == text
