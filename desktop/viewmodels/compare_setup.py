"""Who is asked next: the models that could answer, and those chosen for two to four panes.

Pure state: records in, choices out. A model of a provider is remote, also where the provider is the user's own server.
Knows no bridge and no widgets.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from desktop.viewmodels.compare_pane import key_of
from engine.compare_records import MAX_PANES, MIN_PANES, LocalChoice, PaneChoice, RemoteChoice
from engine.provider_records import Provider
from engine.records import Model, ModelId

translate = QCoreApplication.translate


@dataclass(frozen=True)
class Candidate:
    """A model that could be asked. `host` is '' on this computer; `why_not` says why it cannot be chosen now."""

    choice: PaneChoice
    name: str
    by: str = ""
    host: str = ""
    why_not: str = ""

    @property
    def is_remote(self) -> bool:
        return isinstance(self.choice, RemoteChoice)


class CompareSetup:
    """`panes` holds what is chosen for each pane from the left; None where nothing is yet."""

    def __init__(self) -> None:
        self._models: tuple[Model, ...] = ()
        self._in_use: ModelId | None = None
        self.providers: tuple[Provider, ...] = ()
        self.is_confidential = False
        self._chosen: list[PaneChoice | None] = [None] * MAX_PANES
        self._by_hand: set[int] = set()
        self.n_panes = MIN_PANES
        self.knows_models = False  # until the engine has looked

    # ------------------------------------------------------------ what there is
    @property
    def local(self) -> list[Candidate]:
        """Models of this computer that can answer, the one in use first."""
        usable = [model for model in self._models if model.purpose != "embedding" and model.problem is None]
        usable.sort(key=lambda model: model.id != self._in_use)
        return [Candidate(LocalChoice(model.id), model.name) for model in usable]

    def remote(self, provider: Provider) -> list[Candidate]:
        """What a provider offers, with the reason where it cannot be asked."""
        why_not = self._why_not(provider)
        return [
            Candidate(RemoteChoice(provider.id, model), model, provider.name, provider.host, why_not) for model in provider.models
        ]

    def _why_not(self, provider: Provider) -> str:
        if self.is_confidential:
            return translate("compare", "This matter is marked as confidential: nothing of it leaves this computer")
        if provider.needs_key and provider.key == "none":
            return translate("compare", "Add an API key of {provider} first").format(provider=provider.name)
        return ""

    @property
    def candidates(self) -> list[Candidate]:
        return [*self.local, *(each for provider in self.providers for each in self.remote(provider))]

    @property
    def can_ask_remote(self) -> bool:
        """Whether a model on another computer could be asked at all."""
        return any(each.is_remote and not each.why_not for each in self.candidates)

    def candidate(self, choice: PaneChoice | None) -> Candidate | None:
        return next((each for each in self.candidates if each.choice == choice), None)

    def name_of(self, key: str) -> str:
        """The name of a model by its name in votes; a model that is gone keeps what its key says of it."""
        found = next((each.name for each in self.candidates if key_of(each.choice) == key), "")
        return found or key.removeprefix("local:").partition("/")[2] or key.removeprefix("local:")

    # ------------------------------------------------------------ choosing
    @property
    def panes(self) -> list[Candidate | None]:
        return [self.candidate(choice) for choice in self._chosen[: self.n_panes]]

    def choose(self, pane: int, choice: PaneChoice) -> None:
        """Choose for one pane; what the others show stays too from then on."""
        self._chosen[pane] = choice
        self._by_hand |= {at for at in range(self.n_panes) if self._chosen[at] is not None}
        self._settle()

    def set_number(self, n: int) -> None:
        """Ask this many models at once."""
        self.n_panes = max(MIN_PANES, min(MAX_PANES, n))
        self._settle()

    @property
    def has_remote(self) -> bool:
        return any(each is not None and each.is_remote for each in self.panes)

    @property
    def why_not_compare(self) -> str:
        """Why these models cannot be compared; empty if they can."""
        chosen = self.panes
        if any(each is None for each in chosen):
            return translate("compare", "Choose a model for every answer first")
        for each in chosen:
            if each is not None and each.why_not:
                return each.why_not
        if len({key_of(each.choice) for each in chosen if each is not None}) < len(chosen):
            return translate("compare", "Choose different models: two answers come from the same one")
        return ""

    # ------------------------------------------------------------ happenings
    def show_models(self, models: Iterable[Model]) -> None:
        self._models, self.knows_models = tuple(models), True
        self._settle()

    def show_in_use(self, model: ModelId | None) -> None:
        if model != self._in_use:
            self._in_use = model
            self._settle()

    def show_providers(self, providers: Iterable[Provider]) -> None:
        self.providers = tuple(providers)
        self._settle()

    def show_confidential(self, is_confidential: bool) -> None:
        if is_confidential != self.is_confidential:
            self.is_confidential = is_confidential
            self._settle()

    def _settle(self) -> None:
        """Keep what was chosen by hand while it is there; fill the rest with a local model, then remote ones, then others."""
        there = self.candidates
        known = {key_of(each.choice) for each in there}
        for pane, choice in enumerate(self._chosen):
            if choice is not None and key_of(choice) not in known:
                self._chosen[pane] = None
                self._by_hand.discard(pane)
        taken = [self._chosen[pane] for pane in self._by_hand if pane < self.n_panes]
        for pane in range(self.n_panes):
            if pane not in self._by_hand:
                self._chosen[pane] = _next(there, taken, wants_local=pane == 0)
                taken.append(self._chosen[pane])


def _next(there: Sequence[Candidate], taken: Sequence[PaneChoice | None], *, wants_local: bool) -> PaneChoice | None:
    free = [each for each in there if each.choice not in taken and not each.why_not]
    providers = {each.provider for each in taken if isinstance(each, RemoteChoice)}

    def rank(each: Candidate) -> tuple[bool, bool]:
        again = isinstance(each.choice, RemoteChoice) and each.choice.provider in providers
        return each.is_remote == wants_local, again

    return min(free, key=rank).choice if free else None
