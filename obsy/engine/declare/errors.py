"""pydantic's own errors in our words: one line for each of its types."""

from collections.abc import Callable, Mapping
from typing import Any

from obsy.diagnostics import did_you_mean

Words = tuple[str, str, str]
"""Code, what was expected, how to mend it."""
Context = Mapping[str, Any]


def words(kind: str, context: Context, said: str) -> Words:
    """What to tell of an error of this type; `said` is the bare word that the person wrote."""
    teller = _TELLERS.get(kind)
    return (
        teller(context, said) if teller else ("unfit", kind.replace("_", " "), "look this key up in docs/language.md")
    )


def _always(*told: str) -> Callable[[Context, str], Words]:
    code, expected, mend = told
    return lambda context, said: (code, expected, mend)


def _bound(sign: str, key: str) -> Callable[[Context, str], Words]:
    itself = key in ("ge", "le")
    return lambda context, said: (
        "out-of-range",
        f"{sign} {context[key]}",
        f"write '{context[key]}'" if itself else "choose another value",
    )


def _one_of(context: Context, said: str) -> Words:
    known = [word.strip("'\" ") for word in str(context.get("expected", "")).replace(" or ", ", ").split(",")]
    return "unknown-word", f"one of {', '.join(known)}", did_you_mean(said, known, f"write '{known[0]}'")


def _tag(context: Context, said: str) -> Words:
    known = [word.strip("' ") for word in str(context["expected_tags"]).split(",")]
    return "unknown-word", f"one of {', '.join(known)}", did_you_mean(said, known, f"write '{known[0]}'")


def _no_tag(context: Context, said: str) -> Words:
    key = str(context["discriminator"]).strip("'")
    return "missing-key", f"a key '{key}' that says which it is", f"add '{key}: …'"


_MAPPING = _always("not-a-mapping", "a mapping of keys to values", "write '{key: value}'")
_LIST = _always("not-a-list", "a list", "write '[…]', or one '- …' to a line")
_TEXT = _always("not-text", "text", "put quotes around it")
_NUMBER = _always("not-a-number", "a number", "write it in digits, without a unit")
_WHOLE = _always("not-a-number", "a whole number", "write it in digits, without a unit")
_LETTER = _always("not-a-letter", "one small letter", "write 'b' for the first planet of a star")

_TELLERS: dict[str, Callable[[Context, str], Words]] = {
    "literal_error": _one_of,
    "union_tag_invalid": _tag,
    "union_tag_not_found": _no_tag,
    "greater_than": _bound("more than", "gt"),
    "greater_than_equal": _bound("at least", "ge"),
    "less_than": _bound("less than", "lt"),
    "less_than_equal": _bound("at most", "le"),
    "finite_number": _always("out-of-range", "a number that is not infinite", "choose another value"),
    "too_short": _always("too-few", "at least one entry", "add one"),
    "string_too_short": _always("too-few", "text", "write something, or remove the key"),
    "string_pattern_mismatch": _LETTER,
    "string_type": _TEXT,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "dict_type": _MAPPING,
    "tuple_type": _LIST,
    "list_type": _LIST,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "int_parsing_size": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
}
