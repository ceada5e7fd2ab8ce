"""The votes of a set, ready to show: rows with their ranges, what may be said of them, and the same as a table.

QtCore only. Says "ahead" only where the ranges say so; until then the answers could still be equal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QLocale, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop import figures
from desktop.cells import CELL, TextCell
from desktop.wordings import compare, vote_results
from desktop.wordings.words import StatusWords
from engine.vote_records import Share, Tally

translate = QCoreApplication.translate
_NOWHERE = QModelIndex()
Index = QModelIndex | QPersistentModelIndex
STRONG = 20.0  # an e-value from which a lead may be called one
_SAID_WITH_FIGURES = ("left_bias", "longer_wins")

_LOCAL_COLOURS, _REMOTE_COLOURS = ("chart1", "chart2"), ("chart3", "chart4", "chart6", "chart5")


@dataclass(frozen=True)
class TallyRow:
    """A model's share of the votes, 0 to 1, with its range; `color` is a token."""

    name: str
    share: float
    low: float
    high: float
    wins: int
    n: int
    color: str
    is_remote: bool

    @property
    def percent(self) -> str:
        return f"{_percent(self.share)}%"

    @property
    def range(self) -> str:
        """`27 to 54%`."""
        return translate("tally", "{low} to {high}%").format(low=_percent(self.low), high=_percent(self.high))


def rows_of(tally: Tally, name_of: Callable[[str], str]) -> list[TallyRow]:
    """The shares in the engine's order, each model in its colour."""
    local, remote = iter(_LOCAL_COLOURS), iter(_REMOTE_COLOURS)
    rows = []
    for share in tally.shares:
        is_remote = not share.model.startswith("local:")
        color = next(remote, "chart6") if is_remote else next(local, "chart2")
        rows.append(TallyRow(name_of(share.model), share.share, share.low, share.high, share.wins, share.n, color, is_remote))
    return rows


def badge(tally: Tally, name_of: Callable[[str], str]) -> StatusWords:
    """What the votes say, in a few words."""
    if tally.verdict == "reached":
        return StatusWords(translate("tally", "As good within the margin"), "neutral", "check")
    if tally.verdict == "inferior":
        return StatusWords(translate("tally", "The local model is not as good"), "neutral", "scale")
    ahead = leader_of(tally)
    if ahead is not None:
        return StatusWords(translate("tally", "{model} is ahead").format(model=name_of(ahead.model)), "neutral", "scale")
    return StatusWords(translate("tally", "No clear winner yet"), "neutral", "scale")


def leader_of(tally: Tally) -> Share | None:
    """The model whose lead the votes show; None while it could still be chance."""
    if tally.leader is None:
        return None
    found = next((share for share in tally.shares if share.model == tally.leader), None)
    if found is None:
        return None
    apart = all(found.low > other.high for other in tally.shares if other is not found)
    strong = len(tally.shares) == 2 and tally.evidence >= STRONG
    return found if apart or strong else None


def sentence(tally: Tally, name_of: Callable[[str], str]) -> str:
    """What the ranges mean, and how many more votes would settle it."""
    if tally.n_votes == 0 or not tally.shares:
        return translate("tally", "Shares and their ranges appear here after your first vote.")
    ahead = leader_of(tally)
    if ahead is not None:
        text = translate("tally", "{model} is chosen more often than chance would explain.")
        return text.format(model=name_of(ahead.model))
    words = _overlap(len(tally.shares)) if _overlaps(tally) else translate("tally", "The lead could still be chance.")
    if not tally.n_more:  # nobody knows, or it is settled
        return words
    more = translate("tally", "About {votes} would settle it.")
    return f"{words} {more.format(votes=_more(tally.n_more))}"


def _overlap(n: int) -> str:
    counted = {2: translate("tally", "these two"), 3: translate("tally", "these three"), 4: translate("tally", "these four")}
    text = translate("tally", "The ranges overlap, so {models} could still be equal.")
    return text.format(models=counted.get(n, translate("tally", "they")))


def _overlaps(tally: Tally) -> bool:
    ordered = sorted(tally.shares, key=lambda each: each.low)
    return any(before.high >= after.low for before, after in pairwise(ordered))


def _more(n: int) -> str:
    return figures.amount(n, translate("tally", "more vote"), translate("tally", "more votes"))


def notes(tally: Tally) -> list[str]:
    """What else one must know to read the shares rightly."""
    found = []
    if tally.n_equal or tally.n_none:
        text = translate("tally", "All equal: {equal}. None usable: {none}.")
        found.append(text.format(equal=figures.number(tally.n_equal), none=figures.number(tally.n_none)))
    if tally.n_recognised:
        text = translate("tally", "Left out, because a model was recognised: {n}.")
        found.append(text.format(n=figures.number(tally.n_recognised)))
    if tally.is_left_biased and tally.left_share is not None:
        text = translate("tally", "The left answer wins {n}% of the time, more than chance would explain.")
        found.append(text.format(n=_percent(tally.left_share[0])))
    if tally.longer_share is not None:
        text = translate("tally", "The longer answer won {n}% of the time.")
        found.append(text.format(n=_percent(tally.longer_share)))
    found += [vote_results.caveat(key) for key in tally.notes if key not in _SAID_WITH_FIGURES]
    if tally.next_look is not None:
        found.append(translate("tally", "Next full check at {votes}.").format(votes=compare.votes(tally.next_look)))
    return found


def spoken(tally: Tally, name_of: Callable[[str], str]) -> str:
    """The chart in words."""
    text = translate("tally", "{model} {percent}, range {range}")
    rows = [text.format(model=row.name, percent=row.percent, range=row.range) for row in rows_of(tally, name_of)]
    return "; ".join([*rows, sentence(tally, name_of)])


def _percent(share: float) -> str:
    return QLocale().toString(round(share * 100))


class TallyTable(QAbstractTableModel):
    """The shares as a table: model, share, range, wins."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[TallyRow] = []
        self._titles = (
            translate("tally", "Model"),
            translate("tally", "Best answer"),
            translate("tally", "Range (95%)"),
            translate("tally", "Votes"),
        )

    def show_rows(self, rows: list[TallyRow]) -> None:
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self._rows[index.row()]
        wins = translate("tally", "{wins} of {n}").format(wins=figures.number(row.wins), n=figures.number(row.n))
        text = (row.name, row.percent, row.range, wins)[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return text
        if role == CELL:
            icon = ("arrow-up-right" if row.is_remote else "lock") if index.column() == 0 else ""
            tone = "outbound_text" if row.is_remote else "primary"
            return TextCell(text, icon, tone, strong=index.column() == 0, right=index.column() > 0)
        return None
