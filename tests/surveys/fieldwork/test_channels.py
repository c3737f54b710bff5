import pytest

from surveys.fieldwork.channels import ChannelError, declare_channel, list_channels
from tests.builders.country import RESIDENTS, Country


def test_a_channel_is_declared_once_and_the_plain_link_is_always_there(country: Country) -> None:
    with country.database.writing() as session:
        for code in ("tsentr", "tsentr", "link", "afisha-1"):
            declare_channel(session, RESIDENTS, code)
    with country.database.reading() as session:
        assert list_channels(session, RESIDENTS) == ("link", "afisha-1", "tsentr")


@pytest.mark.parametrize(
    ("wave", "code"), [(RESIDENTS, "Центр"), (RESIDENTS, ""), (RESIDENTS, "a" * 33), (RESIDENTS, "a b"), ("none", "a")]
)
def test_a_bad_channel_is_refused(country: Country, wave: str, code: str) -> None:
    with country.database.writing() as session, pytest.raises(ChannelError):
        declare_channel(session, wave, code)
