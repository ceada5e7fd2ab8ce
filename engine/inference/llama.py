"""The one door to llama.cpp: a model, a context with its KV cache, samplers. Everything by the low-level binding.

Logits never cross into Python; sampling runs in C. Foreign failures become kinds of engine.errors here. What
llama.cpp logs is looked at while a model is loaded, to tell why it failed, and dropped at all other times.
Knows nothing of requests, text streams or messages. Not thread-safe: one thread uses it.
"""

from __future__ import annotations

import ctypes
import importlib.util
import sys
import types
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import ModelDamaged, ModelMissing, ModelUnsupported, OutOfMemory, StrongroomError, Unexpected


def _binding() -> Any:
    """Import the binding module without its package's front: that one pulls in numpy, a disk cache and a database."""
    if "llama_cpp" not in sys.modules:
        spec = importlib.util.find_spec("llama_cpp")
        if spec is None or not spec.submodule_search_locations:
            raise Unexpected("llama", "llama_cpp is not installed")
        front = types.ModuleType("llama_cpp")
        front.__path__ = list(spec.submodule_search_locations)
        sys.modules["llama_cpp"] = front
        try:
            return importlib.import_module("llama_cpp.llama_cpp")
        finally:
            del sys.modules["llama_cpp"]
    return importlib.import_module("llama_cpp.llama_cpp")


api = _binding()

_LOG_LINES = 40


# ---------------------------------------------------------------- starting the library
_log: list[str] = []
_log_is_kept = False


@api.llama_log_callback
def _on_log(level: int, text: bytes, _: Any) -> None:
    if _log_is_kept and text:
        _log.append(text.decode("utf-8", "replace"))
        del _log[:-_LOG_LINES]


@contextmanager
def _kept_log() -> Iterator[list[str]]:
    """Keep what llama.cpp says meanwhile; it is about the model's file, never about what the model reads."""
    global _log_is_kept
    _log.clear()
    _log_is_kept = True
    try:
        yield _log
    finally:
        _log_is_kept = False


_is_started = False


def start_library() -> None:
    """Make llama.cpp ready once for this process. Raises Unexpected where no processor backend is installed."""
    global _is_started
    if _is_started:
        return
    api.llama_log_set(_on_log, None)
    ggml = _library_of_backends()
    if not ggml.ggml_backend_reg_count():
        # Builds with loadable backends keep them beside the package. They must be registered through the very copy
        # of ggml that libllama is linked to; loading a model without any backend crashes.
        ggml.ggml_backend_load_all_from_path(str(Path(api.__file__).parent.parent / "bin").encode())
    if not ggml.ggml_backend_reg_count():
        raise Unexpected("llama", "no processor backend")
    api.llama_backend_init()
    _is_started = True


def _library_of_backends() -> Any:
    """The copy of ggml that libllama uses. Where the linker looks through dependencies, libllama itself leads to it."""
    library = ctypes.CDLL(str(Path(api.__file__).parent / "lib" / "ggml.dll")) if sys.platform == "win32" else api._lib
    library.ggml_backend_reg_count.restype = ctypes.c_size_t
    library.ggml_backend_load_all_from_path.argtypes = [ctypes.c_char_p]
    return library


def system_info() -> str:
    """Which processor features the running backend uses, in llama.cpp's words."""
    return api.llama_print_system_info().decode()


# ---------------------------------------------------------------- a model
class Model:
    """Weights and vocabulary. Use as a context manager or call `close`; contexts must be closed before."""

    def __init__(self, file: Path) -> None:
        """Load a GGUF. Raises ModelMissing, ModelDamaged, ModelUnsupported or OutOfMemory."""
        start_library()
        self.file = file
        _check_head(file)
        parameters = api.llama_model_default_params()
        with _kept_log() as log:
            self._pointer = api.llama_model_load_from_file(str(file).encode(), parameters)
            if not self._pointer:
                raise _why_not_loaded(file.name, "".join(log))
        self.vocabulary = Vocabulary(api.llama_model_get_vocab(self._pointer))

    @property
    def pointer(self) -> Any:
        return self._pointer

    @property
    def n_ctx_train(self) -> int:
        return int(api.llama_model_n_ctx_train(self._pointer))

    @property
    def n_embd(self) -> int:
        return int(api.llama_model_n_embd(self._pointer))

    @property
    def n_params(self) -> int:
        return int(api.llama_model_n_params(self._pointer))

    @property
    def n_bytes(self) -> int:
        """Size of the weights."""
        return int(api.llama_model_size(self._pointer))

    @property
    def quantisation(self) -> str:
        return (api.llama_ftype_name(api.llama_model_ftype(self._pointer)) or b"").decode()

    @property
    def chat_template(self) -> str | None:
        """The model's own Jinja template, if its file carries one."""
        template = api.llama_model_chat_template(self._pointer, None)
        return template.decode("utf-8", "replace") if template else None

    @property
    def can_generate(self) -> bool:
        return bool(api.llama_model_has_decoder(self._pointer)) and not self.is_encoder

    @property
    def is_encoder(self) -> bool:
        """It reads a text as a whole, as embedding models do, and writes none."""
        return self.meta(f"{self.meta('general.architecture')}.attention.causal") == "false"

    @property
    def keeps_uncuttable_state(self) -> bool:
        """Recurrent and hybrid models carry a state that cannot be taken back to an earlier token."""
        return bool(api.llama_model_is_recurrent(self._pointer) or api.llama_model_is_hybrid(self._pointer))

    def meta(self, key: str) -> str | None:
        """A value of the file's metadata as text (at most 4 KB of it)."""
        buffer = ctypes.create_string_buffer(4096)
        length = api.llama_model_meta_val_str(self._pointer, key.encode(), buffer, len(buffer))
        return buffer.value.decode("utf-8", "replace") if length >= 0 else None

    def close(self) -> None:
        if self._pointer:
            api.llama_model_free(self._pointer)
            self._pointer = None

    def __enter__(self) -> Model:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _check_head(file: Path) -> None:
    try:
        with file.open("rb") as stream:
            head = stream.read(4)
    except OSError:
        raise ModelMissing(file.name) from None
    if head != b"GGUF":
        raise ModelDamaged(file.name, "truncated" if b"GGUF".startswith(head) else "not_a_gguf")


