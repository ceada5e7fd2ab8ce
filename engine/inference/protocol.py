"""What is said between the program and a sealed model worker. Data only, validated on both sides.

Messages are named by what they say; a union per direction is what a decoder accepts. Requests are named by the
caller. After the start message a worker answers Ready or LoadFailed; then every Generate and Embed gets exactly one
last word (Ended or Refused within a Step; Embedded), unless the worker dies, which the supervisor turns into one.
"""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from engine.records import StopReason, Timings, Usage

Role = Literal["system", "user", "assistant"]


class ChatMessage(Struct, frozen=True):
    """One turn of a conversation, as plain text; nothing in `content` is ever taken for a control token."""

    role: Role
    content: str


# ---------------------------------------------------------------- to the workers
class Load(Struct, frozen=True, tag=True):
    """First message after the start: the model file and the room it gets.

    `n_ctx` is the size of the whole KV cache in tokens, shared by all slots; 0 means what the model was made for.
    """

    path: str
    n_ctx: int
    n_threads: int
    n_slots: int = 1
    n_ubatch: int = 512


class Generate(Struct, frozen=True, tag=True):
    """Answer a conversation. `temperature` 0 always takes the likeliest token; then `top_p`, `top_k`, `seed` do nothing.

    With `choices` the answer is made of at most `most_choices` of these texts, in their order, one paragraph each; the
    likeliest token of those that are left is taken.
    """

    request: str
    messages: list[ChatMessage]
    max_tokens: int
    temperature: float = 0.0
    top_p: float = 0.95
    top_k: int = 40
    seed: int | None = None
    repeat_penalty: float = 1.0
    breaks_loops: bool = True
    stop: list[str] = []
    priority: Literal["interactive", "batch"] = "interactive"
    choices: list[str] = []
    most_choices: int = 3


class Stop(Struct, frozen=True, tag=True):
    """End a request where it is; answered by its Ended with `cancelled`, if it had not ended before."""

    request: str


class SetThreads(Struct, frozen=True, tag=True):
    """Compute with so many threads from the next step on."""

    n_threads: int


class CountTokens(Struct, frozen=True, tag=True):
    request: str
    texts: list[str]


class Embed(Struct, frozen=True, tag=True):
    """Turn texts into vectors. A text longer than the model reads (512 tokens for MiniLM) is cut at that length."""

    request: str
    texts: list[str]


# ---------------------------------------------------------------- from the workers
class Ready(Struct, frozen=True, tag=True):
    """The model is loaded. `system` is llama.cpp's own words.

    `memory` is what llama.cpp has allocated for weights, cache and buffers, in bytes, `weights` the file's part of that.
    `copied` bytes of the weights are resident twice: in another order for the processor, and as pages of the file that
    are not needed any more.
    """

    name: str
    architecture: str
    quantisation: str
    n_params: int
    n_ctx: int
    n_ctx_train: int
    n_embd: int
    n_slots: int
    n_threads: int
    memory: int
    load_s: float
    has_chat_template: bool
    keeps_uncuttable_state: bool
    system: str
    weights: int = 0
    copied: int = 0


class LoadFailed(Struct, frozen=True, tag=True):
    """There will be no Ready: `kind` and `facts` of an error of engine.errors."""

    kind: str
    facts: dict[str, Any]


class Progress(Struct, frozen=True):
    """`n_read` of `n_to_read` prompt tokens are computed, those found in the KV cache included."""

    request: str
    n_read: int
    n_to_read: int


class Growth(Struct, frozen=True):
    request: str
    text: str


class End(Struct, frozen=True):
    """Last word of a request that was worked on."""

    request: str
    stop_reason: StopReason
    usage: Usage
    timings: Timings


class Refusal(Struct, frozen=True):
    """Last word of a request that could not be worked on, or not to its end."""

    request: str
    kind: str
    facts: dict[str, Any]


class Step(Struct, frozen=True, tag=True, omit_defaults=True):
    """Everything that one step brought, in one message."""

    progress: list[Progress] = []
    grew: list[Growth] = []
    ended: list[End] = []
    refused: list[Refusal] = []


class Counted(Struct, frozen=True, tag=True):
    request: str
    counts: list[int]


class Embedded(Struct, frozen=True, tag=True):
    """`vectors`: one row of `dim` float32 in this machine's byte order for each text, not normalised."""

    request: str
    dim: int
    vectors: bytes


ToChat = Load | Generate | Stop | SetThreads | CountTokens
FromChat = Ready | LoadFailed | Step | Counted
ToEmbedding = Load | Embed | SetThreads
FromEmbedding = Ready | LoadFailed | Embedded
