"""Exactly what is sent, and what is hidden in it: the text, the request byte for byte, the originals, the details.

Part of the consent sheet. It shows what the view-model holds and passes gestures on.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop import figures
from desktop.theme import Theme
from desktop.viewmodels.approval import Approval
from desktop.viewmodels.batch_consent import BatchConsentModel
from desktop.viewmodels.consent import ConsentModel
from desktop.viewmodels.consent_rows import LeakRow
from desktop.views.consent_parts import TextPages
from desktop.views.hidden_details import HiddenDetails, HideMore
from desktop.views.sent_text import SentText
from desktop.widgets.button import Button
from desktop.widgets.chip import Chip
from desktop.widgets.mark import Mark
from desktop.widgets.menu_button import MenuButton
from desktop.widgets.text import Text
from desktop.wordings import consent

translate = QCoreApplication.translate
_BESIDE, _BELOW = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
_MIDDLE = Qt.AlignmentFlag.AlignVCenter
_ENOUGH = 520  # design pixels of height in which two scroll bars can be told apart
_SHARE, _LARGE_SHARE = 0.28, 0.8  # of the window's height that the text may take before it scrolls; where there is little


class ConsentText(QWidget):
    """`over` is what further questions lie over."""

    def __init__(self, theme: Theme, model: Approval, over: QWidget) -> None:
        super().__init__()
        self._theme = theme
        self._model = model
        title = translate("Consent", "Exactly what is sent")
        self._title = Text(theme, title, "smallb", color="text2", wrap=True, align=Qt.AlignmentFlag.AlignLeft | _MIDDLE)
        self._amount = Text(theme, "", "small", color="text2", wrap=True, align=Qt.AlignmentFlag.AlignLeft | _MIDDLE)
        self.pages = TextPages(theme, model) if isinstance(model, BatchConsentModel) else None
        self.as_sent = Button(theme, "", icon="file-code", kind="ghost", size="s")
        self.sent = SentText(theme, title)
        self._request = _Request(theme, model)
        self._unseen = Text(theme, "", "small", color="caution_text", wrap=True)
        self._attached = Text(theme, "", "small", color="text2", wrap=True)
        self._chip = Chip(theme)
        self._kinds = Text(theme, "", "small", color="text2", wrap=True, align=Qt.AlignmentFlag.AlignLeft | _MIDDLE)
        self.originals = Button(theme, "", icon="eye", kind="ghost")
        self.review = Button(theme, "", icon="list-checks", kind="ghost")
        self.more = Button(theme, translate("Consent", "Hide more"), icon="eraser", kind="ghost")
        self.hide_more = HideMore(theme, model) if isinstance(model, ConsentModel) else None
        self.details = HiddenDetails(theme, model, over)
        self.details.hide()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self._head = QBoxLayout(_BESIDE)
        self._head.setSpacing(8)
        self._head.addWidget(self._title, 1)
        if self.pages is not None:
            self._head.addWidget(self.pages, 0, Qt.AlignmentFlag.AlignLeft)
        self._head.addWidget(self._amount, 0)
        self._head.addWidget(self.as_sent, 0, Qt.AlignmentFlag.AlignLeft)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._head)
        for part in (self._request, self.sent, self._unseen, self._attached):
            column.addWidget(part)
        column.addLayout(self._hidden_row())
        if self.hide_more is not None:
            self.hide_more.hide()
            column.addWidget(self.hide_more)
        column.addWidget(self.details)
        column.addLayout(_risk(self._theme))

    def _hidden_row(self) -> QBoxLayout:
        words = QHBoxLayout()
        words.setSpacing(8)
        words.addWidget(self._chip)
        words.addWidget(self._kinds, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        for button in (self.originals, self.review, self.more):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self._hidden = QBoxLayout(_BESIDE)
        self._hidden.setSpacing(6)
        self._hidden.addLayout(words, 1)
        self._hidden.addLayout(buttons)
        return self._hidden

    def _connect(self) -> None:
        model = self._model
        self.as_sent.clicked.connect(lambda: model.show_bodies(not model.shows_bodies))
        self.originals.clicked.connect(lambda: model.show_originals(not model.shows_originals))
        self.review.clicked.connect(self._toggle_details)
        self.more.clicked.connect(self._hide_more)
        self.more.setVisible(model.can_revise)

    # ------------------------------------------------------------ gestures
    def _toggle_details(self) -> None:
        self.details.setVisible(self.details.isHidden())
        self.refresh()

    def _hide_more(self) -> None:
        if self.hide_more is None or not isinstance(self._model, ConsentModel):
            return
        selected = self._model.selected(*self.sent.selected)
        if self.hide_more.isHidden() or selected:
            self.hide_more.show()
            self.hide_more.start(selected)
        else:
            self.hide_more.hide()

    def go_to(self, row: LeakRow) -> None:
        """Show a leak in the text."""
        if self._model.shows_bodies or self._model.shows_originals:
            self._model.show_bodies(False)
        shown, _marks = self._model.shown
        if row.start is not None and row.end is not None:
            self.sent.go_to(shown.shown(row.start), shown.shown(row.end))

    # ------------------------------------------------------------ showing
    def show_shown(self) -> None:
        """Fill in the text, which may be long; the rest is `refresh`."""
        shown, marks = self._model.shown
        self.sent.show_text(shown, marks, style="mono" if self._model.shows_bodies else "body")

    def refresh(self) -> None:
        """Show what changes more often than the text."""
        model = self._model
        self._title.setText(self._heading())
        self.sent.text.setAccessibleName(self._heading())
        self._amount.setText(model.amount_words)
        self.sent.text.setAccessibleDescription(model.amount_words)
        if self.pages is not None:
            self.pages.refresh()
        self._request.refresh()
        for label, words in ((self._unseen, model.unseen_words), (self._attached, model.attached_words)):
            label.setText(words)
            label.setVisible(bool(words))
        self._show_hidden()
        if not self.details.isHidden():
            self.details.refresh()
        self._fold()

    def _heading(self) -> str:
        if self._model.shows_originals:
            return translate("Consent", "With the originals, for you alone")
        if self._model.shows_bodies:
            return translate("Consent", "The request as it is sent")
        return translate("Consent", "Exactly what is sent")

    def _show_hidden(self) -> None:
        model = self._model
        tone, icon = ("outbound", "eraser") if model.n_hidden else ("caution", "triangle-alert")
        self._chip.show_status(consent.hidden(model.n_hidden), tone, icon)  # type: ignore[arg-type]
        self._kinds.setText(model.hidden_words)
        shows = model.shows_originals
        self.originals.setText(translate("Consent", "Hide originals") if shows else translate("Consent", "Show originals"))
        self.originals.set_icon("eye-off" if shows else "eye")
        self.originals.setVisible(bool(model.n_hidden))
        as_text = translate("Consent", "Show as text")
        self.as_sent.setText(as_text if model.shows_bodies else translate("Consent", "Show as it is sent"))
        self.as_sent.setVisible(bool(model.bodies))
        closed = self.details.isHidden()
        self.review.setText(translate("Consent", "Review") if closed else translate("Consent", "Close list"))
        self.review.setAccessibleName(
            translate("Consent", "Review the hidden details") if closed else translate("Consent", "Close the list of details")
        )
        self.review.setVisible(bool(model.details) or not closed)

    def set_room(self, height: int) -> None:
        """How high the window is, of which the text takes its share."""
        share = _SHARE if height >= self._theme.px(_ENOUGH) else _LARGE_SHARE
        self.sent.set_highest(max(self._theme.px(96), round(height * share)))

    def _fold(self) -> None:
        """What stands beside each other where there is room stands below each other where there is not."""
        buttons = sum(one.sizeHint().width() + 4 for one in (self.originals, self.review, self.more) if not one.isHidden())
        kinds = self._kinds.fontMetrics().horizontalAdvance(self._kinds.text())
        words = self._chip.sizeHint().width() + 16 + max(self._theme.px(200), min(kinds, self._theme.px(360)))
        self._hidden.setDirection(_BESIDE if words + buttons <= self.width() else _BELOW)
        head = [self._title, self._amount, self.as_sent, *([self.pages] if self.pages else [])]
        wide = sum(one.sizeHint().width() + 8 for one in head)
        self._head.setDirection(_BESIDE if wide <= self.width() else _BELOW)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()


class _Request(QWidget):
    """Above the bytes of a request: which one, its address, its length and its SHA-256."""

    def __init__(self, theme: Theme, model: Approval) -> None:
        super().__init__()
        self._model = model
        self.choice = MenuButton(theme, "", kind="secondary", size="s")
        self._facts = Text(theme, "", "small", color="text2", wrap=True)
        self._url = Text(theme, "", "mono", color="text2", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(self.choice, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._url)
        column.addWidget(self._facts)
        self.hide()

    def refresh(self) -> None:
        """Show the chosen request, where requests are shown."""
        bodies = self._model.bodies
        self.setVisible(self._model.shows_bodies and bool(bodies))
        if self.isHidden():
            return
        body = bodies[self._model.body]
        self.choice.choices.clear()
        group = QActionGroup(self.choice.choices)
        for place, one in enumerate(bodies):
            action = QAction(one.label.replace("&", "&&"), group)
            action.setCheckable(True)
            action.setChecked(place == self._model.body)
            action.triggered.connect(partial(self._choose, place))
            self.choice.choices.addAction(action)
        self.choice.setText(body.label)
        self.choice.setAccessibleName(translate("Consent", "Request to {receiver}").format(receiver=body.label))
        self._url.setText(f"POST {body.url}\nSHA-256 {body.sha256}")
        n_bytes = figures.amount(len(body.content), translate("Consent", "byte"), translate("Consent", "bytes"))
        words = translate("Consent", "{bytes}. Sent with it are your key and what every request says of itself.")
        self._facts.setText(words.format(bytes=n_bytes))

    def _choose(self, place: int, *_: object) -> None:
        self._model.choose_body(place)


def _risk(theme: Theme) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(Mark(theme, "triangle-alert", size=14, color="caution_text"), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(Text(theme, consent.risk(), "small", color="text2", wrap=True), 1)
    return row
