"""The fit opened: what a model needs, part by part, against what is free; and what would make it fit better."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop import figures
from desktop.theme import Theme
from desktop.widgets.button import Button
from desktop.widgets.card import Divider
from desktop.widgets.text import Text
from desktop.wordings import fit_sum
from engine.records import Fit

translate = QCoreApplication.translate


class MemorySumView(QWidget):
    """`smaller_wanted` carries the context that was offered; `header_wanted`: find out what is not known yet."""

    smaller_wanted = Signal(int)
    header_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._fit: Fit | None = None
        self._shown: list[tuple[str, str, bool]] = []
        self._title = Text(theme, translate("MemorySum", "Memory and speed"), "bodyb")
        self._lines = QVBoxLayout()
        self._lines.setSpacing(3)
        self._note = Text(theme, "", "small", color="text2", wrap=True)
        self._offer = Text(theme, "", "small", color="text2", wrap=True)
        self.smaller = Button(theme, "", size="s")
        self.header = Button(theme, translate("MemorySum", "Read its header"), icon="arrow-down-to-line", size="s")
        self.header.set_hint(translate("MemorySum", "Fetches the first part of the file, which says what the model needs"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._title)
        column.addLayout(self._lines)
        column.addWidget(self._note)
        column.addWidget(self.header)
        column.addWidget(self._offer)
        column.addWidget(self.smaller)
        self.smaller.clicked.connect(self._want_smaller)
        self.header.clicked.connect(self.header_wanted)

    def show_fit(self, fit: Fit | None, at_least: int | None, *, can_read_header: bool) -> None:
        """Show a fit; `at_least` is what the model needs in any case where its fit is unknown."""
        self._fit = fit
        self.setVisible(fit is not None)
        if fit is None:
            return
        self._show_lines(_lines(fit, at_least))
        is_unknown = fit.verdict == "unknown"
        words = translate("MemorySum", "Not known before its header is read.") if is_unknown and can_read_header else ""
        if is_unknown and not can_read_header:
            words = translate("MemorySum", "The file does not say enough to judge it. It may run, or need more than is free.")
        if fit.sum is not None:
            words = fit_sum.units()
        self._note.setText(words)
        self._note.setVisible(bool(words))
        self.header.setVisible(is_unknown and can_read_header)
        offered = fit_sum.offered(fit)
        self._offer.setText(f"{offered}." if offered else "")
        self._offer.setVisible(bool(offered))
        self.smaller.setVisible(bool(offered))
        if fit.offered_n_ctx is not None:
            self.smaller.setText(translate("MemorySum", "Read {n} at once").format(n=figures.number(fit.offered_n_ctx)))
            self.smaller.set_hint(translate("MemorySum", "Changes the reading length for every model. Settings changes it back."))

    def _show_lines(self, lines: list[tuple[str, str, bool]]) -> None:
        if lines == self._shown:
            return
        self._shown = lines
        while (item := self._lines.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()
        for label, amount, is_total in lines:
            if is_total:
                self._lines.addWidget(Divider(self._theme))
            self._lines.addWidget(_line(self._theme, label, amount, is_total=is_total))

    def _want_smaller(self) -> None:
        if self._fit is not None and self._fit.offered_n_ctx is not None:
            self.smaller_wanted.emit(self._fit.offered_n_ctx)


def _lines(fit: Fit, at_least: int | None) -> list[tuple[str, str, bool]]:
    """Label, amount and whether a rule stands above it."""
    lines = [(label, amount, False) for label, amount in fit_sum.parts(fit.sum, fit.n_ctx)] if fit.sum else []
    if fit.needed_bytes is not None:
        lines.append((translate("MemorySum", "Needs in all"), figures.gibibytes(fit.needed_bytes), bool(lines)))
    elif at_least is not None:
        lines.append((translate("MemorySum", "Needs at least"), figures.gibibytes(at_least), False))
    free = translate("MemorySum", "Free now")
    if fit.device:
        free = translate("MemorySum", "Free now on {device}").format(device=fit.device)
    lines.append((free, figures.gibibytes(fit.free_bytes), False))
    speed, kind = fit_sum.speed(fit)
    if kind:
        label = translate("MemorySum", "Writes, measured") if fit.is_measured else translate("MemorySum", "Writes about")
        lines.append((label, speed, False))
    if fit.prompt_tokens_per_s:
        words = figures.speed_range(float(fit.prompt_tokens_per_s), float(fit.prompt_tokens_per_s))
        lines.append((translate("MemorySum", "Reads about"), words, False))
    return lines


def _line(theme: Theme, label: str, amount: str, *, is_total: bool) -> QWidget:
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 2 if is_total else 0, 0, 0)
    row.setSpacing(12)
    row.addWidget(Text(theme, label, "smallm" if is_total else "small", color="text" if is_total else "text2", wrap=True), 1)
    row.addWidget(Text(theme, amount, "smallm" if is_total else "small"))
    return line