def _why_not_loaded(name: str, log: str) -> StrongroomError:
    if "unknown model architecture" in log or "unknown pre-tokenizer" in log:
        detail = log.partition("architecture: '")[2].partition("'")[0]
        return ModelUnsupported(name, "architecture", detail)
    if "failed to allocate" in log or "unable to allocate" in log or "bad_alloc" in log:
        return OutOfMemory(name, 0)
    if "not within the file bounds" in log or "failed to read" in log or "unexpectedly reached end" in log:
        return ModelDamaged(name, "truncated")
    return ModelDamaged(name, "load_failed")


# ---------------------------------------------------------------- its vocabulary
class Vocabulary:
    """Text to tokens and back."""

    def __init__(self, pointer: Any) -> None:
        self.pointer = pointer
        self.n_tokens = int(api.llama_vocab_n_tokens(pointer))
        self._buffer = ctypes.create_string_buffer(256)
        self._ends = {token for token in range(self.n_tokens) if api.llama_vocab_is_eog(pointer, token)}

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
        return token in self._ends

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


# ---------------------------------------------------------------- a context
@dataclass(frozen=True)
class Entry:
    """Consecutive tokens of one sequence for a decode; `wants_output` asks for the logits after the last one."""

    slot: int
    start: int
    tokens: Sequence[int]
    wants_output: bool


class DecodeFailed(Exception):
    """llama_decode gave up with this code; what is in the cache can no longer be relied on."""

    def __init__(self, code: int) -> None:
        super().__init__(f"llama_decode returned {code}")
        self.code = code


