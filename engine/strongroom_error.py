"""What every error that a user can meet has: a kind and facts. The kinds are in engine.errors."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(eq=False)  # not frozen: contextlib assigns __traceback__ to exceptions that pass through it
class StrongroomError(Exception):
    """Base of every error that a user can meet."""

    kinds: ClassVar[dict[str, type[StrongroomError]]] = {}

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        StrongroomError.kinds[cls.__dict__.get("kind") or _snake_case(cls.__name__)] = cls

    def __post_init__(self) -> None:
        Exception.__init__(self, str(self))

    @property
    def kind(self) -> str:
        """The stable name of this kind of error, such as `prompt_too_long`."""
        return _snake_case(type(self).__name__)

    @property
    def facts(self) -> dict[str, Any]:
        """What is known about this occurrence; plain values, ready for JSON."""
        return dataclasses.asdict(self)

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value!r}" for name, value in self.facts.items())
        return f"{self.kind}({facts})"


def _snake_case(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
