"""The equipment that an INDI server sees."""

from collections.abc import Iterator, Mapping
from contextlib import suppress

from obsy.engine.devices.indi.glance import Properties
from obsy.engine.devices.indi.offer import abilities, is_connected
from obsy.engine.devices.indi.weather import untold
from obsy.engine.starting.found import FoundAnswers, number, sound

ASKED = ("mount", "camera", "focuser", "wheel", "roof", "weather", "panel")
"""The parts that a new observatory has a device for."""
TELLING = ("mount", "camera", "wheel")
"""The parts that say more than their names, once they are connected."""
LIMITED = ("rain", "wind", "humidity", "temperature")
"""What the weather inputs of a new observatory measure."""
UNTOLD = "weather_untold"
"""Under this key stands what of these the station was not seen to tell, although it tells others."""
MOUNTS = {"EQ_GEM": "german-equatorial", "EQ_FORK": "fork", "ALTAZ": "alt-azimuth"}


def from_indi(seen: Mapping[str, Properties]) -> FoundAnswers:
    """Return what the devices of a server answer; those that are not connected tell their names alone."""
    parts = _parts(seen)
    chosen = {part: max(having, key=lambda each: _aptness(part, seen[each])) for part, having in parts.items()}
    others = {part: ", ".join(each for each in having if each != chosen[part]) for part, having in parts.items()}
    twice = ((part, names) for part, names in others.items() if names)
    remarks = [f"the {part} is '{chosen[part]}' here, and may be {names} too" for part, names in twice]
    silent = {device for part, device in chosen.items() if part in TELLING and not is_connected(seen[device])}
    if silent:
        names = " and ".join(sorted(silent))
        remarks.append(f"not connected, so little is known of it: {names}; connect it and ask again, or fill it in")
    answers = dict(_weather(seen.get(chosen.get("weather", ""), {})))
    if missing := answers.get(UNTOLD):
        less = missing.replace(", ", " and no ")
        remarks.append(f"'{chosen['weather']}' tells no {less}: name what does, or take its limit away")
    mount, camera, wheel = (seen.get(chosen.get(part, ""), {}) for part in TELLING)
    answers |= dict(_sky(mount)) | dict(_optics(mount)) | dict(_optics(camera)) | dict(_camera(camera))
    return sound(chosen, [*filter(None, wheel.get("FILTER_NAME", {}).values())], answers, remarks)


def _parts(seen: Mapping[str, Properties]) -> dict[str, list[str]]:
    """Return the devices that may be each part, in the order of their names."""
    able = {device: abilities(seen[device]) for device in sorted(seen)}
    found = {part: [device for device, parts in able.items() if part in parts] for part in ASKED}
    return {part: devices for part, devices in found.items() if devices}


def _aptness(part: str, said: Properties) -> float:
    """How likely a device is meant: the camera with most pixels, and of all else what does least besides."""
    if part == "camera":
        return dict(_numbers(said, "CCD_INFO")).get("CCD_MAX_X", 0.0)
    return -int(said["DRIVER_INFO"]["DRIVER_INTERFACE"]).bit_count()


def _numbers(said: Properties, name: str) -> Iterator[tuple[str, float]]:
    for element, text in said.get(name, {}).items():
        with suppress(ValueError):
            yield element, float(text)


def _sky(said: Properties) -> Iterator[tuple[str, str]]:
    place = dict(_numbers(said, "GEOGRAPHIC_COORD"))
    if {"LAT", "LONG"} <= set(place) and any(place.values()):  # unset, all are 0
        yield "latitude", number(place["LAT"], "deg")
        yield "longitude", number((place["LONG"] + 180.0) % 360.0 - 180.0, "deg")
        yield "elevation", number(place.get("ELEV", 0.0), "m")
    kind = next((MOUNTS.get(each) for each, state in said.get("MOUNT_TYPE", {}).items() if state == "On"), None)
    if kind is None and "TELESCOPE_PIER_SIDE" in said:
        kind = MOUNTS["EQ_GEM"]
    if kind is not None:
        yield "mount", kind


def _weather(said: Properties) -> Iterator[tuple[str, str]]:
    if missing := untold(LIMITED, None, said):
        yield UNTOLD, ", ".join(missing)


def _optics(said: Properties) -> Iterator[tuple[str, str]]:
    optics = dict([*_numbers(said, "TELESCOPE_INFO"), *_numbers(said, "SCOPE_INFO")])
    for key, names in {"aperture": "APERTURE", "focal-length": "FOCAL_LENGTH"}.items():
        if size := optics.get(names) or optics.get(f"TELESCOPE_{names}"):
            yield key, number(size, "mm")


def _camera(said: Properties) -> Iterator[tuple[str, str]]:
    chip = dict(_numbers(said, "CCD_INFO"))
    if chip.get("CCD_MAX_X"):
        yield "camera", said["DRIVER_INFO"].get("DRIVER_NAME", "camera")
        yield "size", f"{chip['CCD_MAX_X']:.0f} x {chip.get('CCD_MAX_Y', 0):.0f} px"
        yield "pixel", number(chip.get("CCD_PIXEL_SIZE", 0.0), "um")
    if colours := said.get("CCD_CFA", {}).get("CFA_TYPE"):
        yield "bayer", colours
