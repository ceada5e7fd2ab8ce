"""One text to be approved: what the user may change in it before it is sent, and the newest preview of it. QtCore only."""

from __future__ import annotations

from desktop.viewmodels.approval import Approval
from desktop.viewmodels.window_model import EngineBridge
from engine import compare_events, compare_intents, events
from engine.compare_records import DetailKind, Preview
from engine.intents import Intent


class ConsentModel(Approval):
    """One comparison: its newest preview, which the user may change before it is sent."""

    can_revise = True

    def __init__(self, bridge: EngineBridge, preview: Preview) -> None:
        self._request = preview.request
        super().__init__(bridge, (preview,), preview.receivers)

    # ------------------------------------------------------------ wishes
    def hide(self, words: str, kind: DetailKind = "term") -> str:
        """Hide further words; returns why not, where they cannot be hidden."""
        wanted = words.strip()
        if not wanted:
            return self.tr("Type or select the words to hide")
        if any(place.placeholder in wanted for place in self.preview.places):
            return self.tr("Choose words without a placeholder in them")
        if " ".join(wanted.split()).casefold() not in " ".join(self.preview.text.split()).casefold():
            return self.tr("These words are not in the text")
        self._revise(compare_intents.ReviseHidden(self._request, hide=(wanted,), kind=kind))
        return ""

    def let_be_seen(self, placeholder: str) -> None:
        """Send a detail as it is; to be called only after the user agreed to that."""
        self._revise(compare_intents.ReviseHidden(self._request, show=(placeholder,)))

    def hide_again(self, placeholder: str) -> None:
        self._revise(compare_intents.ReviseHidden(self._request, hide_again=(placeholder,)))

    def _revise(self, intent: compare_intents.ReviseHidden) -> None:
        self.is_revising, self.is_read, self.problem = True, False, None
        self._bridge.submit(intent)
        self.changed.emit()

    def selected(self, start: int, end: int) -> str:
        """The words behind a selection of the shown text, as they would be sent."""
        if self.shows_bodies or self.shows_originals:
            return ""
        shown, _marks = self.shown
        return shown.source[shown.found(start) : shown.found(end)]

    def _approval(self) -> Intent:
        return compare_intents.SendComparison(self._request, tuple(each.sha256 for each in self.to_send))

    # ------------------------------------------------------------ happenings
    def _take(self, event: events.Event) -> None:
        match event:
            case compare_events.ComparisonPrepared() if event.preview.request == self._request:
                self._take_preview(event.preview)
            case compare_events.ComparisonRefused() if event.request == self._request:
                self._refused(event.error)
            case compare_events.PaneStarted() | compare_events.PaneProgress() if event.request == self._request:
                self._take_pane(event.pane)
            case compare_events.PaneEnded() if event.request == self._request:
                self._take_pane(event.answer.pane)

    def _take_pane(self, pane: int) -> None:
        if self.is_sending and pane in {each.pane for each in self.to_send}:
            self.is_sending = False
            self.sent.emit()

    def _take_preview(self, preview: Preview) -> None:
        """Another preview than the one that was read: it has to be read again, and says that it is another one."""
        before = self.preview
        if preview != before:
            self.is_read = False
            self.change_words = self._changes(before, preview)
        self.is_revising = False
        self.shows_originals = self.shows_originals and preview.text == before.text
        self._use((preview,), preview.receivers)
        self._show_again()

    def _changes(self, before: Preview, after: Preview) -> str:
        if after.text != before.text:
            return self.tr("The text has changed. Read it again before you send it.")
        if [each.sha256 for each in after.receivers] != [each.sha256 for each in before.receivers]:
            return self.tr("What is sent, or where it goes, has changed. Check it again before you send it.")
        return self.tr("Something on this sheet has changed. Check it again before you send it.")
