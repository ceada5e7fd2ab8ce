"""Rule by rule: what may differ between a sentence and its source, and what may not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.documents.comparison import Comparison, compare
from engine.documents.rewording import are_opposites, rotated
from engine.documents.source_index import region_of
from engine.documents.support import Claimed
from engine.records import DocumentId


def compared(claim: str, source: str, counts: dict[str, int] | None = None) -> Comparison:
    region = region_of(DocumentId("d"), "d", 1, 0, source)
    return compare(Claimed.of(claim).words, region.words, region.normal.text, counts or {})


def agree(claim: str, source: str, counts: dict[str, int] | None = None) -> bool:
    return compared(claim, source, counts).agrees


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("This rent is due monthly.", "The rent is due monthly."),  # light words
        ("The tenants repair the roofs.", "The tenant repaired the roof."),  # inflection
        ("The co operation ends.", "The cooperation ends."),  # a blank inside of a word
        ("The lease begins in May.", "The lease (see Annex 2) begins in May."),  # an aside in brackets
        ("The lease begins in May.", "The lease, as agreed, begins in May."),  # an aside between commas
        ("The house is sold if the owner dies.", "If the owner dies, the house is sold."),  # moved to the end
        ("If the owner dies, the house is sold.", "The house is sold if the owner dies."),  # moved to the front
        ("The roof is repaired by the owner.", "The owner repairs the roof."),  # passive
        ("The owner pays rent.", "The owner is old. The owner pays rent."),  # the nearer of two equal words counts
        ("The owner pays rent.", "The owner pays rent. So the heir pays rent."),
        ("So the rent is due.", "It costs 5 EUR. The rent is due."),  # what stands before is another sentence
        ("The rent is paid promptly in May.", "The rent is promptly paid in May."),  # an adverb after its verb
        ("The owner shall not repair the roof in May.", "The roof shall not be repaired by the owner in May."),  # active
    ],
)
def test_it_says_the_same(claim, source):
    assert agree(claim, source)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("The owner sells the house to the tenant.", "The tenant sells the house to the owner."),
        ("The rent is due weekly.", "The rent is due monthly."),
        ("The gross rent is due monthly.", "The rent is due monthly."),
        ("The rent is due monthly.", "The gross rent is due monthly."),
        ("The rent was due monthly.", "The rent is due monthly."),  # tense
        ("The rent is due monthly.", "The rent is not due monthly."),
        ("The rent is due monthly or weekly.", "The rent is due monthly and weekly."),
        ("The lease begins in May.", "The lease (unless revoked) begins in May."),
        ("The lease begins in May.", "The lease, if signed, begins in May."),
        ("The lease begins in May.", "The lease, for 12 months, begins in May."),  # a number, and no brackets
        ("The owner is sold if the house dies.", "If the owner dies, the house is sold."),
        ("The roof repairs the owner.", "The owner repairs the roof."),
        ("The owner is repaired by the roof.", "The owner repairs the roof."),
        ("The owner is paid.", "The owner paid."),  # voice
        ("The house is sold before the owner dies.", "The house is sold after the owner dies."),
        ("The rent is paid to the owner from the tenant.", "The rent is paid to the tenant from the owner."),
        ("The owner builds houses for it.", "The owner builds houses from it."),
        ("The house is sold to it.", "The house is sold to the owner."),
        ("The fee of 5 is due.", "The fee of 5 % is due."),
        ("The fee of -5 is due.", "The fee of 5 is due."),
        ("The rent is paid in May only.", "The rent is only paid in May."),  # "only" is no mere adverb
        ("The owner promptly pays, and the tenant leaves.", "The owner pays, and the tenant promptly leaves."),
        ("Further items may by listing the name.", "They are found by listing the name. Further items may be present."),
        ("The fee is 1,000,001.", "The fee is 1,000,000."),  # a number is not misread
        ("The tenant union pays rent.", "The union tenant pays rent."),  # two nouns are no adverb and verb
        ("The rent is paid only.", "The rent is only paid."),
        ("The bank promptly paid.", "The bank is paid promptly."),
        ("The bank paid promptly.", "The bank is promptly paid."),
        ("The office is with Herr Schmitt.", "The office is with Herr Schmidt."),  # a name is not misread
    ],
)
def test_it_says_something_else(claim, source):
    assert not agree(claim, source)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("The owner may sell the house.", "The notary doubts that the owner may sell the house."),
        ("The owner may sell the house.", "The heirs of the owner may sell the house."),
        ("The owner may sell the house.", "Nothing herein, as it were, means the owner may sell the house."),
        ("The owner may sell the house.", "Unless the court objects, the owner may sell the house."),
        ("The owner may sell the house.", "The owner may sell the house at once and to anybody if the court agrees."),
        ("The owner may sell the house.", "The owner may sell the house or the garden."),
        ("The owner may sell the house.", "The heir or the owner may sell the house."),
        ("Names should not be used in pages.", "Names should not be used in pages unless showing a difference."),
        ("Owners may sell houses.", "Owners may sell houses at once and to anybody if courts agree."),
        ("The owner may sell the house.", "The court did not say the owner may sell the house."),
        ("The owner may sell the house.", "It is not so: never the owner may sell the house."),
        ("The owner may sell the house.", "Where the court agrees, the owner may sell the house."),
        ("The owner may sell the house.", "The owner may sell the house at once and to anybody when the court agrees."),
        ("The fee is 5.", "The fee is 5 million."),
        ("Owners may sell the house.", "Some owners may sell the house."),
        ("The owner may sell the house.", "The owner may sell the house but not the garden."),
    ],
)
def test_what_surrounds_it_limits_it(claim, source):
    assert compared(claim, source).missing


@pytest.mark.parametrize(
    "source",
    [
        "The court did not object. The owner may sell the house. If it burns, it is lost.",
        "Exceptions if any\nThe owner may sell the house\nUnless noted, it is so.",
        "Note that the owner may sell the house.",
        "The owner may sell the house and the garden.",
    ],
)
def test_what_stands_beside_it_does_not(source):
    assert agree("The owner may sell the house.", source)


@pytest.mark.parametrize(
    ("claim", "source", "counts", "same"),
    [
        ("The agreement ends.", "The agrecment ends.", {}, True),  # one letter of nine
        ("The bam burns.", "The barn burns.", {}, True),  # rn and m look alike
        ("The agreement ends.", "The agrcemcnt ends.", {}, True),  # two letters of nine
        ("The fission ends.", "The mission ends.", {}, False),  # another first letter
        ("The tenancy ends.", "The tenants end.", {}, False),  # two letters of seven
        ("The cat sleeps.", "The car sleeps.", {}, False),  # too short to tell
        ("The statue stands.", "The statute stands.", {"statue": 1, "statute": 2}, False),  # two real words
        ("The employer pays.", "The employee pays.", {}, False),
        ("The exporting firm pays.", "The importing firm pays.", {}, False),
        ("The signature is legible.", "The signature is illegible.", {}, False),
        ("The tbe rent is due.", "The rent is due.", {}, False),
        ("The rent is duo on tbe third.", "The rent is duo on the third.", {}, True),  # a light word misread
    ],
)
def test_a_misread_letter_is_forgiven_where_no_other_word_can_be_meant(claim, source, counts, same):
    assert agree(claim, source, counts) is same


@pytest.mark.parametrize("pair", [("lessor", "lessee"), ("lawful", "unlawful"), ("careful", "careless"), ("fifteen", "fifty")])
def test_opposites_are_known_in_both_directions(pair):
    assert are_opposites(*pair)
    assert are_opposites(*reversed(pair))


def test_only_a_single_sentence_is_turned_round():
    one = region_of(DocumentId("d"), "d", 1, 0, "The house is sold if the owner dies.").words
    two = region_of(DocumentId("d"), "d", 1, 0, "The house is sold. It is empty if the owner dies.").words
    assert list(rotated(one))
    assert not list(rotated(two))


def test_a_difference_is_named():
    result = compared("The owner sells 3 houses.", "The owner sells 4 houses.")
    assert [word.text for word in result.foreign] == ["3"]
    assert [word.text for word in result.missing] == ["4"]


SUBJECTS = st.sampled_from(["owner", "tenant", "bank", "court", "notary", "buyer", "heir"])


@given(st.lists(SUBJECTS, min_size=2, max_size=3, unique=True), st.sampled_from(["pays", "informs", "sues", "must pay"]))
def test_exchanged_parties_never_agree(parties, verb):
    one, other = parties[0], parties[1]
    source = f"The {one} {verb} the {other}."
    assert agree(source, source)
    assert not agree(f"The {other} {verb} the {one}.", source)


@given(st.text(alphabet="abc ,.0()-", max_size=60), st.text(alphabet="abc ,.0()-", max_size=60))
def test_any_two_texts_can_be_compared(claim, source):
    result = compared(claim, source)
    if result.agrees:
        assert 0 <= result.first <= result.last < len(region_of(DocumentId("d"), "d", 1, 0, source).words)
