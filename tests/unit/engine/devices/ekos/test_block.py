from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from obsy.engine.devices.ekos.block import Whose, wheel_label, write_schedule
from obsy.engine.devices.ekos.dialects import dialect_of
from obsy.engine.devices.indi.camera_profiles import GPHOTO, ZWO
from obsy.engine.devices.ports import Pointing
from obsy.errors import DeviceError

DIALECT = dialect_of((3, 6, 2))
GOLDEN = Path(__file__).resolve().parents[4] / "golden" / "ekos" / "light"

# The children of a job that KStars 3.6.2 reads: what is left out it takes over from the job before, or from its window.
SCHEDULE_JOB = {"Name", "Priority", "Coordinates", "PositionAngle", "Sequence", "StartupCondition", "Constraints",
                "CompletionCondition", "Steps"}  # fmt: skip
SEQUENCE_JOB = {"Exposure", "Format", "Encoding", "Binning", "Frame", "Temperature", "Filter", "Type", "Prefix",
                "Count", "Delay", "FITSDirectory", "UploadMode", "RemoteDirectory", "ISOIndex", "Properties",
                "Calibration"}  # fmt: skip
SEQUENCE = {"Observer", "GuideDeviation", "GuideStartDeviation", "Autofocus", "RefocusOnTemperatureDelta",
            "RefocusEveryN", "RefocusOnMeridianFlip", "Job"}  # fmt: skip


def written(folder, job, equipment):
    schedule = ElementTree.parse(write_schedule(job, equipment, DIALECT, folder, folder / "captures")).getroot()
    return schedule, ElementTree.parse(folder / "sequence.esq").getroot()


@pytest.mark.parametrize("name", ["schedule.esl", "sequence.esq"])
def test_a_job_is_written_as_kept(name, job, equipment, tmp_path):
    write_schedule(job, equipment, DIALECT, tmp_path, tmp_path / "captures")
    kept = (GOLDEN / name).read_text(encoding="utf-8")
    assert (tmp_path / name).read_text(encoding="utf-8").replace(str(tmp_path), "FOLDER") == kept


def test_every_element_of_a_scheduler_job_is_there(job, equipment, tmp_path):
    schedule, _ = written(tmp_path, job, equipment)
    assert {element.tag for element in schedule.find("Job")} == SCHEDULE_JOB


def test_every_element_of_a_capture_job_is_there_and_none_is_newer(job, equipment, tmp_path):
    _, sequence = written(tmp_path, job, equipment)
    assert {element.tag for element in sequence} == SEQUENCE
    assert {element.tag for element in sequence.find("Job")} == SEQUENCE_JOB


def test_ekos_is_never_told_to_mind_the_weather_or_to_park(job, equipment, tmp_path):
    schedule, _ = written(tmp_path, job, equipment)
    for told in ("Job/Constraints", "StartupProcedure", "ShutdownProcedure"):
        assert list(schedule.find(told)) == []


def test_in_somebodys_kstars_no_list_ends_by_itself_and_their_limits_stay(job, equipment, tmp_path):
    whose = Whose("Hill", is_ours=False)
    list_ = write_schedule(job, equipment, DIALECT, tmp_path, tmp_path / "captures", whose)
    schedule = ElementTree.parse(list_).getroot()
    assert schedule.findtext("Profile") == "Hill"
    assert schedule.findtext("Job/CompletionCondition/Condition") == "Loop"
    assert list(schedule.find("StartupProcedure")) == list(schedule.find("ShutdownProcedure")) == []
    sequence = ElementTree.parse(tmp_path / "sequence.esq").getroot()
    assert {element.tag for element in sequence} == {"Observer", "Job"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1))
def test_any_name_survives_the_xml(name, job, equipment, tmp_path):
    schedule, _ = written(tmp_path, replace(job, object=name), equipment)
    assert schedule.findtext("Job/Name") == name


def test_coordinates_are_hours_and_degrees_and_keep_their_sign(job, equipment, tmp_path):
    schedule, _ = written(tmp_path, job, equipment)
    assert schedule.findtext("Job/Coordinates/J2000RA") == "20.85000000"  # 312.75 / 15
    assert schedule.findtext("Job/Coordinates/J2000DE") == "-0.5000000"


def test_a_tiny_angle_is_no_exponent(job, equipment, tmp_path):
    schedule, _ = written(tmp_path, replace(job, pointing=Pointing(1e-6, 1e-6)), equipment)
    assert schedule.findtext("Job/Coordinates/J2000RA") == "0.00000007"


def test_without_a_temperature_none_is_forced(job, equipment, tmp_path):
    _, sequence = written(tmp_path, replace(job, temperature_c=None), equipment)
    assert sequence.find("Job/Temperature").attrib == {"force": "false"}


def test_a_role_becomes_the_label_of_the_wheel(job, equipment, tmp_path):
    _, sequence = written(tmp_path, job, equipment)
    assert sequence.findtext("Job/Filter") == "H_Alpha"


@pytest.mark.parametrize("role", ["V", None])
def test_a_role_the_wheel_lacks_is_refused(role, equipment):
    with pytest.raises(DeviceError, match=f"no filter for the role '{role}'; it has L, R, G, B, Ha, OIII, SII"):
        wheel_label(role, equipment)


def test_only_lights_are_for_ekos(job, equipment, tmp_path):
    dark = replace(job, exposure=replace(job.exposure, kind="dark"))
    with pytest.raises(DeviceError, match="asked for a dark frame"):
        write_schedule(dark, equipment, DIALECT, tmp_path, tmp_path / "captures")


def test_gain_and_offset_are_set_where_the_driver_keeps_them(job, equipment, tmp_path):
    _, sequence = written(tmp_path, job, replace(equipment, settings=ZWO))
    (vector,) = sequence.findall("Job/Properties/PropertyVector")
    assert (vector.get("name"), {each.get("name"): each.text for each in vector}) == (
        "CCD_CONTROLS",
        {"Gain": "100", "Offset": "10"},
    )


def test_a_camera_whose_gain_is_a_switch_is_told_none(job, equipment, tmp_path):
    _, sequence = written(tmp_path, job, replace(equipment, settings=GPHOTO))
    assert list(sequence.find("Job/Properties")) == []


@pytest.mark.parametrize(("version", "says"), [((3, 7, 4), "0"), ((3, 8, 0), "-1")])
def test_ekos_is_told_to_dither_as_it_was_set_or_not_at_all_where_it_can_be_told_so(
    version, says, job, equipment, tmp_path
):
    write_schedule(job, equipment, dialect_of(version), tmp_path, tmp_path / "captures")
    sequence = ElementTree.parse(tmp_path / "sequence.esq").getroot()
    assert [each.text for each in sequence.iter("GuideDitherPerJob")] == [says]
