"""Pictures of the sheets about vote sets, of a run over the Compare screen, and of results, to be looked at beside the design.

Run it on a display: python -m tests.desktop.vote_pictures FOLDER [SCENE …]
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.main_window import MainWindow
from desktop.theme import Theme
from desktop.views.consent_sheet import ConsentSheet
from desktop.views.prompts_sheet import PromptsSheet
from desktop.views.results_sheet import ResultsSheet
from desktop.views.run_set_sheet import RunSetSheet
from desktop.views.vote_gestures import VoteGestures
from desktop.views.vote_set_sheet import VoteSetSheet
from desktop.widgets.sheet import Sheet
from engine import compare_events as happened
from engine import compare_intents as wishes
from engine import events
from engine.errors import KeyRefused, PromptsUnfit
from engine.records import ModelId
from engine.settings import Settings
from engine.vote_records import Evaluation
from tests.desktop import compare_samples as samples
from tests.desktop import vote_samples as votes
from tests.desktop.recording import NOW, RecordingBridge, models

Scene = Callable[[VoteGestures, RecordingBridge], object]


def sheet(gestures: VoteGestures, kind: type[Sheet]) -> Sheet:
    QApplication.processEvents()
    return next(one for one in gestures._over.findChildren(kind) if not one.isHidden())


def choose(gestures: VoteGestures, bridge: RecordingBridge, n: int = 120, *, with_expected: bool = True) -> None:
    gestures._view.model.votes.choose(votes.LABELS)
    listed = happened.PromptsListed(samples.GRIEVANCE.id, votes.LABELS, votes.prompts(n, with_expected=with_expected))
    bridge.send(listed)


# ---------------------------------------------------------------- sets and prompts
def new_set(gestures: VoteGestures, _bridge: RecordingBridge) -> None:
    gestures.create()


def name_taken(gestures: VoteGestures, _bridge: RecordingBridge) -> None:
    gestures.create()
    opened = sheet(gestures, VoteSetSheet)
    assert isinstance(opened, VoteSetSheet)
    opened.field.setText("letter labels")


def delete(gestures: VoteGestures, _bridge: RecordingBridge) -> None:
    gestures._view.model.votes.choose(samples.SUMMARIES)
    gestures.delete()


def no_prompts(gestures: VoteGestures, bridge: RecordingBridge) -> None:
    choose(gestures, bridge, 0)
    gestures.show_prompts()


def prompts(gestures: VoteGestures, bridge: RecordingBridge) -> None:
    choose(gestures, bridge)
    gestures.show_prompts()
    opened = sheet(gestures, PromptsSheet)
    assert isinstance(opened, PromptsSheet)
    opened.table.selectRow(2)


def filled(gestures: VoteGestures, bridge: RecordingBridge) -> None:
    choose(gestures, bridge, 20)
    gestures.show_prompts()
    gestures.sets.import_files([Path("Letters 2025.csv")])
    bridge.send(happened.PromptsListed(samples.GRIEVANCE.id, votes.LABELS, votes.prompts(), 3))


def unfit(gestures: VoteGestures, bridge: RecordingBridge) -> None:
    choose(gestures, bridge, 0)
    gestures.show_prompts()
    gestures.sets.import_files([Path("Letters 2025.csv")])
    bridge.send(events.Trouble(PromptsUnfit("Letters 2025.csv", "no_such_column", "It has: letter, office.")))


# ---------------------------------------------------------------- runs
def run(gestures: VoteGestures, bridge: RecordingBridge) -> None:
    choose(gestures, bridge)
    gestures.choose_run()


def run_without_answers(gestures: VoteGestures, bridge: RecordingBridge) -> None:
    choose(gestures, bridge, with_expected=False)
    gestures.choose_run()
    opened = sheet(gestures, RunSetSheet)
    assert isinstance(opened, RunSetSheet)
    opened.scorers.options["exact"].click()


def run_without_key(gestures: VoteGestures, bridge: RecordingBridge) -> None:
    bridge.send(happened.ProvidersListed(samples.providers("none"), ()))
    run(gestures, bridge)


def preparing(gestures: VoteGestures, bridge: RecordingBridge) -> None:
    run(gestures, bridge)
    gestures.run.prepare()


def consent(gestures: VoteGestures, bridge: RecordingBridge) -> None:
    preparing(gestures, bridge)
    bridge.send(votes.prepared(bridge.wished(wishes.PrepareEvaluation)[-1]))


def approve(gestures: VoteGestures) -> None:
    opened = sheet(gestures, ConsentSheet)
    assert isinstance(opened, ConsentSheet)
    opened.agree.click()
    opened.send.click()


def running(gestures: VoteGestures, bridge: RecordingBridge) -> None:
    consent(gestures, bridge)
    approve(gestures)
    request = bridge.wished(wishes.PrepareEvaluation)[-1].request
    bridge.send(happened.EvaluationProgress(request, 34, 120, 2, 42_000_000))


def finished(gestures: VoteGestures, bridge: RecordingBridge) -> None:
    running(gestures, bridge)
    request = bridge.wished(wishes.PrepareEvaluation)[-1].request
    bridge.send(happened.EvaluationFinished(request, votes.evaluation()))


def finished_for_votes(gestures: VoteGestures, bridge: RecordingBridge) -> None:
    run(gestures, bridge)
    gestures.run.choose_scorer("votes")
    gestures.run.prepare()
    wish = bridge.wished(wishes.PrepareEvaluation)[-1]
    bridge.send(votes.prepared(wish))
    approve(gestures)
    bridge.send(happened.EvaluationProgress(wish.request, 120, 120, 2, None))
    bridge.send(happened.EvaluationFinished(wish.request, votes.voted_later()))


def failed(gestures: VoteGestures, bridge: RecordingBridge) -> None:
    running(gestures, bridge)
    request = bridge.wished(wishes.PrepareEvaluation)[-1].request
    bridge.send(happened.EvaluationFailed(request, KeyRefused("OpenAI", "api.openai.com", 401)))


# ---------------------------------------------------------------- results
def show(gestures: VoteGestures, bridge: RecordingBridge, *found: Evaluation) -> ResultsSheet:
    choose(gestures, bridge)
    bridge.send(happened.EvaluationsListed(votes.LABELS, found))
    bridge.send(events.ModelsListed((*models(), replace(models()[0], id=ModelId("g4"), name="Gemma 3 4B"))))
    gestures.show_results()
    opened = sheet(gestures, ResultsSheet)
    assert isinstance(opened, ResultsSheet)
    bridge.send(happened.EvaluationsListed(votes.LABELS, found))
    return opened


def reached(gestures: VoteGestures, bridge: RecordingBridge) -> None:
    older = votes.not_settled(time=NOW - timedelta(days=9))
    opened = show(gestures, bridge, votes.evaluation(), older)
    assert opened.result is not None
    opened.result.fold.click()


def judged(gestures: VoteGestures, bridge: RecordingBridge) -> None:
    show(gestures, bridge, votes.judged())
    bridge.send(happened.ComparisonsListed(samples.GRIEVANCE.id, votes.pairs(14, votes.LABELS)))
    bridge.send(happened.Tallied(replace(samples.tally(), set=votes.LABELS, n_equal=5, n_none=2)))


def judging(gestures: VoteGestures, bridge: RecordingBridge) -> None:
    opened = show(gestures, bridge, votes.agreement())
    bridge.send(happened.ComparisonsListed(samples.GRIEVANCE.id, votes.pairs(14, votes.LABELS)))
    gestures.judging.start()
    request = bridge.wished(wishes.JudgeSet)[-1].request
    bridge.send(happened.EvaluationProgress(request, 12, 60))
    QTest.qWait(60)
    opened._scroll.verticalScrollBar().setValue(10_000)


SCENES: dict[str, Scene] = {
    "new-set": new_set,
    "name-taken": name_taken,
    "delete": delete,
    "no-prompts": no_prompts,
    "prompts": prompts,
    "filled": filled,
    "unfit": unfit,
    "run": run,
    "run-without-answers": run_without_answers,
    "run-without-key": run_without_key,
    "preparing": preparing,
    "consent": consent,
    "running": running,
    "finished": finished,
    "finished-for-votes": finished_for_votes,
    "failed": failed,
    "reached": reached,
    "not-settled": lambda gestures, bridge: show(gestures, bridge, votes.not_settled()),
    "agreement": lambda gestures, bridge: show(gestures, bridge, votes.agreement()),
    "for-votes": lambda gestures, bridge: show(gestures, bridge, votes.voted_later()),
    "judged": judged,
    "judging": judging,
    "no-results": lambda gestures, bridge: show(gestures, bridge),
}
SIZES = {"wide": (1440, 900, 100), "small": (1024, 640, 100), "large-text": (1440, 900, 150), "largest-text": (1024, 640, 200)}


def main(folder: Path, scenes: list[str]) -> None:
    """Write one picture for each scene, size and theme."""
    application = QApplication([])
    folder.mkdir(parents=True, exist_ok=True)
    theme = Theme(application, "light")
    for size, (width, height, text_size) in SIZES.items():
        for name in ("light", "dark"):
            for scene in scenes or SCENES:
                bridge = RecordingBridge()
                window = MainWindow(bridge, theme)
                window.resize(width, height)
                window.show()
                settings = Settings(theme=name, text_size=text_size, first_run_done=True)  # type: ignore[arg-type]
                bridge.send(*samples.a_day_of_comparing(), happened.VoteSetsListed(votes.vote_sets()))
                bridge.send(events.SettingsChanged(settings))
                window.show_screen("compare")
                QApplication.processEvents()
                gestures = window.compare.findChild(VoteGestures)
                SCENES[scene](gestures, bridge)
                QTest.qWait(150)
                window.grab().save(str(folder / f"{scene}-{size}-{name}.png"))
                window.close()
                window.deleteLater()
                QTest.qWait(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
