"""Another policy, or other overrides, judge what was seen as if they had counted that night."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from obsy.cli.replay import replay
from obsy.engine.devices.ports import Reading
from obsy.engine.night_record import Span
from obsy.engine.replay.audit import RoofAudit, audit
from obsy.engine.replay.compare import Comparison, compare
from obsy.engine.replay.rules import OtherRules, other_rules
from obsy.engine.safety.judging import Evidence
from obsy.errors import UnfitFiles, UserError
from obsy.schemas.policy import Safety
from tests.unit.engine.replay.test_audit import written
from tests.unit.engine.replay.test_evidence import NIGHT, OVERRIDES, SAFETY, calm, played

BREEZE = Evidence(NIGHT, "mast", Reading({"wind": 30.0}, NIGHT))


def breezy(count: int) -> list[tuple[int, Evidence]]:
    """A calm night over which a breeze of 30 km/h blows."""
    return [(later, BREEZE if seen.input == "mast" else seen) for later, seen in calm(count)]


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Calm, a breeze for 50 minutes, calm; nobody changes it."""
    return written(tmp_path_factory.mktemp("journal"), played([*calm(600), *breezy(900), *calm(900)], set())[0])


@pytest.fixture(scope="module")
def roof(journal: Path) -> RoofAudit:
    """What the journal shows of its roof."""
    return audit(journal).roofs[""]


def limits(**changed: str) -> Safety:
    said = SAFETY.said()
    return Safety.model_validate({**said, "limits": {**said["limits"], **changed}})


@pytest.mark.long
@pytest.mark.once
def test_the_same_policy_decides_the_same(roof: RoofAudit) -> None:
    found = compare(roof, OtherRules(SAFETY, None))
    assert found.otherwise == []
    assert found.safe_s == found.would_be_safe_s > 7000.0


def test_a_stricter_policy_closes_after_its_hold_and_opens_after_the_dwell(roof: RoofAudit) -> None:
    (found,) = compare(roof, OtherRules(limits(wind="above 25 km/h and hold for 2 min"), None)).otherwise
    assert not found.safe
    begins = NIGHT + timedelta(seconds=200 * 10.014)  # a round of three inputs
    assert timedelta(seconds=120) <= found.start - begins <= timedelta(seconds=131)
    assert timedelta(seconds=3000 + 240) <= found.end - begins <= timedelta(seconds=3000 + 260)
    assert found.would_be == "wind 30.0 km/h, above 25"
    assert found.was == "every input is fresh and within its limits"


def test_overrides_begin_and_end_at_their_own_times(roof: RoofAudit) -> None:
    strict = limits(wind="above 25 km/h")
    ends = NIGHT + timedelta(seconds=3000)
    mast = OVERRIDES[1].model_copy(update={"until": ends})
    (found,) = compare(roof, OtherRules(strict, (mast,))).otherwise
    assert timedelta() <= found.start - ends <= timedelta(seconds=10)


def test_what_the_roof_was_open_for_is_told_apart(roof: RoofAudit) -> None:
    found = compare(roof, OtherRules(limits(wind="above 25 km/h"), None))
    (safe, *_), last = found.would_be, found.would_be[-1]
    opened = type(safe)(safe.start, last.end)
    open_s, still_s = found.open_s([opened])
    assert open_s == pytest.approx((last.end - safe.start).total_seconds())
    assert still_s == pytest.approx(found.would_be_safe_s)


def test_the_last_thing_seen_ends_what_was_safe(roof: RoofAudit) -> None:
    (stretch,) = roof.stretches
    found = compare(roof, OtherRules(SAFETY, None))
    assert found.would_be[-1].end == stretch.seen[-1].at
    assert found.safe_s == pytest.approx((found.would_be[-1].end - found.would_be[0].start).total_seconds())


def test_only_what_the_roof_was_open_for_counts_as_open() -> None:
    minutes = [NIGHT + timedelta(minutes=n) for n in range(8)]
    found = Comparison(would_be=[Span(minutes[0], minutes[1]), Span(minutes[5], minutes[7])])
    assert found.open_s([Span(minutes[2], minutes[4]), Span(minutes[6], minutes[7])]) == (180.0, 60.0)


@pytest.mark.once
@pytest.mark.parametrize(("since", "until", "ignored"), [(0, 1, True), (-1, 0, False), (1, 2, False), (-1, 1, True)])
def test_an_override_counts_from_its_first_moment_to_just_before_its_last(
    roof: RoofAudit, since: int, until: int, ignored: bool
) -> None:
    strict = limits(wind="above 25 km/h")
    (breeze, *_) = [seen for seen in roof.stretches[0].seen if seen.reading and seen.reading.values.get("wind") == 30.0]
    at = [breeze.at + timedelta(milliseconds=ms) for ms in (since, until)]
    mast = OVERRIDES[1].model_copy(update={"since": at[0], "until": at[1]})
    (found, *_) = compare(roof, OtherRules(strict, (mast,))).otherwise
    assert (found.start > breeze.at) is ignored


def test_an_override_that_was_in_force_where_the_notes_begin_still_counts(tmp_path: Path) -> None:
    """The mast is ignored, or its breeze would be too much."""
    ignored = (5_000, Evidence(NIGHT, overrides=("no-mast",)))
    entries, _, _ = played([*breezy(200), ignored, *breezy(600)], {300})
    place = max(n for n, entry in enumerate(entries[:-1]) if entry.get("standing") is not None)
    assert entries[place]["standing"]["overriding"] == ["no-mast"]
    again = audit(written(tmp_path, entries[place:])).roofs[""]
    found = compare(again, OtherRules(limits(wind="above 25 km/h"), None))
    assert found.otherwise == []
    assert found.safe_s == found.would_be_safe_s > 1000.0


POLICY = """\
kind: policy
name: strict
safety: {limits: {rain: above 0 mm/h, wind: above 25 km/h}, dwell: 4 min}
"""


@pytest.mark.long
def test_the_other_policy_is_read_from_a_file_or_an_observatory(tmp_path: Path, journal: Path) -> None:
    (tmp_path / "site").mkdir()
    file = tmp_path / "site" / "policy.yaml"
    file.write_text(POLICY)
    assert other_rules(file).overrides is None, "those of the night still count"
    assert other_rules(tmp_path).overrides == ()
    said: dict[str, Any] = json.loads(CliRunner().invoke(replay, [str(journal), "--with", str(file), "--json"]).output)
    (roof,) = said["with"]
    assert [each["would_be"] for each in roof["otherwise"]] == ["wind 30.0 km/h, above 25"]
    told = CliRunner().invoke(replay, [str(journal), "--with", str(file)])
    assert told.exit_code == 0
    assert "was safe, would be unsafe" in told.output
    assert f"safe for {roof['safe_s'] / 3600:.2f} h; it would be {roof['would_be_safe_s'] / 3600:.2f} h" in told.output


def test_what_holds_no_rules_or_unfit_ones_says_so(tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(POLICY.replace("25 km/h", "25"))
    with pytest.raises(UnfitFiles):
        other_rules(file)
    file.write_text("kind: site\nname: home\n")
    with pytest.raises(UserError, match="0 policies of safety, and 0 overrides"):
        other_rules(file)
