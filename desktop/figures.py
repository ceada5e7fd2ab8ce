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
    unit, decimals = _scale(n_bytes)
    value = n_bytes / 1000**unit
    if unit == 2 and n_bytes < 1_000_000:
        value = max(value, 0.1)
    return f"{QLocale().toString(value, 'f', decimals)} {_UNITS[unit]}"


def part(n_done: int, n_bytes: int) -> str:
    """`2.9 of 5.0 GB`; the first figure in the unit of the second."""
    unit, decimals = _scale(n_bytes)
    done = QLocale().toString(min(n_done, n_bytes) / 1000**unit, "f", decimals)
    return translate("figures", "{n} of {all}").format(n=done, all=size(n_bytes))


def _scale(n_bytes: int) -> tuple[int, int]:
    """Power of a thousand and decimals for an amount; kilobytes read as parts of a megabyte: 0.3 MB, as in a column of sizes."""
    unit = 0
    while n_bytes >= 1000 ** (unit + 1) and unit < len(_UNITS) - 1:
        unit += 1
    if unit == 1 and n_bytes >= 50_000:
        return 2, 1
    return unit, 0 if unit == 0 or n_bytes >= 100 * 1000**unit else 1


def amount_of_data(n_bytes: int) -> str:
    """`0 B`, `0.9 KB`, `5.0 GB`: amounts that are small next to each other, as in a log."""
    if n_bytes < 100:
        return f"{number(n_bytes)} {_UNITS[0]}"
    value, unit = n_bytes / 1000, 1
    while value >= 1000 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{QLocale().toString(value, 'f', 0 if value >= 100 else 1)} {_UNITS[unit]}"


def memory(used: int, total: int) -> str:
    """`9.1 of 32 GB`, in the binary gigabytes in which memory is sold."""
    gibi = 1 << 30
    share = QLocale().toString(used / gibi, "f", 1)
    whole = total / gibi
    text = translate("figures", "{used} of {total} GB")
    return text.format(used=share, total=QLocale().toString(whole, "f", 0 if whole >= 10 else 1))


def memory_size(n_bytes: int) -> str:
    """`32 GB`: memory as it is sold; a part that the system keeps for itself is rounded away from ten gigabytes on."""
    value = n_bytes / (1 << 30)
    return f"{QLocale().toString(value, 'f', 0 if value >= 10 else 1)} GB"


def speed(tokens_per_s: float) -> str:
    """`18.6 tokens/s`."""
    return translate("figures", "{n} tokens/s").format(n=QLocale().toString(tokens_per_s, "f", 1))


def rate(bytes_per_s: float) -> str:
    """`11.4 MB/s`."""
    return translate("figures", "{size}/s").format(size=size(round(bytes_per_s)))


def gibibytes(n_bytes: int) -> str:
    """`6.3 GB` of memory, in the binary gigabytes in which memory is sold; megabytes below a tenth of one."""
    if abs(n_bytes) < (1 << 30) // 10:
        return f"{QLocale().toString(n_bytes / (1 << 20), 'f', 0)} MB"
    return f"{QLocale().toString(n_bytes / (1 << 30), 'f', 1)} GB"


def share(part_of_one: float) -> str:
    """`58%`; never 100 before all of it is there."""
    per_cent = 100 if part_of_one >= 1 else min(99, round(100 * part_of_one))
    return translate("figures", "{n}%").format(n=number(per_cent))


def short_time_left(seconds: float) -> str:
    """`3 min left`, for rows without room for a sentence."""
    if seconds < 45:
        return translate("figures", "under 1 min left")
    minutes = max(1, round(seconds / 60))
    if minutes < 90:
        return translate("figures", "{n} min left").format(n=number(minutes))
    return translate("figures", "{n} h left").format(n=number(round(minutes / 60)))


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


def duration(seconds: float) -> str:
    """`less than a minute`, `12 min`, `3 h 12 min`, `5 days`."""
    minutes = int(max(0.0, seconds)) // 60
    if minutes < 1:
        return translate("figures", "less than a minute")
    if minutes < 60:
        return translate("figures", "{n} min").format(n=number(minutes))
    if minutes < 48 * 60:
        return translate("figures", "{h} h {m} min").format(h=number(minutes // 60), m=number(minutes % 60))
    return amount(minutes // (24 * 60), translate("figures", "day"), translate("figures", "days"))


def seconds(value: float) -> str:
    """`0.4 s`, `12 s`, and from two minutes on `3 min`."""
    if value >= 120:
        return duration(value)
    return translate("figures", "{n} s").format(n=QLocale().toString(value, "f", 1 if value < 10 else 0))


def speed_range(low: float, high: float) -> str:
    """`16–20 tokens/s`, or one number where both are the same."""
    ends = [QLocale().toString(float(end), "f", 0 if high >= 10 else 1) for end in (low, high)]
    figures = ends[0] if ends[0] == ends[1] else "–".join(ends)
    return translate("figures", "{n} tokens/s").format(n=figures)


def moment(when: datetime, today: date | None = None) -> str:
    """`Today 14:02:31`, `3 Sep 08:02:55`: to the second and short, as in a log."""
    local = when.astimezone()
    time = QTime(local.hour, local.minute, local.second).toString("HH:mm:ss")
    today = today or date.today()
    name = day(when, today)
    if (today - local.date()).days not in (0, 1):
        pattern = "d MMM" if local.year == today.year else "d MMM yyyy"
        name = QLocale().toString(QDate(local.year, local.month, local.day), pattern)
    return f"{name} {time}"
