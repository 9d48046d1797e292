"""What a message is and says, from its content."""

import pytest

from appservice.domain.types import Form
from appservice.matrix.words import words_of

MESSAGE = "m.room.message"


@pytest.mark.parametrize(
    ("event_type", "content", "expected"),
    [
        (MESSAGE, {"msgtype": "m.text", "body": " help \n"}, (Form.TEXT, "help", None)),
        (MESSAGE, {"msgtype": "m.emote", "body": "waves"}, (Form.TEXT, "waves", None)),
        (MESSAGE, {"msgtype": "m.notice", "body": "I am a bot"}, (None, "", None)),
        (MESSAGE, {"msgtype": "m.text", "body": 5}, (None, "", None)),
        (MESSAGE, {}, (None, "", None)),
        (MESSAGE, {"msgtype": {}, "body": "x"}, (None, "", None)),
        (MESSAGE, {"msgtype": "m.image", "body": "x.png"}, (Form.MEDIA, "", None)),
        (MESSAGE, {"msgtype": "m.audio", "body": "voice"}, (Form.MEDIA, "", None)),
        ("m.sticker", {"body": "hug"}, (Form.MEDIA, "", None)),
        ("m.reaction", {}, (None, "", None)),
        (MESSAGE, {"msgtype": "m.text", "body": "x" * 60_000}, (Form.TOO_LONG, "", None)),
        (MESSAGE, {"msgtype": "m.text", "body": "x" * 4000}, (Form.TEXT, "x" * 4000, None)),
        (MESSAGE, {"msgtype": "m.text", "body": "ä" * 4000}, (Form.TEXT, "ä" * 4000, None)),
        (MESSAGE, {"msgtype": "m.text", "body": "🌧" * 4000}, (Form.TOO_LONG, "", None)),
        (
            MESSAGE,
            {"msgtype": "m.text", "body": "* yes", "m.relates_to": {"rel_type": "m.replace"}},
            (Form.EDIT, "", None),
        ),
        (
            MESSAGE,
            {
                "msgtype": "m.text",
                "body": "> <@keeper:hs> Are you\n> sure?\n\nyes",
                "m.relates_to": {"m.in_reply_to": {"event_id": "$asked"}},
            },
            (Form.TEXT, "yes", "$asked"),
        ),
        (
            MESSAGE,
            {
                "msgtype": "m.text",
                "body": "2",
                "m.relates_to": {"rel_type": "m.thread", "m.in_reply_to": {"event_id": 5}},
            },
            (Form.TEXT, "2", None),
        ),
        (
            MESSAGE,
            {"msgtype": "m.text", "body": "> 1", "m.relates_to": "x"},
            (Form.TEXT, "> 1", None),
        ),
    ],
)
def test_words(event_type, content, expected) -> None:
    assert words_of(event_type, content) == expected
