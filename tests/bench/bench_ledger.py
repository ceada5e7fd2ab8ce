"""Figures of the ledger with a million entries over two years. Run: python tests/bench/bench_ledger.py [ENTRIES]

The store is a real one: encrypted, on disk, with its sums kept beside the entries. Beside the times stands what the same
question takes of a bare sum over all entries in the same file, so that a ratio above one is what the sums of the days are
for. Each time is the median of five, but for what is done once. Pages are told in processor time as well, which counts on a
computer that has other work. A million entries take some minutes to make; a smaller number is enough for a first look.
"""

from __future__ import annotations

import asyncio
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(CHECKOUT))

from engine.ledger.prices import Prices  # noqa: E402
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
from engine.ledger_settings import Hardware, LedgerSettings  # noqa: E402
from engine.paths import Profile  # noqa: E402
from engine.provider_records import Rates  # noqa: E402
from engine.settings import Settings  # noqa: E402
from engine.store.keys import Stretching  # noqa: E402
from engine.store.remote_calls import RemoteCall, new_call_id  # noqa: E402
from engine.store.store import Store  # noqa: E402
from engine.work.price_desk import PriceDesk  # noqa: E402
from engine.work.statements import Statements  # noqa: E402
from engine.work.store_access import StoreAccess  # noqa: E402

N, DAYS, AT_ONCE = 1_000_000, 730, 5_000
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BEGIN = NOW - timedelta(days=DAYS)
#: Kinds of work and their share: questions and chats, which people stop and repeat, and sets that run through in one go.
WORKLOADS = [WorkloadId(name) for name in ("ask", "chat", "compare")]
SHARES = (15, 10, 5, 20, 15, 10, 10, 5, 5, 3, 2)
LOCAL = ["Qwen3 8B Q4_K_M", "Gemma 4 12B Q4_K_M"]
REMOTE = [("openai", "gpt-6.1-sol"), ("anthropic", "claude-opus-5-5")]
RATES = Rates(2_000_000, 10_000_000, 200_000, 2_000_000, "0123456789abcdef", "2026-11-09")
#: What work was set against in the first year, and since; for a part of it no price was known.
EARLIER, REFERENCE = "anthropic/claude-opus-5-5", "openai/gpt-6.1-sol"


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
    reference = EARLIER if made.time < BEGIN + timedelta(days=DAYS // 2) else REFERENCE
    mid = (made.prompt * RATES.prompt + made.generated * RATES.generated) // 1000
    avoided = Avoided(reference, Spread(mid * 8 // 10, mid, mid * 2), Spread(800_000, 1_000_000, 1_600_000), "prior", RATES)
    watts = made.duration_us * 65 // 3600
    return replace(
        made,
        avoided=None if random.random() < 0.05 else avoided,
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
        rates=RATES, energy=None, avoided=None,
    )  # fmt: skip


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def median(work: Callable[[], object]) -> float:
    return statistics.median(timed(work) for _ in range(5))


def filled(profile: Profile, n: int) -> Store:
    store = Store.open(profile, protection="passphrase", passphrase="p")
    WORKLOADS.extend(WorkloadId(store.votes.create(f"Set {number}", "classify").id) for number in range(8))
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
    months = [(year.plus(n).first, year.plus(n).last) for n in range(24)]
    say("sums of each of 24 months", median(lambda: ledger.stretches(months)), median(entries_of(*whole)))
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
    n_months = sum(map(len, ledger.stretches(months)))
    print(f"{'sums of days in 24 months':44}{len(ledger.totals(*whole)):10,}   ({n_months:,} sums of months)")


def say(what: str, seconds: float, beside: float | None = None) -> None:
    ratio = f"{beside * 1e3:12.1f} ms from entries, ratio {beside / seconds:.1f}" if beside else ""
    print(f"{what:44}{seconds * 1e3:10.2f} ms{ratio}")


# ---------------------------------------------------------------- pages
async def pages(store: Store) -> None:
    """A page of the ledger as the window asks for it, and everything around it. Cold: no month was worked out before."""
    access, bundled = StoreAccess(ThreadPoolExecutor(1), ThreadPoolExecutor(2)), Prices()
    access.store = store
    earlier = Month.of(local_day(NOW)).plus(-8)
    bought = Hardware(price=Decimal(3000), bought=Month.of(local_day(NOW)).plus(-24).first)

    def fresh(chosen: LedgerSettings) -> Statements:
        prices = PriceDesk(access, lambda _: None, bundled)
        return Statements(access, prices, lambda: Settings(ledger=chosen), lambda _: None, now=lambda: NOW)

    async def page(statements: Statements, month: Month | None = None) -> tuple[float, float]:
        wall, processor = time.perf_counter(), time.process_time()
        await statements.page(month)
        return time.perf_counter() - wall, time.process_time() - processor

    plain = LedgerSettings(would_use=REFERENCE)
    say_both("first page of a program: prices, ratios", [await page(fresh(plain))])
    for what, chosen in (("", plain), (", 24 months of break-even", plain.model_copy(update={"hardware": bought}))):
        await page(fresh(chosen))  # the ratios of what this one asks for are known then
        say_both(f"page, cold{what}", [await page(fresh(chosen)) for _ in range(5)])
        say_both(f"another month, cold{what}", [await page(fresh(chosen), earlier) for _ in range(5)])
        kept = fresh(chosen)
        await page(kept)
        say_both(f"page, again{what}", [await page(kept) for _ in range(5)])
        await page(kept, earlier)
        say_both(f"another month, again{what}", [await page(kept, earlier) for _ in range(5)])
    other = fresh(plain.model_copy(update={"would_use": "openai/gpt-6-luna", "hardware": bought}))
    say_both("page of another reference, all priced anew", [await page(other)])


def say_both(what: str, times: list[tuple[float, float]]) -> None:
    wall, processor = (statistics.median(each) for each in zip(*times, strict=True))
    print(f"{what:44}{wall * 1e3:10.2f} ms{processor * 1e3:12.1f} ms of the processor")


def from_the_command_line(profile: Profile) -> None:
    """The whole page as a person asks for it, with the start of the program."""
    month = str(Month.of(local_day(NOW)))
    options = ["--profile", str(profile.root), "--passphrase-fd", "0", "--json"]
    main = [sys.executable, str(CHECKOUT / "main.py")]

    def run(*verb: str) -> tuple[float, float]:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        wall = timed(lambda: subprocess.run([*main, *verb, *options], input="p", capture_output=True, text=True, check=True))
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    start = [run("ledger", "unknown") for _ in range(3)]
    say_both("strongroom ledger show", [run("ledger", "show", "--month", month) for _ in range(3)])
    say_both("strongroom ledger unknown: mostly the start", start)


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
        asyncio.run(pages(store))
        say("retire the first year", timed(lambda: store.ledger.retire(local_day(BEGIN) + timedelta(days=365))))
        store.close()
        from_the_command_line(profile)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else N)
