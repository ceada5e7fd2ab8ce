"""Other companies and own servers whose models can be compared with, ready to show. QtCore only.

A key passes through on its way to the engine and is forgotten here at once. Nothing is sent by looking at this page;
a test sends the key and no text.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import uuid4

from PySide6.QtCore import QObject, Signal

from desktop import wording
from desktop.viewmodels.window_model import EngineBridge
from desktop.wordings import providers_page
from desktop.wordings.words import StatusWords, Words
from engine import compare_events, compare_intents, events
from engine.provider_records import Provider, ProviderCheck, ProviderId
from engine.records import RequestId


@dataclass(frozen=True)
class Test:
    """A test of an address and a key: running, or what it found."""

    request: RequestId
    check: ProviderCheck | None = None
    problem: Words | None = None

    @property
    def is_running(self) -> bool:
        return self.check is None and self.problem is None


class ProvidersModel(QObject):
    """`changed`: the list, a test or a problem. `kept` carries the provider that was just added or changed here."""

    changed = Signal()
    kept = Signal(object)

    def __init__(self, bridge: EngineBridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.providers: tuple[Provider, ...] = ()
        self.presets: tuple[Provider, ...] = ()
        self.prices_as_of = ""
        self.has_listed = False
        self.problem: Words | None = None  # why the last change was refused
        self._keeping: Provider | None = None
        self._tests: dict[ProviderId, Test] = {}
        bridge.happened.connect(self._take)

    # ------------------------------------------------------------ wishes
    def look(self) -> None:
        self._bridge.submit(compare_intents.ListProviders())

    def keep(self, provider: Provider) -> None:
        """Add a provider or change one; `kept` or a problem follows."""
        self.problem, self._keeping = None, provider
        self._bridge.submit(compare_intents.KeepProvider(replace(provider, key="none")))
        self.changed.emit()

    @property
    def is_keeping(self) -> bool:
        return self._keeping is not None

    def forget_problem(self) -> None:
        """It was seen, or nobody waits for it any more."""
        self.problem = self._keeping = None

    def remove(self, provider: ProviderId) -> None:
        self._bridge.submit(compare_intents.RemoveProvider(provider))

    def keep_key(self, provider: ProviderId, key: str) -> None:
        """Hand a key to the engine."""
        if key.strip():
            self._tests.pop(provider, None)
            self._bridge.submit(compare_intents.KeepKey(provider, key.strip()))

    def forget_key(self, provider: ProviderId) -> None:
        self._tests.pop(provider, None)
        self._bridge.submit(compare_intents.ForgetKey(provider))

    def test(self, provider: ProviderId) -> None:
        """Ask which models there are; sends the key and no text."""
        test = self._tests.get(provider)
        if test is None or not test.is_running:
            self._tests[provider] = Test(RequestId(uuid4().hex))
            self._bridge.submit(compare_intents.CheckProvider(self._tests[provider].request, provider))
            self.changed.emit()

    def choose_models(self, provider: Provider, models: tuple[str, ...]) -> None:
        """Offer these models of the provider from now on."""
        if models and models != provider.models:
            self.keep(replace(provider, models=models))

    # ------------------------------------------------------------ ready to show
    def provider(self, key: ProviderId) -> Provider | None:
        return next((one for one in self.providers if one.id == key), None)

    def test_of(self, provider: ProviderId) -> Test | None:
        return self._tests.get(provider)

    def test_words(self, provider: Provider) -> StatusWords | None:
        """What a test says; None without one."""
        test = self._tests.get(provider.id)
        if test is None:
            return None
        if test.check is not None:
            return providers_page.checked(provider, test.check)
        if test.problem is not None:
            words = f"{test.problem.title}. {test.problem.to_do}"
            return StatusWords(words, test.problem.tone, test.problem.icon)
        return StatusWords(self.tr("Asking {host}").format(host=provider.host), "neutral", "clock")

    def why_not_test(self, provider: Provider) -> str:
        """Why a test makes no sense now; empty if it does."""
        if provider.needs_key and provider.key == "none":
            return self.tr("Add a key first")
        test = self._tests.get(provider.id)
        return self.tr("The test is running") if test is not None and test.is_running else ""

    @property
    def prices_words(self) -> str:
        return providers_page.prices(self.prices_as_of)

    # ------------------------------------------------------------ happenings
    def _take(self, event: events.Event) -> None:
        match event:
            case compare_events.ProvidersListed():
                self._take_list(event)
            case compare_events.ProviderChecked():
                self._take_check(event)
            case events.Trouble() if self._keeping is not None:
                self.problem, self._keeping = wording.words_for(event.error), None
            case _:
                return
        self.changed.emit()

    def _take_list(self, event: compare_events.ProvidersListed) -> None:
        before = {one.id: (one.base_url, one.dialect) for one in self.providers}
        self.providers, self.presets = event.providers, event.presets
        self.prices_as_of, self.has_listed = event.prices_as_of, True
        for one in event.providers:
            if before.get(one.id, (one.base_url, one.dialect)) != (one.base_url, one.dialect):
                self._tests.pop(one.id, None)  # it was about another address
        wanted, self._keeping = self._keeping, None
        if wanted is not None:
            found = self.provider(wanted.id) or next((one for one in self.providers if _same(one.name, wanted.name)), None)
            if found is not None:
                self.kept.emit(found)

    def _take_check(self, event: compare_events.ProviderChecked) -> None:
        test = self._tests.get(event.provider)
        if test is not None and test.request == event.request:
            problem = wording.words_for(event.error) if event.error else None
            self._tests[event.provider] = replace(test, check=event.check, problem=problem)


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
