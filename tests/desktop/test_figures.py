"""Numbers as people write them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from PySide6.QtCore import QLocale

from desktop import figures


@pytest.fixture(autouse=True)
def english():
    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    yield
    QLocale.setDefault(before)


@pytest.mark.parametrize(
    ("n_bytes", "words"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (4_100, "4.1 KB"),
        (98_400_000, "98.4 MB"),
        (131_000_000, "131 MB"),
        (300_000, "0.3 MB"),
        (5_000_000_000, "5.0 GB"),
        (7 * 10**15, "7,000 TB"),
    ],
)
def test_sizes(n_bytes: int, words: str) -> None:
    assert figures.size(n_bytes) == words


def test_memory_is_told_as_it_is_sold() -> None:
    assert figures.memory(int(9.1 * 2**30), 32 * 2**30) == "9.1 of 32 GB"


@pytest.mark.parametrize(
    ("n_done", "n_bytes", "words"),
    [
        (2_900_000_000, 5_027_000_000, "2.9 of 5.0 GB"),
        (0, 5_000_000_000, "0.0 of 5.0 GB"),
        (87_400_000, 421_000_000, "87 of 421 MB"),
        (999_999, 400_000, "0.4 of 0.4 MB"),  # a server that sends more than it announced
    ],
)
def test_a_part_is_told_in_the_unit_of_the_whole(n_done: int, n_bytes: int, words: str) -> None:
    assert figures.part(n_done, n_bytes) == words


def test_speeds_and_shares_promise_no_more_than_is_known() -> None:
    assert figures.speed_range(19.6, 26.4) == "20–26 tokens/s"
    assert figures.speed_range(4.9, 6.8) == "4.9–6.8 tokens/s"
    assert figures.speed_range(54.1, 54.2) == "54 tokens/s"
    assert figures.rate(11_400_000) == "11.4 MB/s"
    assert figures.share(0.9999) == "99%" and figures.share(1.0) == "100%" and figures.share(0.58) == "58%"
    assert [figures.short_time_left(seconds) for seconds in (9, 180, 9_000)] == ["under 1 min left", "3 min left", "2 h left"]


def test_memory_of_a_model_is_in_the_units_of_memory() -> None:
    assert figures.gibibytes(int(6.3 * 2**30)) == "6.3 GB"
    assert figures.gibibytes(40 * 2**20) == "40 MB"


def test_days_are_named_while_they_are_near() -> None:
    today = date(2026, 9, 2)
    noon = datetime(2026, 9, 2, 12, tzinfo=UTC)
    assert figures.day(noon, today) == "Today"
    assert figures.day(noon.replace(day=1), today) == "Yesterday"
    assert figures.day(noon.replace(month=8), today) == "2 August"
    assert figures.day(noon.replace(year=2024), today) == "2 September 2024"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(10, "Less than a minute left"), (60, "About 1 minute left"), (240, "About 4 minutes left"), (7_300, "About 2 hours left")],
)
def test_time_left_is_a_rough_figure(seconds: float, words: str) -> None:
    assert figures.time_left(seconds) == words


def test_plurals() -> None:
    assert figures.pages(1) == "1 page"
    assert figures.documents(1_200) == "1,200 documents"
