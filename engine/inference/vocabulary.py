"""A model's vocabulary: text to tokens and back, and which tokens mean something other than their text.

Knows nothing of templates and of what a text is about.
"""

from __future__ import annotations

import ctypes
from typing import Any

from engine.inference.llama import api


class Vocabulary:
    """Text to tokens and back."""

    def __init__(self, pointer: Any) -> None:
        self.pointer = pointer
        self.n_tokens = int(api.llama_vocab_n_tokens(pointer))
        self._buffer = ctypes.create_string_buffer(256)

    def tokenise(self, text: str, *, add_special: bool, parse_special: bool) -> list[int]:
        """Tokens of a text. `add_special`: with the begin and end tokens the model wants; `parse_special`: the text of
        a control token becomes that token."""
        raw = text.encode("utf-8", "replace")
        room = len(raw) + 8
        tokens = (api.llama_token * room)()
        n = api.llama_tokenize(self.pointer, raw, len(raw), tokens, room, add_special, parse_special)
        if n < 0:
            tokens = (api.llama_token * -n)()
            n = api.llama_tokenize(self.pointer, raw, len(raw), tokens, -n, add_special, parse_special)
        return tokens[:n]

    def piece(self, token: int, *, special: bool = False) -> bytes:
        """The bytes a token stands for; they need not be whole characters. Control tokens are b"" unless `special`."""
        n = api.llama_token_to_piece(self.pointer, token, self._buffer, len(self._buffer), 0, special)
        if n < 0:
            self._buffer = ctypes.create_string_buffer(-n)
            n = api.llama_token_to_piece(self.pointer, token, self._buffer, -n, 0, special)
        return self._buffer.raw[:n]

    def is_end(self, token: int) -> bool:
        """The model says with this token that it has finished."""
        return bool(api.llama_vocab_is_eog(self.pointer, token))

    def is_control(self, token: int) -> bool:
        return bool(api.llama_vocab_is_control(self.pointer, token))

    @property
    def adds_begin(self) -> bool:
        return bool(api.llama_vocab_get_add_bos(self.pointer))

    @property
    def begin(self) -> int | None:
        return _token_or_none(api.llama_vocab_bos(self.pointer))

    @property
    def end(self) -> int | None:
        return _token_or_none(api.llama_vocab_eos(self.pointer))

    def written_specials(self) -> list[str]:
        """How the tokens are written that mean something other than their text: control tokens and other markup."""
        marked = api.LLAMA_TOKEN_ATTR_CONTROL | api.LLAMA_TOKEN_ATTR_USER_DEFINED | api.LLAMA_TOKEN_ATTR_UNKNOWN
        found = []
        for token in range(self.n_tokens):
            attributes = api.llama_vocab_get_attr(self.pointer, token)
            if attributes & marked:
                text = self.piece(token, special=True).decode("utf-8", "replace")
                if attributes & api.LLAMA_TOKEN_ATTR_CONTROL or text[:1] + text[-1:] in ("<>", "[]"):
                    found.append(text)
        return [text for text in found if text]


def _token_or_none(token: int) -> int | None:
    return int(token) if token >= 0 else None
