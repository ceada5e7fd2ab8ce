"""What comparing costs beside the answer itself: `python tests/bench/bench_compare.py`.

Against a loopback provider, in one run: a request through the whole of Strongroom's sending (approval, log, one POST, the
stream read and understood) beside the same bytes through a bare connection; hiding and the leak check over a long text with
many details beside one case-folding of it; and the tally of ten thousand votes.
"""

from __future__ import annotations

import http.client
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from datetime import UTC, datetime

from engine.compare_records import ComparisonId, VoteSetId
from engine.evaluation.tally import tally
from engine.hiding.leaks import leaks
from engine.hiding.table import Table
from engine.providers.asking import answer
from engine.providers.provider import body_for
from engine.vote_records import Vote, VoteSet
from tests.loopback_provider import LoopbackProvider
from tests.open_door import open_door
from tests.sending_stage import QUICK, approved, provider_at, wish

RUNS = 41
FIRST = "Anna Boris Clara Dmitri Elena Farid Grace Hugo Irene Jonas".split()
LAST = "Harlow Okafor Lindqvist Moreau Brandt Castellano Whitfield Novak Achterberg Tanaka".split()


def median_ms(work: Callable[[], object], runs: int = RUNS) -> float:
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000


def sending() -> None:
    """A request of our own beside a bare one, to the same server in the same run."""
    with LoopbackProvider() as server:
        server.answer_with = lambda _: "word " * 400
        provider = provider_at(server.url_for("openai"))
        door, _ = open_door(server.origin, purpose="compare")
        body = body_for(provider, wish("How are you? " * 100))
        place = urlsplit(body.url)

        def ours() -> None:
            for _ in answer(door, provider, approved(door, body), "sk-test", about="bench", patience=QUICK):
                pass

        def bare() -> None:
            connection = http.client.HTTPConnection(place.hostname or "", place.port)
            connection.request(
                "POST", place.path, body.content, {"content-type": "application/json", "authorization": "Bearer x"}
            )
            connection.getresponse().read()
            connection.close()

        bare(), ours()
        own, other = median_ms(ours), median_ms(bare)
    print(f"a request with its answer of 400 words: {own:.1f} ms, bare {other:.1f} ms, ratio {own / other:.2f}")


def hiding() -> None:
    """A long text with many details."""
    chance = random.Random(7)
    lines = []
    for number in range(200):
        name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
        lines.append(
            f"On {number % 28 + 1} June {name} called from 0113 496 {number:04d} about reference TEN-{1000 + number} and "
            "asked for a repair of the heating. The visit was promised for the week after and did not take place, "
            "so a second letter was written. The rent of 640.00 was paid on the first day of each month, as the contract asks. "
        )
    text = "\n\n".join(lines)
    table = Table()
    learning = median_ms(lambda: table.learn([text]), 3)
    learned = table.learn([text])
    hiding = median_ms(lambda: learned.hide(text), 3)
    hidden = learned.hide(text).text
    checking = median_ms(lambda: leaks(hidden, learned.details), 3)
    folding = median_ms(lambda: text.casefold(), 3)
    print(
        f"{len(text):,} characters, {len(learned.details)} details: found {learning:.0f} ms, replaced {hiding:.0f} ms, ", end=""
    )
    print(f"looked for leaks {checking:.0f} ms ({len(leaks(hidden, learned.details))} found); folding case {folding:.2f} ms")


def voting() -> None:
    """Ten thousand votes."""
    chance = random.Random(7)
    now = datetime.now(UTC)
    made = VoteSet(VoteSetId("s"), "Bench", "answer", now)
    votes = [
        Vote(
            made.id, ComparisonId(str(number)), now, ("local:a", "acme/b"), chance.choice(("best", "all_equal")),
            chance.randrange(2), (0, 1), (100, 120),
        )
        for number in range(10_000)
    ]  # fmt: skip
    print(f"tally of 10,000 votes: {median_ms(lambda: tally(made, votes), 5):.0f} ms")


if __name__ == "__main__":
    sending()
    hiding()
    voting()
