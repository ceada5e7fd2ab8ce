"""The models that come with Strongroom: what they are, under which licence, and the checksum of the right file.

Constants. Whether the files are there, and are right, is for engine/models/library.py to find out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.records import ModelId


@dataclass(frozen=True)
class KnownModel:
    """A model file that is known by its checksum. `file` is its name in a models folder, `note` is for the user."""

    id: ModelId
    name: str
    file: str
    n_bytes: int
    sha256: str
    licence: str
    purpose: Literal["chat", "embedding"]
    note: str


STARTER_MODEL = KnownModel(
    id=ModelId("SmolLM2-135M-Instruct.Q4_1"),
    name="SmolLM2 135M (starter)",
    file="SmolLM2-135M-Instruct.Q4_1.gguf",
    n_bytes=98_362_432,
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    licence="Apache-2.0",
    purpose="chat",
    note="Small, good for trying. English only, and often wrong: check what it says.",
)

EMBEDDING_MODEL = KnownModel(
    id=ModelId("all-minilm-l6-v2-q8_0"),
    name="all-MiniLM-L6-v2",
    file="all-minilm-l6-v2-q8_0.gguf",
    n_bytes=25_282_432,
    sha256="f89d56e61799af49192b0017382192cef01a749171b7f16004e80cc224a92b3a",
    licence="Apache-2.0",
    purpose="embedding",
    note="Finds passages by meaning. English.",
)

KNOWN_MODELS = {known.file: known for known in (STARTER_MODEL, EMBEDDING_MODEL)}
