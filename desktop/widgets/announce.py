"""Tell screen readers about something that happened elsewhere than at the focus."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget


def announce(about: QWidget, words: str, *, urgent: bool = False) -> None:
    """Read `words` out: after what is being read, or at once for an error."""
    if not QAccessible.isActive() or not words:
        return
    event = QAccessibleAnnouncementEvent(about, words)
    politeness = QAccessible.AnnouncementPoliteness
    event.setPoliteness(politeness.Assertive if urgent else politeness.Polite)
    QAccessible.updateAccessibility(event)
