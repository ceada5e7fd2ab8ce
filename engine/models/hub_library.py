"""The one importer of huggingface_hub: lets that library put questions to the hub, and keeps it from everything else.

It speaks the hub's language here and nothing more. Each of its requests goes through the network door and says only what
stands below; what it does of its own accord (telemetry, its own transfers, looking for a token, looking for updates) is
switched off before it is imported. Import this when a question is asked, not before. Knows nothing of models.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import httpx2

from engine.errors import NetworkFailed, NetworkRefused
from engine.models.refusals import refusal
from engine.policy import Origin, origin_of

for _switch in (
    "HF_HUB_DISABLE_TELEMETRY",
    "HF_HUB_DISABLE_XET",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN",
    "HF_HUB_DISABLE_UPDATE_CHECK",
):
    os.environ[_switch] = "1"
os.environ.pop("HF_HUB_OFFLINE", None)  # what is offline is decided by the lock alone

from huggingface_hub import HfApi, set_client_factory  # noqa: E402  # it reads the switches at its import

__all__ = ["HfApi", "asking"]


@dataclass(frozen=True)
class _Question:
    """A question that is being asked in this thread: through which client, of whom, and with which token."""

    client: httpx2.Client
    hub: Origin
    token: str | None


_question: ContextVar[_Question | None] = ContextVar("question to the hub", default=None)


@contextmanager
def asking(client: httpx2.Client, hub: Origin, token: str | None) -> Iterator[type[HfApi]]:
    """The library, while all that it sends in this thread goes through `client`, to `hub` and with this token."""
    kept = _question.set(_Question(client, hub, token))
    try:
        yield HfApi
    finally:
        _question.reset(kept)


class _ThroughTheDoor(httpx2.BaseTransport):
    """Passes what the library asks to the client of the question that runs in this thread, and judges the answer."""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        question = _question.get()
        if question is None or request.method != "GET":
            raise NetworkRefused("", request.url.host, "no_purpose")
        headers = {"accept": "application/json"}
        if question.token is not None and origin_of(str(request.url)) == question.hub:
            headers["authorization"] = f"Bearer {question.token}"
        answer = question.client.get(str(request.url), headers=headers)
        host, said = answer.url.host, {name.lower(): value for name, value in answer.headers.items()}
        if answer.status_code >= 400:
            raise refusal(host, answer.status_code, said, with_token=question.token is not None, now=time.time())
        if origin_of(str(answer.url)) != question.hub:
            raise NetworkFailed(question.hub[1], "bad_answer", "redirected to another host")
        if answer.status_code != 200 or "json" not in said.get("content-type", ""):
            raise NetworkFailed(host, "bad_answer", "not the answer of a hub")
        # No other header is passed on: a cookie, or a link to a next page, would be followed up.
        return httpx2.Response(200, headers={"content-type": "application/json"}, content=answer.content)


logging.getLogger("huggingface_hub").setLevel(logging.CRITICAL)  # its warnings quote what the hub sent
set_client_factory(lambda: httpx2.Client(transport=_ThroughTheDoor(), trust_env=False))
