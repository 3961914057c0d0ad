import re
from dataclasses import replace
from datetime import timedelta

import pytest

from obsy.engine.report.altitude import BOTTOM, TOP, AltitudeChart, altitude_chart
from obsy.engine.report.axes import LEFT, RIGHT, TimeScale
from obsy.engine.report.curves import Curves
from obsy.engine.report.picture import picture
from obsy.engine.report.story import Story


@pytest.fixture
def drawn(told: Story) -> AltitudeChart:
    """Its chart."""
    chart = altitude_chart(told.curves, told.window, told.taken, told.unsafe)
    assert chart is not None
    return chart


def test_without_curves_there_is_no_chart(told: Story) -> None:
    assert altitude_chart(Curves(), told.window, told.taken) is None


def test_what_was_taken_is_drawn_above_what_was_not(drawn: AltitudeChart) -> None:
    assert [curve.look for curve in drawn.curves] == [(0, 0), (0, 0), (3, 0), (2, 0), (1, 0)]


def test_the_thick_piece_starts_where_the_exposures_did(drawn: AltitudeChart, told: Story) -> None:
    m31 = next(curve for curve in drawn.curves if curve.name == "m31")
    share = (told.plans[0].taken[0].start - told.window.start) / (told.window.end - told.window.start)
    assert float(m31.taken[0][1:].split(",")[0]) == pytest.approx(LEFT + share * (RIGHT - LEFT), abs=0.006)


def test_no_label_covers_another(drawn: AltitudeChart) -> None:
    labels = [(curve.label, len(curve.name) * 0.78) for curve in drawn.curves]
    labels.append((drawn.moon_label, len(drawn.moon_words) * 0.78))
    for index, ((x, y), width) in enumerate(labels):
        for (other_x, other_y), other_width in labels[index + 1 :]:
            assert abs(x - other_x) > (width + other_width) / 2 or abs(y - other_y) >= 14


@pytest.mark.parametrize("lower_deg", [-4.0, -2.5, 0.0, 3.0])
def test_the_moon_is_named_beside_a_plan_that_stands_where_it_does(told: Story, lower_deg: float) -> None:
    assert told.curves.moon is not None
    height = tuple(each - lower_deg for each in told.curves.moon.altitude_deg)
    beside = replace(told.curves.moon, name="beside-the-moon", altitude_deg=height)
    curves = replace(told.curves, plans=(*told.curves.plans, beside))
    chart = altitude_chart(curves, told.window, told.taken)
    assert chart is not None
    page = picture("report/altitude.svg.j2", "", "", 400, altitude=chart, roof=(), hour_marks=())
    drawn = re.findall(r'<text class="label[^>]* x="([\d.]+)%" y="([\d.]+)"[^>]*>([^<]+)<', page)
    places = {name: (float(x), float(y)) for x, y, name in drawn}
    plan, moon = places["beside-the-moon"], places[chart.moon_words]
    apart = abs(plan[0] - moon[0]) > (len("beside-the-moon") + len(chart.moon_words)) * 0.39
    assert apart or abs(plan[1] - moon[1]) >= 14


def test_every_label_is_on_the_chart(drawn: AltitudeChart) -> None:
    assert all(LEFT <= x <= RIGHT and TOP <= y <= BOTTOM for x, y in (curve.label for curve in drawn.curves))


def test_daylight_is_drawn_for_each_twilight_at_both_ends(drawn: AltitudeChart) -> None:
    widths = [width for _, width in drawn.daylight]
    assert len(widths) == 8
    assert widths[0] > widths[2] > widths[4] > widths[6]


def test_a_curve_behind_the_skyline_is_told_apart(drawn: AltitudeChart) -> None:
    comet = next(curve for curve in drawn.curves if curve.name == "comet")
    assert comet.path.startswith("M")
    assert comet.hidden.startswith("M")


def test_the_roof_stands_under_its_hours(told: Story) -> None:
    left, width = TimeScale(told.window).bar(told.roof[0])
    hour = (RIGHT - LEFT) / (told.window.seconds / 3600)
    assert width == pytest.approx(told.roof[0].seconds / 3600 * hour, abs=0.006)
    assert left == pytest.approx(LEFT + (told.roof[0].start - told.window.start) / timedelta(hours=1) * hour, abs=0.006)
