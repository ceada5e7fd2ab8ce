"""The first start, ready to show: this computer, the starter model, and the models that suit this computer best.

QtCore only. It is wanted while a profile has neither made the choice nor any matter; anything the user starts ends it.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject, Signal

from desktop import figures, wording
from desktop.viewmodels.lock_gate import LockGate
from desktop.viewmodels.window_model import EngineBridge
from desktop.wordings import fit, hardware
from desktop.wordings.hardware import HardwareRow
from desktop.wordings.words import StatusWords, Tone
from engine import events, intents, model_events, model_intents
from engine.model_records import Hardware, Licence, Offer, OfferedSize
from engine.records import Model, ModelId, ModelState
from engine.settings import Settings

translate = QCoreApplication.translate
_PAGE_TOKENS = 500  # tokens of a page of print, to tell how long reading takes
_PAGES = 30


@dataclass(frozen=True)
class Choice:
    """A model to choose, in words. Empty words are not known and are not shown."""

    model: str
    size_key: str
    name: str
    good_for: str
    fit: StatusWords
    memory: str
    memory_share: float
    memory_tone: Tone
    speed: str
    reading: str
    download: str
    note: str
    licence: Licence | None
    installed: ModelId | None


class FirstRunModel(QObject):
    """`wanted_changed`: show it, or no longer. `changed`: something in it is known better."""

    changed = Signal()
    wanted_changed = Signal()

    def __init__(self, bridge: EngineBridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.gate = LockGate(bridge)
        self.hardware: Hardware | None = None
        self.choices: tuple[Choice, ...] = ()
        self.n_models = 0
        self.knows_offers = False
        self.model_state = ModelState("none")
        self._settings: Settings | None = None
        self._has_matters: bool | None = None
        self._models: tuple[Model, ...] = ()
        self._offers: model_events.OffersShown | None = None
        self._was_wanted = False
        self.leads_to = "ask"
        bridge.happened.connect(self._take)

    # ------------------------------------------------------------ wishes
    def finish(self, screen: str = "") -> None:
        """The choice is made and leads to a screen; the next start shows the conversation at once."""
        self.leads_to = screen or self.leads_to
        if self._settings is not None and not self._settings.first_run_done:
            self._settings = self._settings.model_copy(update={"first_run_done": True})
            self._bridge.submit(intents.ChangeSettings(self._settings))
            self._judge()

    def download(self, choice: Choice) -> None:
        """Fetch a model; asks for the lock first where it is closed. Once it runs, the Models screen shows how far it is."""
        sends = translate("FirstRun", "The name of the model file of {model}. Nothing about your documents.")
        self.gate.wish(model_intents.DownloadModel(choice.model, choice.size_key), sends.format(model=choice.name))

    def use(self, choice: Choice) -> None:
        """Answer with a model that is on this computer already."""
        if choice.installed is not None:
            self._bridge.submit(intents.ChooseModel(choice.installed))

    # ------------------------------------------------------------ ready to show
    @property
    def is_wanted(self) -> bool:
        """False until it is known: a start must not flash it by."""
        return self._settings is not None and not self._settings.first_run_done and self._has_matters is False

    @property
    def hardware_rows(self) -> list[HardwareRow]:
        return hardware.rows(self.hardware) if self.hardware else hardware.titles()

    @property
    def heading(self) -> str:
        return self.tr("This computer is ready") if self.hardware else self.tr("Looking at this computer")

    @property
    def starter_state(self) -> StatusWords:
        """Whether the model that came with Strongroom can answer now."""
        if self.model_state.phase == "ready":
            return StatusWords(self.tr("Ready now"), "local", "circle-check")
        if self.model_state.phase == "failed":
            return StatusWords(self.tr("Can’t be opened"), "danger", "circle-alert")
        return StatusWords(self.tr("Opening"), "neutral", "clock")

    @property
    def starter_line(self) -> str:
        """What the starter model is and is good for, or why it cannot be used."""
        if self.model_state.phase == "failed":
            return wording.model_state(self.model_state).text
        model = self._starter
        if model is None:
            return self.model_state.name
        return f"{model.name}. {model.note}" if model.note else model.name

    @property
    def starter_speed(self) -> str:
        return fit.speed(self._starter.fit) if self._starter else ""

    @property
    def _starter(self) -> Model | None:
        return next((model for model in self._models if model.id == self.model_state.model), None)

    @property
    def licence_line(self) -> str:
        """Under which licences the choices may be used, each model named."""
        by_licence: dict[str, list[str]] = {}
        for choice in self.choices:
            name = choice.licence.name if choice.licence else self.tr("not named")
            by_licence.setdefault(name, []).append(choice.name)
        parts = [self.tr("{licence} ({models})").format(licence=one, models=", ".join(by_licence[one])) for one in by_licence]
        return self.tr("Licences: {list}.").format(list=", ".join(parts)) if parts else ""

    # ------------------------------------------------------------ happenings
    def _take(self, event: events.Event) -> None:
        match event:
            case events.SettingsChanged():
                self._settings = event.settings
                self._judge()
            case events.MattersChanged():
                self._has_matters = bool(event.matters)
                self._judge()
            case model_events.HardwareShown():
                self.hardware = event.hardware
                self._show_offers()
            case model_events.OffersShown():
                self._offers = event
                self._show_offers()
            case events.ModelsListed():
                self._models = event.models
                self.changed.emit()
            case events.ModelStateChanged():
                self.model_state = event.state
                self.changed.emit()
            case model_events.DownloadChanged() if self.is_wanted and event.download.phase != "paused":
                self.finish("models")  # the download that was chosen here is on its way
            case events.Trouble() if self.is_wanted:
                self.gate.was_refused(event.error)

    def _judge(self) -> None:
        if self.is_wanted != self._was_wanted:
            self._was_wanted = self.is_wanted
            self.wanted_changed.emit()

    def _show_offers(self) -> None:
        if self._offers is not None:
            by_id = {offer.model.id: offer for offer in self._offers.offers}
            firsts = [by_id[one] for one in self._offers.first_choices if one in by_id]
            total = self.hardware.memory_total if self.hardware else 0
            self.choices = tuple(choice_of(offer, total) for offer in firsts if offer.sizes)
            self.n_models = self._offers.edition.n_models
            self.knows_offers = True
        self.changed.emit()


def choice_of(offer: Offer, memory_total: int) -> Choice:
    """A model at the size that suits this computer best. `memory_total` 0: not known yet."""
    size = _advised(offer)
    judged, needed = size.fit, size.fit.needed_bytes
    n_bytes = size.size.about_bytes
    return Choice(
        model=offer.model.id,
        size_key=size.size.key,
        name=offer.model.name,
        good_for=offer.model.good_for,
        fit=fit.badge(judged),
        memory=figures.memory(needed, memory_total) if needed and memory_total else "",
        memory_share=min(1.0, needed / memory_total) if needed and memory_total else 0.0,
        memory_tone=fit.bar_tone(judged),
        speed=fit.speed(judged),
        reading=_reading(judged.prompt_tokens_per_s),
        download=figures.size(n_bytes) if n_bytes else "",
        note=translate("FirstRun", "Its publisher wants you to sign in first") if offer.model.gated else "",
        licence=offer.model.licence,
        installed=size.installed,
    )


def _advised(offer: Offer) -> OfferedSize:
    return next((size for size in offer.sizes if size.size.key == offer.advised), offer.sizes[0])


def _reading(tokens_per_s: float | None) -> str:
    """`30 pages read in 2 min`; empty where the pace is not known."""
    if not tokens_per_s:
        return ""
    seconds = _PAGES * _PAGE_TOKENS / tokens_per_s
    time = figures.seconds(seconds) if seconds < 55 else figures.duration(60 * max(1, round(seconds / 60)))
    return translate("FirstRun", "{pages} read in {time}").format(pages=figures.pages(_PAGES), time=time)
