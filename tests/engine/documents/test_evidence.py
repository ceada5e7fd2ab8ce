"""What an answer's sentences may and may not be said to rest on."""

from __future__ import annotations

import pytest

from engine.documents.evidence import GivenPassage, check
from engine.records import DocumentId, Sentence

LEASE = """5. Rent and costs
The tenant shall pay a rent of EUR 1,000 per month to the landlord. The rent is due on the third working day of each
month. The guarantor of the tenant shall pay the costs of the proceedings. The deposit (three months' rent) shall be
held by the bank in a separate account. The landlord shall repair the roof within 10 days.
Subletting is allowed only with the written consent of the landlord. If the tenant is late with two payments, the
landlord may terminate the lease. The lease (as defined in Annex 2) begins on 29 September 2025. Notice must be given
six (6) months before the end of the term. Pets are not allowed in the common rooms. The service charge increased by
5 % in 2024. The employer must inform the employee before the transfer. The bank is paid by the tenant.
All rooms except the cellar are heated. The keys must be returned to the landlord by Mr. Meier (meier@example.com).
The tenant pays for electricity, and the landlord pays for water. The landlord may end the lease at once and without
notice if the house burns down. The caretaker or the landlord shall clear the snow. The neighbour claims that the tenant
plays the drums. Some tenants must pay a surcharge. Nothing in this lease means that the tenant may change the locks.
The office of Herr Schmidt is in Lindau. Cash is accepted or a cheque.
The temperature is -5 degrees. 10 degrees is too warm.
-7 degrees is too cold for pipes."""

MIETVERTRAG = """Der Mieter zahlt an den Vermieter eine Miete von 1.000,50 EUR monatlich. Die Kündigungsfrist beträgt drei
Monate, sofern nichts anderes vereinbart ist. Haustiere sind nicht erlaubt. Das Mietverhältnis beginnt am 29. September 2025.
Untervermietung ist an Studenten und Verwandte erlaubt, außer im Sommer."""

BAIL = """Le locataire paie au bailleur un loyer de 900 euros par mois. Le dépôt de garantie ne peut pas être supérieur à deux
mois de loyer. Le bail commence le 1er octobre 2025."""


def passages() -> list[GivenPassage]:
    texts = [("lease.pdf", 7, LEASE), ("mietvertrag.pdf", 1, MIETVERTRAG), ("bail.pdf", 2, BAIL)]
    return [GivenPassage(DocumentId(name), name, page, 50, 50 + len(text), text) for name, page, text in texts]


def only(answer: str) -> Sentence:
    (sentence,) = check(answer, passages())
    return sentence


def verdict(answer: str) -> str:
    sentence = only(answer)
    return sentence.evidence[0].verdict if sentence.evidence else "not_found"


@pytest.mark.parametrize(
    "claim",
    [
        "The landlord shall repair the roof within 10 days.",
        "the landlord shall REPAIR the roof within 10 days",
        "The **landlord** shall repair the roof within `10 days` [S1].",
        "According to lease.pdf, the landlord shall repair the roof within 10 days (p. 7).",
        "The document states that the landlord shall repair the roof within 10 days.",
        "Passage 1 says: “The landlord shall repair the roof within 10 days.”",
        "However, the landlord shall repair the roof within 10 days.",
        "The lease (as defined in Annex 2) begins on 29 September 2025.",
        "Die Kündigungsfrist beträgt drei Monate, sofern nichts anderes vereinbart ist.",
        "Le dépôt de garantie ne peut pas être supérieur à deux mois de loyer.",
        "- **Roof:** The landlord shall repair the roof within 10 days.",
        'The contract says "held by the bank in a separate account" [1].',
    ],
)
def test_the_words_of_the_page_are_exact(claim):
    assert verdict(claim) == "exact"
    assert only(claim).supported


@pytest.mark.parametrize(
    "claim",
    [
        "The tenant shall pay a rent of €1000 per month to the landlord.",  # the amount is written otherwise
        "The landlord must repair the roof within 10 days.",  # "shall" in a contract
        "The lease begins on September 29, 2025.",  # the aside is left out, the date written otherwise
        "Notice must be given 6 months before the end of the term.",
        "The landlord may terminate the lease if the tenant is late with two payments.",  # the condition moved
        "Within 10 days, the landlord shall repair the roof.",
        "The roof shall be repaired by the landlord within 10 days.",  # passive
        "The tenant pays the bank.",  # active
        "The deposit shall be held by the bank in a separate account.",
        "Pets aren't allowed in the common rooms.",
        "The service charge increased by five percent in 2024.",
        "The lanlord shall repair the roof within 10 days.",  # a letter is missing
        "The lease (as defined in Annex 2) begins on 29 September 2025, and pets are not allowed in the common rooms.",
        "Der Mieter zahlt an den Vermieter eine Miete von 1000,50 € monatlich.",
        "Le locataire paie au bailleur un loyer de 900 € par mois.",
    ],
)
def test_the_same_in_other_words_is_near(claim):
    assert verdict(claim) == "near"
    assert only(claim).supported


