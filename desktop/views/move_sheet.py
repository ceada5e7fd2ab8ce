"""Move a workload: the four routes, which models, how much of it, what follows, and the way back. Nothing is sent from here."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from desktop import figures
from desktop.theme import Theme
from desktop.viewmodels.compare_setup import Candidate
from desktop.viewmodels.move import SAMPLES, SHARES, MoveModel
from desktop.views.next_steps import NextSteps
from desktop.views.route_list import RouteList
from desktop.views.told import Told
from desktop.widgets.button import Button
from desktop.widgets.menu_button import MenuButton
from desktop.widgets.sheet import Sheet
from desktop.widgets.stepper import Stepper
from desktop.widgets.text import Text
from desktop.wordings import ledger_advice, moves, routes
from engine.advice_records import RouteKind

translate = QCoreApplication.translate
_BESIDE, _BELOW = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom


class MoveSheet(Sheet):
    """`moved` carries what is to be told, after it closed. `models_wanted`, `settings_wanted`: what is missing is got there."""

    moved = Signal(str)
    models_wanted = Signal()
    settings_wanted = Signal(str)

    def __init__(self, theme: Theme, over: QWidget, model: MoveModel) -> None:
        super().__init__(theme, over, translate("Move", "Where {name} runs").format(name=model.name), width=680)
        self.model = model
        model.setParent(self)
        self._alert = Told(theme, "caution", "triangle-alert")
        self._problem = Told(theme, "caution", "circle-alert")
        self._now = Text(theme, "", color="text2", wrap=True)
        self.kinds = RouteList(theme)
        self.local = MenuButton(theme, "", icon="lock", icon_color="primary", kind="secondary")
        self.remote = MenuButton(theme, "", icon="arrow-up-right", icon_color="outbound", kind="secondary")
        less, more = translate("Move", "Fewer of them here"), translate("Move", "More of them here")
        self.share = Stepper(theme, less=less, more=more)
        less, more = translate("Move", "A smaller sample"), translate("Move", "A larger sample")
        self.sample = Stepper(theme, less=less, more=more)
        self._sample_words = Text(theme, "", "small", color="text2", wrap=True)
        self._obstacle = Told(theme, "caution", "clock")
        self.get_model = Button(theme, translate("Move", "Go to Models"), icon="cpu", size="s")
        self.add_key = Button(theme, translate("Move", "Add an API key"), icon="key-round", size="s")
        self.steps = NextSteps(theme)
        self.back = Button(theme, "", icon="rotate-ccw", size="m")
        self.cancel = Button(theme, translate("Move", "Cancel"), size="m")
        self.go = Button(theme, "", kind="primary", size="m")
        self._lay_out()
        self._connect()
        self._show()

    # ------------------------------------------------------------ building
    def _lay_out(self) -> None:
        theme, body = self.theme, self.body
        for told in (self._alert, self._problem, self._obstacle):
            body.addWidget(told)
        missing = QHBoxLayout()
        missing.setSpacing(8)
        for help_button in (self.get_model, self.add_key):
            missing.addWidget(help_button)
        missing.addStretch(1)
        body.addLayout(missing)
        body.addWidget(self._now)
        body.addWidget(self.kinds)
        self._pair = QBoxLayout(_BESIDE)
        self._pair.setSpacing(16)
        for title, button in (
            (translate("Move", "On this computer"), self.local),
            (translate("Move", "On another computer"), self.remote),
        ):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            column = QVBoxLayout()
            column.setSpacing(4)
            column.addWidget(Text(theme, title, "smallb", color="text2"))
            column.addWidget(button)
            self._pair.addLayout(column, 1)
        body.addLayout(self._pair)
        self._share_row = _line(theme, translate("Move", "Answered on this computer"), self.share)
        self._sample_row = _line(theme, translate("Move", "Quality sample, of what is answered here"), self.sample)
        for part in (self._share_row, self._sample_row, self._sample_words):
            body.addWidget(part)
        body.addWidget(self.steps)
        self.buttons.addWidget(self.back)
        self.buttons.addStretch()
        self.buttons.addWidget(self.cancel)
        self.buttons.addWidget(self.go)

    def _connect(self) -> None:
        model = self.model
        self.kinds.chosen.connect(model.choose_kind)
        self.local.choices.aboutToShow.connect(self._fill_local)
        self.remote.choices.aboutToShow.connect(self._fill_remote)
        self.share.stepped.connect(model.step_share)
        self.sample.stepped.connect(model.step_sample)
        self.back.clicked.connect(model.give_back)
        self.cancel.clicked.connect(self.close_sheet)
        self.go.clicked.connect(model.move)
        self.get_model.clicked.connect(self._leave_for_models)
        self.add_key.clicked.connect(self._leave_for_settings)
        model.changed.connect(self._show)
        model.moved.connect(self._leave)
        self.closed.connect(self.deleteLater)

    def ask(self) -> None:
        """Open it, with the focus on the route that is proposed."""
        self.model.places.ask()
        is_urgent = bool(self.model.advice.alert) and self.go.isEnabled()
        self.open_sheet(self.go if is_urgent else self.kinds.options[self.model.route.kind])

    def _leave(self, words: str) -> None:
        self.close_sheet()
        self.moved.emit(words)

    def _leave_for_models(self) -> None:
        self.close_sheet()
        self.models_wanted.emit()

    def _leave_for_settings(self) -> None:
        self.close_sheet()
        self.settings_wanted.emit("providers")

    # ------------------------------------------------------------ showing
    def _show(self) -> None:
        model = self.model
        advice, kind = model.advice, model.route.kind
        self._alert.say(ledger_advice.sentence(advice, model.places.currency) if advice.alert else "")
        self._problem.say(f"{model.problem.happened} {model.problem.to_do}" if model.problem else "")
        self._now.setText(model.now_words)
        self.kinds.choose(kind)
        self._show_models(kind)
        self._show_amounts(kind)
        self._show_obstacle()
        self.steps.show_steps(model.steps)
        self._show_buttons()

    def _show_models(self, kind: RouteKind) -> None:
        model, route = self.model, self.model.route
        titles = translate("Move", "On this computer"), translate("Move", "On another computer")
        chosen = model.places.local_name(route.local)
        if route.local is None:
            text = translate("Move", "The model in the settings ({name})") if chosen else translate("Move", "Choose a model")
            chosen = text.format(name=chosen)
        remote = model.places.remote_name(route.remote) or translate("Move", "Choose a model")
        for button, title, name in ((self.local, titles[0], chosen), (self.remote, titles[1], remote)):
            button.setText(name)
            button.setAccessibleName(f"{title}: {name}")
        self.local.explain("" if model.needs_local else translate("Move", "The remote model answers everything"))
        needs_remote = model.needs_remote or model.takes_samples
        self.remote.explain("" if needs_remote else translate("Move", "Nothing of it may leave this computer"))

    def _show_amounts(self, kind: RouteKind) -> None:
        model, route = self.model, self.model.route
        self._share_row.setVisible(kind == "share")
        self._show_step(self.share, route.share_percent, SHARES)
        for part in (self._sample_row, self._sample_words):
            part.setVisible(model.takes_samples)
        self._show_step(self.sample, route.sample_percent, SAMPLES)
        self._sample_words.setText(model.sample_words)

    def _show_step(self, stepper: Stepper, value: int, ladder: tuple[int, ...]) -> None:
        words = translate("Move", "{n}%").format(n=figures.number(value))
        least = translate("Move", "It cannot be less") if value <= ladder[0] else ""
        most = translate("Move", "It cannot be more") if value >= ladder[-1] else ""
        stepper.show_value(words, why_not_less=least, why_not_more=most)

    def _show_obstacle(self) -> None:
        model = self.model
        self._obstacle.say("" if model.is_same or model.is_back else model.obstacle_words)
        self.get_model.setVisible(model.obstacle == "no_local_model")
        has_remote = any(provider.models for provider in model.places.providers)
        self.add_key.setVisible(model.obstacle == "no_remote_model" and not has_remote)

    def _show_buttons(self) -> None:
        model, before = self.model, self.model.advice.previous
        self.back.setVisible(before is not None and not model.is_back)
        if before is not None:
            self.back.setText(routes.back(before))
            self.back.set_hint(model.summary(before))
            self.back.explain(model.why_not_return)
        verb = routes.back(model.route) if model.is_back else moves.verb(model.route)
        self.go.setText(translate("Move", "Moving") if model.is_moving else verb)
        had_focus = self.go.hasFocus()
        self.go.explain(model.why_not_move)
        if had_focus and not self.go.isEnabled():
            self.cancel.setFocus(Qt.FocusReason.OtherFocusReason)

    # ------------------------------------------------------------ menus
    def _fill_local(self) -> None:
        menu, model = self.local.choices, self.model
        if menu.isVisible():
            return
        menu.clear()
        group = QActionGroup(menu)
        usual = translate("Move", "The model in the settings ({name})").format(name=model.places.chosen_name)
        _add(menu, group, usual, model.route.local is None).triggered.connect(lambda: model.choose_local(None))
        for each in model.places.local:
            is_chosen = getattr(each.choice, "model", None) == model.route.local
            action = _add(menu, group, each.name, is_chosen)
            action.triggered.connect(lambda _=False, choice=each.choice: model.choose_local(choice))

    def _fill_remote(self) -> None:
        menu, model = self.remote.choices, self.model
        if menu.isVisible():
            return
        menu.clear()
        group = QActionGroup(menu)
        for provider in model.places.providers:
            menu.addAction(f"{provider.name}, {provider.host}".replace("&", "&&")).setEnabled(False)
            for each in model.places.remote(provider):
                self._add_remote(menu, group, each)
        if not model.places.providers:
            menu.addAction(translate("Move", "No other company is set up yet")).setEnabled(False)

    def _add_remote(self, menu: QMenu, group: QActionGroup, each: Candidate) -> None:
        words = f"{each.name}: {each.why_not}" if each.why_not else each.name
        action = _add(menu, group, words, each.choice == self.model.route.remote)
        action.setEnabled(not each.why_not)
        action.triggered.connect(lambda _=False, choice=each.choice: self.model.choose_remote(choice))

    def _place(self) -> None:
        width = min(self.theme.px(680), self.parentWidget().width() - 48) - 64
        needed = self.local.sizeHint().width() + self.remote.sizeHint().width()
        self._pair.setDirection(_BESIDE if needed <= width else _BELOW)
        super()._place()


def _line(theme: Theme, words: str, control: QWidget) -> QWidget:
    part = QWidget()
    row = QHBoxLayout(part)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(12)
    row.addWidget(Text(theme, words, wrap=True, align=Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), 1)
    row.addWidget(control)
    return part


def _add(menu: QMenu, group: QActionGroup, words: str, chosen: bool) -> QAction:
    action = menu.addAction(words.replace("&", "&&"))
    action.setCheckable(True)
    action.setChecked(chosen)
    group.addAction(action)
    return action
