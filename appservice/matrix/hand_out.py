"""Hands out what is not only text: a file, printed and encrypted at the moment it is said."""

from typing import Any

from appservice.domain.effects import HandOut
from appservice.matrix.files import Files
from appservice.matrix.speak import Speaker
from appservice.ports import Performed, Posting, Printer

_KINDS = {"image/png": "m.image"}  # all else is an m.file


class HandingOut:
    """Nothing of a file is kept here; the homeserver keeps its ciphertext."""

    def __init__(self, speaker: Speaker, files: Files, printer: Printer) -> None:
        self._speaker = speaker
        self._files = files
        self._printer = printer

    async def perform(self, posting: Posting, effect: HandOut) -> Performed:
        """Send the file with its text as caption; idempotent as `Speaker.perform`."""

        async def make() -> dict[str, Any]:
            printed = self._printer.printed(effect)
            file = await self._files.send_away(printed.octets)
            info = {"mimetype": printed.mimetype, "size": len(printed.octets), **printed.size}
            return {
                **self._speaker.content(effect.message, posting.id),
                "msgtype": _KINDS.get(printed.mimetype, "m.file"),
                "filename": printed.name,
                "info": info,
                "file": file,
            }

        return await self._speaker.say_made(posting, effect.room, effect.message.audience, make)
