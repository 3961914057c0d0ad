"""How fast and how lean one worker reduces, beside ccdproc and photutils used plainly."""

import resource
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from bench._answer import answer
from obsy.engine.frames.frame import Frame, FrameKind
from obsy.engine.library.master import Master, Masters
from obsy.engine.reduce.orders import Field, LightOrder, LiveOrder, MasterOrder, Optics, StackOrder
from obsy.engine.reduce.plane import pixels, tangent
from obsy.engine.reduce.work import add_live, build_master, combine_stack, reduce_light, star_width
from obsy.engine.sky.catalogue import cone
from obsy.schemas.pipeline import Pipeline

SIDE, SCALE, RA, DEC = 1024, 3.0, 300.0, 40.0
STEPS = ("bias", "dark", "flat", "measure", "solve", "align", "stack")
MEASURED = STEPS[:4]
"""As far as ccdproc and photutils go by themselves: a light that is calibrated, measured and written."""
TIMES = 3
Counts = NDArray[np.float64]


@dataclass(frozen=True)
class Set:
    """Files of one made night."""

    folder: Path
    masters: Masters
    biases: tuple[Path, ...]
    lights: tuple[Path, ...]


def main() -> None:
    """Measure and tell."""
    with tempfile.TemporaryDirectory() as folder:
        answer(str(__doc__).strip(), measure(Path(folder), peers="--ours" not in sys.argv[1:]))


