"""What every declared thing shares: frozen, no unknown keys, docstrings that become the editor's help."""

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self, get_args
from unicodedata import combining, normalize

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, core_schema

from obsy.diagnostics import unfit
from obsy.schemas.later import part
from obsy.units import Before, Quantity, pattern

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
LONGEST_NAME = 60
"""So that a name fits into a header card."""


def plain_name(words: str) -> str:
    """Return a name that documents may have, made of these words: 'sternwarte-sud' of 'Sternwarte Süd'; '' of none."""
    letters = "".join(each for each in normalize("NFKD", words.lower().translate(_LETTERS)) if not combining(each))
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:LONGEST_NAME].rstrip("-")


_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe"})
"""What Unicode does not take apart."""
PLAIN = Field(json_schema_extra={"pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"})


def spelt(*read: str) -> Any:
    """Return the type of a text that these expressions of a parser take, for the JSON schema."""
    return Annotated[str, Field(pattern=pattern(*read))]


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


def _no_truth(value: object) -> object:
    if isinstance(value, bool):
        raise unfit("not-a-number", expected="a number", mend="write it in digits")
    return value


Whole = Annotated[int, Before(_no_truth)]
Number = Annotated[float, Before(_no_truth)]


class Manners:
    """What a model may say of itself besides its keys; an annotation here pydantic would read in every model anew."""

    if TYPE_CHECKING:
        is_reserved: ClassVar[bool]
        is_built_at_once: ClassVar[bool]
        in_place_of: ClassVar[dict[str, str]]
    is_reserved = False
    """Whether no version carries it out yet, whatever it says."""
    is_built_at_once = False
    """Whether pydantic must know its keys to tell it from others, by one of them."""
    in_place_of = {}
    """Keys that may be said in the place of another, which then is not missing."""


class Model(Manners, BaseModel):
    """A piece of a document."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True, protected_namespaces=()
    )

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Build what checks a part of another model when one is met: a document has few of those it may have."""
        if handler.field_name is None or cls.is_built_at_once:
            inside = dict(handler(source))
            ref = inside.pop("ref", None)
            return core_schema.no_info_wrap_validator_function(cls._checked, inside, ref=ref)
        return part(lambda: cls)

    @classmethod
    def _checked(cls, value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
        """pydantic does not say which keys exist, nor what a missing one is for: here they are known."""
        try:
            return handler(value)
        except ValidationError as error:
            from obsy.schemas.complaint import explained  # noqa: PLC0415 - only what is amiss needs it

            raise explained(error, cls, value) from None

    def said(self) -> dict[str, Any]:
        """Return what a person would write, without what is understood by itself: validated, it is equal to this."""
        parts = ((name, getattr(self, name), field) for name, field in type(self).model_fields.items())
        return {name: _said(value, field) for name, value, field in parts if value != field.default}

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """What pydantic says, and of each key what it means."""
        from obsy.schemas.complaint import purpose  # noqa: PLC0415 - only an editor asks

        told = handler(core)
        for key, value in handler.resolve_ref_schema(told).get("properties", {}).items():
            value["description"] = purpose(cls, key)
        return told


def _said(value: Any, field: FieldInfo) -> Any:
    if hasattr(value, "said"):
        return value.said()
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f} UTC"
    if isinstance(value, date):
        return value.isoformat()
    parts = [*field.metadata, *(part for each in get_args(field.annotation) for part in get_args(each))]
    quantity = next((part for part in parts if isinstance(part, Quantity)), None)
    return value if quantity is None else f"{value!r} {quantity.unit}"


class Document(Model):
    """One declared thing: `kind` says which, `name` is how others refer to it."""

    kind: str
    """Which sort of thing this document declares."""
    name: Annotated[Text, PLAIN]
    """How other documents refer to it: lower case letters, digits and single dashes."""

    @model_validator(mode="after")
    def _name_can_be_referred_to(self) -> Self:
        if not NAME.match(self.name) or len(self.name) > LONGEST_NAME:
            expected = f"lower case letters, digits and single dashes, at most {LONGEST_NAME} characters"
            meant = plain_name(self.name) or "my-plan"
            raise unfit("bad-name", at=("name",), expected=expected, mend=f"write 'name: {meant}'", meant=meant)
        return self
