"""What a join code leads to, for those who only look: the group, or nothing."""

from datetime import datetime

from appservice.domain.application import Code
from appservice.domain.gate.codes import fold_code, works
from appservice.domain.group import Group
from appservice.domain.membership import may_apply
from appservice.domain.types import UserId
from appservice.ports import Store

_STRANGER = UserId("")
_NOBODYS = "-"  # a key that no record has: what is not there takes as long as what is


async def group_behind(store: Store, spelled: str, now: datetime) -> Group | None:
    """Return the group that a code lets strangers into now; None for every other code.

    Every code takes the same look-ups. Raises StorageError.
    """
    async with store.begin() as work:
        code = await work.get(Code, fold_code(spelled) or _NOBODYS)
        group = await work.get(Group, code.group if code is not None else _NOBODYS)
    if code is None or group is None:
        return None
    return group if works(code, now) and may_apply(_STRANGER, group, now) else None
