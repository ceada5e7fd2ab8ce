"""The verbs about the ledger as a script meets them: one document, exit code, and what they leave in the books."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine.ledger_records import Month, local_day
from engine.ledger_text import money
from engine.session import Session
from tests.engine.ledger_shell import a_shell, in_store
from tests.engine.reports.test_printed_page import text_of
from tests.engine.test_compare_verbs import Shell
from tests.engine.work.ledger_stage import called
from tests.loopback_provider import Fault, LoopbackProvider

HEAD = "start_time,model,num_model_requests,input_tokens,output_tokens\n"
SOL, LUNA = "openai/gpt-6.1-sol", "openai/gpt-6-luna"
REMOTE = "acme/test-large"


@pytest.fixture(scope="module")
def server() -> Iterator[LoopbackProvider]:
    with LoopbackProvider() as server:
        yield server


@pytest.fixture(autouse=True)
def behaved(server: LoopbackProvider) -> Iterator[None]:
    server.posts.clear()
    server.answer_with = lambda asked: asked["messages"][-1]["content"].split()[-1].upper()
    yield
    server.fault = Fault.NONE


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory, server: LoopbackProvider, starter_model: Path) -> Iterator[Shell]:
    """One profile with a provider, a matter, and a workload with prompts."""
    with a_shell(tmp_path_factory.mktemp("ledger") / "profile") as shell:
        address = server.url_for("openai")
        shell.done("providers", "add", "Acme", "--base-url", address, "--models", "test-large", "--without-key")

        async def fill(session: Session) -> None:
            await session.change_settings(session.settings.model_copy(update={"max_answer_tokens": 8}))
            await session.access.write(lambda store: store.matters.create("Harlow v Brent"))
            await session.access.write(lambda store: store.votes.create("Tickets", "classify"))

        shell.inside(fill)
        yield shell


@pytest.fixture(scope="module")
def prompts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("prompts") / "prompts.csv"
    file.write_text("prompt\nSay yes\nMs Anna Harlow says no\n", encoding="utf-8")
    return file


def text(shell: Shell, *arguments: str | Path) -> str:
    """What a person reads."""
    ran = shell.run(*arguments, as_json=False)
    assert ran.code == 0, ran
    return ran.out


def rows(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))


def number_and_nano(part: dict[str, Any], name: str = "amount") -> int:
    """An amount that stands there twice, and both mean the same."""
    nano = part["nano"] if name == "amount" else part[f"{name}_nano"]
    assert isinstance(nano, int) and part[name] == pytest.approx(nano / 10**9, abs=1e-12)
    return nano


# ---------------------------------------------------------------- months
def test_a_month_is_empty_until_somebody_asks_and_then_has_the_tokens_of_the_answer(shell: Shell) -> None:
    empty = shell.done("ledger", "show")
    assert {"avoided", "electricity", "hardware", "net", "paid", "workloads", "advice"} <= empty.keys()
    assert (empty["items"], empty["workloads"], empty["tokens"]) == (0, [], {"prompt": 0, "generated": 0})
    assert empty["avoided"]["nano"] == empty["electricity"]["nano"] == empty["net"]["nano"] == [0, 0, 0]

    usage = shell.done("chat", "Say hello")["usage"]
    month = shell.done("ledger", "show")
    assert (month["items"], [each["id"] for each in month["workloads"]]) == (1, ["chat"])
    assert month["tokens"] == {"prompt": usage["prompt_tokens"], "generated": usage["generated_tokens"]}
    low, mid, high = month["avoided"]["nano"]
    assert 0 < low <= mid <= high and 0 < month["electricity"]["nano"][0] <= month["energy"]["uwh"][1]
    assert [month["avoided"][each] for each in ("low", "mid", "high")] == pytest.approx([low / 1e9, mid / 1e9, high / 1e9])
    taken = [month["electricity"]["nano"][at] for at in (2, 1, 0)]
    assert month["net"]["nano"] == [amount - off for amount, off in zip((low, mid, high), taken, strict=True)]
    assert number_and_nano(month["paid"]) == number_and_nano(month["hardware"]) == 0
    assert [each["model"] for each in month["references"]][::2] == [SOL, LUNA]
    said = text(shell, "ledger", "show")
    assert "1 item answered here" in said and "chat: 1 here" in said
    assert "USD 0.00 " not in said.split("Hardware")[0], "what is little is not nothing"


def test_a_month_of_the_past_is_empty_one_of_the_future_is_refused_and_nonsense_is_wrong_usage(shell: Shell) -> None:
    past = shell.done("ledger", "show", "--month", "2024-02")
    assert (past["month"], past["running"], past["items"], past["paid"]["forecast"]) == ("2024-02", False, 0, None)
    for month in (str(Month.of(date.today()).plus(1)), "9999-12", "1999-01"):
        error = shell.refused(1, "ledger", "show", "--month", month)
        assert (error["kind"], error["facts"]) == ("ledger_input_unfit", {"field": "month", "reason": "unknown_month"})
    for nonsense in ("november", "2026-13", "2026-1", "2026-00", "-", "\u0662\u0660\u0662\u0666-\u0661\u0661"):
        assert shell.run("ledger", "show", f"--month={nonsense}").code == 2


# ---------------------------------------------------------------- files
def test_a_month_is_written_as_what_its_ending_says(shell: Shell, tmp_path: Path) -> None:
    month = shell.done("ledger", "show")
    for ending, beginning in ((".csv", b"schema,"), (".xlsx", b"PK"), (".pdf", b"%PDF"), (".PDF", b"%PDF")):
        file = tmp_path / f"month{ending}"
        assert shell.done("ledger", "export", "--output", file) == {"exported": {"file": str(file)}}
        assert file.read_bytes().startswith(beginning)
    lines = rows(tmp_path / "month.csv")
    avoided = next(each for each in lines if (each["record"], each["figure"]) == ("month", "api_price_avoided"))
    assert [int(avoided[each].replace(".", "")) for each in ("low", "mid", "high")] == month["avoided"]["nano"]
    assert month["month"][:4] in text_of((tmp_path / "month.pdf").read_bytes())
    entries = tmp_path / "entries.csv"
    shell.done("ledger", "export", "--entries", "--output", entries)
    (entry,) = rows(entries)
    assert (entry["workload"], int(entry["prompt_tokens"])) == ("chat", month["tokens"]["prompt"])
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "entries.csv",
        "month.PDF",
        "month.csv",
        "month.pdf",
        "month.xlsx",
    ]


def test_what_cannot_be_written_is_told_and_leaves_what_was_there(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "folder.pdf").mkdir()
    for file, kind in (
        ("month.txt", "ledger_input_unfit"),
        ("month", "ledger_input_unfit"),
        ("nowhere/month.pdf", "folder_unwritable"),
        ("folder.pdf", "folder_unwritable"),
    ):
        assert shell.refused(1, "ledger", "export", "--output", tmp_path / file)["kind"] == kind
    assert shell.refused(1, "ledger", "export", "--entries", "--output", tmp_path / "e.pdf")["kind"] == "ledger_input_unfit"
    assert shell.refused(1, "ledger", "export", "--entries", "--output", "/proc/e.csv")["facts"] == {"folder": "/proc"}
    assert [each.name for each in tmp_path.iterdir()] == ["folder.pdf"]


# ---------------------------------------------------------------- prices
def test_a_price_of_ones_own_goes_before_the_list_until_it_is_removed(shell: Shell) -> None:
    listed = shell.done("ledger", "prices", "gpt-6-luna", "--limit", "1")
    assert listed["found"] > 1 and len(listed["prices"]) == 1 and listed["imported_from"] is None
    kept = shell.done("ledger", "prices", "--set", f"{LUNA}=3,9.5", "--from", "2026-01-01")
    (own, *_) = kept["prices"]
    assert (own["model"], own["input"], own["output"], own["source"], own["from"]) == (LUNA, 3.0, 9.5, "own", "2026-01-01")
    assert own["cached_input"] is None and own["until"] is None, "not known is not nothing"
    assert shell.done("ledger", "calculate", "--items", "1000", "--model", LUNA)["calculation"]["api"]["amount"] == 3.7
    assert all(LUNA in each["model"] for each in kept["prices"]), "it shows what it was about, not the whole list"
    assert "own" not in {each["source"] for each in shell.done("ledger", "prices", "--remove", LUNA)["prices"]}
    assert shell.refused(1, "ledger", "prices", "--remove", LUNA)["kind"] == "not_found"
    assert shell.done("ledger", "prices", "no such model")["prices"] == []


@pytest.mark.parametrize(
    "price",
    ["a/b", "a/b=", "a/b=1", "a/b=1,2,3", "a/b=x,1", "a/b=-1,1", "a/b=nan,1", "a/b=1,inf", "a/b=1e99,1", "a/b=1E+999999,1",
     "a/b=0.0000001,1", "=1,2", "b=1,2", "a/=1,2", "/=1,2"],
)  # fmt: skip
def test_nonsense_is_no_price(shell: Shell, price: str) -> None:
    error = shell.refused(1, "ledger", "prices", "--set", price)
    assert error["kind"] == "prices_unfit" and "None" not in error["message"] and "unknown" not in error["message"]


def test_a_list_is_taken_whole_or_not_at_all(shell: Shell, tmp_path: Path) -> None:
    good, bad, table = tmp_path / "good.csv", tmp_path / "bad.csv", tmp_path / "list.json"
    good.write_text("model,input,output\nfar/one,1,2\nfar/two,0.1,0.5\n", encoding="utf-8")
    bad.write_text("model,input,output\nfar/three,1,2\nfar/four,1,=2+2\n", encoding="utf-8")
    listed = shell.done("ledger", "prices", "--import", good, "far/")
    assert (listed["imported_from"], [each["model"] for each in listed["prices"]]) == ("good.csv", ["far/one", "far/two"])
    error = shell.refused(1, "ledger", "prices", "--import", bad)
    assert (error["kind"], error["facts"]["line"], error["facts"]["detail"]) == ("prices_unfit", 3, "output")
    assert shell.refused(1, "ledger", "prices", "--import", tmp_path)["facts"]["reason"] == "cannot_read"
    assert shell.done("ledger", "prices", "far/")["found"] == 2, "those from before hold"
    table.write_text(json.dumps([{"model": "far/five", "input": "1", "output": "2"}]), encoding="utf-8")
    shell.run("ledger", "prices", "--import", table)
    assert {each["source"] for each in shell.done("ledger", "prices", "far/")["prices"]} == {"imported"}


# ---------------------------------------------------------------- bills
def test_a_bill_is_looked_at_kept_once_however_often_it_comes_and_forgotten(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "usage.csv"
    file.write_text(f"{HEAD}2026-03-02T00:00:00Z,gpt-4o,10,1000000,100000\n2026-03-03T00:00:00Z,gpt-4o,1,1000,100\n")
    paid = ("ledger", "show", "--month", "2026-03")
    looked = shell.done("ledger", "import", file, "--preview")
    assert looked["kept"] is False and looked["replaced_lines"] == 0 and shell.done(*paid)["paid"]["nano"] == 0
    assert shell.done("ledger", "bills") == {"bills": []}
    for n_replaced in (0, 2):
        kept = shell.done("ledger", "import", file)
        assert (kept["kept"], kept["replaced_lines"]) == (True, n_replaced)
        month = shell.done(*paid)["paid"]
        assert month["nano"] == month["elsewhere_nano"] == 3_503_500_000 and month["calls"] == 11
    (bill,) = shell.done("ledger", "bills")["bills"]
    assert (bill["provider"], bill["requests"], bill["cost"], bill["workload"]) == ("openai", 11, 3.5035, None)
    assert bill["cost_nano_usd"] == 3_503_500_000 and (bill["first"], bill["last"]) == ("2026-03-02", "2026-03-03")
    said = text(shell, "ledger", "bills")
    assert bill["id"] in said, "what it is removed by stands there whole"
    assert "Without a name: 0 here, 11 remote" in text(shell, *paid)
    assert shell.done("ledger", "bills", "--remove", bill["id"]) == {"bills": []} and shell.done(*paid)["paid"]["nano"] == 0
    assert shell.refused(1, "ledger", "bills", "--remove", bill["id"])["kind"] == "not_found"


def test_a_bill_that_cannot_be_right_is_refused_with_its_line(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "usage.csv"
    file.write_text(f"{HEAD}2026-03-02T00:00:00Z,gpt-4o,10,1000,500\n2026-03-03T00:00:00Z,gpt-4o,10,-5,500\n")
    error = shell.refused(1, "ledger", "import", file)
    assert (error["kind"], error["facts"]) == ("bill_unfit", {"file": "usage.csv", "reason": "bad_number", "line": 3})
    assert shell.refused(1, "ledger", "import", tmp_path / "none.csv")["facts"]["reason"] == "cannot_read"
    file.write_text(f"{HEAD}2026-03-02T00:00:00Z,gpt-4o,10,1000,500\n")
    assert shell.refused(1, "ledger", "import", file, "--workload", "Nothing")["kind"] == "not_found"
    assert shell.done("ledger", "bills") == {"bills": []}, "nothing of them was kept"
    assert shell.done("ledger", "import", file, "--workload", "Tickets")["bills"][0]["workload"] is not None
    (line,) = shell.done("ledger", "show", "--month", "2026-03")["workloads"]
    assert (line["name"], line["paid_items"]) == ("Tickets", 10)
    shell.done("ledger", "bills", "--remove", shell.done("ledger", "bills")["bills"][0]["id"])


# ---------------------------------------------------------------- plans
@pytest.mark.parametrize(
    ("model", "api", "saves", "since"),
    [("openai/gpt-4", 3000, 2650, 11_667), (LUNA, 16, -334, 2_187_500), ("openai/gpt-4o", 350, 0, 100_000)],
)
def test_the_sums_of_the_essay(shell: Shell, model: str, api: int, saves: int, since: int) -> None:
    plan = shell.done("ledger", "calculate", "--items", "100000", "--model", model)["calculation"]
    assert (number_and_nano(plan["api"]), plan["server"]["saves"]["nano"]) == (api * 10**9, [saves * 10**9] * 3)
    assert (plan["server"]["break_even_items"], plan["most_items"]) == (since, 43_800)
    assert plan["server"]["feasible"] and not plan["computer"]["feasible"] and plan["payback_months"] is None
    said = text(shell, "ledger", "calculate", "--items", "100000", "--model", model)
    assert ("costs USD 334.00 more" in said) is (saves < 0) and "43,800 items a month" in said and f"{since:,} items" in said


def test_a_plan_without_a_model_is_for_the_one_that_would_be_used_and_what_is_not_known_is_null(shell: Shell) -> None:
    plan = shell.done("ledger", "calculate", "--items", "100000")["calculation"]
    assert (plan["model"], plan["api"]["amount"]) == (SOL, 320.0)
    unknown = shell.done("ledger", "calculate", "--items", "100000", "--model", "no/such")["calculation"]
    assert [unknown[each] for each in ("api", "server", "computer", "payback_months")] == [None] * 4
    assert "no known price" in text(shell, "ledger", "calculate", "--items", "5", "--model", "no/such")
    assert shell.refused(1, "ledger", "calculate", "--items", "1" + "0" * 30)["facts"]["reason"] == "too_large"
    for wrong in (["--items", "0"], ["--items", "5", "--watts", "9,3,1"], ["--items", "5", "--server", "nan"], []):
        assert shell.run("ledger", "calculate", *wrong).code == 2


# ---------------------------------------------------------------- costs
def test_what_is_counted_with_is_kept_and_read_by_a_person(shell: Shell) -> None:
    bare = text(shell, "ledger", "costs")
    given = (
        "--currency", "eur", "--rate", "0.9", "--tariff", "0.35", "--from", "2026-01-01", "--watts", "20,90",
        "--computer", "1200", "--bought", "2026-06-01", "--budget", "50.5", "--would-use", "openai/gpt-4o",
    )  # fmt: skip
    costs = shell.done("ledger", "costs", *given)["costs"]
    assert (costs["currency"], costs["rates"][0]["per_usd"], costs["watts"]) == ("EUR", 0.9, {"idle": 20, "busy": 90})
    assert costs["electricity"] == [{"from": "2026-01-01", "currency": "EUR", "per_kwh": {"amount": 0.35, "nano": 350_000_000}}]
    assert (costs["hardware"]["price"]["nano"], costs["hardware"]["months"]) == (1200 * 10**9, 48)
    (budget,) = costs["budgets"]
    assert (budget["scope"], number_and_nano(budget["limit"]), budget["hard"]) == ("", 50_500_000_000, False)
    assert costs["references"][0] == {"role": "would_use", "model": "openai/gpt-4o", "is_default": False}
    assert shell.done("ledger", "costs", "--months", "24")["costs"]["hardware"] == {**costs["hardware"], "months": 24}
    assert shell.done("ledger", "show")["currency"]["code"] == "EUR" and "EUR 50.50" in text(shell, "ledger", "show")
    said = text(shell, "ledger", "costs")
    for each in (bare, said):
        assert not set("[]{}'_") & set(each) and "None" not in each and "True" not in each
    assert "EUR 1,200.00, bought 2026-06-01, spread over 24 months" in said and "20 W idle" in said
    shell.done("ledger", "costs", "--currency", "USD", "--budget", "0", "--computer", "0", "--would-use", "")
    assert shell.done("ledger", "costs")["costs"]["hardware"] is None


WRONG_COSTS: list[tuple[list[str], int]] = [
    (["--currency", "CHF"], 1), (["--currency", "E1R"], 2), (["--currency", "\u017f\u017f\u017f"], 2), (["--rate", "0"], 2),
    (["--rate", "100000000"], 2), (["--tariff", "-1"], 2), (["--tariff", "0.12345678"], 2), (["--tariff", "1e400"], 2),
    (["--watts", "90,20"], 2), (["--watts", "x"], 2), (["--watts", "1,2,3"], 2), (["--watts", "-5,2"], 2),
    (["--budget", "0.0000001"], 2), (["--budget", "1e12"], 2), (["--budget", "5", "--scope", "everything"], 2),
    (["--budget", "5", "--scope", "provider:nobody"], 1), (["--budget", "5", "--scope", "workload:Nothing"], 1),
    (["--would-use", "nobody/nothing"], 1), (["--strong", "gpt-4o"], 1), (["--bought", "2026-01-01"], 1),
    (["--computer", "9", "--months", "1000"], 1),
]  # fmt: skip


def test_costs_that_cannot_be_change_nothing(shell: Shell) -> None:
    before = shell.done("ledger", "costs")
    for arguments, code in WRONG_COSTS:
        ran = shell.run("ledger", "costs", *arguments)
        assert ran.code == code and "fault" not in ran.err, ran
        assert code == 2 or ran.error["kind"] in ("ledger_input_unfit", "not_found")
    assert shell.done("ledger", "costs") == before


def test_a_budget_of_a_workload_is_kept_by_its_id_and_gone_with_nought(shell: Shell) -> None:
    costs = shell.done("ledger", "costs", "--budget", "5", "--scope", "workload:Tickets", "--hard")["costs"]
    (budget,) = costs["budgets"]
    assert budget["scope"].removeprefix("workload:") in {each["workload"] for each in shell.done("ledger", "advise")["advice"]}
    (told,) = shell.done("ledger", "show")["budgets"]
    assert (told["name"], told["hard"], told["limit_nano"], told["spent_nano"]) == ("Tickets", True, 5 * 10**9, 0)
    assert "Budget for Tickets: USD 0.00 of USD 5.00" in text(shell, "ledger", "show")
    assert shell.done("ledger", "costs", "--budget", "0", "--scope", "workload:Tickets")["costs"]["budgets"] == []


# ---------------------------------------------------------------- whether the books are in order
def test_sums_that_differ_are_told_and_made_anew(shell: Shell) -> None:
    month = shell.done("ledger", "show")
    sound = shell.done("ledger", "check")["check"]
    assert sound["is_sound"] and sound["n_differences"] == 0 and not sound["was_rebuilt"]
    in_store(shell, _spoil)
    assert shell.done("ledger", "check")["check"]["is_sound"] is False
    assert "differ in" in text(shell, "ledger", "check")
    rebuilt = shell.done("ledger", "check", "--rebuild")["check"]
    assert rebuilt == {**sound, "was_rebuilt": True} and shell.done("ledger", "show") == month


def _spoil(store: Any) -> None:
    """As a fault of the disk would."""
    with store.ledger._database.write() as session:
        session.connection().exec_driver_sql("UPDATE ledger_days SET prompt = prompt + 1")


def test_what_a_request_did_cost_is_said_once(shell: Shell) -> None:
    lost = called(cost=None, at_most=7_000_000, cost_source="unknown", workload="chat")
    in_store(shell, lambda store: store.ledger.record(lost))
    month = ("ledger", "show", "--month", str(Month.of(local_day(lost.time))))
    paid = shell.done(*month)["paid"]
    assert (paid["unknown_calls"], paid["unknown_at_most_nano"], paid["nano"]) == (1, 7_000_000, 7_000_000)
    (call,) = shell.done("ledger", "unknown")["unknown"]
    assert (call["id"], call["at_most"], call["at_most_nano_usd"]) == (lost.id, 0.007, 7_000_000)
    for wrong in ("x", f"{lost.id}=x", f"{lost.id}=-1", "=1", f"{lost.id}=1e-12"):
        assert shell.run("ledger", "unknown", "--resolve", wrong).code == 2
    assert "at most USD 0.01" in text(shell, "ledger", "unknown")
    assert shell.done("ledger", "unknown", "--resolve", f"{lost.id}=0.0031") == {"unknown": []}
    paid = shell.done(*month)["paid"]
    assert (paid["unknown_calls"], paid["nano"], paid["calls"]) == (0, 3_100_000, 1)
    assert shell.refused(1, "ledger", "unknown", "--resolve", f"{lost.id}=0.0031")["kind"] == "not_found"
    assert shell.done("ledger", "check")["check"]["is_sound"]


# ---------------------------------------------------------------- workloads and their routes
def test_a_workload_is_described_moved_run_by_its_route_and_moved_back(
    shell: Shell, server: LoopbackProvider, tmp_path: Path
) -> None:
    (advice,) = shell.done("ledger", "describe", "Tickets", "--sensitivity", "public", "--items", "500")["advice"]
    assert (advice["name"], advice["items_per_month"], advice["route"]["kind"]) == ("Tickets", 500, "api")
    assert shell.refused(3, "ledger", "return", "Tickets")["facts"]["reason"] == "not_moved"
    moved = shell.done("ledger", "move", "Tickets", "--to", "local", "--sample", "0")["workload"]
    assert (moved["name"], moved["route"]["kind"], moved["route"]["sample_percent"]) == ("Tickets", "local", 0)
    before = shell.done("ledger", "show")["items"]
    (tmp_path / "one.csv").write_text("prompt\nSay yes\n", encoding="utf-8")
    ran = shell.done("run", "Tickets", "--matter", "Harlow v Brent", "--prompts", tmp_path / "one.csv")
    assert ran["work"] == {"done": 1, "failed": 0, "local": 1, "remote": 0, "spent": 0.0, "spent_nano_usd": 0}
    month = shell.done("ledger", "show")
    assert (month["items"], {each["name"]: each["items"] for each in month["workloads"]}["Tickets"]) == (before + 1, 1)
    assert server.posts == [] and shell.done("ledger", "return", "Tickets")["workload"]["route"]["kind"] == "api"
    assert shell.run("ledger", "move", "Tickets", "--to", "share", "--share", "101").code == 2
    assert shell.refused(1, "ledger", "move", "Nothing", "--to", "local")["kind"] == "not_found"


def test_by_the_api_nothing_leaves_before_exactly_this_was_approved_and_then_once(
    shell: Shell, server: LoopbackProvider, prompts: Path, tmp_path: Path
) -> None:
    route = shell.done("ledger", "move", "Tickets", "--to", "api", "--with", REMOTE)["workload"]["route"]
    assert (route["kind"], route["remote"]) == ("api", REMOTE)
    run = ("run", "Tickets", "--matter", "Harlow v Brent", "--prompts", prompts)
    shown = shell.done(*run)["preview"]
    assert shown["remote"] == 2 and shown["max_cost"] is None and shown["max_cost_nano_usd"] is None
    assert "Harlow" not in json.dumps(shown) and server.posts == []
    for wrong in ("0" * 64, shown["bodies"][0]["sha256"]):
        assert shell.refused(3, *run, "--approve", wrong, "--allow", "compare")["kind"] == "not_approved"
    assert shell.refused(3, *run, "--approve", shown["sha256"])["kind"] == "network_refused" and server.posts == []
    done = shell.done(*run, "--approve", shown["sha256"], "--allow", "compare", "--output", tmp_path / "answers.csv")
    assert (done["work"]["done"], done["work"]["remote"], done["work"]["spent"]) == (2, 2, None), "no price: not known"
    assert [post.body.decode() for post in server.posts] == [each["bytes"] for each in shown["bodies"]]
    assert "YES" in (tmp_path / "answers.csv").read_text(encoding="utf-8")
    assert shell.done("ledger", "show")["paid"]["unknown_calls"] == 2 and shell.done("ledger", "check")["check"]["is_sound"]
    assert {each["at_most"] for each in shell.done("ledger", "unknown")["unknown"]} == {None}
    assert "any amount" in text(shell, "ledger", "unknown")


def test_a_hard_budget_lets_nothing_out(shell: Shell, server: LoopbackProvider, prompts: Path) -> None:
    shell.done("ledger", "move", "Tickets", "--to", "api", "--with", REMOTE)
    shell.done("ledger", "costs", "--budget", "0.000001", "--hard", "--scope", "provider:acme")
    run = ("run", "Tickets", "--matter", "Harlow v Brent", "--prompts", prompts)
    approve = ("--approve", shell.done(*run)["preview"]["sha256"], "--allow", "compare")
    error = shell.refused(3, *run, *approve)
    assert (error["kind"], error["facts"]["reason"], error["facts"]["scope"]) == (
        "budget_reached",
        "price_unknown",
        "provider:acme",
    )
    shell.done("ledger", "prices", "--set", f"{REMOTE}=2,8")
    shown = shell.done(*run)["preview"]
    assert shown["max_cost"] * 1e9 == pytest.approx(shown["max_cost_nano_usd"]) and shown["max_cost_nano_usd"] > 1000
    error = shell.refused(3, *run, "--approve", shown["sha256"], "--allow", "compare")
    assert (error["kind"], error["facts"]["reason"], error["facts"]["limit"]) == ("budget_reached", "reached", 1000)
    assert server.posts == []
    shell.done("ledger", "costs", "--budget", "0", "--scope", "provider:acme")
    spent = shell.done(*run, "--approve", shown["sha256"], "--allow", "compare")["work"]["spent_nano_usd"]
    assert len(server.posts) == 2 and 0 < spent <= shown["max_cost_nano_usd"]


# ---------------------------------------------------------------- figures
@pytest.mark.parametrize(
    ("nano", "shown"),
    [
        (0, "USD 0.00"), (12_345_000_000, "USD 12.34"), (1_234_567_890_000, "USD 1,234.57"), (5_000_001, "USD 0.01"),
        (4_999_999, "USD 0.0050"), (513_360, "USD 0.00051"), (1, "USD 0.000000001"), (-513_360, "USD -0.00051"),
    ],
)  # fmt: skip
def test_little_money_is_not_shown_as_none(nano: int, shown: str) -> None:
    assert money(nano, "USD") == shown
