import pytest

from obsy.engine.devices.ekos.dialects import ELEMENTS, KNOWN, LISTS, RELEASES, RUN, SEQUENCES, dialect_of, is_known
from obsy.errors import DeviceError

VERSIONS = [(*minor, patch) for minor, patches in RELEASES.items() for patch in patches if patch < 10]


@pytest.mark.parametrize("version", [(3, 6, 1), (3, 6, 10), (3, 7, 9), (3, 9, 0), (2, 9, 9), (4, 0, 0)])
def test_a_version_whose_readers_nobody_has_read_is_refused_with_those_that_are_known(version):
    with pytest.raises(DeviceError, match=r"obsy writes for 3\.6\.2 to 3\.6\.9.*'--runner indi'"):
        dialect_of(version)
    assert not is_known(version)


@pytest.mark.parametrize(
    ("version", "files", "has", "lacks"),
    [
        ((3, 6, 2), ("1.5", "2.4"), {"Priority", "Prefix", "FlatSource"}, {"Group", "PlaceholderFormat", "HFRCheck"}),
        ((3, 6, 3), ("1.5", "2.4"), {"PlaceholderFormat", "Prefix"}, {"Group", "TargetName"}),
        ((3, 6, 5), ("1.5", "2.5"), {"PlaceholderFormat"}, {"Prefix", "Group"}),
        ((3, 6, 6), ("1.6", "2.5"), {"Group", "Priority"}, {"TargetName"}),
        ((3, 6, 7), ("1.6", "2.5"), {"Group", "FlatSource"}, {"Priority", "PreAction"}),
        ((3, 6, 8), ("1.6", "2.6"), {"TargetName", "PreAction", "Autofocus"}, {"HFRCheck", "FlatSource"}),
        ((3, 7, 2), ("1.6", "2.6"), {"HFRCheck", "GuideDitherPerJob", "SkyFlat"}, {"Autofocus", "JobType"}),
        ((3, 7, 5), ("2.0", "2.6"), {"JobType", "NoDither", "EnforceWeather"}, {"TaskQueues"}),
        ((3, 7, 8), ("2.1", "2.6"), {"Procedure"}, {"EnforceWeather", "TaskQueues"}),
        ((3, 8, 0), ("2.2", "2.6"), {"TaskQueues"}, {"Procedure"}),
    ],
)
def test_each_version_reads_what_its_sources_read(version, files, has, lacks):
    dialect = dialect_of(version)
    assert (dialect.list_version, dialect.sequence_version) == files
    assert has <= dialect.knows
    assert not lacks & dialect.knows


READ = {
    "Priority": ("3.6.2", "3.6.6"), "Group": ("3.6.6", "3.8.9"), "JobType": ("3.7.3", "3.8.9"),
    "EnforceWeather": ("3.6.2", "3.7.5"), "Procedure": ("3.6.2", "3.7.8"),
    "TaskQueues": ("3.8.0", "3.8.9"), "Prefix": ("3.6.2", "3.6.3"), "PlaceholderFormat": ("3.6.3", "3.8.9"),
    "FlatSource": ("3.6.2", "3.6.7"), "PreAction": ("3.6.8", "3.8.9"), "TargetName": ("3.6.8", "3.8.9"),
    "Autofocus": ("3.6.2", "3.6.8"), "HFRCheck": ("3.6.9", "3.8.9"), "GuideDitherPerJob": ("3.6.9", "3.8.9"),
    "SkyFlat": ("3.7.0", "3.8.9"), "NoDither": ("3.7.5", "3.8.9"),
}  # fmt: skip
"""The first and the last release that reads each; of 3.8, of which there is no last, the tenth."""


def test_each_element_is_read_from_its_first_release_to_its_last():
    assert list(READ) == list(ELEMENTS)
    releases = [str(dialect_of(version)) for version in VERSIONS]
    for name, (first, last) in READ.items():
        known = [str(dialect_of(version)) for version in VERSIONS if name in dialect_of(version).knows]
        assert known == releases[releases.index(first) : releases.index(last) + 1], name


@pytest.mark.parametrize(
    ("number", "since"),
    [
        (1, {"1.5": "3.6.2", "1.6": "3.6.6", "2.0": "3.7.3", "2.1": "3.7.6", "2.2": "3.8.0"}),
        (2, {"2.4": "3.6.2", "2.5": "3.6.4", "2.6": "3.6.8"}),
    ],
)
def test_each_number_of_a_file_is_written_since_its_first_release(number, since):
    found = {}
    for version in VERSIONS:
        found.setdefault(dialect_of(version)[number], str(dialect_of(version)))
    assert found == since


def test_people_are_told_the_releases_that_are_known():
    assert KNOWN == "3.6.2 to 3.6.9, 3.7.0 to 3.7.8 and 3.8"


def test_of_the_newest_series_any_release_is_taken():
    assert is_known((3, 8, 99))
    assert not is_known((3, 8, 100))
    assert not is_known(None)
    assert set(LISTS) | set(SEQUENCES) | {RUN} <= set(VERSIONS)
    assert str(dialect_of(RUN)) == "3.6.2"
