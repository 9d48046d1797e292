"""A member whose client is matrix-nio, cross-signed by the test's own code; needs no Node."""

import asyncio
import logging
from typing import Any, Self

from nio import (
    AsyncClient,
    AsyncClientConfig,
    MegolmEvent,
    RoomSendError,
    RoomSendResponse,
    SyncResponse,
)
from nio.store import SqliteMemoryStore

from tests.support.client_api import MemberError, PasswordNeededError, call, password_login
from tests.support.contents import Json
from tests.support.cross_signing import Identity
from tests.support.member import Line
from tests.support.peer import Peer

# nio logs what it tries again; nobody wants to read that between the lines of a story.
logging.getLogger("nio").addHandler(logging.NullHandler())

_FILTER = {"room": {"timeline": {"limit": 500}}, "presence": {"types": []}}


class NioMember(Peer):
    """One nio client with its keys in memory.

    It trusts every device, signed or not, as nio does when told to: what it is given it reads.
    Make it by ``NioMember.login``; ``client`` is the library's object, ``identity`` the
    cross-signing keys (None for a member without).
    """

    def __init__(self, client: AsyncClient) -> None:
        super().__init__(client.homeserver, client.access_token, client.user_id, client.device_id)
        self.client = client
        self.identity: Identity | None = None
        self._waiting: dict[str, tuple[str, MegolmEvent]] = {}
        self._task: asyncio.Task[None] | None = None
        self._sending = asyncio.Lock()

    @classmethod
    async def login(
        cls,
        url: str,
        user_id: str,
        password: str,
        *,
        cross_sign: bool = True,
        device_id: str | None = None,
    ) -> Self:
        """Log in a new device, publish its keys, cross-sign it if wished, and start to sync.

        With ``cross_sign`` the user gets a new identity; a second device of a user should be
        logged in without, and be signed by ``sign_device`` of the first. ``MemberError``.
        """
        named = {} if device_id is None else {"device_id": device_id}
        body = password_login(user_id, password) | named
        member = cls(_client(url, await call(url, "POST", "/login", body=body)))
        try:
            await member._begin(password if cross_sign else None)
        except BaseException:
            await member.stop()
            raise
        return member

    async def sign_device(self, device_id: str) -> None:
        if self.identity is None:
            raise MemberError("NO_IDENTITY", "this member has no cross-signing keys")
        body = {"device_keys": {self.user_id: [device_id]}}
        answer = await self.call("POST", "/keys/query", body)
        device = answer["device_keys"][self.user_id][device_id]
        await self.call("POST", "/keys/signatures/upload", self.identity.sign_device(device))

    async def send_raw(self, room_id: str, event_type: str, content: Json) -> str:
        async with self._sending:
            if self.client.should_query_keys:
                await self.client.keys_query()
            answer = await self.client.room_send(
                room_id, event_type, dict(content), ignore_unverified_devices=True
            )
        if isinstance(answer, RoomSendResponse):
            return answer.event_id
        assert isinstance(answer, RoomSendError)
        raise MemberError(answer.status_code or "UNKNOWN", answer.message)

    async def read_raw(self, event: Json) -> Line:
        parsed = MegolmEvent.from_dict(event)
        parsed.room_id = event["room_id"]
        decrypted = self.client.olm.decrypt_event(parsed, event["room_id"])
        if decrypted is None:
            return _line(event, encrypted=True, failure="NO_KEY")
        return _line(decrypted.source, encrypted=True)

    async def sleep(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None

    async def wake(self) -> None:
        self._task = asyncio.create_task(self._sync_forever())
        self._task.add_done_callback(self._ended)

    async def stop(self) -> None:
        await self.sleep()
        await self.client.close()
        if self.client.store is not None and not self.client.store.database.is_closed():
            self.client.store.database.close()

    async def _begin(self, password: str | None) -> None:
        await self.client.keys_upload()
        if password is not None:
            await self._cross_sign(password)
        await self._sync_once(0)
        await self.wake()

    async def _cross_sign(self, password: str) -> None:
        self.identity = Identity.new(self.user_id)
        upload = self.identity.upload()
        path = "/keys/device_signing/upload"
        try:
            await self.call("POST", path, upload)
        except PasswordNeededError as needed:
            auth = password_login(self.user_id, password) | {"session": needed.session}
            await self.call("POST", path, upload | {"auth": auth})
        await self.sign_device(self.device_id)

    async def _sync_forever(self) -> None:
        while True:
            if not await self._sync_once(20_000):
                await asyncio.sleep(0.2)

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (reason := task.exception()) is not None:
            self._break(reason)

    async def _sync_once(self, wait_ms: int) -> bool:
        answer = await self.client.sync(wait_ms, sync_filter=_FILTER)
        if not isinstance(answer, SyncResponse):
            return False
        self._learn(answer)
        if self.client.should_upload_keys:
            await self.client.keys_upload()
        if self.client.should_query_keys:
            await self.client.keys_query()
        if self.client.should_claim_keys:
            await self.client.keys_claim(self.client.get_users_for_key_claiming())
        await self.client.send_to_device_messages()
        return True

    def _learn(self, answer: SyncResponse) -> None:
        for room_id, info in answer.rooms.join.items():
            for event in info.timeline.events:
                self._learn_event(room_id, event)
            self._learn_membership(room_id, "join", None)
        for room_id, info in answer.rooms.leave.items():
            for event in info.timeline.events:
                self._learn_event(room_id, event)
            self._learn_membership(room_id, "leave", None)
        for room_id in answer.rooms.invite:
            inviter = self.client.invited_rooms[room_id].inviter
            self._learn_membership(room_id, "invite", inviter)
        self._try_again()

    def _learn_event(self, room_id: str, event: Any) -> None:
        if isinstance(event, MegolmEvent):
            self._waiting[event.event_id] = (room_id, event)
            self._learn_line(room_id, _line(event.source, encrypted=True, failure="NO_KEY"))
        else:
            encrypted = bool(getattr(event, "decrypted", False))
            self._learn_line(room_id, _line(event.source, encrypted=encrypted))

    def _try_again(self) -> None:
        for event_id, (room_id, event) in list(self._waiting.items()):
            event.room_id = room_id
            decrypted = self.client.olm.decrypt_event(event, room_id)
            if decrypted is not None:
                del self._waiting[event_id]
                self._learn_line(room_id, _line(decrypted.source, encrypted=True))


def _client(url: str, login: Json) -> AsyncClient:
    config = AsyncClientConfig(
        store=SqliteMemoryStore,
        encryption_enabled=True,
        max_timeout_retry_wait_time=0.5,
    )
    client = AsyncClient(url, login["user_id"], device_id=login["device_id"], config=config)
    client.restore_login(login["user_id"], login["device_id"], login["access_token"])
    return client


def _line(source: Json, *, encrypted: bool, failure: str | None = None) -> Line:
    return Line(
        event_id=source["event_id"],
        sender=source["sender"],
        type=source["type"],
        content=source["content"],
        ts=source["origin_server_ts"],
        encrypted=encrypted,
        failure=failure,
        state_key=source.get("state_key"),
    )
