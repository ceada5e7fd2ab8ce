"""A model's weights and what its file says about itself.

Why a file cannot be loaded becomes a kind of engine.errors here. Knows nothing of contexts and requests.
"""

from __future__ import annotations

import ctypes
from pathlib import Path
from typing import Any

from engine.errors import ModelDamaged, ModelMissing, ModelUnsupported, OutOfMemory, StrongroomError
from engine.inference.llama import api, kept_log, start_library
from engine.inference.vocabulary import Vocabulary


class Model:
    """Weights and vocabulary. Use as a context manager or call `close`; contexts must be closed before."""

    def __init__(self, file: Path) -> None:
        """Load a GGUF. Raises ModelMissing, ModelDamaged, ModelUnsupported or OutOfMemory."""
        start_library()
        self.file = file
        _check_head(file)
        parameters = api.llama_model_default_params()
        with kept_log() as log:
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
