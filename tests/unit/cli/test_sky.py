"""`obsy sky` tells a body's night to the second, and says clearly what does not happen in it."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from obsy.cli.sky import sky
from obsy.errors import UnfitFiles, UserError
from tests.support.satellites import TLE

SITE = """
kind: site
name: here
latitude: {} deg
longitude: -2.33 deg
elevation: 1650 m
timezone: Europe/Madrid
"""


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that lies in no observatory, and holds the documents of some sites."""
    monkeypatch.chdir(tmp_path)
    for latitude in (38.16, 78.2, 66, -90):
        (tmp_path / f"{latitude}.yaml").write_text(SITE.format(latitude))


def say(*words: str, night: str = "2026-11-26", latitude: float = 38.16) -> str:
    told = CliRunner().invoke(sky, [*words, "--night", night, "--site", f"{latitude}.yaml"], catch_exceptions=False)
    assert told.exit_code == 0
    return told.output


def test_an_unknown_name_is_told_which_verb_asks_the_network() -> None:
    with pytest.raises(UserError, match="ask the network with 'obsy target --online nothinghere'"):
        say("nothinghere")


def test_one_document_of_a_site_is_enough_for_the_whole_page() -> None:
    # the Sun and the Moon: skyfield 1.55 with DE421, within a second
    assert say("Sirius", "--horizon", "20 deg") == (
        """Sirius from here (38.16 deg N, 2.33 deg W), night of 2026-11-26
2026-11-26 12:09 to 2026-11-27 12:09 UTC; local clocks are those of Europe/Madrid

    UTC       local
    16:51:04  17:51:04  the Sun sets, azimuth 244 deg
    17:19:53  18:19:53  civil dusk
    17:52:20  18:52:20  nautical dusk
    18:23:58  19:23:58  astronomical dusk
    18:34:13  19:34:13  the Moon rises, azimuth 55 deg
    23:26:49  00:26:49  it rises (at 20 deg), azimuth 133 deg
    02:31:33  03:31:33  it stands highest, 35.1 deg, azimuth 180 deg
    05:29:48  06:29:48  astronomical dawn
    05:36:17  06:36:17  it sets (at 20 deg), azimuth 227 deg
    06:01:28  07:01:28  nautical dawn
    06:33:58  07:33:58  civil dawn
    07:02:51  08:02:51  the Sun rises, azimuth 117 deg
    10:17:18  11:17:18  the Moon sets, azimuth 303 deg

The Moon is 91 % lit and 43 deg from it at 02:31 UTC, when it stands 35 deg high.
In the dark and up for 6 h 3 min:
    23:26:49  00:26:49  from when it rises above 20 deg
    05:29:48  06:29:48  until the Sun rises above -18 deg

                    18  19  20  21  22  23  00   01  02  03  04  05  06  07  08
  twilight        ░░░░░░░░                                              ░░░░░░░░
  Sirius                               ▁▁▁▁▂▂▂▂▂▃▃▃▃▃▃▃▃▄▄▄▄▄▄▄▃▃▃▃▃▃▃▃▂▂▂▂▂▁▁▁▁
  Moon                     ▁▁▁▁▁▂▂▂▂▃▃▃▃▄▄▄▄▄▅▅▅▅▆▆▆▆▇▇▇▇▇▇▇▇▇▇▇▇▇▆▆▆▆▅▅▅▅▄▄▄▄▃▃
"""
    )


@pytest.mark.parametrize(
    ("words", "night", "latitude", "expected"),
    [
        (("Vega",), "2026-11-26", 66, "It stays above the horizon all night: 14.8 deg at least."),
        (("Canopus",), "2026-11-26", 66, "It does not rise above the horizon that night: -28.7 deg at most."),
        (("Vega",), "2026-06-21", 78.2, "The Sun does not set that night."),
        (("Vega",), "2026-06-21", 66, "There is no dark: the Sun sinks to -0.6 deg, and not below -18."),
        (("Vega",), "2026-12-21", 78.2, "The Sun does not rise: it is polar night."),
        (("Canopus",), "2026-06-21", -90, "It is dark from noon to noon: the Sun stays below -18 deg."),
        pytest.param(("Ceres",), "2034-11-26", 38.16, "Take care: elements of 2026", marks=pytest.mark.slow),
    ],
)
def test_what_does_not_happen_is_said(words: tuple[str, ...], night: str, latitude: float, expected: str) -> None:
    assert expected in say(*words, night=night, latitude=latitude)


@pytest.mark.parametrize("name", ["sun", "jupiter", "05h35m17.3s, -05d23m28s"])
def test_sun_moon_planets_comets_and_places_have_a_night(name: str) -> None:
    page = say(name)
    assert "stands highest" in page
    assert page.count("the Sun sets") == 1
    assert page.count("the Moon rises") == 1


