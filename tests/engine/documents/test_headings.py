"""Headings in bare PDF text: what is one, and above all what is not."""

from __future__ import annotations

import pytest

from engine.documents.headings import Heading, headings_of, path_after

BODY = "This is a sentence that goes on for a while and ends.\n"


def titles(*lines: str) -> list[str]:
    return [heading.title for heading in headings_of(BODY + "".join(f"{line} \n{BODY}" for line in lines))]


@pytest.mark.parametrize(
    "line",
    ["4.2 Package relationships", "3.4.1. Purpose", "12. Governing Law", "A.2 Definitions of terms", "§ 7 Kündigung",
     "ARTICLE IV",
     "Chapter 3. The Root Filesystem", "Anlage 2: Preise", "TERMINATION AND NOTICE", "Limitation of Liability", "Section 12"],
)  # fmt: skip
def test_headings(line: str) -> None:
    assert titles(line) == [line]


@pytest.mark.parametrize(
    "line",
    ["1. Deliver the goods to the buyer", "2) Second Point", "5.3 million people live there",
     "4.2 Package relationships . . . . . . 20",
     "in section 4.2 Package relationships are described.", "The tenant pays.", "3 apples",
     "Section 5 shall apply to all of the above",
     "Mr. Smith and Mrs. Jones", "2024", "www.example.org", "• Item", "1.250,00 €", "12 Chapter 2. The Debian Archive"],
)  # fmt: skip
def test_not_headings(line: str) -> None:
    assert titles(line) == []


def test_running_titles_and_page_numbers_at_the_edge_of_a_page_are_not_headings() -> None:
    assert headings_of(f"THE POLICY MANUAL\n{BODY}{BODY}The Root Filesystem\n") == []


def test_a_table_of_contents_has_no_headings() -> None:
    text = "".join(f"{number}.1 Some Title . . . . . . . . . {number}\n" for number in range(1, 20)) + "21.1 Broken Title\n"
    assert headings_of(text) == []


def test_places_are_offsets_into_the_page() -> None:
    text = f"{BODY}  4.2 Package relationships \n{BODY}"
    (heading,) = headings_of(text)
    assert text[heading.line.start : heading.line.end] == "4.2 Package relationships"


def test_paths_follow_the_numbers() -> None:
    path: tuple[Heading, ...] = ()
    paths = []
    for line in (
        "Chapter 3. The Root Filesystem",
        "3.3 Options",
        "3.15 Running",
        "3.15.1 Purpose",
        "Chapter 4. The Hierarchy",
        "4.1 Aim",
    ):
        (heading,) = headings_of(f"{BODY}{line}\n{BODY}")
        path = path_after(path, heading)
        paths.append([each.title for each in path])
    assert paths[1] == ["Chapter 3. The Root Filesystem", "3.3 Options"]
    assert paths[3] == ["Chapter 3. The Root Filesystem", "3.15 Running", "3.15.1 Purpose"]
    assert paths[5] == ["Chapter 4. The Hierarchy", "4.1 Aim"]
