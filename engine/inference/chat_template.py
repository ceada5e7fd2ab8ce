"""A conversation written the way a model was taught to read it, by the model's own template.

The template comes out of the model's file, so it is a stranger's program: it runs in Jinja's immutable sandbox inside
the sealed worker, its output is bounded, and one that does not come to an end ends the worker (`TIME_LIMIT_S`).
What people and documents say must never act as the template's control tokens. So every message's text is rendered
between two marks, which tell afterwards what was written by the template and what was not; see prompt_tokens.py.
Where a template takes messages apart so that the marks get lost, the messages are disarmed instead: a zero-width space
is put into everything that looks like a control token. Knows nothing of tokens' numbers.
"""

from __future__ import annotations

import faulthandler
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

import jinja2
from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

from engine.inference.protocol import ChatMessage

TIME_LIMIT_S = 20
LONGEST_FRAME = 64 * 1024  # characters the template may add around the messages
FIRST_MARK, LAST_MARK = 0xF0000, 0xFFFFD  # a private range of Unicode


class TemplateFailed(Exception):
    """The template cannot be used, or refuses this conversation. The text names the fault, never the conversation."""


@dataclass(frozen=True)
class Rendered:
    """The prompt's text and the spans (start, end) of it whose control markup is to be read as plain text."""

    text: str
    spans: tuple[tuple[int, int], ...]


class ChatTemplate:
    """A compiled template. Raises TemplateFailed where it is broken or cannot write the simplest conversation."""

    def __init__(self, source: str, disarm: Callable[[str], str], *, bos: str = "", eos: str = "") -> None:
        """`disarm` makes control markup in a text harmless; `bos`, `eos`: how the begin and end tokens are written."""
        self._disarm = disarm
        self._words = {"bos_token": bos, "eos_token": eos}
        try:
            self._template = _environment().from_string(source)
        except (jinja2.TemplateError, RecursionError, ValueError) as problem:
            raise TemplateFailed(type(problem).__name__) from None
        self._write([_turn("user", "x")])
        self._knows_system = self._writes_system()

    def render(self, messages: Sequence[ChatMessage]) -> Rendered:
        """Write a conversation up to where the answer begins. Raises TemplateFailed."""
        messages = list(messages) if self._knows_system else _without_system(messages)
        begin, end = _marks(messages)
        text = self._write([_turn(each.role, _marked(each.content, begin, end)) for each in messages])
        n_marked = sum(bool(each.content.strip()) for each in messages)
        spans = _spans(text, begin, end)
        if spans is None or len(spans) < n_marked:
            # The template took messages apart. Without marks nothing tells them from the template's own text.
            return Rendered(self._write([_turn(each.role, self._disarm(each.content)) for each in messages]), ())
        return Rendered(text.replace(begin, "").replace(end, ""), spans)

    def _writes_system(self) -> bool:
        try:
            return "strongroom" in self._write([_turn("system", "strongroom"), _turn("user", "x")])
        except TemplateFailed:
            return False

    def _write(self, turns: list[dict[str, str]]) -> str:
        room = LONGEST_FRAME + sum(2 * len(turn["content"]) for turn in turns)
        pieces: list[str] = []
        try:
            with _time_limit():
                for piece in self._template.generate(messages=turns, add_generation_prompt=True, tools=None, **self._words):
                    pieces.append(piece)
                    room -= len(piece)
                    if room < 0:
                        raise TemplateFailed("endless output")
        except _FAULTS_OF_TEMPLATES as problem:
            raise TemplateFailed(type(problem).__name__) from None
        return "".join(pieces)


_FAULTS_OF_TEMPLATES = (
    jinja2.TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


def _turn(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}


def _without_system(messages: Sequence[ChatMessage]) -> list[ChatMessage]:
    """For models that know no system role: what it said opens the first thing the user says."""
    opening = "\n\n".join(each.content for each in messages if each.role == "system")
    rest = [each for each in messages if each.role != "system"]
    if opening and rest and rest[0].role == "user":
        rest[0] = ChatMessage("user", f"{opening}\n\n{rest[0].content}")
    return rest


# ---------------------------------------------------------------- marks
def _marks(messages: Sequence[ChatMessage]) -> tuple[str, str]:
    """Two characters that occur in no message."""
    used = set().union(*(each.content for each in messages)) if messages else set()
    free = (chr(code) for code in range(FIRST_MARK, LAST_MARK) if chr(code) not in used)
    return next(free), next(free)


def _marked(content: str, begin: str, end: str) -> str:
    """The marks go inside the white space at both ends, so that a template that trims still does."""
    core = content.strip()
    if not core:
        return content
    at = content.index(core)
    return f"{content[:at]}{begin}{core}{end}{content[at + len(core) :]}"


def _spans(text: str, begin: str, end: str) -> tuple[tuple[int, int], ...] | None:
    """Where marked text lies once the marks are taken out; None if they do not come in pairs."""
    spans: list[tuple[int, int]] = []
    length, start = 0, None
    for piece in _split_keeping(text, begin, end):
        if piece == begin and start is None:
            start = length
        elif piece == end and start is not None:
            spans.append((start, length))
            start = None
        elif piece in (begin, end):
            return None
        else:
            length += len(piece)
    return tuple(spans) if start is None else None


def _split_keeping(text: str, begin: str, end: str) -> Iterator[str]:
    for index, part in enumerate(text.split(begin)):
        if index:
            yield begin
        for inner, piece in enumerate(part.split(end)):
            if inner:
                yield end
            yield piece


# ---------------------------------------------------------------- the sandbox
class _Generation(Extension):
    """Lets `{% generation %}…{% endgeneration %}` through, which marks answers for training and means nothing here."""

    tags = {"generation"}  # noqa: RUF012 (Jinja reads it from the class)

    def parse(self, parser: Parser) -> list[nodes.Node]:
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[_Generation, "jinja2.ext.loopcontrols"]
    )
    environment.filters["tojson"] = _to_json
    environment.globals.update(raise_exception=_refuse, strftime_now=_now)
    return environment


def _to_json(value: Any, indent: int | None = None, ensure_ascii: bool = False, sort_keys: bool = False) -> str:
    return json.dumps(value, indent=indent, ensure_ascii=ensure_ascii, sort_keys=sort_keys)


def _refuse(message: object = "") -> NoReturn:
    raise jinja2.TemplateRuntimeError("the template refused")


def _now(form: str) -> str:
    return datetime.now().strftime(form)


@contextmanager
def _time_limit() -> Iterator[None]:
    """End this process if rendering takes too long: a loop inside C code or the template listens to nothing milder."""
    faulthandler.dump_traceback_later(TIME_LIMIT_S, exit=True, file=2)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
