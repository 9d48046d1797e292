"""Forgets the keys of what was said: a session's key and what was read with it go together."""

from collections.abc import Collection, Iterable
from secrets import token_bytes

from appservice.crypto import records
from appservice.crypto.values import Audience
from appservice.crypto.vault import Key, Need, Owner, Vault

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


def need_spoken(sessions: Iterable[Session]) -> Need:
    """For spoken_by."""
    return records.need_owners(*(records.inbound_owner(*session) for session in sessions))


def spoken_by(vault: Vault, sessions: Iterable[Session], user_id: str) -> list[Session]:
    """Those of the inbound sessions that somebody made."""
    return [
        session
        for session in sessions
        if any(user_id == maker for maker in _makers(vault, records.inbound_owner(*session)))
    ]


def need_forget_person(user_id: str) -> Need:
    """For forget_person."""
    owned = records.need_owners(records.peer_owner(user_id))
    return owned | records.need_items(records.identity(user_id), records.received(user_id))


def forget_person(vault: Vault, user_id: str) -> None:
    """Delete devices, Olm sessions and identity: who comes back is seen for the first time."""
    kind, owner = records.peer_owner(user_id)
    for item in list(vault.owned(kind, owner)):
        vault.delete((kind, owner, item))
    vault.delete(records.identity(user_id))
    vault.delete(records.received(user_id))
    vault.put(records.EPOCH, token_bytes(8))


def need_forget_room(room_id: str) -> Need:
    """For forget_room."""
    return records.need_items(*_of_room(room_id))


def forget_room(vault: Vault, room_id: str) -> None:
    """Delete a room's outbound sessions, and who was given them: the next message begins anew."""
    for key in _of_room(room_id):
        vault.delete(key)


def _makers(vault: Vault, owner: Owner) -> Iterable[str]:
    for item in vault.owned(*owner):
        record = vault.get((*owner, item))
        if record is not None:
            yield records.load(record)["user"]


def _of_room(room_id: str) -> list[Key]:
    return [
        key(room_id, audience)
        for audience in Audience
        for key in (records.outbound, records.shared)
    ]
