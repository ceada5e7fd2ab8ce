"""Turn a fault of Strongroom itself into an error that can be shown, without its text.

The text of an exception may hold document content, so only its type and place are kept.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from engine.errors import StrongroomError, Unexpected

log = logging.getLogger(__name__)


@contextmanager
def translated(doing: str) -> Iterator[None]:
    """Let expected errors and cancellation pass; anything else becomes Unexpected and one line in the log."""
    try:
        yield
    except (StrongroomError, asyncio.CancelledError):
        raise
    except Exception as fault:  # the last net under a user's request: it must end in words, not in silence
        places = traceback.extract_tb(fault.__traceback__)
        where = f"{places[-1].filename.rsplit('/', 1)[-1]}:{places[-1].lineno}" if places else doing
        log.error("fault while trying to %s: %s at %s", doing, type(fault).__name__, where)
        raise Unexpected(where=where, what=type(fault).__name__) from fault
