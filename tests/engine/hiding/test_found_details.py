from __future__ import annotations

import pytest

from engine.hiding.details import found_details


def found(text: str) -> list[tuple[str, str]]:
    return [(each.kind, text[each.start : each.end]) for each in found_details(text)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("I met Mrs Price on Monday.", "Mrs Price"),
        ("Then Oluwaseun Adeyemi called.", "Oluwaseun Adeyemi"),
        ("We wrote to J. R. Ashworth about it.", "J. R. Ashworth"),
        ("The list names Harlow, Anna and nobody else.", "Harlow, Anna"),
        ("Dear Mark,\n\nthe rent is due.", "Mark"),
        ("Best wishes\nRose Young\n", "Rose Young"),
        ("Tenant: Grace Long\nRent: £900", "Grace Long"),
        ("From: DUPONT Marie <x@y.example>", "DUPONT Marie"),
        ("Die Zeugin Frau Dr. van den Berg kam.", "Frau Dr. van den Berg"),
        ("Hier wohnt Hans-Jürgen Schröder.", "Hans-Jürgen Schröder"),
        ("J'ai parlé avec Mme Le Goff hier.", "Mme Le Goff"),
        ("D'après l'avocat d'Anna Lefèvre, rien.", "Anna Lefèvre"),
        ("She said that O'Brien was there.", "O'Brien"),
        ("I asked ANNA HARLOW twice.", "ANNA HARLOW"),
        ("The statement of Anna\u00a0Harlow is here.", "Anna\u00a0Harlow"),
        ("The statement of An\u00adna Har\u00adlow is here.", "An\u00adna Har\u00adlow"),
        ("The statement of Rene\u0301 Lefe\u0300vre is here.", "Rene\u0301 Lefe\u0300vre"),
        ("This is the long first line of a letter about Anna\nHarlow and her flat.", "Anna\nHarlow"),
        ("name,city\nTamsin Oakley,Leeds\n", "Tamsin Oakley"),
        ("| Patient | Theodora Vasilakis |", "Theodora Vasilakis"),
    ],
)
def test_people_are_found(text, name):
    assert ("person", name) in found(text)


@pytest.mark.parametrize(
    ("text", "kind", "detail"),
    [
        ("write to anna.harlow+x@sub.brent.co.uk.", "email", "anna.harlow+x@sub.brent.co.uk"),
        ("write to anna [at] brent [dot] example", "email", "anna [at] brent [dot] example"),
        ("see https://a.example/x?y=1.", "web", "https://a.example/x?y=1"),
        ("call 020 7946 0991 now", "phone", "020 7946 0991"),
        ("Tel. 0221/4710-332", "phone", "0221/4710-332"),
        ("au 06 39 98 44 12.", "phone", "06 39 98 44 12"),
        ("IBAN DE89 3704 0044 0532 0130 00 bitte", "account", "DE89 3704 0044 0532 0130 00"),
        ("card 4111 1111 1111 1111", "account", "4111 1111 1111 1111"),
        ("sort code 20-45-77", "account", "20-45-77"),
        ("Kundennummer: 40218", "reference", "40218"),
        ("my NI number is QQ 12 34 56 C", "reference", "QQ 12 34 56 C"),
        ("Az. 316 C 204/25", "reference", "316 C 204/25"),
        ("geb. am 24.07.1948", "birth_date", "24.07.1948"),
        ("née le 19 mai 1962", "birth_date", "19 mai 1962"),
        ("at 14 Larch Road, Leeds LS6 2AB now", "address", "14 Larch Road, Leeds LS6 2AB"),
        ("in der Lärchenstraße 14, 50667 Köln.", "address", "Lärchenstraße 14, 50667 Köln"),
        ("au 14 rue des Mélèzes, 69003 Lyon.", "address", "14 rue des Mélèzes, 69003 Lyon"),
        ("by Brent Estates Ltd today", "organisation", "Brent Estates Ltd"),
        ("bei der Rheinblick Immobilien GmbH & Co. KG", "organisation", "Rheinblick Immobilien GmbH & Co. KG"),
        ("at Greenacre Housing Association", "organisation", "Greenacre Housing Association"),
    ],
)
def test_other_details_are_found(text, kind, detail):
    assert (kind, detail) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "On Monday 3 March 2025 the Tenant paid £1,150.00 and €12.50 (20%).",
        "Section 11 of the Landlord and Tenant Act 1985 and Article 6 of the GDPR apply.",
        "Gemäß § 573 Abs. 2 Nr. 2 BGB kann der Vermieter kündigen.",
        "Selon l'article L. 1234-1 du Code du travail, le préavis est de deux mois.",
        "ISO 27001, Windows 11, GPT-4, Python 3.11 and Table 2 on page 12.",
        "The English and German courts, France, London and Berlin.",
        "TENANCY AGREEMENT\n\nTerms and Conditions\n\nFrequently Asked Questions",
        "Dear Sir or Madam,\n\nthank you.\n\nYours faithfully",
        "Sehr geehrte Damen und Herren,\n\nvielen Dank.\n\nMit freundlichen Grüßen",
        "Will you come in May? Mark the page. Grace periods end. Bill the client.",
        "2025-03-02,2025-03-03,Open,Closed\n1,2,3,4",
        "The Human Resources Department and the Board of Directors met.",
    ],
)
def test_what_a_summary_needs_stays(text):
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\ud800\udfff\ud800",
        "\ud800Anna Harlow\udc00",
        "\0" * 50,
        "\u202e\u200b\ufeff",
        "e\u0301" * 50,
        "مرحبا أنا هنا",
        "日本語の文章です",
    ],
)
def test_any_text_can_be_read(text):
    assert all(0 <= each.start < each.end <= len(text) for each in found_details(text))


@pytest.mark.parametrize(
    "piece",
    [
        "a", "A", "Anna ", "1", "1 ", "1-2/3.", " ", "\n", "[", "A. ", "A.", "a@", "www.", "a.com.", "http://", "Mr ", "St ",
        "rue de la ", "tel 1 2 ",
        "ref A1-", "born ", "Xa von der ", "Aa & ", "Aa of ", "Name: ", "Regards,\n", "e\u0301", "\u00ad", "a-\n", "12 High ",
        "name|name\nAnna|x\n",
        "\t", "- ", "Ltd ", "DE89 3704 ", "Anna, ",
    ],
)  # fmt: skip
def test_reading_takes_no_longer_per_character_in_a_long_hostile_text(piece):
    # A rule that tries every end for every start would take hours for this; the time limit of a test ends it.
    text = (piece * 150_000)[:150_000]
    assert all(each.end <= len(text) for each in found_details(text))
