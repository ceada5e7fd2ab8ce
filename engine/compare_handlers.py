"""Which owner takes which wish about comparing, remote models and votes. One short function each; the work is done elsewhere."""

from __future__ import annotations

import asyncio

from engine.compare_events import ComparisonsExported, ProviderChecked
from engine.compare_intents import (
    CastVote,
    CheckProvider,
    CloseComparison,
    CreateVoteSet,
    DeleteComparison,
    DeleteVoteSet,
    ExportComparisons,
    ForgetKey,
    ImportPrompts,
    JudgeSet,
    KeepKey,
    KeepProvider,
    ListComparisons,
    ListPrompts,
    ListProviders,
    ListVoteSets,
    MarkConfidential,
    OpenComparison,
    PrepareComparison,
    PrepareEvaluation,
    RemoveProvider,
    RenameVoteSet,
    ReviseHidden,
    RunEvaluation,
    SendComparison,
    ShowEvaluations,
    ShowTally,
    StopEvaluation,
    StopPane,
    TakePrompts,
    TryPaneAgain,
)
from engine.errors import StrongroomError
from engine.handlers import HANDLERS, handles, publish_matters
from engine.session import Session
from engine.work.comparison_export import written
from engine.work.export import write_file
from engine.work.faults import translated

__all__ = ["HANDLERS"]


# ---------------------------------------------------------------- remote models
@handles(ListProviders)
async def list_providers(session: Session, _: ListProviders) -> None:
    await session.compare.remote.publish_list()


@handles(KeepProvider)
async def keep_provider(session: Session, wish: KeepProvider) -> None:
    await session.compare.remote.keep(wish.provider)
    await session.compare.remote.publish_list()


@handles(RemoveProvider)
async def remove_provider(session: Session, wish: RemoveProvider) -> None:
    try:
        await session.compare.remote.remove(wish.provider)
    finally:  # it is gone also where a locked keyring goes on holding its key
        await session.compare.remote.publish_list()


@handles(KeepKey)
async def keep_key(session: Session, wish: KeepKey) -> None:
    await session.compare.remote.keep_key(wish.provider, wish.key)
    await session.compare.remote.publish_list()


@handles(ForgetKey)
async def forget_key(session: Session, wish: ForgetKey) -> None:
    try:
        await session.compare.remote.forget_key(wish.provider)
    finally:  # one that was kept in memory is forgotten whatever the keyring says
        await session.compare.remote.publish_list()


@handles(CheckProvider)
async def check_provider(session: Session, wish: CheckProvider) -> None:
    try:
        with translated("check a provider"):
            check = await session.compare.remote.check(wish.provider)
    except StrongroomError as error:
        session.publish(ProviderChecked(wish.request, wish.provider, error=error))
    else:
        session.publish(ProviderChecked(wish.request, wish.provider, check))


@handles(MarkConfidential)
async def mark_confidential(session: Session, wish: MarkConfidential) -> None:
    await session.access.write(lambda store: store.matters.set_confidential(wish.matter, wish.is_confidential))
    if wish.is_confidential:
        session.compare.stop_sending(wish.matter)
    await publish_matters(session)


# ---------------------------------------------------------------- comparing
@handles(PrepareComparison)
async def prepare_comparison(session: Session, wish: PrepareComparison) -> None:
    await session.compare.comparing.prepare(wish)
    if wish.matter is None:
        await publish_matters(session)


@handles(ReviseHidden)
async def revise_hidden(session: Session, wish: ReviseHidden) -> None:
    await session.compare.comparing.revise(wish)


@handles(SendComparison)
async def send_comparison(session: Session, wish: SendComparison) -> None:
    await session.compare.comparing.send(wish)


@handles(StopPane)
async def stop_pane(session: Session, wish: StopPane) -> None:
    session.compare.comparing.stop(wish.request, wish.pane)


@handles(TryPaneAgain)
async def try_pane_again(session: Session, wish: TryPaneAgain) -> None:
    await session.compare.comparing.try_again(wish)


@handles(CloseComparison)
async def close_comparison(session: Session, wish: CloseComparison) -> None:
    await session.compare.comparing.leave(wish.request)


@handles(ListComparisons)
async def list_comparisons(session: Session, wish: ListComparisons) -> None:
    await session.compare.comparing.publish_list(wish.matter)


@handles(OpenComparison)
async def open_comparison(session: Session, wish: OpenComparison) -> None:
    await session.compare.comparing.show(wish.matter, wish.comparison)


@handles(DeleteComparison)
async def delete_comparison(session: Session, wish: DeleteComparison) -> None:
    await session.compare.comparing.delete(wish.matter, wish.comparison)


@handles(ExportComparisons)
async def export_comparisons(session: Session, wish: ExportComparisons) -> None:
    text = await session.access.read(lambda store: written(store, wish.matter, wish.vote_set, wish.file.suffix))
    await asyncio.to_thread(write_file, wish.file, text)
    session.publish(ComparisonsExported(wish.file))


# ---------------------------------------------------------------- votes and sets
@handles(CastVote)
async def cast_vote(session: Session, wish: CastVote) -> None:
    await session.compare.votes.vote(wish)


@handles(ListVoteSets)
async def list_vote_sets(session: Session, wish: ListVoteSets) -> None:
    await session.compare.votes.publish_list(wish.matter)


@handles(CreateVoteSet)
async def create_vote_set(session: Session, wish: CreateVoteSet) -> None:
    await session.compare.votes.create(wish)


@handles(RenameVoteSet)
async def rename_vote_set(session: Session, wish: RenameVoteSet) -> None:
    await session.compare.votes.rename(wish)


@handles(DeleteVoteSet)
async def delete_vote_set(session: Session, wish: DeleteVoteSet) -> None:
    await session.compare.votes.delete(wish)


@handles(ShowTally)
async def show_tally(session: Session, wish: ShowTally) -> None:
    await session.compare.votes.publish_tally(wish.set)


@handles(ImportPrompts)
async def import_prompts(session: Session, wish: ImportPrompts) -> None:
    await session.compare.prompts.import_file(wish)


@handles(TakePrompts)
async def take_prompts(session: Session, wish: TakePrompts) -> None:
    await session.compare.prompts.take(wish)


@handles(ListPrompts)
async def list_prompts(session: Session, wish: ListPrompts) -> None:
    await session.compare.prompts.publish_list(wish.matter, wish.set)


@handles(PrepareEvaluation)
async def prepare_evaluation(session: Session, wish: PrepareEvaluation) -> None:
    await session.compare.evaluating.prepare(wish)


@handles(RunEvaluation)
async def run_evaluation(session: Session, wish: RunEvaluation) -> None:
    await session.compare.evaluating.run(wish)


@handles(StopEvaluation)
async def stop_evaluation(session: Session, wish: StopEvaluation) -> None:
    session.compare.evaluating.stop(wish.request)
    session.compare.routed.stop(wish.request)
    session.compare.judging.stop(wish.request)


@handles(JudgeSet)
async def judge_set(session: Session, wish: JudgeSet) -> None:
    await session.compare.judging.judge(wish)


@handles(ShowEvaluations)
async def show_evaluations(session: Session, wish: ShowEvaluations) -> None:
    await session.compare.evaluating.publish_list(wish.set)
