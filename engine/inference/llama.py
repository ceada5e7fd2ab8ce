"""The one door to llama.cpp: its low-level binding as `api`, made ready once for each process.

What llama.cpp logs is looked at while a model is loaded, to tell why it failed and what it took, and dropped at all
other times.
Knows nothing of models, caches or samplers; model.py, context.py and sampling.py are made of what is found here.
llama.cpp is not thread-safe for one context, so one thread uses it.
"""

from __future__ import annotations

import ctypes
import importlib.util
import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from engine.errors import Unexpected
from engine.inference.buffers import Buffers, buffers

_LOG_LINES = 40


@contextmanager
def _without_its_front(package: str) -> Iterator[None]:
    """Import parts of a package without running its `__init__`, which here pulls in numpy, a disk cache and a database."""
    if package in sys.modules:
        yield
        return
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise Unexpected("llama", f"{package} is not installed")
    front = types.ModuleType(package)
    front.__path__ = list(spec.submodule_search_locations)
    sys.modules[package] = front
    try:
        yield
    finally:
        del sys.modules[package]


with _without_its_front("llama_cpp"):
    import llama_cpp.llama_cpp as _binding

api: Any = _binding

_log: list[str] = []
_log_is_kept = False
_allocated: list[str] = []  # the lines that say how large a buffer is; a handful for each model and context


@api.llama_log_callback
def _on_log(level: int, text: bytes, _: Any) -> None:
    if _log_is_kept and text:
        _log.append(text.decode("utf-8", "replace"))
        if " buffer size = " in _log[-1]:
            _allocated.append(_log[-1])
        del _log[:-_LOG_LINES]


@contextmanager
def kept_log() -> Iterator[list[str]]:
    """Keep what llama.cpp says meanwhile; it is about the model's file, never about what the model reads."""
    global _log_is_kept
    _log.clear()
    _log_is_kept = True
    try:
        yield _log
    finally:
        _log_is_kept = False


def taken_buffers() -> Buffers:
    """What was allocated in this process while the log was kept; nothing is said twice."""
    taken = buffers(_allocated)
    _allocated.clear()
    return taken


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
