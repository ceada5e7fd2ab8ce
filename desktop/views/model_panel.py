"""The model that is looked at: licence, sizes, what it needs here, what it is good for, its checksum, its download."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QRectF, Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels import model_detail, model_sizes
from desktop.viewmodels.models import ModelsModel
from desktop.views.download_steps import DownloadSteps
from desktop.views.memory_sum import MemorySumView
from desktop.views.model_actions import ModelActions
from desktop.views.model_problem import ModelProblem
from desktop.views.size_choice import SizeChoice
from desktop.widgets.button import Button, IconButton
from desktop.widgets.card import Divider, Panel
from desktop.widgets.chip import Chip
from desktop.widgets.mark import Mark
from desktop.widgets.painting import Themed, fill_round, painter_for
from desktop.widgets.scroll_area import ScrollArea
from desktop.widgets.text import Text
from desktop.wordings import fit_sum
from desktop.wordings import licence as licence_words
from desktop.wordings.fit import badge as fit_badge

translate = QCoreApplication.translate
_SHORT = 560  # design pixels of height below which the note about the network makes way
_BESIDE = 1.25  # text size up to which the badge stands beside the name


class ModelPanel(Panel):
    """`wanted` carries what was pressed: load, download, pause, resume, cancel, repair, verify, remove, where, token, …"""

    wanted = Signal(str)
    close_wanted = Signal()

    def __init__(self, theme: Theme, model: ModelsModel, parent: QWidget | None = None) -> None:
        super().__init__(theme, "surface", edge="left", parent=parent)
        self._model = model
        self.setAccessibleName(translate("ModelPanel", "Details"))
        self._name = Text(theme, "", "title", wrap=True)
        self._badge = Chip(theme)
        self.close_button = IconButton(theme, "x", translate("ModelPanel", "Close details"), size="s")
        self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._licence = Text(theme, "", color="text2", wrap=True)
        self._at_work = Chip(theme)
        self.problem = ModelProblem(theme)
        self.look = Button(theme, translate("ModelPanel", "Show its sizes"), icon="search")
        self._look_note = Text(theme, "", "small", color="text2", wrap=True)
        self.sizes = SizeChoice(theme)
        self.steps = DownloadSteps(theme)
        self._rule = Divider(theme)
        self.memory = MemorySumView(theme)
        self._facts = _Facts(theme)
        self._checksum = _Marked(theme)
        self._note = _Note(theme, translate("ModelPanel", "If the network drops, the download continues from where it stopped."))
        self.footer = ModelActions(theme)
        self._lay_out(theme)
        self._connect()
        theme.changed.connect(self._fold)
        self._fold()
        self._show()

    def _fold(self) -> None:
        """With large text the badge stands below the name."""
        beside = self.theme.scale <= _BESIDE
        self._head.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)

    def _lay_out(self, theme: Theme) -> None:
        content = QWidget()
        inside = QVBoxLayout(content)
        inside.setContentsMargins(20, 18, 20, 16)
        inside.setSpacing(16)
        head = QHBoxLayout()
        head.setSpacing(8)
        self._name.setContentsMargins(0, 2, 0, 2)
        self._head.setSpacing(8)
        self._head.addWidget(self._name, 1)
        beside = QWidget()
        badge = QVBoxLayout(beside)
        badge.setContentsMargins(0, 3, 0, 0)
        badge.addWidget(self._badge)
        self._head.addWidget(beside, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(self._head, 1)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        top = QVBoxLayout()
        top.setSpacing(4)
        top.addLayout(head)
        top.addWidget(self._licence)
        top.addSpacing(2)
        top.addWidget(self._at_work, 0, Qt.AlignmentFlag.AlignLeft)
        inside.addLayout(top)
        parts: list[QWidget] = [self.problem, self._look_note, self.look, self.sizes, self._rule, self.steps]
        for part in [*parts, self.memory, self._facts, self._checksum]:
            inside.addWidget(part)
        inside.addStretch()
        foot = QVBoxLayout()
        foot.setContentsMargins(20, 0, 20, 16)
        foot.setSpacing(12)
        foot.addWidget(self._note)
        foot.addWidget(self.footer)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(ScrollArea(content), 1)
        column.addLayout(foot)

    def _connect(self) -> None:
        model = self._model
        model.detail_changed.connect(self._show)
        self.close_button.clicked.connect(self.close_wanted)
        self.sizes.chosen.connect(model.choose_size)
        self.memory.smaller_wanted.connect(model.read_at_once)
        self.memory.header_wanted.connect(lambda: self.wanted.emit("header"))
        self.problem.acted.connect(self.wanted)
        self.footer.wanted.connect(self.wanted)
        self.look.clicked.connect(lambda: self.wanted.emit("look"))

    def show_close(self, shown: bool) -> None:
        """The cross is needed where the panel lies over the list."""
        self.close_button.setVisible(shown)

    # ------------------------------------------------------------ showing
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show()

    def _show(self) -> None:
        subject = self._model.subject
        if not self.isVisible() or not subject.name:
            return
        before = QApplication.focusWidget()
        fit = subject.fit
        self._name.setText(subject.name)
        self._badge.setVisible(fit is not None)
        if fit is not None:
            badge = fit_badge(fit)
            self._badge.show_status(badge.text, badge.tone, badge.icon)
            self._badge.setToolTip(fit_sum.explained(fit))
        self._show_licence()
        self._show_repository()
        self.sizes.show_sizes(model_sizes.size_cards(subject.offer) if subject.offer else [], self._size_key)
        self._show_download()
        offered = subject.size
        can_read = offered is not None and not subject.is_here and subject.offer is not None
        self.memory.show_fit(fit, offered.at_least_bytes if offered else None, can_read_header=can_read)
        self._facts.show_facts(model_detail.facts(subject))
        self._checksum.show_words(*model_detail.checksum(subject, self._model.checks))
        is_loaded = subject.model is not None and subject.model.id == self._model.model_in_use
        self.footer.show_subject(subject, is_loaded=is_loaded, is_busy=self._model.library.is_running)
        self._keep_focus(before)

    def _keep_focus(self, before: QWidget | None) -> None:
        """A button that was pressed and is gone hands its focus on here, and not to whatever Qt finds next to it."""
        if before is None or not self.isAncestorOf(before):
            return
        if before is self.footer or not (before.isVisibleTo(self) and before.isEnabled()):
            self.footer.take_focus()

    @property
    def _size_key(self) -> str | None:
        size = self._model.subject.size
        return size.size.key if size else None

    def _show_licence(self) -> None:
        subject = self._model.subject
        offer, found, model = subject.offer, subject.found, subject.model
        words = [model_detail.made_by(subject)]
        licence = offer.model.licence if offer else found.licence if found else None
        if offer is not None or found is not None:
            words.append(licence_words.sentence(licence))
        elif model is not None and model.licence is None:
            words.append(translate("ModelPanel", "The file names no licence."))
        self._licence.setText(" ".join(word for word in words if word))
        self._licence.setVisible(any(words))
        chip = licence_words.at_work(licence)
        self._at_work.show_status(chip.text, chip.tone, chip.icon)
        self._at_work.setVisible(offer is not None or found is not None)

    def _show_repository(self) -> None:
        """A repository that was found and not looked at yet: nothing is fetched of it before somebody asks."""
        subject, hub = self._model.subject, self._model.hub
        found = subject.found
        can_look = found is not None and subject.offer is None and found.id not in hub.problems
        self.look.setVisible(can_look)
        self._look_note.setVisible(can_look)
        if found is None:
            return
        looking = hub.is_looking_at(found.id)
        words = translate(
            "ModelPanel", "Which sizes it has, and whether they fit, is not known yet. {host} is asked when you say so."
        )
        if looking:
            words = translate("ModelPanel", "Asking {host} which sizes there are.")
        self._look_note.setText(words.format(host=hub.host))
        self.look.explain(translate("ModelPanel", "It is being asked already") if looking else "")

    def _show_download(self) -> None:
        subject = self._model.subject
        download = subject.download
        steps = model_detail.steps(download) if download else []
        repairing = download is not None and download.is_repair
        self.steps.show_steps(translate("ModelPanel", "Repair") if repairing else translate("ModelPanel", "Download"), steps)
        self._rule.setVisible(bool(steps))
        self._show_note()
        words = model_detail.problem(subject, self._model.checks)
        if words is None and subject.found is not None and subject.offer is None:
            words = self._model.hub.problems.get(subject.found.id)
        self.problem.show_problem(words, self._problem_actions(words.actions if words else ()))

    def _show_note(self) -> None:
        """Where the panel is short, the room is for what it says of the model."""
        download = self._model.subject.download
        fetches = download is not None and download.phase not in ("done", "verifying", "measuring")
        self._note.setVisible(fetches and self.height() >= self.theme.px(_SHORT))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_note()

    def _problem_actions(self, keys: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
        subject = self._model.subject
        actions: list[tuple[str, str]] = []
        if subject.model is not None and subject.is_here and subject.model.can_repair and subject.download is None:
            check = self._model.checks.get(subject.model.id)
            actions.append(("repair", model_detail.repair_verb(check)))
        if "token" in keys:
            actions.append(("token", translate("ModelPanel", "Add an access token")))
        if subject.found is not None and subject.offer is None:
            actions.append(("look", translate("ModelPanel", "Try again")))
        if "settings" in keys or "privacy" in keys:
            part = "privacy" if "privacy" in keys else "settings"
            actions.append((part, translate("ModelPanel", "Open settings")))
        if "remove" in keys and subject.download is not None:
            actions.append(("cancel", translate("ModelPanel", "Remove this download")))
        return tuple(actions)


class _Facts(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shown: list[tuple[str, str]] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)

    def show_facts(self, facts: list[tuple[str, str]]) -> None:
        self.setVisible(bool(facts))
        if facts == self._shown:
            return
        self._shown = facts
        while (item := self._column.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()
        self._column.addWidget(Text(self._theme, translate("ModelPanel", "About this model"), "bodyb"))
        for label, value in facts:
            line = QWidget()
            pair = QVBoxLayout(line)
            pair.setContentsMargins(0, 0, 0, 0)
            pair.setSpacing(0)
            pair.addWidget(Text(self._theme, label, "small", color="text3"))
            pair.addWidget(Text(self._theme, value, "small", wrap=True))
            self._column.addWidget(line)


class _Marked(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._mark = Mark(theme, "badge-check")
        self._words = Text(theme, "", "small", color="text2", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(9)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)

    def show_words(self, words: str, icon: str) -> None:
        self.setVisible(bool(words))
        self._words.setText(words)
        self._mark.show_icon(icon, {"badge-check": "primary", "file-warning": "danger"}.get(icon, "text2"))


class _Note(Themed, QWidget):
    def __init__(self, theme: Theme, words: str) -> None:
        super().__init__()
        self.use_theme(theme)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 10, 12, 10)
        row.setSpacing(10)
        row.addWidget(Mark(theme, "info"), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Text(theme, words, "small", color="text2", wrap=True), 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        fill_round(painter_for(self), QRectF(self.rect()), self.theme.radius("control_large"), self.theme.color("sunken"))
