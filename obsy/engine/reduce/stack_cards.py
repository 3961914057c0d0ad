"""What the header of a stack says of all its frames, in the place of what one of them said of itself."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from astropy.io import fits

from obsy.engine.frames.fits import cards_of
from obsy.engine.frames.start import taken_at
from obsy.engine.identity import ASKED_S, Card
from obsy.engine.reduce.measure_cards import MEASURE_CARDS
from obsy.engine.reduce.plain_cards import said_s
from obsy.errors import FrameError

ONE_FRAME = (
    *(keyword for keyword, _ in MEASURE_CARDS.values()),
    *("RAWSHA", "BIASSHA", "DARKSHA", "FLATSHA", "BIASWHY", "DARKWHY", "FLATWHY"),
    *(ASKED_S, "EXPOSURE", "EXP", "DATE-LOC", "TIME-OBS", "UT", "UT-OBS", "UTC-OBS", "LOCALTIM", "LST"),
    *("DATE-OBS", "DATE-BEG"),
    *("DATE-END", "DATE-AVG", "MJD-OBS", "MJD-BEG", "MJD-END", "MJD-AVG", "JD", "JD_UTC", "JD-OBS"),
    *("AIRMASS", "PIERSIDE", "OBJCTALT", "OBJCTAZ", "OBJCTHA", "CENTALT", "CENTAZ", "FILENAME"),
)
"""Cards that are true of one frame, and not of the mean of many."""
TIMES = ("DATE-BEG", "DATE-END", "DATE-AVG")


@dataclass(frozen=True)
class ExposureSpan:
    """For how long light was gathered, and when."""

    exposure_s: float
    times: tuple[datetime, datetime, datetime] | None
    """Start of the first exposure, end of the last, and the mean of all light's time, UTC; None where a frame says no
    time."""

    @classmethod
    def of_frame(cls, header: fits.Header) -> "ExposureSpan":
        """Return when one frame was exposed; earlier versions left it to the words of the camera's program."""
        exposure_s = said_s(header)
        try:
            begin = taken_at(cards_of(header)).value
        except FrameError:
            return cls(exposure_s, None)
        length = timedelta(seconds=exposure_s)
        return cls(exposure_s, (begin, begin + length, begin + length / 2))

    @classmethod
    def of_stack(cls, header: fits.Header) -> "ExposureSpan":
        """Return when the frames of a stack were exposed, by the cards of a span, which earlier versions lack."""
        exposure_s, said = float(header.get("TOTALEXP", 0.0)), [str(header.get(key, "")) for key in TIMES]
        if "SUBEXP" not in header or not all(said):
            return cls(exposure_s, None)
        begin, end, middle = (datetime.fromisoformat(each).replace(tzinfo=UTC) for each in said)
        return cls(exposure_s, (begin, end, middle))

    def with_more(self, other: "ExposureSpan") -> "ExposureSpan":
        """Return both together."""
        whole = self.exposure_s + other.exposure_s
        if self.times is None or other.times is None:
            return ExposureSpan(whole, None)
        begin, end, middle = zip(self.times, other.times, strict=True)
        share = other.exposure_s / whole if whole else 0.5
        return ExposureSpan(whole, (min(begin), max(end), middle[0] + (middle[1] - middle[0]) * share))

    def cards(self) -> tuple[Card, ...]:
        """Return what a header says of it. Source: FITS standard 4.0, section 9.5."""
        exposure = ("EXPTIME", self.exposure_s, "[s] of all frames"), ("TOTALEXP", self.exposure_s, "[s] of all frames")
        if self.times is None:
            return exposure
        written = [f"{at:%Y-%m-%dT%H:%M:%S.%f}"[:-3] for at in self.times]
        why = "start of the first exposure, UTC", "end of the last exposure, UTC", "mean time of all light, UTC"
        return (*exposure, ("DATE-OBS", written[0], why[0]), *zip(TIMES, written, why, strict=True))


def like_s(header: fits.Header) -> float:
    """Return the exposure of a frame, or of the one that a stack's counts are like, seconds; 0 if it is not said."""
    return float(header["SUBEXP"]) if "SUBEXP" in header else said_s(header)


def of_many(header: fits.Header) -> fits.Header:
    """Return one frame's header without what is true of that alone: that of a stack whose counts are like its own."""
    bare = header.copy()
    for keyword in ONE_FRAME:
        bare.remove(keyword, ignore_missing=True, remove_all=True)
    bare["SUBEXP"] = (like_s(header), "[s] of the frame its counts are like")
    bare["IMAGETYP"] = ("Master Light", "mean of many frames")
    return bare
