import pytest

from obsy.engine.devices.ekos.dialects import ELEMENTS, LISTS, RELEASES, SEQUENCES, dialect_of, is_known
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
        ((3, 7, 5), ("2.0", "2.6"), {"JobType", "NoDither", "EnforceWeather"}, {"MoonMaxAltitude"}),
        ((3, 7, 8), ("2.1", "2.6"), {"MoonMaxAltitude", "Procedure"}, {"EnforceWeather", "TaskQueues"}),
        ((3, 8, 0), ("2.2", "2.6"), {"TaskQueues"}, {"Procedure"}),
    ],
)
def test_each_version_reads_what_its_sources_read(version, files, has, lacks):
    dialect = dialect_of(version)
    assert (dialect.list_version, dialect.sequence_version) == files
    assert has <= dialect.knows
    assert not lacks & dialect.knows


def test_each_row_of_the_table_parts_two_versions():
    for name, span in ELEMENTS.items():
        told = [name in dialect_of(version).knows for version in VERSIONS]
        assert {True, False} == set(told), name
        assert span.since in VERSIONS, name
    assert set(LISTS) | set(SEQUENCES) <= set(VERSIONS)
