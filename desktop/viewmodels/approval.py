"""What a person reads and approves before text leaves, ready to show. QtCore only.

It holds the hashes of what it shows, so that what is approved is what was on the screen, whatever the engine has
prepared meanwhile. Nothing is sent by anything here but `send`, and that refuses while one condition is missing.
"""

from __future__ import annotations

from hashlib import sha256

from PySide6.QtCore import QObject, Signal

from desktop import wording
from desktop.viewmodels.consent_rows import (
    Body,
    DetailRow,
    LeakRow,
    ReceiverRow,
    bodies,
    detail_rows,
    leak_rows,
    marks_of,
    n_by_kind,
    receiver_rows,
    with_originals,
)
from desktop.viewmodels.shown_text import Marked, ShownText
from desktop.viewmodels.window_model import EngineBridge
from desktop.wordings import consent
from desktop.wordings.words import Words
from engine import events
from engine.compare_records import Preview, Receiver
from engine.errors import StrongroomError
from engine.intents import Intent


class Approval(QObject):
    """The common part of sending one text and a batch. `shown_changed`: another text, or the same in another way.

    `sent`: the engine has begun to send; the sheet can go. Everything else that changes is told by `changed`.
    """

    changed = Signal()
    shown_changed = Signal()
    sent = Signal()
    can_revise = False

    def __init__(self, bridge: EngineBridge, previews: tuple[Preview, ...], receivers: tuple[Receiver, ...]) -> None:
        super().__init__()
        self._bridge = bridge
        self.is_read = False
        self.is_sending = False
        self.is_revising = False
        self.shows_originals = False
        self.shows_bodies = False
        self.body = 0  # which request is shown as it is sent
        self.place = 0  # which text is shown
        self.change_words = ""
        self.problem: Words | None = None
        self._use(previews, receivers)
        bridge.happened.connect(self._take)

    def _use(self, previews: tuple[Preview, ...], receivers: tuple[Receiver, ...]) -> None:
        self.previews, self.to_send = previews, receivers
        shown = sorted(each.sha256 for preview in previews for each in preview.receivers)
        self._is_sound = shown == sorted(each.sha256 for each in receivers) and all(
            sha256(each.body).hexdigest() == each.sha256 for each in receivers
        )
        self.place = min(self.place, max(0, len(previews) - 1))
        self.body = min(self.body, max(0, len(self.bodies) - 1))
        self._shown: tuple[ShownText, list[Marked]] | None = None

    def _take(self, event: events.Event) -> None:
        raise NotImplementedError

    def _approval(self) -> Intent:
        """The wish that sends exactly what is shown."""
        raise NotImplementedError

    # ------------------------------------------------------------ wishes
    def say_read(self, is_read: bool) -> None:
        """The box was ticked or unticked."""
        self.is_read = is_read and not self.why_not_agree
        if self.is_read:
            self.change_words = ""
        self.changed.emit()

    def send(self) -> None:
        """Approve what is shown; does nothing while a condition is missing."""
        if self.why_not_send:
            return
        self.is_sending, self.problem = True, None
        self._bridge.submit(self._approval())
        self.changed.emit()

    def show_text(self, place: int) -> None:
        """Show another text of the batch."""
        self.place = max(0, min(place, len(self.previews) - 1))
        self.body = 0
        self._show_again()

    def show_originals(self, shown: bool) -> None:
        """Show the hidden details in their places, on this screen only."""
        self.shows_originals, self.shows_bodies = shown, False
        self._show_again()

    def show_bodies(self, shown: bool) -> None:
        """Show the request byte for byte instead of the text that it holds."""
        self.shows_bodies, self.shows_originals = shown, False
        self._show_again()

    def choose_body(self, body: int) -> None:
        self.body = body
        self._show_again()

    def _show_again(self) -> None:
        self._shown = None
        self.shown_changed.emit()
        self.changed.emit()

    # ------------------------------------------------------------ where it goes
    @property
    def title(self) -> str:
        companies = {each.provider for each in self.to_send if not each.is_own}
        own = {each.provider for each in self.to_send if each.is_own}
        return consent.title(len(companies), len(own), len(self.previews))

    @property
    def rows(self) -> list[ReceiverRow]:
        return receiver_rows(self.to_send)

    @property
    def hosts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each.host for each in self.to_send))

    @property
    def send_words(self) -> str:
        return consent.send(len(self.hosts))

    @property
    def cost_words(self) -> str:
        known = [each.max_cost for each in self.to_send if each.max_cost is not None]
        return consent.cost(known, len(self.to_send) - len(known))

    # ------------------------------------------------------------ what is sent
    @property
    def preview(self) -> Preview:
        """The text that is looked at now."""
        return self.previews[self.place]

    @property
    def shown(self) -> tuple[ShownText, list[Marked]]:
        """The text to show and what stands out in it."""
        if self._shown is None:
            self._shown = self._make_shown()
        return self._shown

    def _make_shown(self) -> tuple[ShownText, list[Marked]]:
        if self.shows_bodies and self.bodies:
            shown = ShownText(self.bodies[self.body].text)
            return shown, [*shown.unseen]
        if self.shows_originals:
            return with_originals(self.preview)
        shown = ShownText(self.preview.text)
        return shown, marks_of(self.preview, shown)

    @property
    def bodies(self) -> list[Body]:
        return bodies(self.preview)

    @property
    def amount_words(self) -> str:
        tokens = max((each.n_tokens for each in self.preview.receivers), default=0)
        return consent.amount(len(self.preview.text), tokens)

    @property
    def unseen_words(self) -> str:
        shown, _marks = self.shown
        return consent.unseen(len(shown.unseen), shown.kinds)

    @property
    def attached_words(self) -> str:
        documents = [(each.name, each.n_passages) for each in self.preview.attached]
        return consent.attached(documents, self.preview.n_passages_left_out)

    @property
    def stays_words(self) -> str:
        hides = any(preview.places for preview in self.previews)
        return consent.stays(has_documents=any(preview.attached for preview in self.previews), has_hidden=hides)

    # ------------------------------------------------------------ what is hidden
    @property
    def n_hidden(self) -> int:
        return len({place.placeholder for place in self.preview.places})

    @property
    def details(self) -> list[DetailRow]:
        return detail_rows(self.preview)

    @property
    def hidden_words(self) -> str:
        """`3 people, 1 address`, and how many are sent as they are."""
        n_seen = sum(1 for row in self.details if not row.is_hidden)
        return ". ".join(filter(None, (consent.by_kind(n_by_kind(self.preview)), consent.seen(n_seen))))

    @property
    def leaks(self) -> list[LeakRow]:
        return leak_rows(self.preview)

    @property
    def n_leaks(self) -> int:
        return sum(len(preview.leaks) for preview in self.previews)

    @property
    def first_leaking(self) -> int | None:
        """Which text holds the first leak."""
        return next((place for place, preview in enumerate(self.previews) if preview.leaks), None)

    # ------------------------------------------------------------ approving
    @property
    def agree_words(self) -> str:
        if len(self.previews) > 1:
            return self.tr("I have read these texts and I may share them")
        return self.tr("I have read this text and I may share it")

    @property
    def why_not_agree(self) -> str:
        """Why the box cannot be ticked; empty if it can."""
        if self.is_sending:
            return self.tr("It is being sent")
        if self.is_revising:
            return self.tr("The text is being changed")
        if not self.to_send:
            return self.tr("Nothing waits to be sent")
        if not self._is_sound:
            return self.tr("What is shown is not what would be sent. Close this and prepare the comparison again")
        if self.n_leaks:
            return self.tr("Hidden details would still be sent")
        if self.shows_originals:
            return self.tr("Hide the originals first. What you see now is not what is sent")
        return ""

    @property
    def why_not_send(self) -> str:
        """Why Send is disabled; empty if it is not."""
        return self.why_not_agree or ("" if self.is_read else self.tr("Read the text and tick the box first"))

    def _refused(self, error: StrongroomError) -> None:
        """Nothing was sent: say why, and let it be read again."""
        self.problem = wording.words_for(error)
        self.is_read = self.is_sending = self.is_revising = False
        self.changed.emit()