STATION = (
    "1 25544U 98067A   08264.51782528 -.00002182  00000-0 -11606-4 0  2927",
    "2 25544  51.6416 247.4627 0006703 130.5360 325.0288 15.72125391563537",
)


@pytest.mark.long
def test_the_passes_of_a_satellite_are_told_and_that_its_lines_are_old() -> None:
    page = say(*STATION, "--horizon", "10 deg", night="2008-09-21")
    assert page.count("it rises (at 10 deg)") == page.count("it sets (at 10 deg)") == 5  # as skyfield has it
    assert page.count("lit by the Sun") + page.count("in the Earth's shadow") >= 15
    assert page.count("it enters the Earth's shadow, ") == 2
    assert "it leaves" not in page  # at 5 and 12 deg in the evening; it comes out below the horizon
    assert "Take care" not in page
    assert "its two lines hold on 2008-09-20, 15 days before that night" in say(*STATION, night="2008-10-05")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((STATION[1], STATION[0]), "both lines of one satellite that circles the Earth; copy the two lines again"),
        (("Siriuss",), "did you mean 'Sirius'"),
        (("83, -5 deg",), "expected a right ascension with its unit; write for example '83 deg'"),
        (("Vega", "--horizon", "30"), "expected an altitude with its unit; write for example '30 deg'"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_cure(words: tuple[str, ...], said: str) -> None:
    with pytest.raises(UserError, match=said):
        say(*words)


def test_without_an_observatory_it_asks_for_the_document_of_a_site() -> None:
    with pytest.raises(UserError, match="say where you stand, '--site"):
        CliRunner().invoke(sky, ["Vega"], catch_exceptions=False)


def test_a_document_that_is_no_site_or_not_well_is_refused(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text("kind: site\nname: here\nlatitude: 38\n")
    with pytest.raises(UnfitFiles):
        CliRunner().invoke(sky, ["Vega", "--site", "plan.yaml"], catch_exceptions=False)
    (tmp_path / "two.yaml").write_text(SITE.format(1) + "---" + SITE.format(2))
    with pytest.raises(UserError, match="holds 2 sites"):
        CliRunner().invoke(sky, ["Vega", "--site", "two.yaml"], catch_exceptions=False)


def test_a_night_of_which_nobody_knows_the_earths_rotation_is_refused() -> None:
    told = CliRunner().invoke(sky, ["Vega", "--night", "2199-01-01", "--site", "38.16.yaml"])
    assert told.exit_code == 2
    assert "obsy knows the sky from 1961-01-01 to 2099-12-31" in told.output


def test_a_machine_is_told_the_same() -> None:
    told: dict[str, Any] = json.loads(say("Sirius", "--horizon", "20 deg", "--json"))
    assert told["body"]["rises"][0]["utc"].startswith("2026-11-26T23:26:49")
    assert told["windows"][0]["opens"]["when"] == "it rises above 20 deg"
    assert told["windows"][0]["closes"] == told["twilights"]["astronomical"]["dawn"] | {
        "when": "the Sun rises above -18 deg"
    }
    assert datetime.fromisoformat(told["until"]["utc"]) == datetime.fromisoformat(told["until"]["local"])


def test_a_measured_horizon_counts_for_the_windows(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    told = CliRunner().invoke(sky, ["M42", "--night", "2026-11-26"], catch_exceptions=False).output
    assert "from when it comes out over the horizon" in told


def test_beyond_the_tables_of_the_earths_rotation_it_says_how_good_it_is() -> None:
    assert "these times may be off" not in say("Sirius")
    assert "Take care: how the Earth turns is known from 1973-01-02 to 20" in say("Sirius", night="2040-11-26")
    assert "; these times may be off by 1 s." in say("Sirius", night="1970-11-26")


def test_a_chart_has_a_row_for_the_target_and_none_for_what_passes_in_minutes() -> None:
    assert "\n  Sirius  " in say("Sirius") and "\n  twilight" in say("moon")
    assert say("moon").count("\n  Moon  ") == 1
    assert "twilight  " not in say("sun").splitlines()[-1]


@pytest.mark.long
def test_a_plan_is_known_by_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "site.yaml").write_text(SITE.format(38.16))
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "p.yaml").write_text(
        f"""
kind: plan
name: passing
target: {{tle: ["{TLE[0]}", "{TLE[1]}"]}}
want: [{{filter: V, exposure: 2 s, count: 8}}]
pipeline: photometry
"""
    )
    told, lines = (say(*words, night="2026-11-21") for words in (("passing",), TLE))
    assert told.startswith("plan 'passing' from here")
    assert told.splitlines()[1:] == lines.splitlines()[1:]
    with pytest.raises(UserError, match="nothing by the name 'going'"):
        say("going")
