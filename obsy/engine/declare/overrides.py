"""Which overrides are honoured: those that are dated, name what there is, and never leave rain unwatched."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic import ValidationError

from obsy.schemas.override import Override
from obsy.schemas.policy import Safety
from obsy.schemas.weather import Weather
from obsy.units import duration


class Refusal(NamedTuple):
    """Why an override is not honoured."""

    code: str
    key: str
    words: tuple[str, str, str]
    """What was found, what was expected, how to mend it."""


@dataclass(frozen=True, slots=True)
class Overrides:
    """Those that are honoured, and why others are not, in words."""

    honoured: tuple[Override, ...] = ()
    refused: tuple[str, ...] = ()


def sorted_out(said: Iterable[Mapping[str, Any] | Override], safety: Safety, weather: Collection[Weather]) -> Overrides:
    """Return which overrides of a site are honoured; one that is not understood is none."""
    honoured, refused = list[Override](), list[str]()
    for each in said:
        try:
            override = each if isinstance(each, Override) else Override.model_validate(each)
        except ValidationError:
            name = each.get("name") if isinstance(each, Mapping) else ""
            refused.append(f"the override '{name}' is not understood and changes nothing: run 'obsy validate'")
            continue
        wrong = next(faults(override, safety, weather), None)
        if wrong is None:
            honoured.append(override)
        else:
            refused.append(f"the override '{override.name}' changes nothing: {wrong.words[0]}")
    return Overrides(tuple(honoured), tuple(refused))


def faults(override: Override, safety: Safety, weather: Collection[Weather]) -> Iterator[Refusal]:
    """Yield why an override is not honoured. weather: every input of the site."""
    longest, lasts = safety.longest_override, (override.until - override.since).total_seconds()
    if lasts > longest:
        said = (f"it lasts {duration(lasts)}", f"at most {duration(longest)}, as the policy says", "let it end earlier")
        yield Refusal("override-too-long", "until", said)
    counts = {name for name in type(safety.limits).model_fields if getattr(safety.limits, name) is not None}
    for name in (override.limits.said() if override.limits is not None else {}).keys() - counts:
        yield Refusal("no-effect", "limits", (f"the policy has no limit of {name}", "what has one", f"remove {name}"))
    if override.ignore is None:
        return
    ignored = [each for each in weather if each.name == override.ignore]
    if not ignored:
        words = (f"no weather input is named '{override.ignore}'", "one that is declared", "name one, or delete it")
        yield Refusal("unknown-reference", "ignore", words)
    for each in ignored:
        others = (other for other in weather if other is not each and other.enclosure in (None, each.enclosure))
        if "rain" in each.measures and not any("rain" in other.measures for other in others):
            cure = "mend the sensor, or add another one for rain: without one the roof stays closed"
            words = (f"without '{each.name}' nothing measures rain", "another input that measures rain", cure)
            yield Refusal("rain-unwatched", "ignore", words)