class Context:
    """A KV cache and the buffers to compute with. Close before its model."""

    def __init__(self, model: Model, *, n_ctx: int, n_slots: int, n_ubatch: int, n_threads: int, pools: bool = False) -> None:
        """`n_ctx`: cells of the whole cache; `pools`: one vector for each sequence instead of logits.

        Raises OutOfMemory if the cache or the buffers do not fit.
        """
        parameters = api.llama_context_default_params()
        parameters.n_ctx, parameters.n_batch, parameters.n_ubatch = n_ctx, n_ubatch, n_ubatch
        parameters.n_seq_max = n_slots
        parameters.n_threads = parameters.n_threads_batch = n_threads
        parameters.kv_unified = True
        parameters.no_perf = True
        if pools:
            parameters.embeddings = True
            parameters.pooling_type = api.LLAMA_POOLING_TYPE_UNSPECIFIED
        else:
            parameters.n_outputs_max = n_slots  # else room for a full row of logits is kept for every token of a batch
        self._pointer = api.llama_init_from_model(model.pointer, parameters)
        if not self._pointer:
            raise OutOfMemory(model.file.name, n_ctx)
        self.model = model
        self._memory = api.llama_get_memory(self._pointer)
        self._batch = _Batch(n_ubatch)

    @property
    def pointer(self) -> Any:
        return self._pointer

    @property
    def n_ctx(self) -> int:
        """Cells of the cache; llama.cpp rounds up what was asked for."""
        return int(api.llama_n_ctx(self._pointer))

    def decode(self, entries: Iterable[Entry]) -> list[int]:
        """Compute; returns the places (for `Sampler.sample`) of the outputs asked for, in order. Raises DecodeFailed."""
        outputs = self._batch.fill(entries)
        code = api.llama_decode(self._pointer, self._batch.struct)
        if code:
            raise DecodeFailed(code)
        return outputs

    def embed(self, texts: Sequence[Sequence[int]]) -> bytes:
        """One pooled vector of float32 for each token list, one after the other. Raises DecodeFailed."""
        self._batch.fill((Entry(slot, 0, tokens, False) for slot, tokens in enumerate(texts)), all_outputs=True)
        code = api.llama_encode(self._pointer, self._batch.struct)
        if code:
            raise DecodeFailed(code)
        n_bytes = self.model.n_embd * ctypes.sizeof(ctypes.c_float)
        rows = (api.llama_get_embeddings_seq(self._pointer, slot) for slot in range(len(texts)))
        return b"".join(ctypes.string_at(row, n_bytes) for row in rows)

    def cut(self, slot: int, start: int) -> bool:
        """Forget a slot's tokens from `start` on; False if that cannot be done, and then the whole slot is forgotten."""
        if api.llama_memory_seq_rm(self._memory, slot, start, -1):
            return True
        api.llama_memory_seq_rm(self._memory, slot, -1, -1)
        return False

    def copy(self, source: int, target: int, length: int) -> None:
        """Let `target` share the first `length` tokens of `source`."""
        api.llama_memory_seq_cp(self._memory, source, target, 0, length)

    def forget_everything(self) -> None:
        """Empty the cache and overwrite it."""
        api.llama_memory_clear(self._memory, True)

    def set_threads(self, n_threads: int) -> None:
        api.llama_set_n_threads(self._pointer, n_threads, n_threads)

    def close(self) -> None:
        if self._pointer:
            api.llama_free(self._pointer)
            self._pointer = None

    def __enter__(self) -> Context:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Batch:
    """The arrays of a llama_batch, made once; filling copies slices, which costs little more than in C."""

    def __init__(self, size: int) -> None:
        self._tokens = (api.llama_token * size)()
        self._positions = (api.llama_pos * size)()
        self._slots = (api.llama_seq_id * size)()
        self._outputs = (ctypes.c_int8 * size)()
        self._one_each = (ctypes.c_int32 * size)(*([1] * size))
        pointer = ctypes.POINTER(api.llama_seq_id)
        step = ctypes.sizeof(api.llama_seq_id)
        places = (ctypes.cast(ctypes.byref(self._slots, index * step), pointer) for index in range(size))
        self._slot_pointers = (pointer * size)(*places)
        self.struct = api.llama_batch(0, self._tokens, None, self._positions, self._one_each, self._slot_pointers, self._outputs)

    def fill(self, entries: Iterable[Entry], *, all_outputs: bool = False) -> list[int]:
        outputs: list[int] = []
        begin = 0
        for entry in entries:
            n = len(entry.tokens)
            end = begin + n
            self._tokens[begin:end] = entry.tokens
            self._positions[begin:end] = range(entry.start, entry.start + n)
            self._slots[begin:end] = [entry.slot] * n
            self._outputs[begin:end] = [int(all_outputs)] * n
            if entry.wants_output:
                self._outputs[end - 1] = 1
                outputs.append(end - 1)
            begin = end
        self.struct.n_tokens = begin
        return outputs


# ---------------------------------------------------------------- sampling
@dataclass(frozen=True)
class Sampling:
    """How the next token is chosen. `temperature` 0 is greedy. `seed` None: another one each time.

    `breaks_loops` holds down a token that would continue a word-for-word repetition of at least LOOP_LENGTH tokens
    of the answer itself. Shorter repetitions (names, figures, quoted phrases) and everything in the prompt are left
    alone, so an answer that does not run in circles is exactly what it would be without.
    """

    temperature: float = 0.0
    top_p: float = 0.95
    top_k: int = 40
    seed: int | None = None
    repeat_penalty: float = 1.0
    breaks_loops: bool = True


LOOP_LENGTH = 16
LOOP_MEMORY = 1024
REPEAT_MEMORY = 64


class Sampler:
    """A chain of llama.cpp's samplers; remembers what it sampled. Close it."""

    def __init__(self, vocabulary: Vocabulary, sampling: Sampling) -> None:
        self._chain = api.llama_sampler_chain_init(api.llama_sampler_chain_default_params())
        for make in _links(vocabulary, sampling):
            api.llama_sampler_chain_add(self._chain, make())

    def sample(self, context: Context, place: int) -> int:
        """The next token after the output at `place` of the last decode."""
        return int(api.llama_sampler_sample(self._chain, context.pointer, place))

    def close(self) -> None:
        if self._chain:
            api.llama_sampler_free(self._chain)
            self._chain = None


def _links(vocabulary: Vocabulary, sampling: Sampling) -> Iterator[Callable[[], Any]]:
    if sampling.repeat_penalty != 1.0:
        yield lambda: api.llama_sampler_init_penalties(vocabulary.n_tokens, REPEAT_MEMORY, sampling.repeat_penalty, 0.0, 0.0)
    if sampling.breaks_loops:
        yield lambda: api.llama_sampler_init_dry(vocabulary.pointer, 1.0, 1.75, LOOP_LENGTH, LOOP_MEMORY, None, 0)
    if sampling.temperature <= 0:
        yield api.llama_sampler_init_greedy
        return
    yield lambda: api.llama_sampler_init_top_k(sampling.top_k)
    yield lambda: api.llama_sampler_init_top_p(sampling.top_p, 1)
    yield lambda: api.llama_sampler_init_temp(sampling.temperature)
    seed = api.LLAMA_DEFAULT_SEED if sampling.seed is None else sampling.seed & 0xFFFFFFFF
    yield lambda: api.llama_sampler_init_dist(seed)
