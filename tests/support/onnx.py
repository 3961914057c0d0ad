"""Neural networks of two layers, written as ONNX by hand: a message of protobuf is tags, lengths and bytes."""

import struct
from collections.abc import Sequence

FLOAT, INTS = 1, 7


def _number(value: int) -> bytes:
    out = b""
    while value > 127:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def _field(tag: int, body: bytes | str | int) -> bytes:
    if isinstance(body, int):
        return _number(tag << 3) + _number(body)
    raw = body.encode() if isinstance(body, str) else body
    return _number(tag << 3 | 2) + _number(len(raw)) + raw


def _tensor(name: str, dims: Sequence[int], numbers: Sequence[float]) -> bytes:
    packed = struct.pack(f"<{len(numbers)}f", *numbers)
    return b"".join(_field(1, each) for each in dims) + _field(2, FLOAT) + _field(8, name) + _field(9, packed)


def _value(name: str, dims: Sequence[int]) -> bytes:
    shape = b"".join(_field(1, _field(1, each)) for each in dims)
    return _field(1, name) + _field(2, _field(1, _field(1, FLOAT) + _field(2, shape)))


def _node(kind: str, inputs: Sequence[str], output: str, **ints: Sequence[int] | int) -> bytes:
    body = b"".join(_field(1, each) for each in inputs) + _field(2, output) + _field(4, kind)
    for name, value in ints.items():
        single = isinstance(value, int)
        told = _field(3, value) if single else b"".join(_field(8, each) for each in value)  # type: ignore[arg-type, union-attr]
        body += _field(5, _field(1, name) + told + _field(20, 2 if single else INTS))
    return body


def _model(side: int, outputs: int, nodes: Sequence[bytes], tensors: Sequence[bytes]) -> bytes:
    graph = (
        b"".join(_field(1, each) for each in nodes) + _field(2, "net") + b"".join(_field(5, each) for each in tensors)
    )
    graph += _field(11, _value("image", (1, side, side, 3))) + _field(12, _value("out", (1, outputs)))
    return _field(1, 8) + _field(7, graph) + _field(8, _field(1, "") + _field(2, 13))


def mean_of_each_colour(side: int) -> bytes:
    """A network that answers the mean of each colour of what it is given."""
    return _model(side, 3, [_node("ReduceMean", ["image"], "out", axes=(1, 2), keepdims=0)], [])


def constant(side: int, chances: Sequence[float]) -> bytes:
    """A network that answers the same to every image of that size."""
    nodes = [
        _node("ReduceMean", ["image"], "mean", axes=(1, 2), keepdims=0),
        _node("Gemm", ["mean", "nothing", "chances"], "out"),
    ]
    many = len(chances)
    tensors = [_tensor("nothing", (3, many), [0.0] * 3 * many), _tensor("chances", (many,), list(chances))]
    return _model(side, many, nodes, tensors)
