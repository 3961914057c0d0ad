"""What is asked of whoever begins an observatory: each question with its reason, its default and its check."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, StringConstraints, TypeAdapter, ValidationError

from obsy.diagnostics import unfit
from obsy.engine.starting.here import own_zone, place_of
from obsy.engine.starting.wheel import NONE, slots_of
from obsy.errors import UserError
from obsy.schemas.model import Text, plain_name
from obsy.schemas.site import known_timezone
from obsy.schemas.train import SensorSize
from obsy.units import Latitude, Longitude, Metres, Micrometres, Millimetres

_reader = cache(TypeAdapter)
"""What reads an answer takes milliseconds to make."""


def _plain(value: str) -> str:
    if slug(value) != value:
        raise unfit("bad-name", expected="lower case letters, digits and single dashes", mend=f"write '{slug(value)}'")
    return value


def _filters(value: object) -> object:
    slots = slots_of(str(value))
    if any(len(set(words)) < len(slots) for words in zip(*slots, strict=True)):
        raise unfit("role-twice", expected="each filter once", mend="write 'L, R=Red, G=Green'")
    return value


def _of_zone(which: int, before: Mapping[str, str]) -> str:
    """The latitude (0) or longitude (1) of the city by which the time zone is named."""
    return f"{place_of(before['timezone'])[which]:g} deg"


def _wheel(before: Mapping[str, str]) -> str:
    """The usual wheel; none before a camera that has its colours itself."""
    return "L, R, G, B" if before["bayer"] == NONE else NONE


@dataclass(frozen=True, slots=True)
class SetupQuestion:
    """One question; its key is the flag's name too."""

    key: str
    ask: str
    why: str
    default: str | Callable[[Mapping[str, str]], str]
    """What is answered if nothing is said; it may follow from the answers before it."""
    shape: Any = Text
    """What an answer must be, as a schema has it."""
    unit: str = ""
    """What a bare number is taken for."""

    def usual(self, before: Mapping[str, str]) -> str:
        """Return the default after these answers."""
        return self.default if isinstance(self.default, str) else self.default(before)

    def answer(self, said: str) -> str:
        """Return an answer as it is written in a document. Raise UserError if it is none, with its cure."""
        bare = self.unit and re.fullmatch(r"\s*[+-]?[\d.]+(\s*x\s*\d+)?\s*", said)
        text = f"{said.strip()} {self.unit}" if bare else said.strip()
        try:
            _reader(self.shape).validate_python(text)
        except ValidationError as fault:
            first = fault.errors()[0]
            like = f"write for example '{self.default}'" if isinstance(self.default, str) else "see 'obsy init --help'"
            cure = first.get("ctx", {}).get("mend") or like
            expected = first.get("ctx", {}).get("expected", first["msg"])
            raise UserError(f"--{self.key} '{said}': expected {expected}; {cure}") from None
        return text


def _questions() -> Iterator[SetupQuestion]:
    """Yield them in the order in which they are asked; a default may follow from what was answered before."""
    ask, zone, city = SetupQuestion, Annotated[str, AfterValidator(known_timezone)], "unsaid, the time zone's city"
    yield ask("name", "Name", "of the site, in files and frames", "folder's", Annotated[Text, AfterValidator(_plain)])
    yield ask("timezone", "Time zone", "of the IANA: Europe/Madrid; unsaid, this machine's", lambda _: own_zone(), zone)
    yield ask("latitude", "Latitude", f"'38.16 deg', '+38d09m36s'; {city}", partial(_of_zone, 0), Latitude, "deg")
    yield ask("longitude", "Longitude", f"east is positive; {city}", partial(_of_zone, 1), Longitude, "deg")
    yield ask("elevation", "Elevation", "above the sea; within 100 m is good enough", "100 m", Metres, "m")
    why = "with reducer or corrector; it scales every picture"
    yield ask("focal-length", "Telescope: focal length", why, "800 mm", Millimetres, "mm")
    yield ask("aperture", "Telescope: aperture", "its clear diameter", "200 mm", Millimetres, "mm")
    yield ask("camera", "Camera: its name", "it becomes INSTRUME in every header", "My camera")
    yield ask("size", "Camera: pixels", "columns x rows, before binning", "3008 x 3008 px", SensorSize, "px")
    yield ask("pixel", "Camera: edge of a pixel", "with the focal length, the scale", "3.76 um", Micrometres, "um")
    colours = Literal["none", "RGGB", "BGGR", "GRBG", "GBRG"]
    yield ask("bayer", "Camera: its colours", "of a one-shot-colour camera, such as RGGB", NONE, colours)
    why = "in the order of the wheel, 'L=Luminance' where the driver has a longer name; or none"
    yield ask("filters", "Filters", why, _wheel, Annotated[Text, BeforeValidator(_filters)])
    why, gem = "german-equatorial, fork or alt-azimuth; the first turns over at the meridian", "german-equatorial"
    yield ask("mount", "Mount", why, gem, Literal["german-equatorial", "fork", "alt-azimuth"])
    roofs = Literal["roll-off", "dome", "clamshell", "none"]
    yield ask("roof", "Roof", "roll-off, dome or clamshell; none if no motor moves it", "roll-off", roofs)
    why, where = "OWNER/REPOSITORY@COMMIT that checks the plans on GitHub", r"^[\w.-]+/[\w.-]+@[\w./-]+$"
    yield ask("obsy", "obsy for CI", why, "OWNER/obsy@COMMIT", Annotated[str, StringConstraints(pattern=where)])


QUESTIONS = tuple(_questions())


def slug(words: str) -> str:
    """Return a name that documents may have; 'home' if nothing is left of it."""
    return plain_name(words) or "home"


def usual(name: str) -> dict[str, str]:
    """Return the default answers for an observatory of that name."""
    answers = {"name": slug(name)}
    for each in QUESTIONS:
        answers.setdefault(each.key, each.usual(answers))
    return answers
