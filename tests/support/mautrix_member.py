"""Members whose client is mautrix-python, in a process of .venv-peers since it needs libolm."""

from pathlib import Path

from tests.support.client_process import ClientProcess, ProcessClient
from tests.support.synapse import ROOT

_PYTHON = ROOT / ".venv-peers" / "bin" / "python"
_SCRIPT = Path(__file__).resolve().parents[1] / "interop" / "mautrix_peer.py"


class MautrixMember(ProcessClient):
    """One device with mautrix's crypto. Made by ``Mautrix.login``.

    It gives keys to cross-signed devices only, as seen first, and ``Line.shield`` tells how far
    it trusts. It signs itself; a second device is signed by ``sign_device`` of the first.
    """


class Mautrix(ClientProcess):
    """One Python process; it says so if `make setup-test` has not made .venv-peers."""

    def __init__(self) -> None:
        super().__init__(str(_PYTHON), str(_SCRIPT))

    async def login(
        self,
        url: str,
        user_id: str,
        password: str,
        *,
        cross_sign: bool = True,
        device_id: str | None = None,
    ) -> MautrixMember:
        """A new device of the user that syncs; with ``cross_sign`` it makes the identity."""
        return await self._begin(
            MautrixMember,
            url,
            user=user_id,
            password=password,
            crossSign=cross_sign,
            device=device_id,
        )
