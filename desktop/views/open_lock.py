"""Open the lock for downloads? Says which hosts may then be reached, what is sent to them, and what stays here.

Nothing of a document leaves, so nothing here is copper; and still nothing is opened before somebody pressed the button.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.lock_gate import LockGate, LockQuestion
from desktop.widgets.button import Button
from desktop.widgets.mark import Mark
from desktop.widgets.sheet import Sheet
from desktop.widgets.text import Text

translate = QCoreApplication.translate


class OpenLockSheet(Sheet):
    """`agreed` is emitted after it closed with yes, `declined` with no. The focus starts on Cancel. It deletes itself."""

    agreed = Signal()
    declined = Signal()

    def __init__(self, theme: Theme, over: QWidget, question: LockQuestion) -> None:
        super().__init__(theme, over, translate("OpenLock", "Open the lock for downloads?"), width=560)
        self._said_yes = False
        self.body.setSpacing(16)
        hosts = ", ".join(question.hosts) or translate("OpenLock", "The hub that is set in Settings, Models and memory")
        # One after the other rather than one below the other: a hub may send its files from twenty hosts.
        self.body.addWidget(
            _point(theme, "arrow-down-to-line", translate("OpenLock", "These hosts may then be reached"), hosts, "mono")
        )
        sent = " ".join(filter(None, (question.sends, *_also_seen(question.proxy))))
        self.body.addWidget(_point(theme, "log-out", translate("OpenLock", "What is sent to them"), sent))
        self.body.addWidget(
            _point(
                theme,
                "shield-check",
                translate("OpenLock", "What stays here"),
                translate(
                    "OpenLock",
                    "Your documents, questions and answers. Every connection is written to the network log before it is opened.",
                ),
                color="primary",
            )
        )
        self.body.addWidget(
            Text(
                theme,
                translate(
                    "OpenLock",
                    "The lock stays open for downloads until you close it, also after starting again. "
                    "Ctrl Shift L closes it at once.",
                ),
                "small",
                color="text2",
                wrap=True,
            )
        )
        self.cancel = Button(theme, translate("OpenLock", "Keep it closed"), size="m")
        self.go = Button(theme, translate("OpenLock", "Open for downloads"), icon="lock-open", kind="primary", size="m")
        self.buttons.addStretch()
        self.buttons.addWidget(self.cancel)
        self.buttons.addWidget(self.go)
        self.cancel.clicked.connect(self.close_sheet)
        self.go.clicked.connect(self._agree)
        self.closed.connect(self._tell)
        self.closed.connect(self.deleteLater)

    def ask(self) -> None:
        self.open_sheet(self.cancel)

    def _agree(self) -> None:
        self._said_yes = True
        self.close_sheet()

    def _tell(self) -> None:
        if self._said_yes:
            self.agreed.emit()
        else:
            self.declined.emit()


def ask_to_open(theme: Theme, over: QWidget, gate: LockGate, question: LockQuestion) -> OpenLockSheet:
    """Show the question over `over` and let `gate` follow the answer."""
    sheet = OpenLockSheet(theme, over, question)
    sheet.agreed.connect(gate.open)
    sheet.declined.connect(gate.forget)
    sheet.ask()
    return sheet


def _also_seen(proxy: str) -> list[str]:
    """What goes along with whatever is asked for."""
    seen = [
        translate("OpenLock", "As with every connection, they also see your internet address and that Strongroom is asking."),
        translate("OpenLock", "Where a publisher wants you to sign in, the hub gets the access token that you added."),
    ]
    if proxy:
        through = translate("OpenLock", "The way leads through the proxy {proxy}, which sees the names of the hosts.")
        seen.append(through.format(proxy=proxy))
    return seen


def _point(theme: Theme, icon: str, title: str, words: str, style: str = "body", *, color: str = "text2") -> QWidget:
    point = QWidget()
    row = QHBoxLayout(point)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(14)
    row.addWidget(Mark(theme, icon, size=18, color=color), 0, Qt.AlignmentFlag.AlignTop)
    lines = QVBoxLayout()
    lines.setSpacing(2)
    lines.addWidget(Text(theme, title, "bodyb", wrap=True))
    lines.addWidget(Text(theme, words, style, color="text2", wrap=True))
    row.addLayout(lines, 1)
    return point
