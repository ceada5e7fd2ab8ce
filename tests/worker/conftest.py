"""Real sealed workers with the starter model, one for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from engine.inference.supervisor import ChatModel, EmbeddingModel
from engine.records import ModelId


@pytest.fixture
async def chat(starter_model: Path) -> AsyncIterator[ChatModel]:
    """A chat model, ready."""
    model = ChatModel(starter_model, ModelId("starter"), n_ctx=2048)
    await model.start()
    yield model
    await model.close()


@pytest.fixture
async def embedding(embedding_model: Path) -> AsyncIterator[EmbeddingModel]:
    """An embedding model; it starts with its first text."""
    model = EmbeddingModel(embedding_model)
    yield model
    await model.close()
