"""Forgets the keys of what was said: a session's key and what was read with it go together."""

from collections.abc import Collection, Iterable

from appservice.crypto import records
from appservice.crypto.vault import Need, Vault


def need_forgettable(rooms: Iterable[str]) -> Need:
    """For forgettable."""
    return records.need_owners(*(records.sessions_owner(room_id) for room_id in rooms))


def forgettable(vault: Vault, room_id: str, before_ms: int) -> list[str]:
    """The ids of a room's sessions whose key came before a time (milliseconds since 1970)."""
    kind, owner = records.sessions_owner(room_id)
    came = {item: vault.get((kind, owner, item)) for item in vault.owned(kind, owner)}
    return [item for item, ms in came.items() if ms is not None and int(ms) < before_ms]


def need_forget(room_id: str, sessions: Iterable[str]) -> Need:
    """For forget."""
    owners, items = [], []
    for session_id in sessions:
        owners += [records.inbound_owner(room_id, session_id)]
        owners += [records.read_owner(room_id, session_id)]
        items += [records.session(room_id, session_id)]
    return records.need_owners(*owners) | records.need_items(*items)


def forget(vault: Vault, room_id: str, sessions: Collection[str]) -> None:
    """Delete sessions: nobody can read again with our records what was said in them."""
    for session_id in sessions:
        for kind, owner in (
            records.inbound_owner(room_id, session_id),
            records.read_owner(room_id, session_id),
        ):
            for item in list(vault.owned(kind, owner)):
                vault.delete((kind, owner, item))
        vault.delete(records.session(room_id, session_id))
