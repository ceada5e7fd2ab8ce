"""What it means when a hub answers, but not with what was asked for. Pure; the one place that judges a status of a hub."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from engine.errors import HubRefused
from engine.network_messages import retry_after

Reason = Literal["not_found", "gated", "token_refused", "rate_limited", "server_error", "unexpected"]


def refusal(host: str, status: int, headers: Mapping[str, str], *, with_token: bool, now: float) -> HubRefused:
    """What a status that is no answer means. `headers` in lower case, `with_token`: one was sent, `now` since 1970."""
    waits = retry_after(headers.get("retry-after"), now) if status in (429, 503) else None
    return HubRefused(host, _reason(status, headers, with_token), status, retry_after_s=waits)


def _reason(status: int, headers: Mapping[str, str], with_token: bool) -> Reason:
    code = headers.get("x-error-code", "")
    if code == "GatedRepo":
        return "gated"
    if code in ("RepoNotFound", "RevisionNotFound", "EntryNotFound") or status in (404, 410):
        return "not_found"
    if status == 401:
        return "token_refused" if with_token else "gated"
    if status == 403:
        return "gated"
    if status == 429 or (status == 503 and "retry-after" in headers):
        return "rate_limited"
    return "server_error" if status >= 500 else "unexpected"
