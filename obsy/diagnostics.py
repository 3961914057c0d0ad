"""Mark, Diagnostic, unfit(): the only words a person ever reads about their files."""

from dataclasses import dataclass

from pydantic_core import PydanticCustomError


@dataclass(frozen=True, order=True, slots=True)
class Mark:
    """A place in a file; line and column count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        """The place as editors and compilers write it."""
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, order=True, slots=True)
class Diagnostic:
    """One complaint: where, its stable code, what was found, what was expected and how to mend it."""

    mark: Mark
    code: str
    found: str
    expected: str
    mend: str

    def __str__(self) -> str:
        """The three lines people read."""
        return f"{self.mark}: {self.code}: {self.found}\n    expected: {self.expected}\n    mend: {self.mend}"

    def as_json(self) -> dict[str, str | int]:
        """The same complaint for a machine."""
        return {
            "file": self.mark.file,
            "line": self.mark.line,
            "column": self.mark.column,
            "code": self.code,
            "found": self.found,
            "expected": self.expected,
            "mend": self.mend,
        }


def unfit(code: str, *, expected: str, mend: str, found: str = "") -> PydanticCustomError:
    """The one error a schema's validator raises; `found` defaults to what the person wrote."""
    return PydanticCustomError(
        "unfit", "{code}: {expected}", {"code": code, "expected": expected, "mend": mend, "found": found}
    )
