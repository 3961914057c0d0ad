"""Documents laid out as people write YAML: a goal and a condition to a line."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_BARE = re.compile(r"[A-Za-z+\-./_°\d](?:[A-Za-z0-9 +\-./_°%()]|:(?=\w))*(?<! )", re.ASCII)
_NO_TEXT = re.compile(r"[+\-.\d][\da-fA-F.:+_\-xo]*|[+\-]?\.(inf|nan)|null|true|false|-( .*)?", re.IGNORECASE)
WIDEST = 118
ORDER = ("kind", "name", "target", "priority", "want", "turns", "when", "mosaic", "angle", "needs", "pipeline", "notes")


def written(document: Mapping[str, Any], comments: Sequence[str] = ()) -> str:
    """Return a document's text, what is empty left out; comments: a line each, before it."""
    keys = dict.fromkeys(key for key in (*ORDER, *document) if document.get(key) not in (None, "", {}, [], ()))
    lines = [f"# {each}" for each in comments] + [line for key in keys for line in _lines(key, document[key])]
    return "\n".join(lines) + "\n"


def flow(value: Any) -> str:
    """Return a value in one line of YAML."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{flow(str(key))}: {flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(flow, value)) + "]"
    if not isinstance(value, str):
        return json.dumps(value)
    is_bare = _BARE.fullmatch(value) and not _NO_TEXT.fullmatch(value)
    return value if is_bare else json.dumps(value, ensure_ascii=False)


def _lines(key: str, value: Any) -> Iterator[str]:
    if key == "want":
        yield "want:"
        yield from (f"  - {flow(goal)}" for goal in value)
    elif isinstance(value, Mapping) and (key in ("when", "target") or len(flow(value)) > WIDEST):
        yield f"{key}:"
        for each, said in value.items():
            parts = [f"    - {flow(part)}" for part in said] if isinstance(said, list) else []
            yield f"  {flow(str(each))}:" + (f" {flow(said)}" if not parts else "")
            yield from parts
    else:
        yield f"{key}: {flow(value)}"
