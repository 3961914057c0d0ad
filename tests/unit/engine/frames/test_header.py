"""What frames say of themselves, as the programs of amateurs write it."""

import hashlib
import io
from datetime import UTC, datetime

import pytest

from obsy.engine.frames.cards import CommentedCards
from obsy.engine.frames.header import read, refuse_rehearsal, whole_cards
from obsy.engine.frames.repair import Repair
from obsy.engine.identity import SIMULATED, Identity
from obsy.errors import FrameError

NINA = {
    "IMAGETYP": "LIGHT",
    "FRAME": None,
    "EXPOSURE": 300.0,
    "EXPTIME": 300.0,
    "DATE-LOC": "2026-11-21T21:15:00.1234567",
    "DATE-OBS": "2026-11-21T20:15:00.1234567",
    "GAIN": 100,
    "OFFSET": 50,
    "EGAIN": 0.25,
    "SET-TEMP": -10.0,
    "CCD-TEMP": -9.9,
    "RA": 10.68,
    "DEC": 41.27,
    "PIERSIDE": "West",
    "FILTER": "Ha",
}
MAXIM = {
    "IMAGETYP": "Light Frame",
    "FRAME": None,
    "EXPTIME": 60.0,
    "EXPOSURE": 60.0,
    "GAIN": None,
    "OFFSET": None,
    "DATE-OBS": "2026-11-21",
    "TIME-OBS": "20:15:00",
    "RA": None,
    "DEC": None,
    "OBJCTRA": "00 42 44.3",
    "OBJCTDEC": "-41 16 09",
    "PIERSIDE": None,
    "FILTER": "Red",
}
SEESTAR = {
    "IMAGETYP": "Light",
    "FRAME": None,
    "EXPTIME": 10.0,
    "EXPOSURE": 10.0,
    "INSTRUME": "Seestar S50",
    "GAIN": 80,
    "OFFSET": None,
    "FILTER": "IRCUT",
    "DATE-OBS": "2026-11-21T20:15:00.123456",
    "CCD-TEMP": 24.5,
    "PIERSIDE": None,
    "TELESCOP": "S50_b0bdad57",
    "BAYERPAT": "GRBG",
}


def dashed(cards):
    return {key.replace("-", "_"): value for key, value in cards.items()}


def test_an_ekos_light_reads_whole(make):
    frame = read(make())
    assert (frame.kind, frame.object, frame.filter, frame.exposure_s) == ("light", "m31", "L", 180.0)
    assert (frame.gain, frame.offset, frame.binning, frame.temperature_c) == (100, 10, 1, -10.0)
    assert (frame.rows, frame.columns, frame.pier, frame.airmass) == (48, 64, "west", 1.12)
    assert frame.taken_at == datetime(2026, 11, 21, 20, 15, 0, 123000, tzinfo=UTC)
    assert (frame.ra_deg, frame.dec_deg) == (10.684708, 41.268750)


def test_the_hash_is_that_of_the_whole_file(make):
    path = make()
    assert read(path).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_nina_light_keeps_time_in_utc_with_seven_digits(make):
    frame = read(make(**dashed(NINA)))
    assert (frame.kind, frame.exposure_s, frame.gain, frame.offset) == ("light", 300.0, 100, 50)
    assert frame.temperature_c == -9.9
    assert frame.taken_at == datetime(2026, 11, 21, 20, 15, 0, 123456, tzinfo=UTC)


def test_a_maxim_light_has_its_time_of_day_apart_and_no_gain(make):
    frame = read(make(**dashed(MAXIM)))
    assert frame.taken_at == datetime(2026, 11, 21, 20, 15, tzinfo=UTC)
    assert (frame.gain, frame.offset, frame.pier) == (None, None, None)
    # 00h 42m 44.3s = 10.684583 deg; -41 16' 09" = -41.269167 deg
    assert frame.ra_deg == pytest.approx(10.684583, abs=1e-6)
    assert frame.dec_deg == pytest.approx(-41.269167, abs=1e-6)


