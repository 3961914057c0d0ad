"""What every declared thing shares: frozen, no unknown keys, docstrings that become the editor's help."""

import re
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

from obsy.diagnostics import unfit

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Model(BaseModel):
    """A piece of a document."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Document(Model):
    """One declared thing: `kind` says which, `name` is how others refer to it."""

    kind: str
    """Which sort of thing this document declares."""
    name: Text
    """How other documents refer to it: lower case, digits and single dashes."""

    @model_validator(mode="after")
    def _name_can_be_referred_to(self) -> Self:
        if not NAME.match(self.name):
            mend = re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-") or "my-plan"
            raise unfit("bad-name", found=f"name: '{self.name}'", expected="lower case letters, digits and single dashes",
                        mend=f"write 'name: {mend}'")
        return self


class Phrase(Model):
    """A small mapping that may also be read aloud: `above 35 deg` is `{above: 35 deg}`, joined with 'and'."""

    @model_validator(mode="before")
    @classmethod
    def _read_aloud(cls, value: Any) -> Any:
        return spoken(value, tuple(cls.model_fields)) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if all(part is None for part in self.__dict__.values()):
            words = ", ".join(name.replace("_", " ") for name in type(self).model_fields)
            raise unfit("says-nothing", expected=f"at least one of: {words}", mend="say what must hold, or leave the key out")
        return self


def spoken(phrase: str, keys: tuple[str, ...]) -> dict[str, str]:
    """The mapping that a phrase stands for: each part begins with one of `keys`, its underscores read as blanks."""
    found: dict[str, str] = {}
    for part in re.split(r"\s+and\s+", phrase.strip()):
        words = next((key for key in sorted(keys, key=len, reverse=True) if part.startswith(key.replace("_", " ") + " ")), None)
        if words is None:
            starts = ", ".join(f"'{key.replace('_', ' ')} …'" for key in keys)
            raise unfit("not-understood", expected=f"words that begin with {starts}", mend="join several with 'and'")
        found[words] = part[len(words):].strip()
    return found
