"""Every effect goes to the part that carries it out, and none falls between two of them."""

from typing import Any, get_args

import pytest

from appservice.domain import effects
from appservice.domain.effects import Effect, OwnData, SayFile, ShowPlace
from appservice.domain.types import EffectId, RoomId
from appservice.matrix.homeserver import MatrixHomeserver
from appservice.matrix.perform import Performer
from appservice.ports import Performed, Posting
from appservice.service.outside import AWAY
from tests.store.conftest import NOON
from tests.support.story import ADA

_BY_THE_STORE = {effects.Wake, effects.Unwake}
ROOM = RoomId("!chat")


class Part:
    """Takes what it is given."""

    def __init__(self) -> None:
        self.given: list[Any] = []

    async def perform(self, *given: Any) -> Performed:
        self.given.append(given[0])
        return Performed()

    async def give_up(self, effect: Effect) -> None:
        self.given.append(effect)


def homeserver(speaker: Part, performer: Any) -> MatrixHomeserver:
    parts: list[Any] = [*(Part() for _ in range(4)), speaker, Part(), performer, Part(), Part()]
    return MatrixHomeserver(*parts, "circlekeeper")


_PERFORMED = [k for k in get_args(Effect) if k not in (*_BY_THE_STORE, *AWAY, ShowPlace)]


@pytest.mark.parametrize("kind", _PERFORMED, ids=lambda k: k.__name__)
async def test_nothing_is_sent_to_where_it_is_not_carried_out(kind: type[Any]) -> None:
    effect = object.__new__(kind)  # only its kind counts
    for name in kind.__match_args__:
        object.__setattr__(effect, name, "x")
    performer = Performer(*[Part()] * 5)  # type: ignore[list-item]
    place = homeserver(Part(), performer)
    try:
        await place.perform(Posting(EffectId("id"), "lane", effect, NOON))
    except Exception as error:  # noqa: BLE001  the performer has nothing to work with here
        assert "elsewhere" not in str(error)  # noqa: PT017


async def test_a_file_that_cannot_be_said_ends_its_session_as_any_message_does() -> None:
    speaker = Part()
    file = SayFile(ROOM, "my-data.json", "application/json", OwnData(ADA), "export")
    place = homeserver(speaker, Part())
    await place.perform(Posting(EffectId("id"), "lane", file, NOON))
    await place.give_up(Posting(EffectId("id"), "lane", file, NOON))
    assert [type(one) for one in speaker.given] == [Posting, SayFile]