def test_a_seestar_light_reads(make):
    frame = read(make(**dashed(SEESTAR)))
    assert (frame.camera, frame.filter, frame.gain, frame.exposure_s) == ("Seestar S50", "IRCUT", 80, 10.0)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Light", "light"),
        ("LIGHT", "light"),
        ("Light Frame", "light"),
        ("object", "light"),
        ("Dark", "dark"),
        ("Dark Frame", "dark"),
        ("DARKFLAT", "dark"),
        ("Flat Dark", "dark"),
        ("Bias", "bias"),
        ("Bias Frame", "bias"),
        ("zero", "bias"),
        ("Flat Field", "flat"),
        ("FLAT", "flat"),
        ("SKYFLAT", "flat"),
    ],
)
def test_every_spelling_of_a_kind_is_understood(make, said, kind):
    assert read(make(IMAGETYP=said)).kind == kind


def test_the_indi_card_serves_where_imagetyp_is_missing(make):
    assert read(make(IMAGETYP=None, FRAME="Flat")).kind == "flat"


def test_darks_and_bias_have_no_filter(make):
    assert read(make(IMAGETYP="Dark", FILTER="L")).filter is None


@pytest.mark.parametrize("said", [None, "", "None", "N/A"])
def test_a_light_that_names_no_object_is_a_frame_without_one(make, said):
    frame = read(make(OBJECT=said))
    assert frame.object == ""
    assert frame.repairs[-1] == Repair.NO_OBJECT
    assert Repair.NO_OBJECT not in read(make(OBJECT="m31")).repairs


def test_calibration_frames_need_no_object(make):
    assert read(make(IMAGETYP="Bias", OBJECT=None)).object == ""


def test_an_offset_in_the_time_is_honoured(make):
    # MicroObservatory writes local time with its offset.
    frame = read(make(DATE_OBS="2017-12-20T00:15:00-0700"))
    assert frame.taken_at == datetime(2017, 12, 20, 7, 15, tzinfo=UTC)


def test_a_modified_julian_date_serves_where_there_is_no_date(make):
    # Source: MJD 51544.5 is 2000-01-01 12:00.
    assert read(make(DATE_OBS=None, MJD_OBS=51544.5)).taken_at == datetime(2000, 1, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"IMAGETYP": None, "FRAME": None}, "no-kind"),
        ({"IMAGETYP": "Master Dark"}, "is-a-master"),
        *(({each: "0123"}, "is-a-product") for each in ("RAWSHA", "BIASSHA", "DARKSHA", "FLATSHA")),
        ({"CALSTAT": "BD"}, "is-a-product"),
        ({"NAXIS": 3, "NAXIS3": 3}, "is-a-cube"),
        ({"IMAGETYP": "Tricolor"}, "unknown-kind"),
        ({"EXPTIME": None}, "no-exposure"),
        ({"DATE_OBS": None}, "no-time"),
        ({"DATE_OBS": "last night"}, "bad-time"),
        ({"DATE_OBS": "2026-11-21"}, "no-time"),
        ({"TIMESYS": "TT"}, "not-utc"),
        ({"YBINNING": 2}, "uneven-binning"),
        ({"XBINNING": 1.5, "YBINNING": 1.5}, "uneven-binning"),
    ],
)
def test_a_header_that_says_too_little_is_refused_with_its_reason(make, changes, code):
    with pytest.raises(FrameError) as refused:
        read(make(**changes))
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("changes", "unsaid"),
    [
        ({"CCD_TEMP": 1e30}, "temperature_c"),
        ({"CCD_TEMP": -300.0}, "temperature_c"),
        ({"RA": -1.0, "OBJCTRA": None}, "ra_deg"),
        ({"RA": 361.0, "OBJCTRA": None}, "ra_deg"),
        ({"DEC": 90.5, "OBJCTRA": None}, "dec_deg"),
        ({"DEC": 1e300, "OBJCTRA": None}, "dec_deg"),
    ],
)
def test_a_fact_that_cannot_be_is_unsaid(make, changes, unsaid):
    assert getattr(read(make()), unsaid) is not None
    assert getattr(read(make(**changes)), unsaid) is None


def test_a_file_without_a_picture_is_refused(make):
    with pytest.raises(FrameError) as refused:
        read(make(NAXIS=0, NAXIS1=None, NAXIS2=None))
    assert refused.value.code == "no-image"


def test_a_truncated_file_is_refused(make):
    path = make()
    path.write_bytes(path.read_bytes()[:-2880])
    with pytest.raises(FrameError) as refused:
        read(path)
    assert refused.value.code == "truncated"


