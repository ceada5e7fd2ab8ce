"""Patterns that are compiled when they are first needed.

All of them together take about half a second, which nobody who only starts the program should wait for.
"""

from __future__ import annotations

from typing import Any, cast

import regex


class _Later:
    """Stands for a compiled pattern; what was asked for once is at hand from then on."""

    def __init__(self, source: str, flags: int) -> None:
        self._source, self._flags = source, flags
        self._compiled: regex.Pattern[str] | None = None

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # such as copying asks for
            raise AttributeError(name)
        if self._compiled is None:
            self._compiled = regex.compile(self._source, self._flags)
        found = getattr(self._compiled, name)
        setattr(self, name, found)
        return found


def later(source: str, flags: int = 0) -> regex.Pattern[str]:
    """As `regex.compile`, but later. To be called by its methods; the functions of `regex` do not take it."""
    return cast("regex.Pattern[str]", _Later(source, flags))