@pytest.mark.parametrize(
    "claim",
    [
        "The landlord shall pay a rent of EUR 1,000 per month to the tenant.",  # roles exchanged
        "The tenant shall pay a rent of EUR 1,100 per month to the landlord.",
        "The tenant shall pay a rent of USD 1,000 per month to the landlord.",
        "The tenant shall pay a rent of EUR 1,000 per year to the landlord.",
        "The tenant may pay a rent of EUR 1,000 per month to the landlord.",
        "The tenant shall not pay a rent of EUR 1,000 per month to the landlord.",
        "The guarantor shall pay a rent of EUR 1,000 per month to the landlord.",
        "The tenant shall pay the costs of the proceedings.",  # it is the tenant's guarantor
        "Subletting is allowed.",  # only with consent
        "Subletting is allowed with the written consent of the landlord.",
        "Subletting is allowed only with the consent of the landlord.",  # "written" is left out
        "The landlord may terminate the lease.",  # the condition is left out
        "If the landlord is late with two payments, the tenant may terminate the lease.",
        "If the tenant is late with three payments, the landlord may terminate the lease.",
        "Notice must be given six months after the end of the term.",
        "Notice must be given six months before the beginning of the term.",
        "Pets are allowed in the common rooms.",
        "The service charge decreased by 5 % in 2024.",
        "The service charge increased by 5 % in 2023.",
        "The service charge increased by 5 in 2024.",
        "The employee must inform the employer before the transfer.",
        "The employer must inform the employer before the transfer.",
        "The tenant is paid by the bank.",
        "The bank pays the tenant.",
        "The roof shall repair the landlord within 10 days.",
        "The landlord shall be repaired by the roof within 10 days.",
        "All rooms are heated.",
        "All rooms including the cellar are heated.",
        "The keys must be returned to the landlord by Mr. Maier (maier@example.com).",
        "The keys must be returned by the landlord to Mr. Meier (meier@example.com).",
        "The landlord pays for electricity, and the tenant pays for water.",
        "The tenant pays for water.",
        "The lease begins on 29 October 2025.",
        "The landlord may end the lease at once.",  # if the house burns down
        "The landlord shall clear the snow.",  # the caretaker or the landlord
        "The tenant plays the drums.",  # somebody claims so
        "Tenants must pay a surcharge.",  # some do
        "The tenant may change the locks.",
        "The office of Herr Schmitt is in Lindau.",
        "Cash is accepted.",  # or a cheque
        "The service charge increased by 5.",  # per cent
        "The lease begins on 29 September.",  # of which year is left out
        "The temperature is 5 degrees.",
        "Lord shall repair the roof within 10 days.",  # ends of longer words
        "The office of Herr Schmidt is in Linda.",
        "-10 degrees is too warm.",
        "7 degrees is too cold for pipes.",
        'The lease says "7 degrees is too cold for pipes".',
        'The lease says "The service charge increased by 5".',
        "The deposit shall be held by the landlord in a separate account.",
        "The tenant shall pay a rent of EUR 1,000 per month to the landlord within 10 days.",
        "Der Vermieter zahlt an den Mieter eine Miete von 1.000,50 EUR monatlich.",
        "Die Kündigungsfrist beträgt drei Monate.",
        "Haustiere sind erlaubt.",
        "Untervermietung ist an Studenten und Verwandte erlaubt.",  # außer im Sommer
        "Untervermietung ist an Studenten erlaubt.",
        "Le bailleur paie au locataire un loyer de 900 euros par mois.",
        "Le dépôt de garantie peut être supérieur à deux mois de loyer.",
        "Le bail commence le 2 octobre 2025.",
        "- **Cellar:** The landlord shall repair the roof within 10 days.",  # a label may not add anything
        "- **Not so:** The landlord shall repair the roof within 10 days.",
        'The contract forbids "held by the bank in a separate account".',
        "The capital of France is Paris.",
        "The tenant.",
        "Yes.",
    ],
)
def test_what_the_page_does_not_say_is_never_supported(claim):
    assert not only(claim).supported
    assert only(claim).checkable


def test_a_quotation_is_checked_by_its_words_alone():
    page = "If the file is old, the “title” line may be dropped at once."
    given = [GivenPassage(DocumentId("d"), "d", 1, 0, len(page), page)]
    assert check('"the “title” line may be dropped"', given)[0].supported
    assert not check("The “title” line may be dropped.", given)[0].supported


def test_each_of_several_quotations_counts():
    known = '"held by the bank in a separate account"'
    assert only(f'The lease says {known} and "is due on the third working day".').supported
    assert not only(f'The lease says {known} and "is due on the third sunny day".').supported
    assert not only(f'The lease says {known} and "it is what it is to them".').supported


def test_a_single_word_in_common_is_no_evidence():
    assert only("A heating of it.").evidence == ()


def test_an_altered_sentence_names_what_the_page_does_not_have():
    sentence = only("The tenant shall pay a rent of EUR 1,100 per month to Mr. Huber.")
    assert sentence.evidence[0].verdict == "altered"
    assert sentence.evidence[0].quote.startswith("The tenant shall pay a rent of EUR 1,000")
    assert sentence.unsupported_parts == ("EUR 1,100", "Mr. Huber")


