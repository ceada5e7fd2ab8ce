"""How values of ours become values of SQLite."""

from __future__ import annotations

import os
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Dialect, Integer, LargeBinary, Text
from sqlalchemy.types import TypeDecorator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_ID = re.compile("[0-9a-f]{32}")
_ACTING = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def storable(text: str) -> str:
    """`text` with what UTF-8 cannot carry (halves of surrogate pairs) replaced one to one, so that offsets hold."""
    return _LONE_SURROGATE.sub("\ufffd", text)


def name_on_one_line(name: str) -> str:
    """A file's name without what acts rather than shows: line breaks, controls of terminals, reversed writing.

    Such a name could pass for other lines in a prompt, an export or a terminal, or for another kind of file.
    """
    return _ACTING.sub("\ufffd", storable(name))


class StoredText(TypeDecorator[str]):
    """Text from documents and users, which may hold anything."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else storable(value)


class UtcTime(TypeDecorator[datetime]):
    """A moment, kept as microseconds since 1970 UTC. Takes only values that know their time zone."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a time zone cannot be stored")
        return (value - EPOCH) // timedelta(microseconds=1)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else EPOCH + timedelta(microseconds=value)


class Day(TypeDecorator[date]):
    """A day of a calendar, kept as days since 1970-01-01."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> int | None:
        return None if value is None else day_number(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:
        return None if value is None else day_of(value)


def day_number(day: date) -> int:
    """Days since 1970-01-01; negative before."""
    return day.toordinal() - EPOCH.toordinal()


def day_of(number: int) -> date:
    """The day with this number of days since 1970-01-01."""
    return date.fromordinal(number + EPOCH.toordinal())


class ShortId(TypeDecorator[str]):
    """An id of 32 lower-case hexadecimal digits, kept as its 16 bytes. Takes nothing else."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        if not _ID.fullmatch(value):
            raise ValueError("an id has 32 hexadecimal digits")
        return bytes.fromhex(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else bytes(value).hex()


class FilePath(TypeDecorator[str]):
    """A path of this computer, byte for byte: file names need not be valid UTF-8."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else os.fsencode(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else os.fsdecode(value)
