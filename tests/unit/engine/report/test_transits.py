"""The page says what part of a transit is in hand, and when the next one is."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from obsy.engine.declare.survey import declare
from obsy.engine.fold import fold
from obsy.engine.progress import Progress
from obsy.engine.report.as_json import as_json
from obsy.engine.report.inputs import GoalInput, ReportInputs, TransitInput
from obsy.engine.report.page import html
from obsy.engine.report.story import story_of
from obsy.engine.report.terminal import terminal
from obsy.engine.report.transits import transit_story, transits_of
from obsy.engine.schedule.cover import CoverGoal
from obsy.engine.sky.body import Fixed
from obsy.engine.sky.grid import Grid, Window
from obsy.engine.sky.tracks import tracks
from obsy.engine.sky.transit import Transit
from obsy.schemas.site import Location

# Made up: contacts at 20:00 and 23:00 UTC, half an hour of baseline, an exposure a minute; the next one in five days.
INGRESS = datetime(2026, 11, 21, 20, tzinfo=UTC)
TRANSIT = Transit(INGRESS, INGRESS + timedelta(hours=1.5), INGRESS + timedelta(hours=3))
FOLLOWING = Window(INGRESS + timedelta(days=5), INGRESS + timedelta(days=5, hours=4))


class Known(CoverGoal):
    """A planet whose only transit is the one above."""

    def transits(self, start: datetime, end: datetime) -> tuple[Transit, ...]:
        return (TRANSIT,) if start < TRANSIT.egress and end > TRANSIT.ingress else ()


def known(following: Window | None = FOLLOWING, *, tonight: bool = True, before: bool = False) -> TransitInput:
    cover = Known(None, Fixed(0.0, 0.0), Location(0.0, 0.0), timedelta(minutes=30), 60.0)  # type: ignore[arg-type]
    return TransitInput(cover, (TRANSIT,) if tonight else (), following, before=before)


def taken(begin_min: int, end_min: int) -> Sequence[datetime]:
    """Exposures from minute to minute, counted from the first contact."""
    return [INGRESS + timedelta(minutes=minute) for minute in range(begin_min, end_min)]


@pytest.mark.parametrize(
    ("exposures", "words"),
    [
        (
            taken(-30, 210),
            "transit 20:30 to 00:30: baseline before, ingress, middle, egress and baseline after covered",
        ),
        (
            taken(-30, 160),
            "transit 20:30 to 00:30: baseline before, ingress and middle covered, "
            "not egress 26 % and baseline after 0 %; "
            "the next that can be had whole is on 2026-11-26, 21:00 to 01:00",
        ),
        ([], "the next that can be had whole is on 2026-11-26, 21:00 to 01:00"),
    ],
)
def test_the_parts_of_a_transit_are_told_by_the_clocks_of_the_site(exposures: Sequence[datetime], words: str) -> None:
    assert transit_story(known(), exposures).words("Europe/Madrid") == words


def test_without_another_in_sight_that_is_said() -> None:
    told = transit_story(known(None, tonight=False), []).words("UTC")
    assert told == "no transit can be had whole in the next three months"


def test_what_an_earlier_night_has_covered_waits_for_no_next() -> None:
    assert transit_story(known(before=True), []).words("UTC") == "an earlier night has covered one"
    assert "next" not in transit_story(known(before=True), taken(0, 20)).words("UTC")


def test_page_summary_and_json_say_it() -> None:
    entries = [
        {
            "time": "2026-11-21T23:00:00.000Z",
            "night": "2026-11-21",
            "event": "frame-accepted",
            "frame": f"{number}.fits",
            "kind": "light",
            "filter": "R",
            "exposure_s": 58.0,
            "plan": "star",
            "goal": "R-58s",
            "began": at.isoformat(),
            "reason": "",
            "measures": {},
        }
        for number, at in enumerate(taken(-30, 120))
    ]
    entries = [each for entry in entries for each in ({**entry, "event": "frame-taken"}, entry)]
    goal = GoalInput("star", "R-58s", "R", 58.0, None, "transit b")
    story = story_of("2026-11-21", fold(entries), ReportInputs(goals=(goal,), transits={("star", "R-58s"): known()}))
    words = "baseline before and ingress covered, not middle 74 %, egress 0 % and baseline after 0 %"
    assert words in html(story)
    assert words in " ".join(terminal(story).split())
    told = as_json(story)["plans"][0]["goals"][0]["transit"]
    assert told["covered"] is False
    assert told["next"] == {"start": "2026-11-26T20:00:00.000Z", "end": "2026-11-27T00:00:00.000Z"}
    assert list(told["parts"]) == ["baseline before", "ingress", "middle", "egress", "baseline after"]
    assert told["parts"]["ingress"] == 1.0


GOAL = ("xo-6-b", "Ha-120s")
WRONG = "; its ephemeris may be wrong by 7 min"
NIGHT = date(2026, 11, 21)


def test_the_next_transit_is_up_in_the_dark_from_end_to_end(root: Path) -> None:
    observatory = declare(root, root / "plans" / "xo-6-b.yaml")
    found = transits_of(observatory, NIGHT, {})[GOAL]
    assert found.following is not None
    grid = Grid.over(found.following.start, found.following.end, 300.0)
    (track,) = tracks([found.cover.star], grid, observatory.site.location)
    (plan,) = observatory.plans
    assert plan.when.altitude is not None
    assert plan.when.altitude.above is not None
    assert track.altitude_deg.min() > plan.when.altitude.above
    assert track.sun_altitude_deg.max() < -12.0
    (transit,) = found.tonight
    apart = found.following.start - found.cover.window(transit).start
    periods = apart / timedelta(days=found.cover.ephemeris.period_d)
    assert abs(periods - round(periods)) < 0.002, "five minutes of light time in four days"


def test_a_transit_that_an_earlier_night_covered_is_known(root: Path) -> None:
    observatory = declare(root, root / "plans" / "xo-6-b.yaml")
    found = transits_of(observatory, NIGHT, {})[GOAL]
    (transit,) = found.tonight
    window, each = found.cover.window(transit), timedelta(seconds=found.cover.each_s)
    taken = tuple(window.start + number * each for number in range(int(window.length / each)))
    later = transits_of(observatory, NIGHT + timedelta(days=1), {GOAL: Progress(accepted_at=taken)})
    assert later[GOAL].before
    assert not transits_of(observatory, NIGHT, {GOAL: Progress(accepted_at=taken)})[GOAL].before


def test_the_transit_of_a_night_is_told_anew_though_its_train_has_been_retired_since(root: Path) -> None:
    observatory = declare(root, root / "plans" / "xo-6-b.yaml")

    def told_when_retired(since: date) -> TransitInput | None:
        gone = tuple(
            replace(each, train=each.train.model_copy(update={"retired": since})) for each in observatory.instruments
        )
        return transits_of(replace(observatory, instruments=(), retired=gone), NIGHT, {}).get(GOAL)

    found = told_when_retired(NIGHT + timedelta(days=1))
    assert found is not None
    assert found.tonight == transits_of(observatory, NIGHT, {})[GOAL].tonight
    assert told_when_retired(NIGHT) is None


def test_an_observatory_without_transits_has_none(root: Path) -> None:
    assert transits_of(declare(root, root / "plans" / "m31.yaml"), NIGHT, {}) == {}


@pytest.mark.long
@pytest.mark.once
def test_a_half_that_will_do_is_foretold_where_no_whole_can_be_had(root: Path, tmp_path: Path) -> None:
    said = (root / "plans" / "xo-6-b.yaml").read_text().replace("35 deg", "52 deg")
    told = {}
    for accept in ("whole", "ingress", "either"):
        (tmp_path / f"{accept}.yaml").write_text(said.replace("transit: b,", f"transit: b, accept: {accept},"))
        found = transits_of(declare(root, tmp_path / f"{accept}.yaml"), NIGHT, {})[GOAL]
        told[accept] = transit_story(found, []).words("UTC")
    assert told == {
        "whole": f"no transit can be had whole in the next three months{WRONG}",
        "ingress": f"the next that can be had by its ingress is on 2027-01-24, 21:48 to 23:35{WRONG}",
        "either": f"the next that can be had by its egress is on 2026-12-07, 00:54 to 02:41{WRONG}",
    }


def test_an_ephemeris_that_has_grown_wrong_by_minutes_is_told() -> None:
    vague = replace(known(), tonight=(replace(TRANSIT, error=timedelta(minutes=7)),))
    assert transit_story(vague, taken(0, 20)).words("UTC").endswith("; its ephemeris may be wrong by 7 min")
    for minutes, told in ((2, False), (3, False), (3.1, True)):
        known_to = replace(known(), tonight=(replace(TRANSIT, error=timedelta(minutes=minutes)),))
        assert ("wrong" in transit_story(known_to, taken(0, 20)).words("UTC")) is told
