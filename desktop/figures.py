"""Numbers, sizes, dates and times as people write them, in the user's locale. Pure; no widgets."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtCore import QCoreApplication, QDate, QLocale, QTime

translate = QCoreApplication.translate

_UNITS = ("B", "KB", "MB", "GB", "TB")


def number(value: int) -> str:
    """A whole number with the locale's grouping."""
    return QLocale().toString(value)


def amount(n: int, one: str, many: str) -> str:
    """`1 page`, `32 pages`; both forms come translated."""
    return f"{number(n)} {one if n == 1 else many}"


def documents(n: int) -> str:
    return amount(n, translate("figures", "document"), translate("figures", "documents"))


def pages(n: int) -> str:
    return amount(n, translate("figures", "page"), translate("figures", "pages"))


def size(n_bytes: int) -> str:
    """`2.4 MB`; decimal units, one decimal below 100 and none above or for bytes."""
    value, unit = float(n_bytes), 0
    while value >= 1000 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    if unit == 1:  # kilobytes read as parts of a megabyte: 0.3 MB, as in a column of sizes
        value, unit = max(value / 1000, 0.1) if value >= 50 else value, 2 if value >= 50 else 1
    decimals = 0 if unit == 0 or value >= 100 else 1
    return f"{QLocale().toString(value, 'f', decimals)} {_UNITS[unit]}"


def memory(used: int, total: int) -> str:
    """`9.1 of 32 GB`, in the binary gigabytes in which memory is sold."""
    gibi = 1 << 30
    share = QLocale().toString(used / gibi, "f", 1)
    whole = total / gibi
    text = translate("figures", "{used} of {total} GB")
    return text.format(used=share, total=QLocale().toString(whole, "f", 0 if whole >= 10 else 1))


def speed(tokens_per_s: float) -> str:
    """`18.6 tokens/s`."""
    return translate("figures", "{n} tokens/s").format(n=QLocale().toString(tokens_per_s, "f", 1))


def day(moment: datetime, today: date | None = None) -> str:
    """`Today`, `Yesterday`, `2 September`, and with the year when it is not this year's."""
    local = moment.astimezone().date()
    today = today or date.today()
    if local == today:
        return translate("figures", "Today")
    if (today - local).days == 1:
        return translate("figures", "Yesterday")
    pattern = "d MMMM" if local.year == today.year else "d MMMM yyyy"
    return QLocale().toString(QDate(local.year, local.month, local.day), pattern)


def day_and_time(moment: datetime, today: date | None = None) -> str:
    """`today at 13:40`, `2 September at 09:05`."""
    local = moment.astimezone()
    name = day(moment, today)
    time = QLocale().toString(QTime(local.hour, local.minute), QLocale.FormatType.ShortFormat)
    inside = name[:1].lower() + name[1:] if not name[:1].isdigit() else name
    return translate("figures", "{day} at {time}").format(day=inside, time=time)


def time_left(seconds: float) -> str:
    """`About 4 minutes left`; never seconds that jump."""
    if seconds < 45:
        return translate("figures", "Less than a minute left")
    minutes = max(1, round(seconds / 60))
    if minutes < 90:
        return translate("figures", "About {n} left").format(
            n=amount(minutes, translate("figures", "minute"), translate("figures", "minutes"))
        )
    hours = round(minutes / 60)
    return translate("figures", "About {n} left").format(
        n=amount(hours, translate("figures", "hour"), translate("figures", "hours"))
    )
