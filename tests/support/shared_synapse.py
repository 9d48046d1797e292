"""A Synapse that has loaded a registration of ours, for many tests with numbered names."""

import asyncio
from pathlib import Path
from typing import Any

import yaml

from tests.support.ports import reserve_port
from tests.support.synapse import Synapse

AS_TOKEN = "as-token-of-the-tests"


def registration(port: int) -> dict[str, Any]:
    """As `init` writes it, but for numbered names, so that many tests share a homeserver."""
    users = [rf"@{name}[0-9]*:circle\.test" for name in ("keeper", "steward")]
    return {
        "id": "circlekeeper",
        "url": f"http://127.0.0.1:{port}",
        "as_token": AS_TOKEN,
        "hs_token": "hs-token-of-the-tests",
        "sender_localpart": "_circlekeeper",
        "rate_limited": False,
        "io.element.msc4190": True,
        "namespaces": {
            "users": [{"exclusive": True, "regex": regex} for regex in users],
            "aliases": [{"exclusive": True, "regex": r"#_circlekeeper_.*:circle\.test"}],
            "rooms": [],
        },
    }


class SharedSynapse:
    """A Synapse that has loaded our registration, started when a test first asks for it."""

    def __init__(self, folder: Path) -> None:
        self.registration = registration(reserve_port())  # nobody listens there
        self._file = folder / "registration.yaml"
        self._server = Synapse(folder / "synapse")
        self._running = False

    async def get(self) -> Synapse:
        if not self._running:
            self._file.write_text(yaml.safe_dump(self.registration))
            self._server.add_appservice(self._file)
            self._server.override(room_list_publication_rules=[{"action": "allow"}])
            await self._server.start()
            self._running = True
        return self._server

    def stop(self) -> None:
        asyncio.run(self._server.stop())