@pytest.mark.parametrize(
    ("content", "code"), [(b"", "truncated"), (b"SIMPLE  = ", "truncated"), (b"GIF89a", "not-fits")]
)
def test_what_is_no_fits_file_is_refused(tmp_path, content, code):
    path = tmp_path / "odd.fits"
    path.write_bytes(content)
    with pytest.raises(FrameError) as refused:
        read(path)
    assert refused.value.code == code


def test_a_frame_of_ours_says_what_it_is_for(make):
    asked = Identity(site="hill", train="newton", plan="m31", goal="L-180s", block="20261121T193000Z", commit="a-dirty")
    frame = read(make(**{key: value for key, value, _ in asked.cards()}))
    assert Identity.of(frame) == asked


def test_a_foreign_frame_is_for_nothing_that_we_know(make):
    assert Identity.of(read(make())) == Identity()


@pytest.mark.parametrize(
    ("card", "part"),
    [
        ("GAIN", "gain"),
        ("OFFSET", "offset"),
        ("XBINNING", "binning"),
        ("CCD_TEMP", "temperature_c"),
        ("FILTER", "filter"),
        ("INSTRUME", "camera"),
        ("TELESCOP", "telescope"),
    ],
)
def test_a_card_that_is_missing_is_nothing_and_not_a_number(make, card, part):
    unsaid = {"YBINNING": None, "SET_TEMP": None, "BLKLEVEL": None, card: None}
    assert getattr(read(make(**unsaid)), part) is None
    assert getattr(read(make()), part) is not None


@pytest.mark.parametrize(
    ("cards", "code"),
    [
        ({"EXPTIME": float("inf")}, "no-exposure"),
        ({"EXPTIME": 86401.0}, "no-exposure"),
        ({"XBINNING": float("inf"), "YBINNING": float("inf")}, "uneven-binning"),
        ({"XBINNING": 10**20, "YBINNING": 10**20}, "uneven-binning"),
        ({"DATE_OBS": "0001-01-01T00:00:00+05:00"}, "bad-time"),
        ({"DATE_OBS": "0001-01-01T00:00:00"}, "bad-time"),
        ({"DATE_OBS": "9999-12-31T23:59:59"}, "bad-time"),
        ({"DATE_OBS": None, "MJD_OBS": float("inf")}, "no-time"),
        ({"DATE_OBS": None, "MJD_OBS": 1e300}, "bad-time"),
    ],
)
def test_a_number_that_cannot_be_true_is_no_frame(make, cards, code):
    with pytest.raises(FrameError) as refused:
        read(written(make, cards))
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("cards", "part"),
    [
        ({"GAIN": 10**20}, "gain"),
        ({"OFFSET": float("inf")}, "offset"),
        ({"CCD_TEMP": float("inf")}, "temperature_c"),
        ({"AIRMASS": float("-inf")}, "airmass"),
        ({"RA": float("inf"), "OBJCTRA": None}, "ra_deg"),
    ],
)
def test_a_setting_that_cannot_be_true_is_unsaid(make, cards, part):
    assert getattr(read(written(make, cards)), part) is None


def test_what_the_simulated_observatory_made_is_refused_and_nothing_else():
    cards = CommentedCards()
    cards.remarks = ["made by hand"]
    refuse_rehearsal(cards)
    cards.remarks = ["made by hand", SIMULATED]
    with pytest.raises(FrameError, match="a rehearsal counts for nothing real") as refused:
        refuse_rehearsal(cards)
    assert refused.value.code == "rehearsal"


def test_a_stream_is_read_from_its_beginning_however_far_it_was_read_before():
    for content, code in ((b"", "truncated"), (b"?", "not-fits"), (b"?!", "not-fits")):
        stream = io.BytesIO(content)
        stream.read(2)
        with pytest.raises(FrameError) as refused:
            whole_cards(stream)
        assert refused.value.code == code, content


def written(make, cards):
    """The file, with infinities as a driver writes them."""
    path = make(**cards)
    path.write_bytes(path.read_bytes().replace(b"  -inf", b"-1E999").replace(b"   inf", b" 1E999"))
    return path


def test_an_empty_file_is_called_empty() -> None:
    with pytest.raises(FrameError, match="it is empty") as refused:
        whole_cards(io.BytesIO())
    assert refused.value.code == "truncated"
