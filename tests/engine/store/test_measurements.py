from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.store.measurements import Measured, StoredMeasurements
from engine.store.store import Store


@pytest.fixture
def measurements(store: Store) -> StoredMeasurements:
    return StoredMeasurements(store._main)


def test_what_was_never_measured_is_not_there(measurements: StoredMeasurements) -> None:
    assert measurements.get("bytes_per_s") is None


def test_the_newest_measurement_takes_the_place_of_the_one_before(measurements: StoredMeasurements) -> None:
    measurements.put("bytes_per_s", 18.25e9)
    measurements.put("other", {"threads": [1, 2]})
    measurements.put("bytes_per_s", 19.5e9)
    kept = measurements.get("bytes_per_s")
    assert kept is not None and kept[1] == 19.5e9
    assert timedelta(0) <= datetime.now(UTC) - kept[0] < timedelta(minutes=1)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(value=JSON)
def test_any_value_comes_back_as_it_was(measurements: StoredMeasurements, value: Measured) -> None:
    measurements.put("anything", value)
    kept = measurements.get("anything")
    assert kept is not None and kept[1] == value


def test_a_number_that_json_does_not_have_is_refused(measurements: StoredMeasurements) -> None:
    with pytest.raises(ValueError, match="JSON"):
        measurements.put("bytes_per_s", float("nan"))
    assert measurements.get("bytes_per_s") is None
