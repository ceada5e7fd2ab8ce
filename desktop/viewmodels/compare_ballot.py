"""Whether a comparison can be judged now, and the vote that a judgement becomes. Pure: a comparison in, a wish out."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop.viewmodels.compare_run import ComparisonRun
from engine.compare_intents import CastVote
from engine.compare_records import MIN_PANES
from engine.vote_records import Judgement, VoteSet

translate = QCoreApplication.translate


def why_not_vote(run: ComparisonRun | None, vote_set: VoteSet | None) -> str:
    """Why no judgement can be given now; empty if one can."""
    if run is None or not run.is_done:
        return translate("ballot", "Wait until every answer is finished")
    if len(run.panes) < MIN_PANES:
        return translate("ballot", "There is only one answer here, so there is nothing to compare it with")
    if not run.can_be_judged:
        return translate("ballot", "A vote compares finished answers. Try the others again, or compare without them")
    if run.is_blind and run.choice is not None and not run.was_revealed:
        return translate("ballot", "You have seen the names since, so this vote stands")
    if run.was_judged:
        return translate("ballot", "You judged this earlier, and that vote stands")
    if vote_set is None:
        return translate("ballot", "Choose a vote set first, at the top right")
    if run.comparison is None or run.matter is None:
        return translate("ballot", "This comparison is not kept yet")
    return ""


def vote_of(run: ComparisonRun, vote_set: VoteSet, judgement: Judgement, best: int | None, *, recognised: bool) -> CastVote:
    """The vote, with the order in which the answers stood; `best` is a pane's number. Ask `why_not_vote` first."""
    assert run.matter is not None and run.comparison is not None
    is_blind = run.names_hidden
    return CastVote(
        run.matter, run.comparison, vote_set.id, judgement, best, run.order, is_blind, recognised=is_blind and recognised
    )
