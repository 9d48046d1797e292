"""Takes the names of our two users on the homeserver, and never somebody else's."""

from collections.abc import Awaitable, Callable

from appservice.domain.types import UserId
from appservice.errors import ConfigurationError, PermanentError
from appservice.matrix.client import Client
from appservice.ports import Store

OURS, RECOVERED = b"ours", b"recovered"  # taken by this database; by one that is lost
_INTENDED = b"intended"


def name_fact(user: UserId) -> str:
    """Return the fact under which we keep that a name is ours."""
    return f"registered {user}"


async def is_registered(client: Client, user: UserId) -> bool:
    """Ask whether somebody, be it us, has the name already: only then can we act as it."""
    try:
        await client.whoami(user=user)
    except PermanentError:
        return False
    return True


async def register(
    client: Client, store: Store, user: UserId, recover: Callable[[], Awaitable[bool]]
) -> None:
    """Register one of our names, once it was found free; a taken one is for `recover` to judge.

    The intent is written down after the name was found free and before it is taken: whoever finds
    name and intent knows that it is ours, even if we crashed between (docs/matrix.md, "Users and
    devices").
    """
    fact = name_fact(user)
    async with store.begin() as work:
        known = await work.fact(fact)
    if known in {OURS, RECOVERED}:
        return
    if known != _INTENDED:
        if await is_registered(client, user):
            if await recover():
                return
            raise _taken(user)
        await _keep(store, fact, _INTENDED)
    try:
        await client.register(user[1:].partition(":")[0])
    except PermanentError as error:
        if error.code != "M_USER_IN_USE":
            await _keep(store, fact, b"")
            raise PermanentError(
                "the homeserver does not let us register our users: compare the namespaces of"
                f" registration.yaml with what it has loaded ({error.code})",
                error.code,
            ) from None
    await _keep(store, fact, OURS)


async def _keep(store: Store, fact: str, value: bytes) -> None:
    async with store.begin() as work:
        await work.keep_fact(fact, value)


def _taken(user: UserId) -> ConfigurationError:
    return ConfigurationError(
        f"The name {user} belongs to somebody already. If it is from an earlier installation of"
        " yours, the recovery key in recovery.key does not fit it: write that one's there, or"
        " bring its database and keys back. Else choose another localpart in circlekeeper.yaml"
        " and registration.yaml."
    )