def test_a_sentence_without_support_names_the_numbers_and_names_that_no_page_has():
    sentence = only("The company Veridia Ltd. opened 37 shops in Lisbon.")
    assert sentence.evidence == ()
    assert sentence.unsupported_parts == ("Veridia Ltd", "37", "Lisbon")


@pytest.mark.parametrize(
    "text",
    [
        "# The rent is EUR 5",
        "Based on the documents:",
        "Here are the key points:",
        "Would you like to know more?",
        "The documents do not answer this.",
        "Unfortunately, the provided passages do not mention a parking space.",
        "Hello!",
        "**Rent**",
        "Die Dokumente beantworten dies nicht.",
    ],
)
def test_what_claims_nothing_is_not_checked(text):
    sentence = only(text)
    assert not sentence.checkable
    assert not sentence.supported


@pytest.mark.parametrize(
    "text",
    [
        "Sure, the tenant pays EUR 50.",
        "The documents do not mention pets, but the rent is EUR 50.",
        "I hope this helps: the rent is EUR 50.",
        "**The rent is EUR 50.**",
        "Based on the documents, the rent is EUR 50:",
    ],
)
def test_a_claim_does_not_hide_behind_a_phrase(text):
    sentence = only(text)
    assert sentence.checkable
    assert not sentence.supported


def test_every_evidence_is_the_page_s_own_text_at_its_offsets():
    answer = (
        "Within 10 days the landlord shall repair the roof. Pets are allowed in the common rooms. "
        "Le bail commence le 1er octobre 2025."
    )
    given = {passage.document: passage for passage in passages()}
    sentences = check(answer, list(given.values()))
    assert [sentence.evidence[0].document for sentence in sentences] == ["lease.pdf", "lease.pdf", "bail.pdf"]
    for sentence in sentences:
        assert answer[sentence.start : sentence.end] == sentence.text
        for evidence in sentence.evidence:
            passage = given[evidence.document]
            assert passage.text[evidence.start - passage.start : evidence.end - passage.start] == evidence.quote
            assert evidence.page == passage.page


def test_a_joined_sentence_shows_both_places():
    sentence = only("The rent is due on the third working day of each month and pets are not allowed in the common rooms.")
    assert sentence.supported
    assert [evidence.quote.split()[0] for evidence in sentence.evidence] == ["The", "Pets"]


def test_a_joined_sentence_needs_the_subject_of_both():
    assert not only(
        "The tenant shall pay a rent of EUR 1,000 per month to the landlord and shall repair the roof within 10 days."
    ).supported


def test_a_hint_decides_between_equal_places_and_proves_nothing():
    same = "The rent is due on the first of May."
    given = [GivenPassage(DocumentId(name), name, page, 0, len(same), same) for name, page in [("a", 1), ("b", 8)]]
    assert check("The rent is due on the first of May.", given)[0].evidence[0].document == "a"
    assert check("The rent is due on the first of May [2].", given)[0].evidence[0].document == "b"
    assert check("The rent is due on the first of May (p. 8).", given)[0].evidence[0].document == "b"
    assert not check("The rent is due on the second of May [2].", given)[0].supported
    assert check("The rent is due on the first of May [9].", given)[0].evidence[0].document == "a"


def test_with_page_texts_the_whole_page_counts_and_offsets_are_the_page_s():
    page = "Heading\n" + LEASE
    start = page.index("Pets")
    given = [GivenPassage(DocumentId("d"), "d", 3, start, start + 40, page[start : start + 40])]
    claim = "The landlord shall repair the roof within 10 days."
    assert not check(claim, given)[0].supported
    (evidence,) = check(claim, given, lambda document, number: {("d", 3): page}[document, number])[0].evidence
    assert page[evidence.start : evidence.end] == evidence.quote
    assert evidence.page == 3


def test_a_page_that_cannot_be_had_is_replaced_by_its_passages():
    def nothing(document: DocumentId, page: int) -> str:
        raise KeyError(page)

    assert check("Pets are not allowed in the common rooms.", passages(), nothing)[0].supported


def test_overlapping_passages_carry_a_sentence_that_neither_has_alone():
    cut, overlap = LEASE.index("repair the roof"), 20
    given = [
        GivenPassage(DocumentId("d"), "d", 1, 0, cut + overlap, LEASE[: cut + overlap]),
        GivenPassage(DocumentId("d"), "d", 1, cut, len(LEASE), LEASE[cut:]),
    ]
    (sentence,) = check("The landlord shall repair the roof within 10 days.", given)
    (evidence,) = sentence.evidence
    assert sentence.supported
    assert LEASE[evidence.start : evidence.end] == evidence.quote


def test_without_passages_everything_is_marked():
    (sentence,) = check("The rent is EUR 5 per month.", [])
    assert sentence.checkable
    assert not sentence.supported
    assert sentence.evidence == ()
