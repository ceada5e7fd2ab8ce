"""Texts for properties: pieces of letters, names in many spellings, and whatever Unicode has, in any order."""

from __future__ import annotations

from hypothesis import strategies as st

NAMES = (
    "Anna Harlow", "Ms Harlow", "HARLOW", "Harlow, Anna", "A. Harlow", "Anna\nHarlow", "Har\u00adlow",
    "anna.harlow@brentmail.example",
    "Anna's", "Jörg Müller", "Joerg Mueller", "Mu\u0308ller", "Daniel Okafor", "Mr Okafor", "Will Grant", "Dr. med. S. Okonkwo",
    "\u202eAnna Harlow\u202c", "\u0410\u200bnna Harlow", "Lee", "Jo Lindqvist", "Driss El Amrani", "Price",
)  # fmt: skip
OTHERS = (
    "14 Larch Road, Leeds LS6 2AB", "Lärchenstraße 14\n50667 Köln", "+44 7700 900461", "07700 900 461", "T-20871",
    "DE89 3704 0044 0532 0130 00",
    "born on 3 April 1969", "Brent Estates Ltd", "www.brent-estates.co.uk", "[Person 1]", "(Person 2)", "[Address 1]",
    "&#65;nna", "%41nna",
    "QW5uYSBIYXJsb3c=", "416e6e61204861726c6f77", "\\u0041nna Harlow", "H a r l o w", "wolraH annA", "AnnaHarlow",
)  # fmt: skip
PLAIN = (
    "the rent of £1,150", "on 12 September 2025", "Will you come", "Section 21 of the Housing Act 1988", "und der Mieter",
    "\n\n", ". ", ", ",
    "Dear ", "Sehr geehrte Frau ", "Tenant: ", "spoke to ", " said that ", "- ", "| ", "**", "\u00a0", "price", "Price: ",
)  # fmt: skip

pieces = st.sampled_from(NAMES + OTHERS + PLAIN) | st.text(max_size=6)
texts = st.lists(pieces, max_size=12).map(" ".join) | st.lists(pieces, max_size=12).map("".join)
