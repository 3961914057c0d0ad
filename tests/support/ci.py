"""Whether the tests run where nobody looks: there, nothing is renewed and nothing that is missing is passed over."""

import os


def is_ci() -> bool:
    """Return True for whatever a CI service writes into CI, but for an empty text, 0 and false."""
    return os.environ.get("CI", "").lower() not in ("", "0", "false")
