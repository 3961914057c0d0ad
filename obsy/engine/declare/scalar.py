"""What a plain YAML 1.2 scalar means, as ruamel.yaml constructs it."""

from ruamel.yaml import YAML
from ruamel.yaml.nodes import ScalarNode

_TAG = "tag:yaml.org,2002:"
_LONGEST = 300
"""Python refuses to read numbers of thousands of digits."""
_CONSTRUCTOR = YAML(typ="safe", pure=True).constructor
_CONSTRUCT = {
    _TAG + "null": _CONSTRUCTOR.construct_yaml_null,
    _TAG + "bool": _CONSTRUCTOR.construct_yaml_bool,
    _TAG + "int": _CONSTRUCTOR.construct_yaml_int,
    _TAG + "float": _CONSTRUCTOR.construct_yaml_float,
}


def scalar(node: ScalarNode) -> object:
    """Return text, a number, true, false or nothing. Dates stay text: a moment has a zone, which YAML's do not promise.

    Raise ValueError if the text is not what its tag says.
    """
    construct = _CONSTRUCT.get(str(node.tag))
    if construct is None:
        return str(node.value)
    if len(node.value) > _LONGEST:
        raise ValueError(node.value[:20])
    try:
        value: object = construct(node)
    except LookupError as fault:
        raise ValueError(node.value) from fault
    return value
