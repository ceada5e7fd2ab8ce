"""The one place where text can leave: where it goes, exactly what is sent, what stays, and a box before Send.

The focus starts on Cancel and Enter sends only where Send has it. There is no way to agree for the next time too.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.approval import Approval
from desktop.viewmodels.consent import ConsentModel
from desktop.viewmodels.consent_rows import LeakRow
from desktop.viewmodels.lock import LockModel
from desktop.views.consent_parts import Agreement, LeakList
from desktop.views.consent_receivers import ConsentReceivers
from desktop.views.consent_text import ConsentText
from desktop.views.told import Told
from desktop.widgets.button import Button
from desktop.widgets.card import Divider
from desktop.widgets.mark import Mark
from desktop.widgets.sheet import Sheet
from desktop.widgets.text import Text

translate = QCoreApplication.translate
_EDGE = 24  # of the sheet
_LITTLE = 360  # design pixels of height below which everything but the buttons is scrolled


class ConsentSheet(Sheet):
    """Over everything but the status bar. `sent` when the engine has begun to send. It deletes itself when closed.

    `lock` is told that a text waits for Send while the sheet is open.
    """

    sent = Signal()

    def __init__(self, theme: Theme, over: QWidget, model: Approval, lock: LockModel | None = None) -> None:
        super().__init__(theme, over, model.title)
        self.model = model
        self._lock = lock
        self._foot_in_text = False
        model.setParent(self)
        self._problem = Told(theme, "danger", "circle-alert")
        self._changed = Told(theme, "caution", "triangle-alert")
        self._leaks = LeakList(theme, can_hide=model.can_revise)
        self._receivers = ConsentReceivers(theme)
        self.text = ConsentText(theme, model, over)
        self._stays = Told(theme, "local", "lock", translate("Consent", "What stays here"))
        self.agree = Agreement(theme, model.agree_words)
        self._cost = Text(theme, "", "bodyb", wrap=True)
        self.cancel = Button(theme, translate("Consent", "Cancel"), size="m")
        self.send = Button(theme, model.send_words, icon="arrow-up-right", kind="outbound", size="m")
        self._fill_head()
        self._fill_body()
        self._fill_foot()
        self._connect()
        self._show()
        self.text.show_shown()

    def _fill_head(self) -> None:
        head = self.panel.layout().itemAt(0).layout()
        mark = Mark(self.theme, "arrow-up-right", size=20, color="outbound")
        mark.setContentsMargins(0, 6, 0, 0)
        head.insertWidget(0, mark, 0, Qt.AlignmentFlag.AlignTop)
        head.setSpacing(11)

    def _fill_body(self) -> None:
        body, theme = self.body, self.theme
        body.addWidget(
            Text(
                theme,
                translate("Consent", "This leaves your computer. Nothing is sent until you choose Send."),
                color="text2",
                wrap=True,
            )
        )
        for told in (self._problem, self._changed):
            body.addWidget(told)
        body.addWidget(Text(theme, translate("Consent", "Where it goes"), "smallb", color="text2"))
        body.addWidget(self._receivers)
        body.addWidget(self._leaks)
        body.addWidget(self.text)
        body.addWidget(self._stays)

    def _fill_foot(self) -> None:
        self._foot = QWidget()
        column = QVBoxLayout(self._foot)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(Divider(self.theme))
        row = QHBoxLayout()
        row.setContentsMargins(_EDGE - 1, 0, _EDGE, 0)
        row.addWidget(self.agree)
        column.addLayout(row)
        panel = self.panel.layout()
        panel.insertWidget(2, self._foot)
        panel.setSpacing(13)
        cost = QWidget()
        lines = QVBoxLayout(cost)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        lines.addWidget(self._cost)
        recorded = translate("Consent", "Recorded in the network log")
        lines.addWidget(Text(self.theme, recorded, "small", color="text2", wrap=True))
        self.buttons.addWidget(cost, 1)
        self.buttons.addWidget(self.cancel)
        self.buttons.addWidget(self.send)

    def _connect(self) -> None:
        model = self.model
        model.changed.connect(self._show)
        model.shown_changed.connect(self.text.show_shown)
        model.sent.connect(self._leave)
        self.agree.toggled.connect(self._agree)
        self.cancel.clicked.connect(self.close_sheet)
        self.send.clicked.connect(model.send)
        self._leaks.show_wanted.connect(self._show_leak)
        self._leaks.hide_wanted.connect(self._hide_leak)
        self._leaks.text_wanted.connect(model.show_text)
        self.closed.connect(self._tell_lock)
        self.closed.connect(self.deleteLater)

    # ------------------------------------------------------------ opening and closing
    def ask(self) -> None:
        """Open it, with the focus on Cancel."""
        if self._lock is not None:
            self._lock.wait_for_send(True)
        self.open_sheet(self.cancel)

    def _leave(self) -> None:
        self.close_sheet()
        self.sent.emit()

    def _tell_lock(self) -> None:
        if self._lock is not None:
            self._lock.wait_for_send(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the focus, and no other."""
        focused = QApplication.focusWidget()
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and isinstance(focused, Button) and self.isAncestorOf(focused):
            if not event.isAutoRepeat():
                focused.click()
            event.accept()
            return
        super().keyPressEvent(event)

    # ------------------------------------------------------------ showing
    def _show(self) -> None:
        model = self.model
        self.title.setText(model.title)
        self.setAccessibleName(model.title)
        problem = model.problem
        self._problem.say(f"{problem.happened} {problem.to_do}".strip() if problem else "", problem.title if problem else "")
        self._changed.say(model.change_words)
        self._receivers.show_rows(model.rows)
        self._leaks.show_rows(model.leaks, model.n_leaks, model.first_leaking)
        self._stays.say(model.stays_words)
        self.text.refresh()
        self._show_foot()
        QTimer.singleShot(0, self, self._keep_in_view)  # when what was said has its place

    def _keep_in_view(self) -> None:
        """What is typed into stays in sight when a line above it comes or goes."""
        focused = QApplication.focusWidget()
        if isinstance(focused, QLineEdit) and self._content.isAncestorOf(focused):
            self._scroll.ensureWidgetVisible(focused, 0, 12)

    def _show_foot(self) -> None:
        model = self.model
        self.agree.show_words(model.agree_words, model.why_not_agree)
        self.agree.blockSignals(True)
        self.agree.setChecked(model.is_read)
        self.agree.blockSignals(False)
        self._cost.setText(model.cost_words)
        self.send.setText(translate("Consent", "Sending") if model.is_sending else model.send_words)
        had_focus = self.send.hasFocus()
        self.send.explain(model.why_not_send)
        self.cancel.setText(translate("Consent", "Close") if model.is_sending else translate("Consent", "Cancel"))
        if had_focus and not self.send.isEnabled():
            self.cancel.setFocus(Qt.FocusReason.OtherFocusReason)

    def _agree(self, on: bool) -> None:
        self.model.say_read(on)

    def _show_leak(self, row: LeakRow) -> None:
        self.text.go_to(row)

    def _hide_leak(self, row: LeakRow) -> None:
        model = self.model
        if isinstance(model, ConsentModel) and row.start is not None:
            self._changed.say(model.hide(model.preview.text[row.start : row.end]))

    # ------------------------------------------------------------ place
    def _place(self) -> None:
        height = self.parentWidget().height()
        self.text.set_room(height)
        self._move_foot(into_text=height < self.theme.px(_LITTLE))
        super()._place()

    def _move_foot(self, *, into_text: bool) -> None:
        """Where there is little room, the box to tick stands behind the text instead of taking room from it."""
        if into_text == self._foot_in_text:
            return
        self._foot_in_text = into_text
        had_focus = self.agree.hasFocus()
        if into_text:
            self.body.addWidget(self._foot)
        else:
            self.panel.layout().insertWidget(2, self._foot)
        margin = 0 if into_text else _EDGE
        self._foot.layout().itemAt(1).layout().setContentsMargins(max(0, margin - 1), 0, margin, 0)
        if had_focus:
            self.agree.setFocus(Qt.FocusReason.OtherFocusReason)


def ask_consent(theme: Theme, over: QWidget, model: Approval, lock: LockModel | None = None) -> ConsentSheet:
    """Ask over `over`; where a text is shown for approval already, that one stays, since one is read at a time."""
    for sheet in over.findChildren(ConsentSheet):
        if not sheet.isHidden():
            return sheet
    sheet = ConsentSheet(theme, over, model, lock)
    sheet.ask()
    return sheet
