"""How long a provider is left alone that takes no more requests for now."""

from __future__ import annotations

import asyncio
import contextlib

from engine.compare_records import PaneAnswer
from engine.errors import RateLimited
from engine.work.evaluation_batch import problem_of
from engine.work.panes import Stop

LONGEST_PAUSE_S = 60.0
USUAL_PAUSE_S = 5.0  # where it does not say how long


async def pause_after(answer: PaneAnswer, stop: Stop) -> None:
    """Wait as long as the provider of this answer asks to, if it does; a stop ends the wait."""
    error = problem_of(answer)
    if isinstance(error, RateLimited):
        with contextlib.suppress(TimeoutError):
            wished = USUAL_PAUSE_S if error.retry_after_s is None else error.retry_after_s
            await asyncio.wait_for(stop.wait(), min(wished, LONGEST_PAUSE_S))
