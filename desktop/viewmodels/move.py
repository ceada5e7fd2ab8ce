"""Moving one workload: the route that is chosen, what keeps it from being taken, and what came of the wish. QtCore only.

Nothing is sent or answered by a move; it says where the next runs of the workload go.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from desktop import wording
from desktop.viewmodels.window_model import EngineBridge
from desktop.viewmodels.work_places import WorkPlaces
from desktop.wordings import ledger, moves, routes
from desktop.wordings.words import Words
from engine import events, ledger_intents
from engine.advice_records import Advice, Obstacle, Route, RouteKind
from engine.compare_records import LocalChoice, PaneChoice, RemoteChoice
from engine.ledger_events import AdviceShown, LedgerRefused

#: Per cent that can be chosen in steps.
SHARES = (1, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 99)
SAMPLES = (0, 1, 2, 3, 5, 10, 20, 50, 100)


class MoveModel(QObject):
    """`changed` after a choice or news; `moved` with a line to be told, when it runs elsewhere from now on."""

    changed = Signal()
    moved = Signal(str)

    def __init__(self, bridge: EngineBridge, places: WorkPlaces, advice: Advice) -> None:
        super().__init__()
        self._bridge = bridge
        self.places = places
        self.advice = advice
        self.problem: Words | None = None
        self._awaited: Route | None = None  # what was wished for and not answered yet
        self.route = self._proposed()
        bridge.happened.connect(self._take)
        places.changed.connect(self._learn)

    def _learn(self) -> None:
        """Which remote models there are may come after the sheet was opened."""
        if self.route.remote is None and self._remotes:
            self.route = replace(self.route, remote=self._remotes[0])
        self.changed.emit()

    def _proposed(self) -> Route:
        """What is advised: back where it has got worse, here where it is as good, and to compare where nobody knows."""
        now = self.advice.workload.route
        if self.advice.alert and self.advice.previous is not None:
            return replace(self.advice.previous, since=None)
        kinds: dict[str, RouteKind] = {"migrate": "local", "test_more": "shadow", "stay": now.kind}
        kind = kinds[self.advice.label] if now.kind in ("api", "shadow") else now.kind
        share = now.share_percent if 0 < now.share_percent < 100 else 20
        route = replace(now, kind=kind, share_percent=share, since=None)
        return route if route.remote or not self._remotes else replace(route, remote=self._remotes[0])

    @property
    def _remotes(self) -> list[RemoteChoice]:
        found = [each for provider in self.places.providers for each in self.places.remote(provider) if not each.why_not]
        return [each.choice for each in found if isinstance(each.choice, RemoteChoice)]

    # ------------------------------------------------------------ choosing
    def choose_kind(self, kind: RouteKind) -> None:
        self._choose(kind=kind)

    def choose_local(self, choice: PaneChoice | None) -> None:
        """A model of this computer; None is the one that is chosen in the settings, whichever that is."""
        self._choose(local=choice.model if isinstance(choice, LocalChoice) else None)

    def choose_remote(self, choice: PaneChoice) -> None:
        if isinstance(choice, RemoteChoice):
            self._choose(remote=choice)

    def step_share(self, direction: int) -> None:
        self._choose(share_percent=stepped(self.route.share_percent, SHARES, direction))

    def step_sample(self, direction: int) -> None:
        self._choose(sample_percent=stepped(self.route.sample_percent, SAMPLES, direction))

    def _choose(self, **changes: object) -> None:
        self.route = replace(self.route, **changes)  # type: ignore[arg-type]
        self.problem = None
        self.changed.emit()

    # ------------------------------------------------------------ ready to show
    @property
    def name(self) -> str:
        return ledger.workload(self.advice.workload.id, self.advice.workload.name)

    @property
    def now_words(self) -> str:
        """Where it runs now."""
        return self.tr("Now: {summary}").format(summary=self.summary(self.advice.workload.route))

    def summary(self, route: Route) -> str:
        return routes.summary(route, self._names(route))

    def _names(self, route: Route) -> routes.Names:
        provider = self.places.provider(route.remote)
        host = provider.host if provider else ""
        return routes.Names(self.places.local_name(route.local), self.places.remote_name(route.remote), host)

    @property
    def needs_local(self) -> bool:
        return self.route.kind != "api"

    @property
    def takes_samples(self) -> bool:
        """Whether something of what is answered here can be put to the remote model as well."""
        return self.route.kind in ("share", "local") and self.advice.workload.traits.sensitivity != "confidential"

    @property
    def needs_remote(self) -> bool:
        return self.route.kind != "local"

    @property
    def sample_words(self) -> str:
        return moves.sample(self.advice, self.route, self.places.ledger.thresholds.least_sample, self.places.currency)

    @property
    def steps(self) -> tuple[str, ...]:
        """What happens after the move."""
        return moves.next_steps(self.route, self.places.ledger.thresholds.watch_days)

    @property
    def obstacle(self) -> Obstacle:
        """What keeps this route from being taken now; a route that it has already is never in the way."""
        workload, route = self.advice.workload, self.route
        if workload.is_fixed:
            return "fixed"
        if workload.traits.sensitivity == "confidential" and route.kind != "local":
            return "confidential"
        if self.needs_local and not self.places.has_local(route.local):
            return "no_local_model"
        if self.needs_remote and self.places.provider(route.remote) is None:
            return "no_remote_model"
        is_towards_here = _here(route) > _here(workload.route)
        return "one_at_a_time" if is_towards_here and self.advice.obstacle == "one_at_a_time" else ""

    @property
    def obstacle_words(self) -> str:
        return moves.obstacle(self.advice, self.obstacle)

    @property
    def is_same(self) -> bool:
        """Whether it runs like this already."""
        return _plain(self.route) == _plain(self.advice.workload.route)

    @property
    def is_back(self) -> bool:
        """Whether what is chosen is where it ran before, so that the move is a return."""
        before = self.advice.previous
        return before is not None and not self.is_same and _plain(self.route) == _plain(before)

    @property
    def is_moving(self) -> bool:
        return self._awaited is not None

    @property
    def why_not_move(self) -> str:
        """Why the move cannot be made now; empty if it can."""
        if self.is_moving:
            return self.tr("It is being moved")
        if self.is_same:
            return self.tr("It runs like this already")
        return self.why_not_return if self.is_back else self.obstacle_words

    @property
    def why_not_return(self) -> str:
        """Why it cannot be returned; going back is never held up but by what may not leave."""
        before = self.advice.previous
        if self.is_moving:
            return self.tr("It is being moved")
        if before is not None and before.kind != "local" and self.advice.workload.traits.sensitivity == "confidential":
            return moves.obstacle(self.advice, "confidential")
        return ""

    # ------------------------------------------------------------ wishes
    def move(self) -> None:
        """Take the route that is chosen."""
        if self.is_back:
            self.give_back()
        elif not self.why_not_move:
            route = _plain(self.route)
            self._wish(ledger_intents.MoveWorkload(self.advice.workload.id, route), route)

    def give_back(self) -> None:
        """Run it again where it ran before its last move."""
        if self.advice.previous is not None and not self.why_not_return:
            self._wish(ledger_intents.ReturnWorkload(self.advice.workload.id), self.advice.previous)

    def _wish(self, wish: ledger_intents.MoveWorkload | ledger_intents.ReturnWorkload, route: Route) -> None:
        self._awaited, self.problem = route, None
        self._bridge.submit(wish)
        self.changed.emit()

    # ------------------------------------------------------------ happenings
    def _take(self, event: events.Event) -> None:
        match event:
            case AdviceShown():
                self._take_advice(event.advice)
            case LedgerRefused() if event.wish in ("MoveWorkload", "ReturnWorkload") and self._awaited is not None:
                self._awaited, self.problem = None, wording.words_for(event.error)
                self.changed.emit()

    def _take_advice(self, advice: tuple[Advice, ...]) -> None:
        """Advice may have been on its way before the move was made: only the new route says that it was."""
        found = next((each for each in advice if each.workload.id == self.advice.workload.id), None)
        if found is None:
            return
        self.advice = found
        if self._awaited is not None and _plain(found.workload.route) == _plain(self._awaited):
            route, self._awaited = found.workload.route, None
            self.moved.emit(moves.moved(self.name, route, self._names(route)))
        self.changed.emit()


def stepped(value: int, ladder: tuple[int, ...], direction: int) -> int:
    """The next step up or down from a value, which need not be a step itself; an end stays."""
    if direction > 0:
        return next((step for step in ladder if step > value), value)
    return next((step for step in reversed(ladder) if step < value), value)


def _plain(route: Route) -> Route:
    """Without what says nothing of where it leads: since when, and a share that is none."""
    return replace(route, since=None, share_percent=route.share_percent if route.kind == "share" else 100)


def _here(route: Route) -> int:
    return {"api": 0, "shadow": 0, "share": route.share_percent, "local": 100}[route.kind]