def measure(folder: Path, peers: bool) -> dict[str, float]:
    """Seconds and megabytes of ours, and how many times longer the plain way takes."""
    night = make(folder)
    orders = [order(night, light, index) for index, light in enumerate(night.lights)]
    aligned = tuple(path for path in (reduce_light(each).product("aligned") for each in orders) if path is not None)
    stack = StackOrder((aligned * 30)[:30], folder / "stack.fits", folder / "stack.png")
    files = folder / "live.fits", folder / "live.png"
    live = iter([LiveOrder(path, f"{index:064d}", *files) for index, path in enumerate(aligned)])
    found = {
        "aligned": float(len(aligned)),
        "reduce_light_s": best(lambda: reduce_light(orders[0])),
        "build_master_15_s": best(lambda: build_master(MasterOrder("bias", 0.0, night.biases, folder / "again.fits"))),
        "combine_stack_30_s": best(lambda: combine_stack(stack)),
        "add_live_s": best(lambda: add_live(next(live)), times=len(aligned)),
        "star_width_s": best(lambda: star_width(night.lights[0])),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    if peers:
        measured = order(night, night.lights[1], 1, MEASURED)
        master_order = MasterOrder("bias", 0.0, night.biases, folder / "again.fits")
        found["plain_light_over_ours"] = beside(lambda: reduce_light(measured), lambda: plain_light(night))
        found["plain_master_over_ours"] = beside(lambda: build_master(master_order), lambda: plain_master(night))
        found["plain_stack_over_ours"] = beside(lambda: combine_stack(stack), lambda: plain_stack(stack))
    return found


def beside(ours: Callable[[], object], plain: Callable[[], object]) -> float:
    """Return how many times as long the plain way takes for the same work.

    Each side runs equally often, in turn, so that whatever else the machine does falls on both; the first run of each,
    which loads libraries and fills caches, does not count.
    """
    ours(), plain()
    pairs = [(best(ours, times=1), best(plain, times=1)) for _ in range(TIMES)]
    mine, theirs = (min(spans) for spans in zip(*pairs, strict=True))
    return float(theirs / mine)


def best(work: Callable[[], object], times: int = TIMES) -> float:
    """The shortest of some runs, seconds."""
    spans = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        spans.append(time.perf_counter() - begun)
    return min(spans)


def order(night: Set, light: Path, index: int, steps: tuple[str, ...] = STEPS) -> LightOrder:
    """What a worker is told of one light."""
    pipeline = Pipeline.model_validate({"kind": "pipeline", "name": "b", "steps": [{"step": step} for step in steps]})
    frame = Frame(
        path=light, sha256=f"{index:064d}", kind=FrameKind.LIGHT, object="field", filter="L", exposure_s=60.0,
        gain=None, offset=None, binning=None, temperature_c=None, camera=None, telescope=None,
        taken_at=datetime(2026, 11, 21, tzinfo=UTC), rows=SIDE, columns=SIDE, ra_deg=RA + 0.02, dec_deg=DEC,
    )  # fmt: skip
    return LightOrder(
        frame, night.folder / f"c{index}.fits", night.folder / f"a{index}.fits",
        night.masters, pipeline, None, Optics(SCALE, 1.2, 3.0, 60000.0), Field(RA, DEC, SCALE, 0.0, SIDE, SIDE),
    )  # fmt: skip


def make(folder: Path) -> Set:
    """Fifteen biases, masters and five lights of a real field in Cygnus with some hundred stars."""
    rng = np.random.default_rng(1)

    def save(name: str, counts: Counts, **cards: float) -> Path:
        path = folder / name
        whole = np.clip(np.round(counts), 0, 65535).astype(np.uint16)
        fits.writeto(path, whole, fits.Header({"EXPTIME": 60.0} | cards))
        return path

    shape = (SIDE, SIDE)
    biases = tuple(save(f"bias{index}.fits", rng.normal(500, 5, shape)) for index in range(15))
    darks = tuple(save(f"dark{index}.fits", rng.normal(510, 5, shape)) for index in range(5))
    flats = tuple(save(f"flat{index}.fits", rng.normal(25500, 150, shape)) for index in range(5))
    bias = master("bias", biases, folder, Masters())
    freed = Masters(bias=bias)
    masters = Masters(bias, master("dark", darks, folder, freed), master("flat", flats, folder, freed))
    turned = [field(rng, 180.0 * (index % 2)) for index in range(5)]
    lights = tuple(save(f"light{index}.fits", counts, RA=RA + 0.02, DEC=DEC) for index, counts in enumerate(turned))
    return Set(folder, masters, biases, lights)


def master(kind: str, sources: tuple[Path, ...], folder: Path, masters: Masters) -> Master:
    """A master, built."""
    path, count = folder / f"{kind}.fits", len(sources)
    sha256 = build_master(MasterOrder(kind, 60.0, sources, path, masters))
    then = datetime(2026, 11, 21, tzinfo=UTC)
    return Master(path, sha256, "newton", kind, 60.0, None, 1, 1, 1, None, "", then.date(), then, count)


def field(rng: np.random.Generator, turn_deg: float) -> Counts:
    """(rows, columns) of a light with the camera turned."""
    angle = np.radians(turn_deg)
    matrix = SCALE / 3600 * np.array([[-np.cos(angle), np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    stars = cone(RA, DEC, 0.7)
    places = pixels(tangent(RA, DEC, ((SIDE - 1) / 2, (SIDE - 1) / 2), matrix), stars.ra_deg, stars.dec_deg)
    counts = rng.normal(1400, 30, (SIDE, SIDE))
    for (x, y), mag in zip(places, stars.mag, strict=True):
        left, bottom = round(x) - 8, round(y) - 8
        if 0 <= left < SIDE - 17 and 0 <= bottom < SIDE - 17:
            row, column = np.mgrid[bottom : bottom + 17, left : left + 17]
            spot = np.exp(-((column - x) ** 2 + (row - y) ** 2) / (2 * 1.5**2)) / (2 * np.pi * 1.5**2)
            counts[bottom : bottom + 17, left : left + 17] += 60 * 10 ** (0.4 * (18.5 - mag)) * spot
    return counts


def plain_light(night: Set) -> None:
    """A light as the manuals of ccdproc and photutils have it: calibrated, measured and written."""
    import ccdproc  # noqa: PLC0415 (only the peers need it)
    from astropy import units  # noqa: PLC0415
    from astropy.convolution import convolve  # noqa: PLC0415
    from astropy.nddata import CCDData  # noqa: PLC0415
    from photutils.background import Background2D, MedianBackground  # noqa: PLC0415
    from photutils.segmentation import SourceCatalog, detect_sources, make_2dgaussian_kernel  # noqa: PLC0415

    assert night.masters.bias is not None and night.masters.dark is not None and night.masters.flat is not None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        light = CCDData.read(night.lights[1], unit="adu")
        light = ccdproc.subtract_bias(light, CCDData.read(night.masters.bias.path, unit="adu"))
        light = ccdproc.subtract_dark(
            light, CCDData.read(night.masters.dark.path, unit="adu"), exposure_time="EXPTIME", exposure_unit=units.s
        )
        light = ccdproc.flat_correct(light, CCDData.read(night.masters.flat.path, unit="adu"))
        sky = Background2D(light.data, 64, filter_size=3, bkg_estimator=MedianBackground())
        bare = light.data - sky.background
        smooth = convolve(bare, make_2dgaussian_kernel(3.5, size=9))
        segments = detect_sources(smooth, 1.5 * sky.background_rms, n_pixels=8)
        catalogue = SourceCatalog(bare, segments, convolved_data=smooth)
        catalogue.to_table(columns=["fwhm", "eccentricity", "x_centroid", "y_centroid", "segment_flux"])
        light.write(night.folder / "plain.fits", overwrite=True)


def plain_master(night: Set) -> None:
    """A master bias by ccdproc's own combine, written."""
    import ccdproc  # noqa: PLC0415

    ccdproc.combine(
        [str(path) for path in night.biases], method="average", unit="adu", sigma_clip=True, sigma_clip_func="median",
        sigma_clip_dev_func="mad_std", dtype=np.float32, output_file=str(night.folder / "plain-master.fits"),
        overwrite_output=True,
    )  # fmt: skip


def plain_stack(stack: StackOrder) -> None:
    """Thirty frames through ccdproc's Combiner, written with a preview."""
    import ccdproc  # noqa: PLC0415
    from astropy.nddata import CCDData  # noqa: PLC0415
    from astropy.visualization import AsinhStretch, ZScaleInterval  # noqa: PLC0415
    from PIL import Image  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frames = [CCDData(fits.getdata(path), unit="adu") for path in stack.aligned]
        combiner = ccdproc.Combiner(frames, dtype=np.float32)
        combiner.sigma_clipping(low_thresh=3, high_thresh=3, func="median", dev_func="mad_std")
        mean = combiner.average_combine()
        mean.write(stack.target.with_name("plain-stack.fits"), overwrite=True)
        shown = AsinhStretch()(ZScaleInterval()(np.asarray(mean.data)))
        Image.fromarray((255 * np.clip(shown[::-1], 0, 1)).astype(np.uint8)).save(stack.preview.with_stem("plain"))


if __name__ == "__main__":
    main()
