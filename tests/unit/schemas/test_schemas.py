import os
import subprocess
import sys

ASKS = (
    "import obsy.schemas; from pydantic.plugin._loader import get_plugins; "
    "import os; print(get_plugins(), os.environ['PYDANTIC_DISABLE_PLUGINS'])"
)


def answer(**settings: str) -> str:
    bare = {name: value for name, value in os.environ.items() if name != "PYDANTIC_DISABLE_PLUGINS"}
    return subprocess.run(
        [sys.executable, "-c", ASKS], env=bare | settings, capture_output=True, text=True, check=True
    ).stdout.strip()


def test_pydantic_looks_for_no_plugins():
    assert answer() == "() __all__"


def test_who_names_the_unwanted_plugins_keeps_the_others():
    assert answer(PYDANTIC_DISABLE_PLUGINS="logfire").endswith(" logfire")
