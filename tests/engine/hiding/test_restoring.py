from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.compare_records import HiddenDetail
from engine.hiding.table import Table

TABLE = Table(
    [
        HiddenDetail("[Person 1]", "person", "Anna Harlow"),
        HiddenDetail("[Person 12]", "person", "[Person 1] Okafor"),
        HiddenDetail("[Birth date 1]", "birth_date", "3 April 1969"),
        HiddenDetail("[Address 1]", "address", "14 Larch Road\nLeeds"),
    ]
)


@pytest.mark.parametrize(
    ("written", "restored"),
    [
        ("[Person 1]", "Anna Harlow"),
        ("[person 1]", "Anna Harlow"),
        ("**[Person 1]**", "**Anna Harlow**"),
        ("[**Person 1**]", "Anna Harlow"),
        ("(Person 1)", "(Anna Harlow)"),
        ("{Person 1}", "Anna Harlow"),
        ("<Person 1>", "Anna Harlow"),
        ("[[Person 1]]", "Anna Harlow"),
        ("\\[Person 1\\]", "Anna Harlow"),
        ("[PERSON_1]", "Anna Harlow"),
        ("[Person\u00a01]", "Anna Harlow"),
        ("[Personne 1] et [Adresse 1]", "Anna Harlow et 14 Larch Road\nLeeds"),
        ("[Geburtsdatum 1]", "3 April 1969"),
        ("[Birth date 1]", "3 April 1969"),
        ("[Person 1]'s", "Anna Harlow's"),
        ("[Person 1, Person 12]", "Anna Harlow, [Person 1] Okafor"),
        ("[Person 1 and Person 12]", "Anna Harlow and [Person 1] Okafor"),
        ("[Person 12]", "[Person 1] Okafor"),
        ("[Person 2]", "[Person 2]"),
        ("[Person 1, Person 2]", "[Person 1, Person 2]"),
        ("Person 1", "Person 1"),
        ("[1] and [see Person 1 below]", "[1] and [see Person 1 below]"),
        ("[Person 1", "[Person 1"),
    ],
)
def test_placeholders_are_recognised_as_models_write_them(written, restored):
    answer = TABLE.restore(written)
    assert answer.text == restored
    for place in answer.places:
        assert answer.text[place.start : place.end] in {each.original for each in TABLE.details}


fragments = st.sampled_from(
    [
        "[Person 1]",
        "(Person 12)",
        "[",
        "[[",
        "]",
        "]]",
        "Person ",
        "1",
        "12",
        ", ",
        " and ",
        "**",
        "\\[",
        "\\]",
        "<",
        "&lt;",
        "x",
        "\n",
        "[Birth ",
        "date 1]",
    ]
)


@given(st.lists(fragments | st.text(max_size=3), max_size=20).map("".join), st.lists(st.integers(1, 9), min_size=1, max_size=12))
def test_pieces_give_the_same_as_the_whole(text, sizes):
    whole = TABLE.restore(text)
    restoring = TABLE.restoring()
    out, at, turn = [], 0, 0
    while at < len(text):
        size = sizes[turn % len(sizes)]
        out.append(restoring.feed(text[at : at + size]))
        at, turn = at + size, turn + 1
    out.append(restoring.finish())
    assert "".join(out) == whole.text
    assert restoring.places == whole.places


def test_only_what_may_be_a_placeholder_is_held_back():
    restoring = TABLE.restoring()
    assert restoring.feed("Dear [Per") == "Dear "
    assert restoring.feed("son 1") == ""
    assert restoring.feed("], see [note") == "Anna Harlow, see [note"
    assert restoring.feed(" [Person") == " "
    assert restoring.finish() == "[Person"


def test_a_bracket_that_never_closes_is_not_held_back_for_ever():
    restoring = TABLE.restoring()
    out = restoring.feed("[Person 1" + ", Person 1" * 200)
    assert len(out) > 1_000
