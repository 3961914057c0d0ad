"""A neural network that takes the image itself: the one door to ONNX Runtime."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from obsy.engine.clouds.measure import Floats
from obsy.errors import UserError
from obsy.schemas.cloud_model import Network


def meant(network: Network, chances: Floats) -> dict[str, float]:
    """Return the probabilities of classes from those of a network's labels; what means nothing is unusable."""
    summed: dict[str, float] = {}
    for label, chance in zip(network.labels, chances.tolist(), strict=True):
        means = network.means.get(label, "unusable")
        summed[means] = summed.get(means, 0.0) + chance
    return summed


def asked(network: Network, rgb: NDArray[np.uint8], folder: Path) -> Floats:
    """Return the probability of each label. Raise UserError if its library or file is missing, or does not fit."""
    side = (network.side, network.side)
    square = np.asarray(ImageOps.fit(Image.fromarray(rgb), side, Image.Resampling.LANCZOS), np.float32)
    session = _session(folder / network.file)
    entry = session.get_inputs()[0]
    try:
        answer = session.run(None, {entry.name: (square / np.float32(127.5) - 1)[None]})[0]
    except Exception as fault:  # onnxruntime has a dozen classes of its own
        raise UserError(f"the network '{network.file}' takes no image of {side[0]} pixels: {fault}") from None
    chances = np.ravel(answer).astype(float)
    if len(chances) != len(network.labels):
        raise UserError(f"the network has {len(chances)} outputs, and its model {len(network.labels)} labels")
    return chances


@lru_cache(maxsize=1)
def _session(path: Path) -> Any:
    try:
        import onnxruntime  # noqa: PLC0415 - only who has a network needs it
    except ImportError:
        raise UserError("a network needs ONNX Runtime: 'pip install obsy[clouds]'") from None
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as fault:  # as above
        raise UserError(f"the network '{path}' cannot be read: {fault}") from None
