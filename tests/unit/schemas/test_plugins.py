import subprocess
import sys

from obsy.schemas.plugins import FINDER, NoPlugins


def python(code: str, **environment: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_the_models_are_built_without_the_metadata_of_installed_packages():
    code = "import sys; from obsy.schemas.site import Site; Site.model_rebuild();"
    assert python(code + "print('importlib.metadata' in sys.modules)") == "False"


def test_who_names_the_unwanted_plugins_keeps_the_others():
    code = f"import sys, obsy.schemas; print('{FINDER}' in sys.modules)"
    assert python(code, PYDANTIC_DISABLE_PLUGINS="logfire-plugin") == "False"


def test_what_else_pydantic_asks_its_finder_for_is_answered_by_its_own():
    code = (
        "import obsy.schemas; from pydantic.plugin._loader import get_plugins, PYDANTIC_ENTRY_POINT_GROUP as group;"
        "print(get_plugins(), group)"
    )
    assert python(code) == "() pydantic"


def test_pydantic_finds_no_plugins():
    assert NoPlugins(FINDER).get_plugins() == ()
