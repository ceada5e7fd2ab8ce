"""An advice with all that it rests on, ready to show, and what the user says of the workload. QtCore only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from PySide6.QtCore import QCoreApplication, QObject, Signal

from desktop import figures, money, wording
from desktop.viewmodels import typed_figures
from desktop.viewmodels.evaluation_result import Result
from desktop.viewmodels.window_model import EngineBridge
from desktop.viewmodels.work_places import WorkPlaces
from desktop.wordings import evidence, ledger, ledger_advice
from desktop.wordings.words import StatusWords
from engine import events, ledger_intents
from engine.advice_records import Advice, Quality, Reason, Sensitivity, Traits
from engine.compare_records import VoteSetId
from engine.ledger_events import AdviceShown, LedgerRefused
from engine.vote_records import Evaluation, Scorer, Verdict

translate = QCoreApplication.translate
Row = tuple[str, str]
_SCORERS: dict[str, Scorer] = {"votes": "votes", "judge": "judge"}
_NEVER = datetime(1, 1, 2, tzinfo=UTC)
_MOST_ITEMS, _LONGEST_WAIT_S = 10**9, 86_400


@dataclass(frozen=True)
class ReasonRow:
    """A rule that holds: what it asks, what it found ('' where that is said above), its figures, and what it leads to."""

    title: str
    sentence: str
    figures: tuple[Row, ...]
    label: StatusWords
    decides: bool


class EvidenceModel(QObject):
    """`changed` when there is newer advice, or when what was said of the workload was refused."""

    changed = Signal()

    def __init__(self, bridge: EngineBridge, places: WorkPlaces, advice: Advice) -> None:
        super().__init__()
        self._bridge = bridge
        self.places = places
        self.advice = advice
        self.items_problem = ""
        self.wait_problem = ""
        self.problem = ""  # of the last wish, where it belongs to no field
        self._awaits_description = False
        bridge.happened.connect(self._take)

    # ------------------------------------------------------------ the advice
    @property
    def name(self) -> str:
        return ledger.workload(self.advice.workload.id, self.advice.workload.name)

    @property
    def chip(self) -> StatusWords:
        return ledger_advice.chip(self.advice)

    @property
    def sentence(self) -> str:
        return ledger_advice.sentence(self.advice, self.places.currency)

    @property
    def reasons(self) -> tuple[ReasonRow, ...]:
        """All that hold, in the order in which they are asked."""
        return tuple(self._reason(each) for each in self.advice.reasons)

    def _reason(self, reason: Reason) -> ReasonRow:
        """Each is worded as if it decided, without what only concerns the advice as a whole."""
        alone = replace(self.advice, alert="", obstacle="", label=reason.label, reasons=(replace(reason, decides=True),))
        sentence = ledger_advice.sentence(alone, self.places.currency)
        found, label = evidence.of_reason(reason, self.places.currency), ledger_advice.label(reason.label)
        said = "" if sentence == self.sentence else sentence  # it stands above already
        return ReasonRow(evidence.rule(reason.rule), said, found, label, reason.decides)

    # ------------------------------------------------------------ quality
    @property
    def quality(self) -> Quality:
        return self.advice.quality

    @property
    def result(self) -> Result | None:
        """What was compared, as results of runs are shown; None where nothing was."""
        found = self.quality
        if found.table is None or not found.n:
            return None
        verdicts: dict[str, Verdict] = {"reached": "reached", "inferior": "inferior", "failing": "inferior"}
        shown = Evaluation(
            VoteSetId(self.advice.workload.id), found.time or _NEVER, found.local, found.remote,
            _SCORERS.get(found.source, "exact"), found.n, found.table, found.estimate, found.interval, found.test,
            found.p_value, verdicts.get(found.status, "more"), found.n_more, found.test == "agreement",
        )  # fmt: skip
        return Result(shown, self.places.setup.name_of)

    @property
    def quality_words(self) -> str:
        return evidence.source(self.quality)

    @property
    def status_words(self) -> str:
        return evidence.status(self.quality)

    @property
    def form(self) -> tuple[Row, ...]:
        """How many answers keep to the wanted form, where that is asked for."""
        found = (("valid_local", self.quality.valid_local), ("valid_remote", self.quality.valid_remote))
        return evidence.of_reason(Reason("inferior", "stay", False, found), self.places.currency)

    @property
    def test_details(self) -> tuple[Row, ...]:
        return evidence.test_details(self.quality, self.places.ledger.thresholds)

    # ------------------------------------------------------------ money, room and time
    @property
    def money(self) -> tuple[Row, ...]:
        facts, currency = self.advice.facts, self.places.currency
        rows = [
            (self.tr("The API a month, at least"), self._amount(facts.api_cost)),
            (self.tr("This computer a month, at most"), self._amount(facts.local_cost)),
        ]
        saving = self.advice.saving
        if saving is not None:
            low, high = (money.converted(end, currency) for end in (saving.low, saving.high))
            rows.append((self.tr("Saving a month"), money.span(low, high, currency)))
        for reason in self.advice.reasons:
            months = dict(reason.facts).get("payback_thousandths")
            if months is not None:
                rows.append((self.tr("Pays for the computer in"), evidence.payback(int(months))))
        if self.advice.test_cost is not None and self.quality.n_more:
            title = self.tr("{n} more prompts at the API, about").format(n=figures.number(self.quality.n_more))
            rows.append((title, self._amount(self.advice.test_cost)))
        return tuple(rows)

    def _amount(self, nano_usd: int | None) -> str:
        currency = self.places.currency
        return money.known(None if nano_usd is None else money.converted(nano_usd, currency), currency)

    @property
    def money_note(self) -> str:
        """What this computer's figure is made of, and by which rate another currency is shown."""
        words = self.tr("This computer: electricity at its high end, and the share of its price.")
        if self.places.currency.code == "USD":
            return words
        rate = self.tr("Prices are in US dollars and shown in {code} by the rate that you entered.")
        return f"{words} {rate.format(code=self.places.currency.code)}"

    @property
    def room(self) -> tuple[Row, ...]:
        """How much work there is against what this computer can do, and how long prompts and waits are."""
        facts = self.advice.facts
        planned = self.tr("as you said") if facts.is_planned else self.tr("as counted in 30 days")
        items = self.tr("{n}, {how}").format(n=figures.number(facts.n_items), how=planned)
        wait = evidence.not_known() if facts.wait_95_ms is None else figures.seconds(facts.wait_95_ms / 1000)
        return (
            (self.tr("Items a month"), items),
            (self.tr("Most that this computer can do"), _known(facts.most_items)),
            (self.tr("Tokens of a long prompt"), _known(facts.prompt_95)),
            (self.tr("Room of the local model, in tokens"), _known(facts.n_ctx)),
            (self.tr("A long wait for an answer"), wait),
        )

    @property
    def room_note(self) -> str:
        return self.tr("Long: 95 of 100 are shorter.")

    # ------------------------------------------------------------ what the user says
    @property
    def traits(self) -> Traits:
        return self.advice.workload.traits

    @property
    def items_text(self) -> str:
        n = self.traits.monthly_items
        return "" if n is None else typed_figures.written(n)

    @property
    def wait_text(self) -> str:
        wait = self.traits.longest_wait_s
        return "" if wait is None else typed_figures.written(wait)

    def set_sensitivity(self, sensitivity: Sensitivity) -> None:
        self._describe(replace(self.traits, sensitivity=sensitivity))

    def set_reasoning(self, is_reasoning: bool) -> None:
        self._describe(replace(self.traits, is_reasoning=is_reasoning))

    def set_items(self, text: str) -> None:
        """Nothing: as many as were counted."""
        n, self.items_problem = _typed(text, _MOST_ITEMS)
        self._keep(replace(self.traits, monthly_items=n), self.items_problem)

    def set_wait(self, text: str) -> None:
        """Nothing: any wait will do."""
        n, self.wait_problem = _typed(text, _LONGEST_WAIT_S)
        self._keep(replace(self.traits, longest_wait_s=n), self.wait_problem)

    def _keep(self, traits: Traits, problem: str) -> None:
        if problem:
            self.changed.emit()
        else:
            self._describe(traits)

    def _describe(self, traits: Traits) -> None:
        if traits == self.traits:
            self.changed.emit()
            return
        self.problem, self._awaits_description = "", True
        self._bridge.submit(ledger_intents.DescribeWorkload(self.advice.workload.id, traits))

    # ------------------------------------------------------------ happenings
    def _take(self, event: events.Event) -> None:
        match event:
            case AdviceShown():
                found = next((each for each in event.advice if each.workload.id == self.advice.workload.id), None)
                if found is not None:
                    self.advice = found
                self.changed.emit()
            case LedgerRefused() if event.wish == "DescribeWorkload" and self._awaits_description:
                self._awaits_description = False
                words = wording.words_for(event.error)
                self.problem = f"{words.happened} {words.kept}"
                self.changed.emit()


def _typed(text: str, most: int) -> tuple[int | None, str]:
    """A whole number from 0 to `most`, None for nothing, and what is wrong with anything else."""
    if not text.strip():
        return None, ""
    n = typed_figures.whole(text)
    if n is None or not 0 <= n <= most:
        words = translate("evidence", "Type a whole number up to {most}, or nothing.")
        return None, words.format(most=figures.number(most))
    return n, ""


def _known(n: int | None) -> str:
    return evidence.not_known() if n is None else figures.number(n)
