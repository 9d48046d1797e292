"""The homeserver's own word, held against what we published: implements ports.Watch."""

from appservice.domain.events import RoomFacts, StewardInspected
from appservice.domain.group import Group
from appservice.domain.state import House
from appservice.matrix.inspect import Inspector
from appservice.matrix.setup import published_steward_key
from appservice.ports import Store


class SteadyWatch:
    """Looks at rooms and at the steward."""

    def __init__(self, inspector: Inspector, store: Store, house: House) -> None:
        self._inspector = inspector
        self._store = store
        self._house = house
        self._published: str | None = None  # never changes once it is there

    async def inspect_group(self, group: Group) -> tuple[RoomFacts, ...]:
        return await self._inspector.inspect_group(group)

    async def inspect_steward(self) -> StewardInspected:
        if self._published is None:
            self._published = await published_steward_key(self._store, self._house.steward)
        async with self._store.begin() as work:
            groups = [group.id for group in await work.all(Group) if group.stage != "closed"]
        return await self._inspector.inspect_steward(self._published or "", groups)
