"""What counts as the right answer, label or field."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evaluation.answer_text import key_of
from engine.evaluation.fields import fields_of, micro_f1, score, valid_rate
from engine.evaluation.labels import confusion, label_of
from engine.evaluation.scorers import agrees, field_score, is_exact, is_label

LABELS = ("Complaint", "Refund request", "Kündigung", "Réclamation", "yes", "no")


@pytest.mark.parametrize(
    "answer",
    [
        "1,234.50 EUR",
        "1.234,50 €",
        "€1,234.5",
        "EUR 1 234,50",
        "1\u202f234,50\u00a0€",
        "1’234.50 eur.",
        "**1234.50 EUR**",
        "Antwort: 1.234,50 €",
        "The answer is 1234.5 EUR.",
        "La réponse est : 1 234,50 €",
        "```\n1,234.50 EUR\n```",
        "<think>perhaps 12</think>1,234.50 EUR",
    ],
)
def test_an_amount_is_the_same_however_it_is_written(answer):
    assert is_exact("1,234.50 EUR", answer)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1,500", "1.5"),
        ("12,50", "1250"),
        ("0.500", "500"),
        ("03/04/2026", "04/03/2026"),
        ("12.03.2026", "2026-03-12"),
        ("12.03.2026", "12032026"),
        ("-5", "5"),
        ("007", "7"),
        ("19 %", "19"),
        ("10 EUR", "10 USD"),
        ("not Paris", "Paris"),
    ],
)
def test_what_differs_stays_different(one, other):
    assert not is_exact(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("0,5", "0.50"),
        ("1.234.567,00", "1,234,567"),
        ("−5", "-5"),
        ("19 Prozent", "19%"),
        ("19 pour cent", "19 %"),
        ("12.03.2026", "“12.03.2026”."),
        ("STRASSE", "Straße"),
        ("Paris", "- Paris"),
        ("12.50", "12,5"),
    ],
)
def test_what_is_the_same_is_the_same(one, other):
    assert is_exact(one, other) and is_exact(other, one)


@given(st.text(max_size=60))
def test_every_text_is_itself_and_comparing_never_fails(text):
    assert is_exact(text, text)
    assert isinstance(key_of(key_of(text)), str)
    label_of(text, LABELS)
    fields_of(text)


@pytest.mark.parametrize(
    ("answer", "label"),
    [
        ("complaint.", "Complaint"),
        ("**Refund-Request**", "Refund request"),
        ("refund_request", "Refund request"),
        ("KÜNDIGUNG", "Kündigung"),
        ("Kuendigung", "Kündigung"),
        ("Kategorie: Kündigung", "Kündigung"),
        ("Die Kategorie lautet: Kündigung.", "Kündigung"),
        ("reclamation", "Réclamation"),
        ("Réponse : « Réclamation »", "Réclamation"),
        ('```json\n{"label": "Complaint", "confidence": 0.9}\n```', "Complaint"),
        ("Complaint – they also mention a refund request.", "Complaint"),
        ("Complaint\n\nThe customer is angry about a refund request.", "Complaint"),
        ("The customer is angry about a delay.\n\nAnswer: Complaint", "Complaint"),
        ("This is not a complaint, it is a refund request.", "Refund request"),
        ("Das ist keine Réclamation, sondern eine Kündigung.", "Kündigung"),
        ("Yes, it is.", "yes"),
        ("I would file this under Complaint", "Complaint"),
        ("It could be a complaint or a refund request", None),
        ("Das ist keine Kündigung.", None),
        ("This isn’t a complaint.", None),
        ("Complaint\nor\nRefund request", None),
        ("Complaints", None),
        ("Praise", None),
        ("", None),
    ],
)
def test_an_answer_gives_one_label_or_none(answer, label):
    assert label_of(answer, LABELS) == label


def test_a_longer_label_is_not_mistaken_for_the_shorter_one_in_it():
    assert label_of("I think: not spam", ("spam", "not spam")) == "not spam"
    assert label_of("This is spam", ("spam", "not spam")) == "spam"


def test_labels_without_answers_are_wrong():
    assert is_label("complaint", "Complaint!", LABELS)
    assert not is_label("complaint", None, LABELS)
    assert not is_label("something else", "something else", LABELS)


def test_a_confusion_table_counts_every_answer_once():
    table = confusion(["a", "a", "a", "b", "b"], ["a", "b", None, "b", "b"], ("a", "b", "c"))
    assert table.counts == ((1, 1, 0, 1), (0, 2, 0, 0), (0, 0, 0, 0))
    assert (table.recall("a"), table.recall("b"), table.recall("c"), table.accuracy) == (1 / 3, 1, None, 3 / 5)


# ---------------------------------------------------------------- fields
EXPECTED = {"total": 1234.5, "currency": "EUR", "due": "12.03.2026", "paid": False, "lines": ["rent", "heating"], "note": None}


@pytest.mark.parametrize(
    "wrapped",
    [
        "OBJECT",
        "```json\nOBJECT\n```",
        "Here it is:\n\n```\nOBJECT\n```\nAnything else?",
        "The object is OBJECT as asked.",
        "{not this} OBJECT",
        '<think>{"total": 1}</think>\nOBJECT',
    ],
)
def test_an_object_is_found_in_what_surrounds_it(wrapped):
    found = score(EXPECTED, wrapped.replace("OBJECT", json.dumps(EXPECTED)))
    assert found.f1 == 1 and found.is_valid


def test_marks_inside_an_object_are_part_of_it():
    assert fields_of('{"code": "a `b` **c** __d__"}') == {"code": "a `b` **c** __d__"}


def test_fields_are_compared_like_answers():
    given = {"total": "1.234,50", "currency": "eur", "due": "12.03.2026", "paid": False, "lines": ["Heating.", "rent"]}
    found = score(EXPECTED, json.dumps(given))
    assert (found.n_right, found.n_expected, found.n_given) == (6, 6, 6)
    assert not found.is_valid, "a number is expected, and the note is missing"
    assert found.by_name["lines"] == (2, 2) and found.by_name["total"] == (1, 1)


def test_what_was_invented_costs_precision_and_what_is_missing_recall():
    invented = score({"a": "x"}, '{"a": "x", "b": "y"}')
    assert (invented.n_right, invented.n_expected, invented.n_given, invented.is_valid) == (1, 1, 2, True)
    assert invented.f1 == pytest.approx(2 / 3)
    missing = score({"a": "x", "b": "y"}, '{"a": "x"}')
    assert missing.f1 == pytest.approx(2 / 3) and not missing.is_valid
    assert micro_f1([invented, missing]) == pytest.approx(4 / 6)
    assert valid_rate([invented, missing]) == 0.5
    assert micro_f1([]) is valid_rate([]) is None


def test_objects_in_lists_keep_their_fields_together():
    expected = {"people": [{"name": "A", "age": 1}, {"name": "B", "age": 2}]}
    assert score(expected, '{"people": [{"name": "A", "age": 2}, {"name": "B", "age": 1}]}').n_right == 2


@pytest.mark.parametrize("answer", [None, "", "none", "[1]", '{"a": NaN}', '{"a": 1', "{" * 5000, '{"a":' * 5000, "1" * 6000])
def test_what_is_no_object_scores_nothing(answer):
    found = score({"a": "x"}, answer)
    assert (found.f1, found.is_valid) == (0, False)


def test_nothing_to_find_and_nothing_found_is_right():
    assert score({"a": None}, '{"a": null}').f1 == 1
    assert score({"a": None}, "sorry").f1 == 0
    assert field_score("no object", "{}") is None


plain = (
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
)
objects = st.dictionaries(
    st.text(min_size=1, max_size=6), st.recursive(plain, lambda inner: st.lists(inner, max_size=3), max_leaves=6), max_size=5
)


@given(objects, objects)
def test_scores_stay_in_their_bounds_and_an_object_matches_itself(one, other):
    itself, found = score(one, json.dumps(one)), score(one, json.dumps(other))
    assert 0 <= found.f1 <= 1 and found.n_right <= min(found.n_expected, found.n_given)
    assert itself.f1 == 1


def test_two_answers_agree_or_do_not():
    assert agrees("1.234,50", "1,234.50", "exact") == 1
    assert agrees("Answer: yes", "Yes.", "exact") == 1
    assert agrees("complaint", "This is a complaint", "labels", LABELS) == 1
    assert agrees('{"a": 1, "b": 2}', '{"a": 1, "b": 3}', "fields") == 0.5
    assert agrees("{}", "no object", "fields") == 0
