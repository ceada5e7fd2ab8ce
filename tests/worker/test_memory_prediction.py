"""What memory_fit predicts is what a real worker takes: never less, and not much more."""

from __future__ import annotations

from pathlib import Path

import psutil

from engine.inference.protocol import FromChat, Load, Ready
from engine.models.facts import ModelFacts
from engine.models.inspection import inspect
from engine.models.memory_fit import need
from engine.sealed_process import SealedProcess


async def test_a_loaded_model_takes_what_was_predicted(starter_model: Path) -> None:
    facts = (await inspect([starter_model]))[starter_model]
    assert isinstance(facts, ModelFacts)
    predicted = need(facts, 4096)
    assert predicted is not None
    worker: SealedProcess[Load, FromChat] = await SealedProcess.start("chat", FromChat, readable=[starter_model])
    async with worker:
        await worker.send(Load(str(starter_model), 4096, 1, 16))
        assert isinstance(await worker.receive(), Ready)
        taken = psutil.Process(worker.pid).memory_info().rss
    assert 0.85 <= taken / predicted.total <= 1.0
