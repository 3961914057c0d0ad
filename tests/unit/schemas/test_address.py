import pytest

from obsy.schemas.address import ServerAddress


@pytest.mark.parametrize(
    ("said", "meant"), [("hut", ("hut", 7624)), ("hut:7625", ("hut", 7625)), ("hut:", ("hut", 7624))]
)
def test_a_host_without_a_port_means_the_usual_one(said: str, meant: tuple[str, int]) -> None:
    assert ServerAddress.of(said, 7624) == meant


@pytest.mark.parametrize("port", [1, 65535])
def test_a_port_is_any_that_can_be_one(port: int) -> None:
    assert ServerAddress.of(f"hut:{port}", 7624) == ("hut", port)


@pytest.mark.parametrize(
    "said",
    [
        "",
        ":",
        ":80",
        "h:-5",
        "h: 12",
        "h:\u0661\u0662",
        "h:0",
        "h:65536",
        "h:99999999999",
        "h:1:2",
        "::1",
        "a..b",
        "h h",
    ],
)
def test_what_is_neither_a_host_nor_a_host_and_a_port_is_no_address(said: str) -> None:
    with pytest.raises(ValueError, match="is no host, or 'host:port'"):
        ServerAddress.of(said, 7624)


def test_its_text_is_read_back() -> None:
    address = ServerAddress("hut", 7625)
    assert str(address) == f"{address}" == "hut:7625"
    assert ServerAddress.of(str(address), 1) == address


def test_a_port_that_is_no_number_is_none() -> None:
    with pytest.raises(ValueError, match="seven"):
        ServerAddress.of("hut:seven", 7624)
