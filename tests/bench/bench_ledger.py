"""Figures of the ledger with a million entries over two years. Run: python tests/bench/bench_ledger.py [ENTRIES]

The store is a real one: encrypted, on disk, with its sums kept beside the entries. Beside the times stands what the same
question takes of a bare sum over all entries in the same file, so that a ratio above one is what the sums of the days are
for. Each time is the median of five, but for what is done once.
"""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(CHECKOUT))

from engine.ledger_records import (  # noqa: E402
    Avoided,
    Ceiling,
    Energy,
    LedgerEvent,
    Month,
    Spread,
    WorkloadId,
    local_day,
)
from engine.paths import Profile  # noqa: E402
from engine.provider_records import Rates  # noqa: E402
from engine.store.keys import Stretching  # noqa: E402
from engine.store.remote_calls import RemoteCall, new_call_id  # noqa: E402
from engine.store.store import Store  # noqa: E402

N, DAYS, AT_ONCE = 1_000_000, 730, 5_000
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BEGIN = NOW - timedelta(days=DAYS)
#: Kinds of work and their share: questions and chats, which people stop and repeat, and sets that run through in one go.
WORKLOADS = [WorkloadId(name) for name in ("ask", "chat", "compare", *(f"{number:032x}" for number in range(1, 9)))]
SHARES = (15, 10, 5, 20, 15, 10, 10, 5, 5, 3, 2)
LOCAL = ["Qwen3 8B Q4_K_M", "Gemma 4 12B Q4_K_M"]
REMOTE = [("openai", "gpt-6.1-sol"), ("anthropic", "claude-opus-5-5")]
PROVIDERS = [("openai/gpt-6.1-sol", Rates(2_000_000, 10_000_000, 200_000, 2_000_000, "0123456789abcdef", "2026-11-09"))]


def events(n: int) -> Iterator[LedgerEvent]:
    """Entries as a busy office makes them: mostly local work, some of it stopped or done again, a twentieth remote."""
    random.seed(5)
    step, made = timedelta(days=DAYS) / n, None
    for number in range(n):
        if number % 20 == 1 and made is not None:
            yield (made := remote(made, number))
            continue
        moment, place = BEGIN + step * number, random.choices(range(len(WORKLOADS)), SHARES)[0]
        prompt, generated = random.randrange(50, 6_000), random.randrange(5, 900)
        uses = (90, 5, 5) if place < 2 else (100, 0, 0)
        made = LedgerEvent(
            id=numbered(moment, number), time=moment, local_day=local_day(moment), place="local", workload=WORKLOADS[place],
            model=random.choice(LOCAL) if place < 3 else LOCAL[place % 2],
            use="test" if place == 2 else random.choices(("work", "again", "cancelled"), uses)[0], prompt=prompt,
            generated=generated, duration_us=prompt * 900 + generated * 40_000, ttft_us=prompt * 900,
            stop_reason="end_of_text", pair=f"{number:032x}" if number % 20 == 0 else "",
        )  # fmt: skip
        yield local(made)


def numbered(moment: datetime, number: int) -> str:
    """An id as they are made, which sorts by time."""
    return f"{int(moment.timestamp() * 1000):012x}7000{1 << 63 | number:016x}"


