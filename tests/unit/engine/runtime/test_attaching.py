"""A KStars that runs is taken only if it is on the server that is declared, and ends no other."""

from dataclasses import replace

import pytest

from obsy.engine.declare.observatory import Observatory
from obsy.engine.devices.ekos.user_profile import UserProfile
from obsy.engine.runtime.attaching import check_server
from obsy.errors import UserError
from obsy.schemas.address import ServerAddress
from obsy.schemas.device import Device
from obsy.schemas.server import DeviceServer
from tests.support.equipment import example

LOCAL = UserProfile("Simulators", ServerAddress("localhost", 7624), is_local=True)


def on(*servers: str) -> Observatory:
    """The example, with these INDI servers; none of its drivers is obsy's to begin."""
    known = tuple(DeviceServer(name=f"pier{n}", indi=each) for n, each in enumerate(servers))
    seen = example()
    return replace(seen, site=seen.site.model_copy(update={"servers": known}))


def test_a_profile_on_the_declared_server_is_taken_however_the_host_is_called() -> None:
    check_server(on("127.0.0.1"), LOCAL)
    check_server(on("localhost:7624"), LOCAL)


def test_another_server_than_the_declared_one_is_refused_with_both() -> None:
    with pytest.raises(
        UserError, match=r"'Simulators' is on the INDI server localhost:7624, and the site's 'pier0' is "
    ):
        check_server(on("127.0.0.1:7700"), LOCAL)


def test_without_a_declared_server_the_line_to_add_is_said() -> None:
    with pytest.raises(UserError, match=r"add 'servers: \[\{name: …, indi: localhost:7624\}\]' to the site"):
        check_server(on(), LOCAL)


def test_beside_a_local_profile_no_server_of_ours_may_live() -> None:
    seen = on("localhost")
    roof = seen.enclosures[0]
    begun = Device(indi="RollOff Simulator", driver="indi_rolloff_dome")
    seen = replace(seen, enclosures=(roof.model_copy(update={"device": begun}),))
    with pytest.raises(
        UserError, match=r"ends any other when it does; but obsy begins the drivers of RollOff Simulator"
    ):
        check_server(seen, LOCAL)
    check_server(seen, LOCAL._replace(is_local=False))
