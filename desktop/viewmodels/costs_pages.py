"""All that the page about costs shows, in one hand: it is asked for when somebody looks, and not before. QtCore only."""

from __future__ import annotations

from desktop.viewmodels.costs import CostsModel
from desktop.viewmodels.costs_calls import OpenCallsModel
from desktop.viewmodels.costs_prices import PriceSearch, PricesModel
from desktop.viewmodels.costs_thresholds import ThresholdsModel
from desktop.viewmodels.providers import ProvidersModel
from desktop.viewmodels.settings import SettingsModel
from desktop.viewmodels.window_model import EngineBridge


class CostsPages:
    """Made before the engine starts, so that nothing it says is missed."""

    def __init__(self, bridge: EngineBridge, settings: SettingsModel, providers: ProvidersModel) -> None:
        self._bridge = bridge
        self.costs = CostsModel(bridge, settings, providers)
        self.thresholds = ThresholdsModel(self.costs)
        self.prices = PricesModel(bridge)
        self.calls = OpenCallsModel(bridge)

    def search(self) -> PriceSearch:
        """What a sheet looks for prices with."""
        return PriceSearch(self._bridge)

    def watch(self, is_watched: bool) -> None:
        """Somebody looks at the page, or no longer does."""
        self.costs.watch(is_watched)
        if is_watched:
            self.prices.look()
            self.calls.look()
