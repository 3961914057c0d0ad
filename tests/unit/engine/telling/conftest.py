import warnings
from collections.abc import Iterator

import pytest
from apprise.manager_plugins import NotificationManager

from tests.support.services import WebServer, web_server

with warnings.catch_warnings():  # the library looks for a module that newer Pythons do not have
    warnings.simplefilter("ignore", DeprecationWarning)
    NotificationManager().load_modules()


@pytest.fixture
def web() -> Iterator[WebServer]:
    with web_server() as server:
        yield server
