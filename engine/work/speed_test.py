"""The short test after a download: load the model, let it read and write a little, and keep what that took.

It runs in a sealed process of its own beside the model in use, on a text of our own, and nothing of what it writes is
kept. Knows no store; what it found is returned.
"""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import Sequence
from pathlib import Path

from engine.inference.load_report import LoadReport
from engine.inference.protocol import ChatMessage
from engine.inference.supervisor import ChatModel
from engine.records import ModelId, RequestId

N_CTX = 2048
MOST_TOKENS = 48
LONGEST_S = 60.0  # of reading and writing; a model that needs longer has shown that it is slow
TEXT = (
    "A tenant rents a house for two years. The rent is paid on the first day of each month. Either side may end the contract "
    "with three months' notice in writing. Small repairs are made by the tenant, large ones by the landlord. "
) * 4
QUESTION = "\n\nExplain in your own words what was agreed."


async def measure_speed(files: Sequence[Path], model: ModelId, *, n_threads: int | None) -> LoadReport | None:
    """What loading the model, whose files these are, took and how fast it was. Raises ModelError, NotSealed."""
    chat = ChatModel(files[0], model, n_ctx=N_CTX, n_threads=n_threads, parts=files[1:])
    try:
        await chat.start()
        lines = [ChatMessage("user", TEXT + QUESTION)]
        request = RequestId(uuid.uuid4().hex)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_S):
                async for _ in chat.generate(request, lines, max_tokens=MOST_TOKENS, temperature=0.0):
                    pass
        return chat.load_report
    finally:
        await chat.close()