def local(made: LedgerEvent) -> LedgerEvent:
    reference, rates = PROVIDERS[0]
    mid = (made.prompt * rates.prompt + made.generated * rates.generated) // 1000
    watts = made.duration_us * 65 // 3600
    return replace(
        made,
        avoided=Avoided(reference, Spread(mid * 8 // 10, mid, mid * 2), Spread(800_000, 1_000_000, 1_600_000), "prior", rates),
        energy=Energy(Spread(watts // 2, watts, watts * 2), "model"),
    )


def remote(made: LedgerEvent, number: int) -> LedgerEvent:
    """The same prompt at a remote model."""
    provider, model = random.choice(REMOTE)
    is_unknown = random.random() < 0.01
    cost = None if is_unknown else made.prompt * 2_000
    return replace(
        made, id=numbered(made.time, number), place="api", provider=provider, model=model, use="work", cost=cost,
        at_most=9_000_000 if is_unknown else None, cost_source="unknown" if is_unknown else "computed",
        rates=PROVIDERS[0][1], energy=None, avoided=None,
    )  # fmt: skip


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def median(work: Callable[[], object]) -> float:
    return statistics.median(timed(work) for _ in range(5))


def filled(profile: Profile, n: int) -> Store:
    store = Store.open(profile, protection="passphrase", passphrase="p")
    spent, batch = 0.0, list[LedgerEvent]()
    for event in events(n):
        batch.append(event)
        if len(batch) == AT_ONCE:
            spent += timed(lambda: store.ledger.record_all(batch))
            batch.clear()
    spent += timed(lambda: store.ledger.record_all(batch))
    print(f"{'put in, in batches of ' + str(AT_ONCE):44}{spent:10.2f} s{n / spent:12.0f} entries/s")
    return store


def one_by_one(store: Store) -> None:
    new = [replace(local(replace(event, id=new_call_id())), time=NOW, local_day=local_day(NOW)) for event in events(200)]
    say("one entry with its sums, on the disk", statistics.median(timed(lambda e=event: store.ledger.record(e)) for event in new))
    month = Month.of(local_day(NOW))
    ceilings = [Ceiling("", month, 10**15), Ceiling("provider:openai", month, 10**15)]
    calls = [
        RemoteCall(new_call_id(), NOW, "", "openai", "gpt-6.1-sol", "api.openai.com", "cd" * 32, reserved_nano=9)
        for _ in range(100)
    ]
    say(
        "reserve a call under two hard budgets",
        statistics.median(timed(lambda c=c: store.remote_calls.reserve(c, ceilings)) for c in calls),
    )
    settled = [replace(call, status="settled", cost_nano=5, cost_source="computed") for call in calls]
    say("settle a call with its entry", statistics.median(timed(lambda c=c: store.remote_calls.settle(c)) for c in settled))


def questions(store: Store) -> None:
    ledger, today = store.ledger, local_day(NOW)
    month, year = Month.of(today).plus(-1), Month.of(today).plus(-23)
    bare = "SELECT sum(prompt), sum(cost), sum(avoided_mid) FROM ledger_entries WHERE local_day BETWEEN ? AND ?"

    def entries_of(first: date, last: date) -> Callable[[], object]:
        from engine.store.columns import day_number

        def look() -> None:
            with store._main.read() as session:
                session.connection().exec_driver_sql(bare, (day_number(first), day_number(last))).all()

        return look

    say("totals of a month", median(lambda: ledger.totals(month.first, month.last)), median(entries_of(month.first, month.last)))
    whole = year.first, today
    say("totals of 24 months", median(lambda: ledger.totals(*whole)), median(entries_of(*whole)))
    say("totals of 24 months, workloads together", median(lambda: ledger.totals(*whole, by_workload=False)))
    say("what is spent in a month", median(lambda: ledger.spent(month, "")))
    since = NOW - timedelta(days=30)
    say("percentiles of a workload, 30 days", median(lambda: ledger.percentiles(WORKLOADS[3], since)))
    say("time for an item, 30 days", median(lambda: ledger.seconds_per_item(WORKLOADS[3], since)))
    say("2,000 pairs", median(lambda: ledger.pairs(2000)))
    say("calls whose cost is not known", median(ledger.open_calls))
    last = ledger.events(month.first, month.last, limit=1)[0]
    say("500 entries", median(lambda: ledger.events(month.first, month.last, after=(last.time, last.id))))
    say("count", median(ledger.count))
    say("check", timed(lambda: ledger.check(NOW)))
    say("rebuild", timed(lambda: ledger.rebuild(NOW)))
    days = ledger.totals(*whole), ledger.totals(*whole, by_workload=False)
    print(f"{'sums of 24 months':44}{len(days[0]):10,}   ({len(days[1]):,} with workloads together)")


def say(what: str, seconds: float, beside: float | None = None) -> None:
    ratio = f"{beside * 1e3:12.1f} ms from entries, ratio {beside / seconds:.1f}" if beside else ""
    print(f"{what:44}{seconds * 1e3:10.2f} ms{ratio}")


def from_the_command_line(profile: Profile) -> None:
    """The whole page as a person asks for it, with the start of the program."""
    month = str(Month.of(local_day(NOW)))
    options = ["--profile", str(profile.root), "--passphrase-fd", "0", "--json"]
    main = [sys.executable, str(CHECKOUT / "main.py")]

    def run(*verb: str) -> float:
        return timed(lambda: subprocess.run([*main, *verb, *options], input="p", capture_output=True, text=True, check=True))

    start = statistics.median(run("ledger", "unknown") for _ in range(3))
    say("strongroom ledger show", statistics.median(run("ledger", "show", "--month", month) for _ in range(3)))
    say("strongroom ledger unknown: mostly the start", start)


def main(n: int) -> None:
    Stretching.today = classmethod(lambda _: Stretching(b"s" * 16, 64, 1, 1))  # type: ignore[method-assign,assignment]
    with tempfile.TemporaryDirectory() as folder:
        profile = Profile(Path(folder) / "profile")
        store = filled(profile, n)
        store._main.checkpoint()
        size = profile.store.stat().st_size
        print(f"{'size of the file':44}{size / 1e6:10.1f} MB{size / n:12.0f} bytes/entry")
        one_by_one(store)
        questions(store)
        say("retire the first year", timed(lambda: store.ledger.retire(local_day(BEGIN) + timedelta(days=365))))
        store.close()
        from_the_command_line(profile)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else N)
