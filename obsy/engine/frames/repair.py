"""By which rules a frame was read where its header does not say a fact plainly: a code that is kept, and its words."""

from enum import StrEnum


class Repair(StrEnum):
    """A rule that was needed. Its code is stable, and holds nothing of the frame, so that frames can be counted by it.

    Of kind, object, exposure, start, pointing and temperature; other facts are read by rules that are not recorded.
    """

    KIND_ELSEWHERE = "kind-elsewhere"
    KIND_BY_FIELD = "kind-by-field"
    OBJECT_ELSEWHERE = "object-elsewhere"
    NO_OBJECT = "no-object"
    EXPOSURE_UNIT = "exposure-unit"
    UNIT_UNREAD = "unit-unread"
    START_BY_DAY = "start-by-day"
    NO_ZONE = "no-zone"
    POINTING_ELSEWHERE = "pointing-elsewhere"
    OF_DATE = "of-date"
    IN_KELVIN = "in-kelvin"
    NOT_CELSIUS = "not-celsius"


WORDS: dict[str, str] = {
    Repair.KIND_ELSEWHERE: "its kind is said by another card than IMAGETYP, FRAME and OBSTYPE",
    Repair.KIND_BY_FIELD: "FIELD says another kind than IMAGETYP, and counts",
    Repair.OBJECT_ELSEWHERE: "its object is said by OBJNAME, OBSTARGET or FIELD",
    Repair.NO_OBJECT: "it has no OBJECT: it counts for no plan by its name",
    Repair.EXPOSURE_UNIT: "its exposure is not in seconds, as its comment says",
    Repair.UNIT_UNREAD: "its exposure has a unit that is not read, as its comment says: taken for seconds",
    Repair.START_BY_DAY: "its start is said by a Julian date alone",
    Repair.NO_ZONE: "its DATE-OBS names no zone: taken for UTC",
    Repair.POINTING_ELSEWHERE: "its pointing is said by other cards than RA and DEC or OBJCTRA and OBJCTDEC",
    Repair.OF_DATE: "its pointing is of the date, not of J2000",
    Repair.IN_KELVIN: "its temperature is in kelvin",
    Repair.NOT_CELSIUS: "its temperature is in a unit that is not read: it is not known",
}


def told(repair: str) -> str:
    """Return what a person is told of a repair; frames of earlier versions keep words instead of a code."""
    return f"{repair}: {WORDS[repair]}" if repair in WORDS else repair
