"""A file that the keeper sends, made when its turn comes, so that it waits nowhere."""

from collections.abc import Awaitable, Callable
from typing import Any

from appservice.domain.effects import FileSource, SayFile
from appservice.domain.types import EffectId
from appservice.matrix.files import Files

KEY = "org.circlekeeper"


class FileMessages:
    """Makes the content of an `m.room.message` with an encrypted file (spec: `m.file`)."""

    def __init__(self, files: Files, octets: Callable[[FileSource], Awaitable[bytes]]) -> None:
        """`octets` reads what a source stands for, as it is by then."""
        self._files = files
        self._octets = octets

    async def content(self, effect: SayFile, cause: EffectId) -> dict[str, Any]:
        """Raises TransientError, PermanentError."""
        octets = await self._octets(effect.source)
        kind = "m.image" if effect.mimetype.startswith("image/") else "m.file"
        return {
            "msgtype": kind,
            "body": effect.name,
            "filename": effect.name,
            "info": {"mimetype": effect.mimetype, "size": len(octets)},
            "file": await self._files.send_away(octets),
            KEY: {"kind": effect.kind, "parts": [effect.kind], "cause": cause},
        }
