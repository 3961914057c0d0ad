"""What a plain YAML 1.2 scalar means."""

from ruamel.yaml.nodes import ScalarNode

_TAG = "tag:yaml.org,2002:"


def scalar(node: ScalarNode) -> object:
    """Text, a number, true, false or nothing. Dates stay text: a moment has a zone, which YAML's own do not promise.

    Raises ValueError if the text is not what its tag says.
    """
    text = str(node.value)
    match str(node.tag).removeprefix(_TAG):
        case "null":
            return None
        case "bool":
            return _truth(text)
        case "int":
            return _whole(text)
        case "float":
            return float(text.replace("_", "").lower().replace(".inf", "inf").replace(".nan", "nan"))
        case _:
            return text


def _truth(text: str) -> bool:
    if text.lower() not in {"true", "false"}:
        raise ValueError(text)
    return text.lower() == "true"


def _whole(text: str) -> int | str:
    digits = text.replace("_", "")
    sign, rest = (digits[0], digits[1:]) if digits[:1] in {"+", "-"} else ("", digits)
    base = {"0x": 16, "0o": 8, "0b": 2}.get(rest[:2].lower(), 10)
    if len(rest) > 300:  # noqa: PLR2004 - Python refuses to read numbers of thousands of digits
        raise ValueError(text[:20])
    return int(sign + (rest if base == 10 else rest[2:]), base)  # noqa: PLR2004
