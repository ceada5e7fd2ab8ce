"""What in a text should not be read by others: people, organisations, addresses, numbers that lead to them.

Pure. Finds by shape, by word lists and by the words around; it does not know everything, and a name that looks like
nothing it knows stays. English, German and French are read best; Spanish, Italian, Dutch and Polish less well.
"""

from __future__ import annotations

from engine.hiding.addresses import addresses
from engine.hiding.capitals import capitals, runs
from engine.hiding.contacts import contacts
from engine.hiding.name_cues import columns, labelled, reversed_names, signatures
from engine.hiding.organisations import organisations
from engine.hiding.people import people
from engine.hiding.placeholders import WRITTEN
from engine.hiding.reading import read
from engine.hiding.references import birth_dates, references
from engine.hiding.spans import ORDER, Found, Taken

__all__ = ["Found", "found_details"]


def found_details(text: str) -> tuple[Found, ...]:
    """The details of a text, in order, not overlapping; titles belong to the names of people."""
    reading = read(text)
    plain = reading.text
    taken = Taken()
    for match in WRITTEN.finditer(plain):
        taken.take([Found(match.start(), match.end(), "term")])
    shaped = [*contacts(plain), *references(plain), *birth_dates(plain), *addresses(plain)]
    for kind in ORDER:
        taken.take(found for found in shaped if found.kind == kind)
    words = [word for word in capitals(plain) if taken.is_free(word.start, word.end)]
    together = list(runs(plain, words))
    taken.take(organisations(plain, together))
    for names in (reversed_names(plain), labelled(plain), columns(plain), signatures(plain, together), people(plain, together)):
        taken.take(names)
    found = (Found(*reading.source_span(each.start, each.end), each.kind) for each in taken if each.kind != "term")
    return tuple(found)
