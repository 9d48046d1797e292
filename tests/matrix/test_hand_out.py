"""A file with a caption: uploaded once, encrypted, and told about in plain text."""

from typing import Any

from appservice.domain.effects import HandOut, JoinCode, Message, Shape
from appservice.domain.types import EffectId, RoomId, Text
from appservice.matrix.hand_out import HandingOut
from appservice.ports import Posting, Prepared
from appservice.texts.press import Press
from tests.matrix.test_speak import ROOM, Outside, team
from tests.support.story import house, words
from tests.texts.test_calendar import calendars

PREPARED = Prepared((), "m.room.encrypted", {"ciphertext": "…"}, "fingerprint")


class Uploads:
    """Where files go."""

    def __init__(self) -> None:
        self.octets: list[bytes] = []

    async def send_away(self, octets: bytes) -> Any:
        self.octets.append(octets)
        return {"url": "mxc://hs/file", "v": "v2"}


def posting(outside: Outside, shape: Shape, **more: Any) -> Posting:
    lines = (Text("invite-picture", {"code": "WILLOW-7Q4K"}),)
    message = Message("notice", lines, "en", ("notice",), group="Willow")
    effect = HandOut(RoomId(ROOM), message, JoinCode("WILLOW-7Q4K", shape, "GB"))
    created = outside.clock.now()
    return Posting(EffectId("id"), "lane", effect, created, keys_sent=True, **more)


async def sent(shape: Shape, **more: Any) -> tuple[Outside, Uploads]:
    outside, uploads = await team(), Uploads()
    hand = HandingOut(outside.speaker, uploads, Press(words(), house(), calendars()))
    out = posting(outside, shape, **more)
    assert (await hand.perform(out, out.effect)).event == "$sent"
    return outside, uploads


async def test_a_picture_is_an_encrypted_image_with_the_code_as_its_caption() -> None:
    outside, uploads = await sent(Shape.PICTURE)
    content = outside.calls[0][2]
    assert content["msgtype"] == "m.image"
    assert content["body"] == "To scan: WILLOW-7Q4K"
    assert content["filename"] == "code.png"
    assert content["file"]["url"] == "mxc://hs/file"
    assert "url" not in content
    assert content["info"]["size"] == len(uploads.octets[0])
    assert content["info"]["w"] == content["info"]["h"] > 0
    assert content["org.circlekeeper"]["kind"] == "notice"


async def test_a_card_is_an_encrypted_file() -> None:
    outside, _ = await sent(Shape.CARD)
    assert outside.calls[0][2]["msgtype"] == "m.file"
    assert outside.calls[0][2]["info"]["mimetype"] == "text/html"


async def test_what_was_encrypted_before_is_not_uploaded_again() -> None:
    _, uploads = await sent(Shape.CARD, prepared=PREPARED)
    assert not uploads.octets
