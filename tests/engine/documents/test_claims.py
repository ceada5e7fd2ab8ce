"""What is read from a sentence: its claim, its hints, its quotations, and whether it claims anything."""

from __future__ import annotations

import pytest

from engine.documents.claims import read_claim


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("The **rent** is `500` EUR [S1].", "The rent is 500 EUR."),
        ("The _rent_ of snake_case is due [1][2].", "The rent of snake_case is due."),
        ("[The rent](https://example.com/a) is due (p. 12).", "The rent is due."),
        ("According to the document, the rent is due.", "the rent is due."),
        ("According to lease.pdf, the rent is due.", "the rent is due."),
        ("As stated in passage 2, the rent is due.", "the rent is due."),
        ("However, the document also states that the rent is due.", "the rent is due."),
        ("It is important to note that the rent is due.", "the rent is due."),
        ("Laut dem Vertrag, die Miete ist fällig.", "die Miete ist fällig."),
        ("In May 2024, the rent is due.", "In May 2024, the rent is due."),  # says when, does not point
        ("In section 4, the rent is due.", "In section 4, the rent is due."),
        ("In the above, the rent is due.", "In the above, the rent is due."),
        ("In section 4.3, the rent is due.", "In section 4.3, the rent is due."),  # could be wrong
        ("The tenant states that the rent is due.", "The tenant states that the rent is due."),  # who said it is a claim
        ("According to Mr. Huber, the rent is due.", "According to Mr. Huber, the rent is due."),
    ],
)
def test_the_claim_is_what_remains_without_marks_and_pointing(sentence, text):
    assert read_claim(sentence, "prose", ["lease.pdf"]).text == text


@pytest.mark.parametrize(
    ("sentence", "passages", "pages"),
    [
        ("It is due [1].", (1,), ()),
        ("It is due [S1, S3].", (1, 3), ()),
        ("It is due (Source 2).", (2,), ()),
        ("It is due (p. 12).", (), (12,)),
        ("It is due (S. 12).", (), (12,)),
        ("In passage 4, it is due.", (4,), ()),
        ("It is due in 2024.", (), ()),
    ],
)
def test_marks_are_hints(sentence, passages, pages):
    claim = read_claim(sentence, "prose")
    assert (claim.passages, claim.pages) == (passages, pages)


def test_a_document_s_name_is_taken_off_only_where_it_points():
    assert read_claim("According to the document, the policy applies.", "prose", ["policy.pdf"]).text == "the policy applies."
    assert read_claim("According to policy.pdf, the policy applies.", "prose", ["policy.pdf"]).text == "the policy applies."
    assert read_claim("The policy.pdf file states that it applies.", "prose", ["policy.pdf"]).text == "it applies."
    assert read_claim("The policy applies to policy.pdf.", "prose", ["policy.pdf"]).text == "The policy applies to policy.pdf."


def test_quotations_of_some_length_are_kept():
    assert read_claim('It says "the rent is due" and “not a day later than May”.', "prose").quotes == (
        "the rent is due",
        "not a day later than May",
    )
    assert read_claim('The "rent" is due.', "prose").quotes == ()


@pytest.mark.parametrize(
    ("sentence", "label", "text"),
    [
        ("**Rent**: It is due in May.", "Rent", "It is due in May."),
        ("**Rent:** It is due in May [1].", "Rent", "It is due in May."),
        ("**Answer:** It is due in May.", "", "It is due in May."),
        ("**Rent** is due: in May.", "", "Rent is due: in May."),
        ("Rent: in May.", "", "Rent: in May."),
    ],
)
def test_a_bold_label_is_kept_apart(sentence, label, text):
    claim = read_claim(sentence, "item")
    assert (claim.label, claim.text) == (label, text)


def test_a_table_row_claims_its_cells():
    assert read_claim("| Rent | **500 EUR** |", "row").text == "Rent 500 EUR"


def test_code_is_also_read_as_it_stands():
    assert "rm **/*.o [1]" in read_claim("rm **/*.o [1]", "code").verbatim


def test_an_answer_in_a_code_fence_is_read_like_any_other():
    assert read_claim("According to the document, the rent is **due** [1].", "code").text == "the rent is due."


@pytest.mark.parametrize(
    "sentence",
    [
        "Sure!",
        "Hello Anna,",
        "Thank you for your question.",
        "Answer:",
        "The following points are relevant:",
        "I could not find this in the documents.",
        "The provided passages do not mention a garage.",
        "There is no information about this.",
        "Les documents ne répondent pas.",
        "When is it due?",
        "[1]",
        "***",
    ],
)
def test_talk_claims_nothing(sentence):
    assert not read_claim(sentence, "prose").checkable


@pytest.mark.parametrize(
    "sentence",
    [
        "No.",
        "Sure, it is due in May.",
        "The documents do not mention a garage, but it costs 50 EUR.",
        "The documents do not mention a garage because it is free.",
        "I could not find 37 garages.",
        "The rent of 500 EUR includes the following:",
        "Thank you for paying: it was due.",
    ],
)
def test_a_claim_in_the_clothes_of_talk_is_checked(sentence):
    assert read_claim(sentence, "prose").checkable
