import pytest

from obsy.schemas.address import ServerAddress


@pytest.mark.parametrize(
    ("said", "meant"), [("hut", ("hut", 7624)), ("hut:7625", ("hut", 7625)), ("hut:", ("hut", 7624))]
)
def test_a_host_without_a_port_means_the_usual_one(said: str, meant: tuple[str, int]) -> None:
    assert ServerAddress.of(said, 7624) == meant


def test_its_text_is_read_back() -> None:
    address = ServerAddress("hut", 7625)
    assert str(address) == f"{address}" == "hut:7625"
    assert ServerAddress.of(str(address), 1) == address


def test_a_port_that_is_no_number_is_none() -> None:
    with pytest.raises(ValueError, match="seven"):
        ServerAddress.of("hut:seven", 7624)
