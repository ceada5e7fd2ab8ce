"""Everything that can be done about comparing without sending, and then one text that is approved and sent."""

from __future__ import annotations

import contextlib
import io
import json
import os
import uuid
from pathlib import Path
from typing import Any

from engine import command_line
from engine.compare_intents import PrepareComparison, PrepareEvaluation, ReviseHidden, RunEvaluation, SendComparison
from engine.compare_records import LocalChoice, RemoteChoice
from engine.provider_records import ProviderId
from engine.records import ModelId, RequestId
from engine.session import Session
from engine.store.keys import Stretching
from engine.vote_records import Prompt
from tests.engine.work.remote_stage import PASSPHRASE, unlocked
from tests.loopback_provider import LoopbackProvider

LETTER = "Please write to Ms Anna Harlow about the rent."
WISH = ("compare", LETTER, "--without-local", "--with", "acme/test-large")


class Trial:
    """One profile with one provider."""

    def __init__(self, server: LoopbackProvider, folder: str) -> None:
        os.environ["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nowhere"
        Stretching.today = staticmethod(lambda: Stretching(b"s" * 16, memory_kib=64, passes=1, lanes=1))  # type: ignore[method-assign]
        self._server, self._profile = server, Path(folder)

    def everything_but_sending(self) -> Any:
        """As a script and as the window. Gives what was shown last."""
        url = self._server.url_for("openai")
        self._run("providers", "add", "Acme", "--base-url", url, "--models", "test-large", "--without-key")
        self._run("providers", "add", "openai", "--models", "a-model")  # an address that would have to be looked up
        self._run(*WISH[:-1], "openai/a-model")
        shown = self._run(*WISH)["preview"]
        for approved in (shown["sha256"], "0" * 64):
            assert self._run(*WISH, "--approve", approved, code=3)  # the lock is closed
        assert self._run(*WISH, "--approve", "0" * 64, "--allow", "compare", code=3)
        assert self._run("providers", "test", "acme", code=3)
        with unlocked(self._profile) as service:
            service.call(_as_the_window)
        return shown

    def send(self, shown: Any) -> None:
        self._run(*WISH, "--approve", shown["sha256"], "--allow", "compare")

    def _run(self, *arguments: str, code: int = 0) -> Any:
        read, write = os.pipe()
        os.write(write, PASSPHRASE.encode() + b"\n")
        os.close(write)
        out, err = io.StringIO(), io.StringIO()
        given = [*arguments, "--profile", str(self._profile), "--passphrase-fd", str(read), "--json"]
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            got = command_line.main(given)
        assert got == code, (arguments, got, out.getvalue(), err.getvalue())
        return json.loads(out.getvalue())


async def _as_the_window(session: Session) -> None:
    """Prepare, revise, approve something else, run a set with a wrong approval, leave."""
    comparing, evaluating, request = session.compare.comparing, session.compare.evaluating, RequestId(uuid.uuid4().hex)
    remote = RemoteChoice(ProviderId("acme"), "test-large")
    await session.compare.remote.publish_list()
    preview = await comparing.prepare(PrepareComparison(request, None, LETTER, (remote, remote)))
    assert preview is not None and preview.matter is not None
    matter = preview.matter
    await comparing.send(SendComparison(request, ("0" * 64, "0" * 64)))
    await comparing.send(SendComparison(RequestId("other"), tuple(each.sha256 for each in preview.receivers)))
    revised = await comparing.revise(ReviseHidden(request, hide=("the rent",)))
    assert revised is not None
    await comparing.send(SendComparison(request, tuple(each.sha256 for each in preview.receivers)))  # of what was shown before
    vote_set = (await session.access.write(lambda store: store.votes.create("Letters", "answer"))).id
    await session.access.write(lambda store: store.matter(matter).prompts.replace(vote_set, [Prompt(1, LETTER)]))
    wish = PrepareEvaluation(RequestId("set"), matter, vote_set, LocalChoice(ModelId("tiny")).model, remote, "exact")
    assert await evaluating.prepare(wish) is not None
    await evaluating.run(RunEvaluation(RequestId("set"), "0" * 64))
    await session.access.write(lambda store: store.matters.set_confidential(matter, True))
    await comparing.send(SendComparison(request, tuple(each.sha256 for each in revised.receivers)))
    assert session.network.state().is_closed
