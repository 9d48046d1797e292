"""A town on a real Synapse: one of many in the same house, with people of its own."""

from urllib.parse import quote

from appservice.domain.types import GroupId, UserId
from tests.crash.house import House
from tests.property.step import FACILITATORS, NAMES
from tests.property.town import Town
from tests.support.client_api import MemberError
from tests.support.nio_member import NioMember
from tests.support.synapse import Account, SynapseError


class SynapseTown(Town):
    """Make it by `SynapseTown.founded`. Days pass for the add-on, not for Synapse."""

    def __init__(
        self, house: House, group: GroupId, code: str, accounts: dict[str, Account]
    ) -> None:
        super().__init__(group, code, house.clock, house.installation.folder)
        self.house = house
        self._accounts = accounts
        self._people: dict[str, NioMember] = {}

    @classmethod
    async def founded(cls, house: House) -> "SynapseTown":
        """New people, and a new group of theirs."""
        accounts = {name: await house.register(name) for name in NAMES}
        people = [UserId(accounts[name].user_id) for name in FACILITATORS]
        group, code = await house.found(facilitators=people)
        town = cls(house, group, code, accounts)
        await town.find_rooms()
        return town

    async def close(self) -> None:
        for member in self._people.values():
            await member.stop()

    def user(self, name: str) -> UserId:
        if name in self._accounts:
            return UserId(self._accounts[name].user_id)
        return UserId(f"@{name}:{self.house.synapse.server_name}")

    async def _person(self, name: str) -> NioMember:
        if name not in self._people:
            account = self._accounts[name]
            self._people[name] = await NioMember.login(
                self.house.synapse.url, account.user_id, account.password
            )
        return self._people[name]

    async def members(self, room: str) -> dict[str, str]:
        events = await self.house.state(room, self.user("steward"))
        return {
            event["state_key"]: event["content"]["membership"]
            for event in events
            if event["type"] == "m.room.member"
        }

    async def admin_join(self, room: str, name: str) -> None:
        """As somebody with the server's admin rights does: Synapse invites as the owner first."""
        try:
            await self._steward("POST", f"{room}/invite", {"user_id": self.user(name)})
            await self.house.synapse.join_by_admin(room, self.user(name))
        except SynapseError as error:
            raise MemberError("REFUSED", str(error)) from None

    async def as_steward(self, room: str, what: str, name: str) -> None:
        if what == "invite":
            await self._steward("POST", f"{room}/invite", {"user_id": self.user(name)})
            return
        path = f"{room}/state/m.room.power_levels/"
        powers = await self._steward("GET", path)
        users = {**powers.get("users", {}), self.user(name): 100}
        await self._steward("PUT", path, {**powers, "users": users})

    async def _steward(self, method: str, path: str, body: object = None) -> dict:
        room, _, rest = path.partition("/")
        assert self.house.settings is not None
        status, told = await self.house.synapse.request(
            method,
            f"/_matrix/client/v3/rooms/{quote(room, safe='')}/{rest}",
            token=self.house.settings.registration.as_token,
            body=body,
            params={"user_id": self.user("steward")},
        )
        if status != 200:
            raise MemberError(told.get("errcode", str(status)), told.get("error", ""))
        return told

    async def kill(self) -> None:
        await self.house.kill()

    async def start(self) -> None:
        await self.house.run()

    async def at_rest(self) -> None:
        await self.house.at_rest()

    def days(self, count: int) -> None:
        self.house.clock.advance(days=count)
