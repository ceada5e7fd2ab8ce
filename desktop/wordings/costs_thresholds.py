"""What each threshold of advice is called and what it means. Pure."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

translate = QCoreApplication.translate


def threshold(name: str) -> tuple[str, str]:
    """What a threshold is called and what it means."""
    return {
        "margin_percent": (
            translate("costs", "Margin, in points"),
            translate("costs", "By how many of a hundred answers the local model may be worse and still be as good."),
        ),
        "ratio_percent": (
            translate("costs", "Quality to reach, in %"),
            translate("costs", "The part of the remote model’s quality that the local one has to reach."),
        ),
        "valid_percent": (
            translate("costs", "Answers in the right form, in %"),
            translate("costs", "Below this the local model is not advised where answers have a fixed form."),
        ),
        "context_percent": (
            translate("costs", "Reading length in use, in %"),
            translate("costs", "How much of the model’s reading length long prompts may fill."),
        ),
        "capacity_percent": (
            translate("costs", "Capacity in use, in %"),
            translate("costs", "How much of what this computer can do in a month a workload may need."),
        ),
        "least_saving": (
            translate("costs", "Least saving a month, in dollars"),
            translate("costs", "Below this a move is not worth the trouble."),
        ),
        "least_saving_percent": (
            translate("costs", "Least saving, in % of the API’s price"),
            translate("costs", "The larger of the two least savings counts."),
        ),
        "few_items": (
            translate("costs", "Few items a month"),
            translate("costs", "Below this a workload without secrets stays where it is, if it also costs little."),
        ),
        "low_cost": (
            translate("costs", "Little cost a month, in dollars"),
            translate("costs", "What little means there."),
        ),
        "least_prompts": (
            translate("costs", "Compared prompts before advice"),
            translate("costs", "With fewer of them the advice is to keep testing."),
        ),
        "sample_percent": (
            translate("costs", "Sample after a move, in %"),
            translate("costs", "How many of its prompts the remote model also answers, each time with your consent."),
        ),
        "least_sample": (
            translate("costs", "Least sample a month"),
            translate("costs", "At least so many prompts are in the sample."),
        ),
        "watch_days": (
            translate("costs", "Days that a move is watched"),
            translate("costs", "The next workload is offered after so many days."),
        ),
        "watch_items": (
            translate("costs", "Items that a move is watched for"),
            translate("costs", "Or after so many items, if that is sooner."),
        ),
    }[name]
