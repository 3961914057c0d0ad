from dataclasses import replace

from obsy.engine.fold import fold
from obsy.engine.report.charts import Row, frames_chart, weather_chart
from obsy.engine.report.story import Story


def row(strip: tuple[Row, ...], name: str) -> Row:
    return next(each for each in strip if each.name == name)


def test_a_silent_sensor_leaves_one_gap(told: Story) -> None:
    assert [len(each.gaps) for each in weather_chart(told)] == [0, 0, 1, 0, 0]


def test_a_sensor_that_dies_is_silent_to_the_end(told: Story) -> None:
    weather = told.record.weather
    half = len(weather) // 2
    dead = [replace(n, values={k: v for k, v in n.values.items() if k != "rain"}) for n in weather[half:]]
    (gap,) = row(
        weather_chart(replace(told, record=replace(told.record, weather=(*weather[:half], *dead)))), "Rain"
    ).gaps
    assert gap[0] + gap[1] > 90


def test_what_breaks_its_limit_is_drawn_over(told: Story) -> None:
    strip = weather_chart(told)
    assert row(strip, "Cloud").over.startswith("M")
    assert row(strip, "Humidity").over == ""


def test_a_limit_stands_between_bottom_and_top(told: Story) -> None:
    cloud = row(weather_chart(told), "Cloud")
    assert cloud.limit is not None
    assert cloud.top < cloud.limit < cloud.bottom


def test_every_measured_light_is_a_dot(told: Story) -> None:
    assert len(row(frames_chart(told), "Stars").dots) == len(told.lights)


def test_rejected_frames_are_told_apart(told: Story) -> None:
    dots = row(frames_chart(told), "Star width (FWHM)").dots
    assert sum(not dot.accepted for dot in dots) == sum(shot.verdict == "rejected" for shot in told.lights)


def test_a_night_without_measures_has_no_strip(told: Story) -> None:
    bare = replace(told, record=fold([]))
    assert (weather_chart(bare), frames_chart(bare)) == ((), ())


def test_the_weather_of_each_of_several_enclosures_has_rows_of_its_own(told: Story) -> None:
    weather = tuple(replace(note, enclosure=name) for note in told.record.weather for name in ("dome", "shed"))
    chart = weather_chart(replace(told, record=replace(told.record, weather=weather)))
    assert [row.name for row in chart][:3] == ["Rain, dome", "Rain, shed", "Cloud, dome"]
    alone = weather_chart(told)
    assert len(chart[2].path) == len(alone[1].path)
    assert len(chart) == 2 * len(alone)
