"""Clouds on the images of an all-sky camera: look at some, help to label them, train a model of one's own."""

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from obsy.errors import UserError
from obsy.schemas.cloud_model import CLASSES

if TYPE_CHECKING:
    from obsy.engine.clouds.learn import Trial
    from obsy.engine.clouds.look import Look
    from obsy.engine.devices.sources.newest import Found
    from obsy.schemas.cloud_model import CloudModel, Figures, Network

T = TypeVar("T")
FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)
FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
MEANS = {
    "clear": "clear",
    "cloudy": "overcast",
    "overcast": "overcast",
    "partly": "partly",
    "partly cloudy": "partly",
    "rain": "precipitation",
    "snow": "precipitation",
    "precipitation": "precipitation",
    "frost": "unusable",
    "dew": "unusable",
    "unusable": "unusable",
}
"""What the labels of other people's networks mean; any other must be declared."""


def _zone(_: click.Context, __: click.Parameter, name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise click.BadParameter(f"'{name}' is no time zone; write it as Europe/Madrid") from None


in_zone = click.option("--zone", default="UTC", callback=_zone, help="The zone of times in names and headers.")
by_model = click.option("--model", type=FILE, help="The model; unsaid, the one that ships.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print it for a machine.")


@click.group()
def clouds() -> None:
    """Tell clouds on the images of an all-sky camera, and learn to."""


@clouds.command()
@click.argument("where", nargs=-1, required=True)
@by_model
@in_zone
@as_json
def look(where: tuple[str, ...], model: Path | None, zone: ZoneInfo, as_json: bool) -> None:
    """Say what is seen in images: files, the newest of a folder, of an address, or of indi-allsky's database."""
    for each in where:
        found, seen = _looked(each, model, zone)
        at = min(found.dated_at, seen.exposed_at or found.dated_at).astimezone(zone)
        if as_json:
            answer = json.loads(seen.as_json())
            told = {key: answer[key] for key in ("sky", "why", "cloud", "probabilities")}
            click.echo(json.dumps({"image": found.name, "exposed_at": at.isoformat(), **told}))
            continue
        chances = ", ".join(f"{sky} {100 * chance:.0f} %" for sky, chance in seen.seen.probabilities.items())
        said = f"{seen.seen.sky}{f' ({chances})' if chances else ''} {seen.seen.why}".rstrip()
        click.echo(f"{found.name}, {at:%Y-%m-%d %H:%M:%S %Z}: {said}")


def _looked(where: str, model: Path | None, zone: ZoneInfo) -> "tuple[Found, Look]":
    from obsy.engine.clouds.look import look as looked
    from obsy.engine.clouds.model import SHIPPED
    from obsy.engine.devices.clock import WallClock
    from obsy.engine.devices.sources.newest import newest
    from obsy.errors import DeviceError
    from obsy.schemas.weather import Source

    try:
        found = newest(WallClock(), Source(allsky=where), zone)
    except (DeviceError, OSError) as fault:
        raise UserError(f"'{where}': {fault}") from None
    return found, looked(found.raw, zone, model or SHIPPED)


@clouds.command()
@click.argument("images", type=FOLDER)
@click.option("--to", "into", type=click.Path(path_type=Path, file_okay=False), required=True, help="Where labels go.")
@click.option("--number", type=click.IntRange(1, 10_000), default=60, help="How many images to look at.")
@by_model
@in_zone
@as_json
def label(  # noqa: PLR0913, PLR0917  one argument an option
    images: Path, into: Path, number: int, model: Path | None, zone: ZoneInfo, as_json: bool
) -> None:
    """Choose images that are worth a label, and lay them out as the model sees them.

    Those of which it is least sure come first, of every night some. Look at each, and move it to the folder of its
    class: nothing is learned from what a model has sorted.
    """
    from obsy.engine.clouds.folders import TO_CHECK
    from obsy.engine.clouds.model import SHIPPED
    from obsy.engine.clouds.proposals import laid_out, proposed

    found = laid_out(proposed(images, zone, model or SHIPPED, _bar), into, number)
    if as_json:
        click.echo(json.dumps([str(each) for each in found]))
        return
    if not found:
        raise UserError(f"'{images}' holds no image that is not in '{into}' already")
    click.echo(f"{len(found)} images lie in '{into / TO_CHECK}', in folders as the model sees them. Look at each, and")
    click.echo(f"move it to '{into}/CLASS', where CLASS is {', '.join(CLASSES[:-1])} or {CLASSES[-1]}.")
    click.echo(f"Then: obsy clouds train {into} --camera NAME")


@clouds.command()
@click.argument("folder", type=FOLDER)
@click.option("--camera", required=True, metavar="NAME", help="The weather input whose images these are.")
@click.option("--to", "file", type=click.Path(path_type=Path, dir_okay=False), help="Where; unsaid, FOLDER/model.json.")
@click.option("--network", type=FILE, help="Try this ONNX file instead, and learn when to believe it.")
@click.option("--labels", type=FILE, help="Its labels, a line each, as Teachable Machine writes them.")
@click.option("--means", multiple=True, metavar="LABEL=CLASS", help="What one of its labels means.")
@click.option("--longitude", type=click.FloatRange(-180, 360), help="The camera's, degrees east: nights begin at noon.")
@in_zone
@as_json
def train(  # noqa: PLR0913, PLR0917  one argument an option
    folder: Path,
    camera: str,
    file: Path | None,
    network: Path | None,
    labels: Path | None,
    means: tuple[str, ...],
    longitude: float | None,
    zone: ZoneInfo,
    as_json: bool,
) -> None:
    """Learn from the images in FOLDER/clear, /partly, /overcast, /precipitation and /unusable.

    Says how good it is on nights that it has not seen. The image files stay as they are.
    """
    from obsy.engine.clouds.folders import labelled
    from obsy.engine.clouds.learn import learn
    from obsy.engine.disk import write_whole

    file = file or folder / "model.json"
    net = _network(network, labels, means) if network is not None else None
    found = labelled(folder, zone, net, _bar, longitude)
    trial = learn(found.samples, camera, net)
    write_whole(file, _beside(trial.model, file).model_dump_json(exclude_none=True).encode() + b"\n")
    if as_json:
        left = {"left_out": found.left_out, "mistaken": trial.mistaken}
        click.echo(
            json.dumps({"model": str(file), **left, **trial.model.model_dump(include={"figures", "clear_from"})})
        )
        return
    for name, why in found.left_out.items():
        click.echo(f"left out: '{name}': {why}", err=True)
    click.echo("\n".join(told(trial, camera, file)))


def _network(path: Path, labels: Path | None, means: tuple[str, ...]) -> "Network":
    """Return a network with its labels. Raise UserError if they are missing or make no sense."""
    from obsy.schemas.cloud_model import Network

    if labels is None:
        raise UserError("a network needs its labels: add '--labels labels.txt'")
    lines = (line.strip() for line in labels.read_text(encoding="utf-8", errors="replace").splitlines())
    words = [line.partition(" ")[2] if line.partition(" ")[0].isdigit() else line for line in lines if line]
    said = {label: sky for label, _, sky in (each.rpartition("=") for each in means)}
    known = {word: said.get(word) or MEANS.get(word.lower()) for word in words}
    for word in (word for word in words if known[word] is None):
        click.echo(f"'{word}' is unusable until you say what it means: add '--means \"{word}=clear\"'", err=True)
    if wrong := [word for word in (*said, *known.values()) if word not in (*words, *CLASSES, None)]:
        raise UserError(f"'{wrong[0]}' is neither a label of '{labels}' nor one of {', '.join(CLASSES)}")
    meant = {word: sky for word, sky in known.items() if sky is not None}
    return Network.model_validate({"file": str(path.absolute()), "labels": words, "means": meant})


def _beside(model: "CloudModel", file: Path) -> "CloudModel":
    """Return a model whose network is named as seen from the model's own folder, so that both can be moved."""
    if model.network is None:
        return model
    seen = os.path.relpath(model.network.file, file.absolute().parent)
    return model.model_copy(update={"network": model.network.model_copy(update={"file": seen})})


def told(trial: "Trial", camera: str, file: Path) -> Iterator[str]:
    """Return what a person should know of a model, the worst first."""
    if trial.figures is not None:
        yield from _tried(trial.figures)
    for name in trial.mistaken[:10]:
        yield f"  look at '{name}': is it in the right folder?"
    why = trial.model.why_it_only_advises(camera)
    yield f"'{file}' is written, and believes in a clear sky from {100 * trial.model.clear_from:.0f} % on."
    yield f"It only advises: {why}." if why else f"The input '{camera}' may rest on it."


def _tried(found: "Figures") -> Iterator[str]:
    yield "On nights that were held out:"
    yield f"  called clear and was cloud: {found.false_clear} of {found.cloudy} images"
    nights = f"{found.false_nights} of {found.cloudy_nights} nights with cloud"
    yield f"  on {nights}; with 95 % certainty on fewer than {100 * found.at_most:.0f} of 100"
    yield f"  clear and called so: {found.clear_kept} of {found.clear} images, of {found.clear_nights} nights"
    yield from ("", *_table(found), "")


def _table(found: "Figures") -> Iterator[str]:
    yield "  was \\ called    " + "".join(f"{sky:>15}" for sky in CLASSES)
    for was, row in found.confusion.items():
        yield f"  {was:<16}" + "".join(f"{row[sky]:>15}" for sky in CLASSES)


def _bar(results: Iterable[T], number: int) -> Iterator[T]:
    """Pass results on, with a bar where a person looks on."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    show = {"console": console, "transient": True, "disable": not console.is_terminal}
    yield from track(results, "looking at images", total=number, **show)  # type: ignore[arg-type]
