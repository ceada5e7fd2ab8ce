"""A year of work as a small office would have in its books, put into a real store through its own interface.

Nine months ago a small computer was bought; before that, everything was paid for. The figures are made, but every price,
every ratio and every sum is worked out by the program's own rules. The year ends today, whatever day that is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from engine.advice_records import Traits
from engine.compare_records import ComparisonId, VoteSetId
from engine.ledger.counterfactual import avoided
from engine.ledger.price_book import PriceBook
from engine.ledger.prices import Prices
from engine.ledger.ratios import ratio_for
from engine.ledger_records import ASK, CHAT, Energy, LedgerEvent, Month, Spread, Use, WorkloadId, local_day
from engine.ledger_settings import Budget, ExchangeRate, Hardware, LedgerSettings, Tariff
from engine.models.known import STARTER_MODEL
from engine.paths import Profile
from engine.price_records import Bill, BillLine, ListedPrice
from engine.provider_records import Provider, ProviderId, TokenCounts
from engine.providers.presets import checked
from engine.settings import Settings
from engine.store.remote_calls import RemoteCall, new_call_id
from engine.store.store import Store
from engine.vote_records import Evaluation, SetKind, Vote

REFERENCE = "anthropic/claude-opus-5-5"
LOCAL, LOCAL_MODEL = f"local:{STARTER_MODEL.id}", "Qwen3 8B Q4_K_M"
COMPANY, REMOTE_MODEL = ProviderId("meridian"), "meridian-large-2"
REMOTE = f"{COMPANY}/{REMOTE_MODEL}"
TRIAGE, SUMMARIES, GRANTS = "Ticket triage", "Contract summaries", "Grant letters"
NANO, MILLION = 1_000_000_000, 1_000_000
WATTS = (35, 65, 120)
AT_ONCE = 5_000
#: How busy the months were since the computer was bought, in per cent of the last one.
BUSY = (8, 25, 38, 46, 57, 66, 80, 88, 100)
#: What was paid by bills, in dollars, from twelve months ago on; then less and less.
PAID = (58, 63, 54, 66, 40, 14, 8, 5)


@dataclass(frozen=True)
class Counted:
    """What the entries of the running month come to, added up one by one as they were made.

    `avoided` in nano-dollars, `energy` in micro-watt-hours, both in the middle of their range.
    """

    n_items: int = 0
    avoided: int = 0
    energy: int = 0


@dataclass(frozen=True)
class Work:
    """A kind of work: items in a busy month, and about how many tokens one of them reads and writes."""

    name: str
    kind: SetKind
    n: int
    prompt: int
    generated: int
    fixed: WorkloadId | None = None  # a kind of work that is always there


WORKS = (
    Work(TRIAGE, "classify", 1_120, 420, 40),
    Work(SUMMARIES, "answer", 310, 2_400, 900),
    Work("Redaction of letters", "extract", 430, 900, 850),
    Work("", "answer", 160, 2_900, 260, ASK),
    Work("", "other", 150, 1_100, 1_300, CHAT),
)


def make_a_year(profile: Path, company_url: str, theme: str, percent: int = 100) -> Counted:
    """Make the profile with its store, with so many per cent of all items; gives what its running month comes to.

    `company_url` is where the company that can be asked speaks OpenAI's dialect.
    """
    store = Store.open(Profile(profile), protection="keyring")
    try:
        now = datetime.now(UTC)
        year = _Year(store, now, percent)
        year.fill(company_url, theme)
        return year.counted
    finally:
        store.close()


class _Year:
    def __init__(self, store: Store, now: datetime, percent: int) -> None:
        self._store, self._now, self._percent = store, now, percent
        self._month = Month.of(local_day(now))
        self._random = Random(5)
        self._book = PriceBook((), (), Prices())
        self._sets: dict[str, WorkloadId] = {}
        self._number = 0
        self.counted = Counted()

    def fill(self, company_url: str, theme: str) -> None:
        store = self._store
        store.settings.write(Settings(theme=theme, first_run_done=True, max_answer_tokens=60, ledger=self._settings()))
        for name in ("Supplier contracts Q3", "Harlow v Brent Estates"):
            store.matters.create(name)
        store.providers.put(checked(_company(company_url)))
        store.price_lists.keep(ListedPrice(REMOTE, 2_500_000, 10_000_000, first=self._month.plus(-12).first))
        for name, kind in (*((work.name, work.kind) for work in WORKS if work.name), (GRANTS, "draft")):
            self._sets[name] = WorkloadId(store.votes.create(name, kind).id)
        for name, n_planned in ((TRIAGE, 100_000), (SUMMARIES, 3_000), (GRANTS, 1_200)):
            store.workloads.put_traits(self._sets[name], Traits(monthly_items=n_planned))
        for behind, busy in enumerate(reversed(BUSY)):
            self._work(self._month.plus(-behind), busy)
        self._ask_the_company()
        self._bills()
        self._judge()

    def _settings(self) -> LedgerSettings:
        bought, long_ago = self._month.plus(1 - len(BUSY)), self._month.plus(-12).first
        return LedgerSettings(
            currency="EUR",
            rates=(
                ExchangeRate(currency="EUR", day=long_ago, per_usd=Decimal("0.92")),
                ExchangeRate(currency="EUR", day=self._month.plus(-1).first, per_usd=Decimal("0.9")),
            ),
            tariffs=(Tariff(day=long_ago, currency="EUR", per_kwh=Decimal("0.31")),),
            hardware=Hardware(price=Decimal(290), currency="EUR", bought=bought.first + timedelta(days=2)),
            budgets=(Budget(limit=Decimal(12), currency="EUR"),),
            would_use=REFERENCE, strong="openai/gpt-6-astra", cheapest="openai/gpt-6-luna",
        )  # fmt: skip

    # ------------------------------------------------------------ work on this computer
    def _work(self, month: Month, busy: int) -> None:
        made = (event for work in WORKS for event in self._items(work, month, work.n * busy * self._percent // 10_000))
        batch: list[LedgerEvent] = []
        for event in made:
            batch.append(event)
            if len(batch) == AT_ONCE:
                self._store.ledger.record_all(batch)
                batch.clear()
        self._store.ledger.record_all(batch)

    def _items(self, work: Work, month: Month, n: int) -> Iterator[LedgerEvent]:
        workload = work.fixed or self._sets[work.name]
        ratio = ratio_for(REFERENCE, LOCAL_MODEL, workload, ())
        for moment in self._moments(month, n):
            uses: tuple[Use, ...] = ("work", "again", "cancelled") if work.fixed else ("work", "test")
            (use,) = self._random.choices(uses, (92, 4, 4)[: len(uses)])
            prompt, generated = self._about(work.prompt), self._about(work.generated)
            duration_us = prompt * 2_500 + generated * 40_000
            priced = None
            if use != "test":
                priced = avoided(REFERENCE, prompt, generated, moment, ratio, self._book)
            energy = Spread(*(watts * duration_us // 3_600 for watts in WATTS))
            if month == self._month:
                self._count(use, 0 if priced is None else priced.amount.mid, energy.mid)
            yield LedgerEvent(
                id=self._id(moment), time=moment, local_day=local_day(moment), place="local", model=LOCAL_MODEL,
                workload=workload, use=use, prompt=prompt, generated=generated, duration_us=duration_us,
                ttft_us=prompt * 2_500, stop_reason="cancelled" if use == "cancelled" else "end_of_text", avoided=priced,
                energy=Energy(energy, "model"),
            )  # fmt: skip

    def _count(self, use: Use, avoided: int, energy: int) -> None:
        """Only what was wanted saved anything; electricity was used by all of it."""
        old, is_work = self.counted, use == "work"
        self.counted = Counted(old.n_items + is_work, old.avoided + avoided * is_work, old.energy + energy)

    def _moments(self, month: Month, n: int) -> list[datetime]:
        """In the order of time, from the beginning of the month on, and none after this moment."""
        begin = datetime.combine(month.first, time()).astimezone(UTC)
        end = min(datetime.combine(month.plus(1).first, time()).astimezone(UTC), self._now)
        return sorted(begin + (end - begin) * self._random.random() for _ in range(n))

    def _about(self, n: int) -> int:
        return round(n * self._random.uniform(0.7, 1.3))

    def _id(self, moment: datetime) -> str:
        """As they are made: they sort by time."""
        self._number += 1
        return f"{int(moment.timestamp() * 1000):012x}7000{1 << 63 | self._number:016x}"

    # ------------------------------------------------------------ what was paid
    def _ask_the_company(self) -> None:
        """Comparisons of the running month, and one request of which nobody knows what became."""
        for number, moment in enumerate(self._moments(self._month, 42)):
            tokens = TokenCounts(self._about(2_000), self._about(800))
            cost = tokens.prompt * 2_500 + tokens.generated * 10_000
            kept = RemoteCall(
                self._id(moment), moment, self._sets[SUMMARIES if number % 3 else GRANTS], COMPANY, REMOTE_MODEL,
                "127.0.0.1", "cd" * 32, reserved_nano=2 * cost, use="work" if number % 5 == 0 else "test",
            )  # fmt: skip
            self._store.remote_calls.reserve(kept)
            if number < 41:
                known = replace(kept, status="settled", cost_nano=cost, cost_source="computed", tokens=tokens)
                self._store.remote_calls.settle(replace(known, total_us=9_000_000, stop_reason="end_of_text"))

    def _bills(self) -> None:
        for behind, dollars in zip(range(12, 0, -1), PAID, strict=False):
            month = self._month.plus(-behind)
            days = [month.first + timedelta(days=day) for day in range(0, month.n_days, 3)]
            cost = dollars * NANO // len(days)
            lines = [BillLine(day, "openai", "gpt-6-sol", 40, 90_000, 30_000, cost=cost) for day in days]
            bill = Bill(
                new_call_id(), "openai", f"costs-{month}.csv", days[0], days[-1], len(lines), 40 * len(lines),
                90_000 * len(lines), 30_000 * len(lines), cost * len(lines), "provider", self._now - timedelta(days=1),
            )  # fmt: skip
            self._store.bills.keep(bill, lines)

    # ------------------------------------------------------------ how good it is
    def _judge(self) -> None:
        run = Evaluation(
            set=VoteSetId(self._sets[TRIAGE]), time=self._now - timedelta(days=3), local=LOCAL, remote=REMOTE,
            scorer="exact", n=400, table=(364, 12, 15, 9), estimate=0.992, interval=(0.965, 1.019), test="nam_blackwelder",
            p_value=0.0001, verdict="reached",
        )  # fmt: skip
        self._store.evaluations.record(run)
        self._vote(SUMMARIES, local=19, remote=17, equal=5)
        self._vote(GRANTS, local=25, remote=61, equal=14)

    def _vote(self, name: str, *, local: int, remote: int, equal: int) -> None:
        said = [0] * local + [1] * remote + [None] * equal
        self._random.shuffle(said)
        for number, best in enumerate(said):
            vote = Vote(
                set=VoteSetId(self._sets[name]), comparison=ComparisonId(f"{number:032x}"), models=(LOCAL, REMOTE),
                time=self._now - timedelta(days=9, minutes=-number), judgement="all_equal" if best is None else "best",
                best=best, order=(number % 2, 1 - number % 2), lengths=(600, 640), is_blind=True,
            )  # fmt: skip
            self._store.votes.record(vote)


def _company(url: str) -> Provider:
    return Provider(
        COMPANY, "Meridian", "openai", url, (REMOTE_MODEL,), "", needs_key=False, terms="Kept up to 30 days"
    )  # fmt: skip


def usage_export(month: Month) -> str:
    """What OpenAI lets one download of a month: costs by day, all of it in the first half of the month."""
    rows = ["start_time,end_time,start_time_iso,end_time_iso,amount_value,amount_currency,line_item,project_id"]
    for day in (month.first + timedelta(days=n) for n in range(12)):
        start = int(datetime.combine(day, time(), UTC).timestamp())
        rows.append(f"{start},{start + 86400},{day}T00:00:00+00:00,{day + timedelta(days=1)}T00:00:00+00:00,"
                    f"2.250000000000000000000000000000,usd,\"gpt-6-sol, input\",")  # fmt: skip
    return "\r\n".join(rows) + "\r\n"


def running_month() -> Month:
    return Month.of(local_day(datetime.now(UTC)))
