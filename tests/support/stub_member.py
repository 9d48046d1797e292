"""A member beside the stub homeserver, without HTTP: real keys by our own machine, in memory."""

import asyncio
import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Self
from urllib.parse import unquote

from appservice import crypto
from appservice.clock import milliseconds
from appservice.crypto import Audience, Machine, Need, Vault
from tests.support.client_api import MemberError
from tests.support.contents import Json
from tests.support.member import Line, Member
from tests.support.stub.errors import MatrixError
from tests.support.stub.routes import Asked
from tests.support.stub_homeserver import StubHomeserver

ROUNDS = 6


class StubMember(Member):
    """One device of one user, cross-signed; make it by ``login``.

    It gives its keys to every device, reads what it was given, and asks the homeserver's object
    directly, so that a whole story takes little time.
    """

    def __init__(self, stub: StubHomeserver, user_id: str, device_id: str) -> None:
        super().__init__(stub.url, "", user_id, device_id)
        self.stub = stub
        self.machine = Machine(user_id, device_id, b"m" * 32)
        self._records: dict[crypto.Key, bytes] = {}
        self._unread: dict[str, tuple[str, Json]] = {}
        self._numbers = itertools.count(1)
        self._since: str | None = None
        self._task: asyncio.Task[None] | None = None

    @classmethod
    async def login(
        cls, stub: StubHomeserver, name: str, *, device_id: str = "PHONE", cross_sign: bool = True
    ) -> Self:
        """Register the user if need be, publish a device's keys, sign it, and start to listen."""
        user_id = f"@{name}:{stub.server_name}"
        if user_id not in stub.users:
            await stub.register_user(name)
        stub.token(user_id, device_id)
        member = cls(stub, user_id, device_id)
        with member._vault(crypto.need_identity(member.machine)) as vault:
            crypto.create_account(member.machine, vault)
        await member._upload(None, None)
        if cross_sign:
            await member._cross_sign()
        member.listen()
        return member

    def listen(self) -> None:
        """Start to take news in."""
        self._task = asyncio.create_task(self._listen())
        self._task.add_done_callback(self._ended)

    async def stop(self) -> None:
        task, self._task = self._task, None
        while task is not None and not task.done():
            task.cancel()  # wait_for of Python 3.11 may swallow one, when news come just then
            await asyncio.wait([task], timeout=0.05)

    @property
    def position(self) -> int:
        """Up to where this client has read what happened on the homeserver."""
        return int(self._since[1:].partition("_")[0]) if self._since else 0

    async def sign_device(self, device_id: str) -> None:
        raise NotImplementedError

    async def reset_identity(self, *, sign_device: bool = True) -> None:
        """Make a new cross-signing identity, as after losing everything."""
        self._records.pop(("own_identity", self.user_id, ""))
        await self._cross_sign(sign_device=sign_device)

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        parts = tuple(unquote(part) for part in path.lstrip("/").split("/"))
        return await self._ask(method, parts, {} if body is None else body)

    async def send_raw(self, room_id: str, event_type: str, content: Json) -> str:
        if self.stub.rooms[room_id].content("m.room.encryption"):
            content = await self._encrypted(room_id, event_type, content)
            event_type = "m.room.encrypted"
        txn = f"t{next(self._numbers)}"
        sent = await self._ask("PUT", ("rooms", room_id, "send", event_type, txn), content)
        return sent["event_id"]

    async def wait_for_member(
        self, room_id: str, user_id: str, membership: str = "join", timeout: float = 15
    ) -> None:
        def look() -> bool:
            return self.stub.rooms[room_id].membership(user_id) == membership

        await self.wait_until(look, timeout, lambda: f"{user_id} is not {membership}")

    # -- asking

    async def _ask(
        self, method: str, parts: tuple[str, ...], body: Any = None, **query: str
    ) -> Any:
        core = self.stub.core
        device = core.user(self.user_id).devices[self.device_id]
        asked = Asked(method, parts, query, body or {}, self.user_id, device, appservice=False)
        try:
            return await self.stub._routes.answer(asked)
        except MatrixError as error:
            raise MemberError(error.errcode, error.error) from None

    # -- listening

    async def _listen(self) -> None:
        while True:
            since = {} if self._since is None else {"since": self._since}
            answer = await self._ask("GET", ("sync",), timeout="30000", **since)
            self._since = answer["next_batch"]
            await self._take(answer)

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (reason := task.exception()) is not None:
            self._break(reason)

    async def _take(self, answer: Json) -> None:
        counts = answer.get("device_one_time_keys_count")
        await self._upload(counts, answer.get("device_unused_fallback_key_types"))
        changed = answer.get("device_lists", {}).get("changed", [])
        if changed:
            with self._vault(crypto.need_tracking(changed)) as vault:
                crypto.mark_outdated(vault, changed)
        events = answer.get("to_device", {}).get("events", [])
        if events:
            with self._vault(crypto.need_to_device(self.machine, events)) as vault:
                crypto.receive_to_device(self.machine, vault, events, self._now())
        for how in ("join", "leave"):
            for room_id, entry in answer["rooms"][how].items():
                for event in (*entry["state"]["events"], *entry["timeline"]["events"]):
                    self._learn_event(room_id, event)
                self._learn_membership(room_id, how, None)
        for room_id in answer["rooms"]["invite"]:
            inviter = self.stub.rooms[room_id].state["m.room.member", self.user_id].sender
            self._learn_membership(room_id, "invite", inviter)
        if events:
            for room_id, event in list(self._unread.values()):
                self._learn_event(room_id, event)
        self._wake()

    def _learn_event(self, room_id: str, event: Json) -> None:
        if event["type"] != "m.room.encrypted":
            self._learn_line(room_id, _line(event, event["type"], event["content"]))
            return
        try:
            parsed = crypto.room_event(room_id, event)
            with self._vault(crypto.need_room_events([parsed])) as vault:
                read = crypto.decrypt_room_event(self.machine, vault, parsed)
        except crypto.CryptoError as error:
            self._unread[event["event_id"]] = room_id, event
            failure = type(error).__name__
            self._learn_line(room_id, _line(event, event["type"], event["content"], failure))
            return
        self._unread.pop(event["event_id"], None)
        self._learn_line(room_id, _line(event, read.type, dict(read.content)))

    # -- keys

    async def _cross_sign(self, *, sign_device: bool = True) -> None:
        with self._vault(crypto.need_identity(self.machine)) as vault:
            identity = crypto.create_identity(self.machine, vault)
            body = crypto.sign_own_device(self.machine, vault)
        await self._ask("POST", ("keys", "device_signing", "upload"), identity.upload)
        if sign_device:
            await self._ask("POST", ("keys", "signatures", "upload"), body)

    async def _upload(self, counts: Json | None, unused: Sequence[str] | None) -> None:
        with self._vault(crypto.need_account(self.machine)) as vault:
            body = crypto.keys_upload_body(self.machine, vault, counts, unused, self._now())
        if body is not None:
            await self._ask("POST", ("keys", "upload"), body)
            with self._vault(crypto.need_account(self.machine)) as vault:
                crypto.keys_uploaded(self.machine, vault)

    def _sharing(self, vault: crypto.Vault, room_id: str, readers: list[str]) -> crypto.Sharing:
        return crypto.prepare_sharing(
            self.machine, vault, room_id, Audience.ALL, readers, self._now()
        )

    async def _encrypted(self, room_id: str, event_type: str, content: Json) -> Json:
        readers = sorted(self.stub.rooms[room_id].joined())
        need = crypto.need_sharing(self.machine, room_id, Audience.ALL, readers)
        for _ in range(ROUNDS):
            with self._vault(need | crypto.need_tracking(readers)) as vault:
                crypto.track(vault, readers)
                sharing = self._sharing(vault, room_id, readers)
            if sharing.outdated:
                await self._query(sharing.outdated)
            elif sharing.claims:
                for claim in sharing.claims:
                    await self._claim(claim)
            else:
                break
        with self._vault(need) as vault:
            sharing = self._sharing(vault, room_id, readers)
            batches = crypto.share(self.machine, vault, sharing, self._now())
            sealed = crypto.encrypt(
                self.machine, vault, room_id, Audience.ALL, event_type, content
            )
        for batch in batches:
            parts = ("sendToDevice", batch.event_type, f"k{next(self._numbers)}")
            await self._ask("PUT", parts, {"messages": batch.messages})
        if "m.relates_to" in content:
            sealed = {**sealed, "m.relates_to": content["m.relates_to"]}
        return sealed

    async def _query(self, users: frozenset[str]) -> None:
        with self._vault(crypto.need_tracking(users)) as vault:
            query = crypto.keys_query(vault, users)
        answer = await self._ask("POST", ("keys", "query"), query.body)
        with self._vault(crypto.need_keys_query(query)) as vault:
            crypto.receive_keys_query(vault, answer, query, self._now())

    async def _claim(self, claim: Json) -> None:
        answer = await self._ask("POST", ("keys", "claim"), claim)
        with self._vault(crypto.need_claim(self.machine, claim)) as vault:
            crypto.receive_claim(self.machine, vault, answer, claim, self._now())

    @contextmanager
    def _vault(self, need: Need) -> Iterator[Vault]:
        covered = {key: value for key, value in self._records.items() if need.covers(key)}
        vault = Vault(covered, need)
        yield vault
        for key, value in vault.changes().items():
            if value is None:
                self._records.pop(key, None)
            else:
                self._records[key] = value

    def _now(self) -> int:
        return milliseconds(self.stub.core.clock.now())


def _line(event: Json, kind: str, content: Json, failure: str | None = None) -> Line:
    return Line(
        event_id=event["event_id"],
        sender=event["sender"],
        type=kind,
        content=content,
        ts=event["origin_server_ts"],
        encrypted=event["type"] == "m.room.encrypted",
        failure=failure,
        state_key=event.get("state_key"),
    )
