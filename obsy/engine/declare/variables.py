"""`$exposure` in an included file or an exposure set: the value that is given where it is used, else its default."""

import re
from collections.abc import Container, Iterator, Mapping

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from obsy.diagnostics import Diagnostic, Mark, did_you_mean
from obsy.engine.declare.written import mark_of, spelling

Built = tuple[Node, object]
"""A node, and its plain value."""
Variables = Mapping[str, Built]
DEFAULTS, WITH = "defaults", "with"
"""Where a file says which variables it has, and where its user says otherwise."""
LONGEST = 1000
"""A text that grows longer than this by its variables is refused."""
_VARIABLE = re.compile(r"\$(?:(\$)|([a-z][a-z0-9_]*)|\{([a-z][a-z0-9_]*)\})")


def named(text: str) -> list[str]:
    """Return the variables that a text speaks of."""
    return [plain or braced for _, plain, braced in _VARIABLE.findall(text) if plain or braced]


def filled(node: ScalarNode, variables: Variables) -> Built | Diagnostic:
    """Return a text with its variables in it; what is nothing but a variable is the given value, whatever it is.

    `$$` is a dollar sign.
    """
    names = named(node.value)
    if strange := next((name for name in names if name not in variables), None):
        otherwise = f"declare it in 'defaults', or write '$$' for a dollar sign; {_known(variables)}"
        words = (
            f"'${strange}'",
            "a variable that the file's 'defaults' name",
            did_you_mean(f"${strange}", [f"${name}" for name in variables], otherwise),
        )
        return Diagnostic(mark_of(node), "unknown-variable", *words)
    if names and _VARIABLE.fullmatch(node.value):
        return variables[names[0]]
    for given in (variables[name][0] for name in names):
        if not isinstance(given, ScalarNode):
            words = (spelling(given), "one value, to stand within a text", "give a text or a number")
            return Diagnostic(mark_of(given), "not-text", *words)
    text = _VARIABLE.sub(lambda found: found[1] or str(variables[found[2] or found[3]][0].value), node.value)
    if len(text) > LONGEST:
        words = (f"a text of {len(text)} characters, by its variables", f"at most {LONGEST}", "write it out")
        return Diagnostic(mark_of(node), "too-large", *words)
    at = next((given for given in (variables[name][0] for name in names) if "$" in str(given.value)), node)
    return ScalarNode(node.tag, text, at.start_mark, at.end_mark), text  # a rule's own hole stands where it is given


def pairs(node: Node, value: object) -> dict[str, Built]:
    """Return what a mapping that is built gives each of its keys; nothing for what is no mapping."""
    said = value if isinstance(value, dict) else {}
    nodes = node.value if isinstance(node, MappingNode) else ()
    return {str(key.value): (child, said[key.value]) for key, child in nodes if key.value in said}


def wrong(at: Mark, defaults: Variables, given: Mapping[str, Mark]) -> Iterator[Diagnostic]:
    """Complain of what is given and means nothing, and of what should be and is not.

    at: where the variables are used.
    """
    for name, mark in given.items():
        if name not in defaults:
            words = (
                f"'{name}' is no variable there",
                _known(defaults),
                did_you_mean(name, defaults, f"remove '{name}'"),
            )
            yield Diagnostic(mark, "unknown-variable", *words)
    for name in missing(defaults, given):
        expected = f"a value for each of {', '.join(defaults)} that has no default"
        mend = f"add '{WITH}: {{{name}: …}}', or a default in {mark_of(defaults[name][0]).file}"
        yield Diagnostic(at, "missing-variable", f"'{name}' is not said", expected, mend)


def missing(defaults: Variables, given: Container[str]) -> list[str]:
    """Return the variables that have no value."""
    return [name for name, (_, value) in defaults.items() if value is None and name not in given]


def _known(variables: Variables) -> str:
    return f"one of {', '.join(variables)}" if variables else "nothing: it has no 'defaults', so no variables"
