"""How coming transits are shown to a machine."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from obsy.engine.choice.transits.coming import ComingTransit, ComingTransits, TransitSearch
    from obsy.engine.choice.transits.exposure import TransitExposure
    from obsy.engine.importing.transiting_planet import PlanetTable
    from obsy.schemas.site import Site


def shape(found: "ComingTransits", table: "PlanetTable", search: "TransitSearch") -> dict[str, Any]:
    """Return all of them, as JSON has it."""
    from obsy.engine.choice.transits.coming import LEFT
    from obsy.engine.choice.transits.worth import WEIGHTS

    return {
        "first": search.first.isoformat(),
        "nights": search.nights,
        "dark_nights": found.dark_nights,
        "site": search.observatory.site.name,
        "train": search.instrument.name,
        "weights": WEIGHTS,
        "transits": [_entry(each, search.observatory.site) for each in found.listed],
        "not_listed": [
            {"planet": name, "reason": reason, "words": LEFT[reason], "count": count}
            for (reason, name), count in found.left.items()
        ],
        "not_read": table.left,
    }


def _entry(each: "ComingTransit", site: "Site") -> dict[str, Any]:
    from obsy.engine.choice.transits.words import why

    times = {key: getattr(each.transit, key).isoformat() for key in ("ingress", "middle", "egress")}
    return {
        "planet": each.planet.name,
        "night": each.night.isoformat(),
        **times,
        "error_s": round(each.transit.error.total_seconds(), 1),
        "window": [each.window.start.isoformat(), each.window.end.isoformat()],
        "parts": {part: round(share, 3) for part, share in each.parts.items()},
        "accept": each.accept,
        "altitude_deg": round(each.altitude_deg, 1),
        "airmass": round(each.airmass, 3),
        "moon": _rounded(each.moon._asdict()),
        "depth": each.planet.depth,
        "mag": each.planet.mag,
        "exposure": _exposure(each.exposure),
        **_rounded(each.worth._asdict()),
        "flip": each.flip and each.flip.isoformat(),
        "why": list(why(each, site)),
    }


def _exposure(shot: "TransitExposure") -> dict[str, Any]:
    return _rounded(shot._asdict()) | {"defocus": shot.defocus and _rounded(shot.defocus._asdict())}


def _rounded(values: dict[str, Any]) -> dict[str, Any]:
    return {key: round(value, 3) if isinstance(value, float) else value for key, value in values.items()}
