"""Forgets the keys of what was said: a session's key and what was read with it go together."""

from collections.abc import Collection, Iterable

from appservice.crypto import records
from appservice.crypto.vault import Need, Vault

Session = tuple[str, str]
"""Room id, session id."""


def need_came(day: int) -> Need:
    """For came_on; `day`: whole days since 1970."""
    return records.need_owners(records.came_owner(day))


def came_on(vault: Vault, day: int) -> list[Session]:
    """The inbound sessions whose key came on a day."""
    items = (item.partition(" ") for item in vault.owned(*records.came_owner(day)))
    return [(room_id, session_id) for room_id, _, session_id in items]


def need_forget(day: int, sessions: Iterable[Session]) -> Need:
    """For forget."""
    owners = [
        owner
        for session in sessions
        for owner in (records.inbound_owner(*session), records.read_owner(*session))
    ]
    return need_came(day) | records.need_owners(*owners)


def forget(vault: Vault, day: int, sessions: Collection[Session]) -> None:
    """Delete sessions that came on a day: nobody can read again by our records what was said."""
    for session in sessions:
        for owner in (records.inbound_owner(*session), records.read_owner(*session)):
            for item in list(vault.owned(*owner)):
                vault.delete((*owner, item))
        vault.delete(records.came(day, *session))
