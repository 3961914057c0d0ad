"""Positive evidence only: whatever is unknown, stale, dead or too much is unsafe."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.devices.ports import Reading
from obsy.engine.safety.verdict import InputState, Verdict, VerdictMemory, judge
from obsy.schemas.policy import Safety

NOW = datetime(2026, 11, 21, 20, tzinfo=UTC)
LONG_AGO = NOW - timedelta(hours=2)
LONG_SAFE = VerdictMemory({}, LONG_AGO, {"rain": LONG_AGO, "cloud": LONG_AGO})


def rain(value: float, age_s: float = 1.0) -> InputState:
    return InputState("rain-sensor", ("rain",), 60.0, Reading({"rain": value}, NOW - timedelta(seconds=age_s)))


def cloud(value: float, age_s: float = 1.0) -> InputState:
    return InputState("cloud-sensor", ("cloud",), 120.0, Reading({"cloud": value}, NOW - timedelta(seconds=age_s)))


def verdict(safety: Safety, *sources: InputState, memory: VerdictMemory = LONG_SAFE) -> Verdict:
    return judge(safety, sources, memory, NOW)[0]


def test_fresh_dry_and_clear_is_safe(safety: Safety) -> None:
    assert verdict(safety, rain(0), cloud(10)).safe


def test_rain_is_unsafe_at_once(safety: Safety) -> None:
    assert verdict(safety, rain(0.2), cloud(10)) == Verdict(
        False, "rain 0.2 mm/h, above 0", "rain-sensor", 1.0, 0.2, -0.2
    )


def test_cloud_is_unsafe_only_after_its_hold(safety: Safety) -> None:
    first, memory = judge(safety, (rain(0), cloud(90)), LONG_SAFE, NOW)
    assert first.safe
    later = NOW + timedelta(minutes=3)
    fresh = (replace_time(rain(0), later), replace_time(cloud(90), later))
    assert not judge(safety, fresh, memory, later)[0].safe


def spell(limit: str, values: list[float], every_s: float = 30.0, quantity: str = "wind") -> float | None:
    """After how long of these readings in turn, the first of them within, it is unsafe, s; None if it never is."""
    policy = Safety.model_validate({"limits": {quantity: limit}, "dwell": "10 min"})
    memory = VerdictMemory({}, None)
    for step in range(int(10800 / every_s)):
        now = NOW + timedelta(seconds=step * every_s)
        reading = Reading({quantity: values[step % len(values)]}, now)
        found, memory = judge(policy, (InputState("mast", (quantity,), 60.0, reading),), memory, now)
        if not found.safe:
            return step * every_s
    return None


def test_gusts_and_showers_that_come_and_go_within_their_hold_close_the_roof() -> None:
    assert spell("above 40 km/h and hold for 2 min", [25, 95, 95, 95]) == 150
    assert spell("above 40 km/h and hold for 1 min", [39, 95]) == 90
    assert spell("above 0 mm/h and hold for 60 s", [0, 20, 20], quantity="rain") == 120
    assert spell("above 40 % and hold for 3 min", [39, *[100] * 6], quantity="cloud") == 240


@pytest.mark.parametrize(
    ("limit", "calm", "closes"),
    [
        ("above 40 km/h and hold for 2 min", 3, 210),
        ("above 40 km/h and hold for 2 min", 4, None),
        ("above 40 km/h and hold for 2 min and clear for 5 min", 9, 570),
        ("above 40 km/h and hold for 2 min and clear for 5 min", 10, None),
        ("above 40 km/h and hold for 10 s", 1, 90),
        ("above 40 km/h and hold for 10 s", 2, None),
    ],
)
def test_a_hold_begins_anew_once_all_has_been_well_for_its_clear_time(
    limit: str, calm: int, closes: float | None
) -> None:
    assert spell(limit, [*[10] * calm, 95]) == closes


def test_what_was_unknown_meanwhile_has_not_been_well(safety: Safety) -> None:
    silent = InputState("cloud-sensor", ("cloud",), 120.0, None)
    _, memory = judge(safety, (rain(0), silent), LONG_SAFE, NOW)
    assert set(memory.within_since) == {"rain"}


@pytest.mark.parametrize("memory", [VerdictMemory({}, None), VerdictMemory({"cloud": LONG_AGO}, None)])
def test_no_hold_forgives_a_sky_that_nobody_has_seen_safe(safety: Safety, memory: VerdictMemory) -> None:
    found, memory = judge(safety, (rain(0), cloud(90)), memory, NOW)
    assert found == Verdict(False, "cloud 90.0 %, above 50", "cloud-sensor", 1.0, 90.0, -40.0)
    assert not judge(safety, (rain(0), cloud(90)), memory, NOW)[0].safe


def test_a_sensor_that_never_answered_is_unsafe(safety: Safety) -> None:
    silent = InputState("rain-sensor", ("rain",), 60.0, None)
    assert verdict(safety, silent, cloud(10)).reason == "rain is unknown: rain-sensor does not answer"


def test_a_station_that_answers_without_a_gauge_is_not_told_to_be_silent(safety: Safety) -> None:
    station = InputState("station", ("rain", "cloud"), 60.0, rain(0).reading)
    found = verdict(safety, station)
    assert (found.safe, found.reason) == (False, "cloud is unknown: station tells no cloud")


def test_a_sensor_that_fails_is_unknown_and_says_why(safety: Safety) -> None:
    never = InputState("rain-sensor", ("rain",), 60.0, None, "the port is gone")
    assert verdict(safety, never, cloud(10)).reason.endswith("rain-sensor does not answer (the port is gone)")
    stale = replace(rain(0, 61), failing="the port is gone")
    assert verdict(safety, stale, cloud(10)).reason.endswith("more than 60 s (the port is gone)")
    assert verdict(safety, replace(rain(0), failing="the port is gone"), cloud(10)).safe, "its last word still stands"


def test_a_reading_older_than_its_word_is_unsafe(safety: Safety) -> None:
    assert "last spoke 61 s ago" in verdict(safety, rain(0, 61), cloud(10)).reason


def test_a_reading_from_the_future_is_no_evidence(safety: Safety) -> None:
    assert not verdict(safety, rain(0, -30), cloud(10)).safe


def test_a_quantity_nobody_measures_is_unsafe(safety: Safety) -> None:
    assert verdict(safety, cloud(10)).reason == "no input measures rain"


def test_of_two_sensors_the_worse_counts(safety: Safety) -> None:
    assert not verdict(safety, rain(0), rain(1.0), cloud(10)).safe


def test_of_two_sensors_one_that_died_is_unsafe_even_if_the_other_is_dry(safety: Safety) -> None:
    assert not verdict(safety, rain(0), rain(0, 3600), cloud(10)).safe


def test_what_a_working_sensor_cannot_say_is_no_evidence(safety: Safety) -> None:
    assert verdict(safety, rain(0), cloud(-999)).reason == "cloud is unknown: cloud-sensor says -999 %, which cannot be"


def test_not_a_number_beside_a_dry_sensor_is_unsafe(safety: Safety) -> None:
    assert not verdict(safety, rain(0), rain(float("nan")), cloud(10)).safe


def test_not_a_number_is_given_no_hold(safety: Safety) -> None:
    assert not verdict(safety, rain(0), cloud(float("nan"))).safe


def test_not_a_number_is_unsafe(safety: Safety) -> None:
    assert not verdict(safety, rain(float("nan")), cloud(10)).safe


def test_after_a_fault_it_must_stay_safe_for_the_dwell(safety: Safety) -> None:
    _, memory = judge(safety, (rain(1), cloud(10)), LONG_SAFE, NOW)
    for minutes, safe in ((1, False), (14, False), (15, True)):
        later = NOW + timedelta(minutes=minutes)
        found, memory = judge(safety, (replace_time(rain(0), later), replace_time(cloud(10), later)), memory, later)
        assert found.safe is safe, f"after {minutes} min"


@given(st.floats(min_value=60.001, max_value=1e7))
def test_no_age_beyond_the_declared_one_is_ever_safe(safety: Safety, age_s: float) -> None:
    assert not verdict(safety, rain(0, age_s), cloud(10)).safe


@given(st.lists(st.tuples(st.floats(0, 5), st.floats(0, 100), st.integers(1, 20)), min_size=1, max_size=30))
def test_no_history_ends_safe_within_the_dwell_of_its_last_rain(
    safety: Safety, steps: list[tuple[float, float, int]]
) -> None:
    memory, now, last_rain = VerdictMemory({}, NOW), NOW, None
    for wet, cover, minutes in steps:
        now += timedelta(minutes=minutes)
        if wet > 0:
            last_rain = now
        found, memory = judge(safety, (replace_time(rain(wet), now), replace_time(cloud(cover), now)), memory, now)
        if last_rain is not None and now - last_rain < timedelta(minutes=15):
            assert not found.safe


def replace_time(source: InputState, when: datetime) -> InputState:
    assert source.reading is not None
    return replace(source, reading=Reading(source.reading.values, when))


@pytest.mark.parametrize("value", [0.01, 5.0])
def test_any_rain_at_all_breaks_a_limit_of_none(safety: Safety, value: float) -> None:
    assert not verdict(safety, rain(value), cloud(0)).safe


@pytest.mark.parametrize(("age_s", "safe"), [(-1.0, True), (-1.01, False), (0.0, True), (60.0, True), (60.001, False)])
def test_a_reading_counts_to_the_end_of_its_age_and_a_second_early(safety: Safety, age_s: float, safe: bool) -> None:
    assert verdict(safety, rain(0, age_s), cloud(10)).safe == safe


FROST = Safety.model_validate({"limits": {"temperature": "below -10 degC"}, "dwell": "15 min"})


def air(*celsius: float) -> tuple[InputState, ...]:
    """A thermometer for each temperature."""
    at = NOW - timedelta(seconds=1)
    return tuple(
        InputState(f"mast-{n}", ("temperature",), 60.0, Reading({"temperature": value}, at))
        for n, value in enumerate(celsius)
    )


def test_a_limit_from_below_is_broken_below_it_and_not_at_it() -> None:
    said = "temperature -10.1 degC, below -10"
    assert verdict(FROST, *air(-10.1)) == Verdict(False, said, "mast-0", 1.0, -10.1, pytest.approx(-0.1))
    assert verdict(FROST, *air(-10.0)).safe
    assert verdict(FROST, *air(20.0)).safe


def test_a_limit_from_below_may_be_zero() -> None:
    freezing = Safety.model_validate({"limits": {"temperature": "below 0 degC"}, "dwell": "15 min"})
    assert verdict(freezing, *air(0.5)).safe
    assert verdict(freezing, *air(-0.5)) == Verdict(False, "temperature -0.5 degC, below 0", "mast-0", 1.0, -0.5, -0.5)


@pytest.mark.parametrize("celsius", [(-12.0, 5.0), (5.0, -12.0)])
def test_of_two_thermometers_the_colder_counts(celsius: tuple[float, float]) -> None:
    found = verdict(FROST, *air(*celsius))
    assert (found.safe, found.input) == (False, f"mast-{celsius.index(-12.0)}")


def test_a_limit_that_is_broken_within_its_hold_starts_the_dwell_anew(safety: Safety) -> None:
    broken_at = NOW + timedelta(minutes=5)
    cloudy = (replace_time(rain(0), broken_at), replace_time(cloud(90), broken_at))
    waiting, memory = judge(safety, cloudy, replace(LONG_SAFE, last_unsafe=NOW), broken_at)
    assert (waiting.safe, waiting.reason) == (False, "not yet: it must stay safe until 20:20:00 UTC")
    assert memory == VerdictMemory({"cloud": broken_at}, broken_at, {"rain": LONG_AGO})
    for minutes, safe in ((19.9, False), (20.0, True)):
        now = NOW + timedelta(minutes=minutes)
        clear = (replace_time(rain(0), now), replace_time(cloud(10), now))
        assert judge(safety, clear, memory, now)[0].safe is safe


def test_a_quantity_that_nobody_measures_is_never_safe(safety: Safety) -> None:
    assert verdict(safety, rain(0)) == Verdict(False, "no input measures cloud")


def test_a_reading_beyond_all_numbers_is_told_in_words(safety: Safety) -> None:
    said = "rain is unknown: rain-sensor says beyond 1e308 mm/h, which cannot be"
    assert verdict(safety, rain(10**400), cloud(10)) == Verdict(False, said, "rain-sensor", 1.0)
