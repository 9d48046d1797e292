"""The part of `circlekeeper check` that asks the homeserver: each step is tried, not assumed."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from email.utils import parsedate_to_datetime
from typing import Any

from appservice.clock import Clock
from appservice.crypto import Machine
from appservice.domain.state import House
from appservice.domain.types import UserId, derive
from appservice.errors import PermanentError, TransientError
from appservice.matrix.answers import HomeserverError, TokenRefusedError
from appservice.matrix.client import Client
from appservice.matrix.doctor_rooms import examine_rooms
from appservice.matrix.doctor_users import examine_keeper, examine_name, examine_steward
from appservice.matrix.findings import Check, fail, ok, warn
from appservice.matrix.inspect import Inspector
from appservice.ports import Store

OLDEST = (1, 7)
"""The first version of the specification that lets us ask for a ping."""

_SKEW_WARN, _SKEW_FAIL = 5.0, 60.0  # seconds
_OUT_OF_REACH = frozenset({"M_CONNECTION_FAILED", "M_CONNECTION_TIMEOUT"})
_VERSION = re.compile(r"v(\d+)\.(\d+)")


class Doctor:
    """Examines the homeserver and our place in it; changes nothing."""

    def __init__(  # noqa: PLR0913  each is a port or an adapter of its own
        self,
        client: Client,
        store: Store,
        clock: Clock,
        house: House,
        machine: Machine,
        registration: Mapping[str, Any],
    ) -> None:
        """`registration`: the parsed registration.yaml."""
        self._client = client
        self._store = store
        self._clock = clock
        self._house = house
        self._machine = machine
        self._registration = registration

    async def examine(self, *, running: bool) -> list[Check]:
        """Try every step; `running`: whether `circlekeeper run` runs, so that a ping can succeed.

        Never raises for what it finds. Without homeserver or token it stops after that finding.
        """
        checks = await _tried("homeserver", self._reach)
        checks += await _tried("token", self._token)
        if any(check.status == "fail" for check in checks):
            return checks
        checks += self._namespaces()
        checks += await _tried("transactions", lambda: self._ping(running=running))
        for user in (self._house.keeper, self._house.steward):
            checks += await _tried(f"name {user}", self._name_of(user))
        if all(check.status == "ok" for check in checks if check.name.startswith("name ")):
            checks += await self._users()
            checks += await _tried(
                "rooms", lambda: examine_rooms(self._client, self._store, self._house)
            )
        return checks

    async def _users(self) -> list[Check]:
        client, store, steward = self._client, self._store, self._house.steward
        inspector = Inspector(client, self._house)
        return [
            *await _tried("keeper", lambda: examine_keeper(client, store, self._machine)),
            *await _tried("steward", lambda: examine_steward(inspector, store, steward)),
        ]

    def _name_of(self, user: UserId) -> "Callable[[], Awaitable[Sequence[Check]]]":
        return lambda: examine_name(self._client, self._store, user)

    async def _reach(self) -> list[Check]:
        answer, versions = await self._client.versions()
        supported = max(
            (
                (int(found[1]), int(found[2]))
                for found in map(_VERSION.fullmatch, versions)
                if found
            ),
            default=(0, 0),
        )
        name = f"v{supported[0]}.{supported[1]}"
        if supported < OLDEST:
            return [
                fail("homeserver", f"it speaks Matrix {name}", "update it: v1.7 is the least"),
            ]
        return [ok("homeserver", f"answers, Matrix {name}"), self._skew(answer.headers)]

    def _skew(self, headers: Mapping[str, str]) -> Check:
        try:
            theirs = parsedate_to_datetime(headers.get("Date", ""))
            skew = abs((self._clock.now() - theirs).total_seconds())
        except (ValueError, TypeError):
            return warn("clocks", "the homeserver does not tell its time", "compare them by hand")
        detail = f"ours and the homeserver's differ by {skew:.0f} s"
        mend = "let both machines set their clocks by NTP"
        if skew > _SKEW_FAIL:
            return fail("clocks", detail, mend)
        return warn("clocks", detail, mend) if skew > _SKEW_WARN else ok("clocks", detail)

    async def _token(self) -> list[Check]:
        who = (await self._client.whoami()).get("user_id")
        server = self._house.keeper.partition(":")[2]
        expected = f"@{self._registration.get('sender_localpart')}:{server}"
        if who != expected:
            return [
                fail(
                    "registration",
                    "the homeserver has loaded another registration with this token",
                    "restart the homeserver after each change of registration.yaml",
                )
            ]
        return [ok("token", "accepted"), ok("registration", "the one that is loaded")]

    def _namespaces(self) -> list[Check]:
        server = self._house.keeper.partition(":")[2]
        wanted = (
            ("users", self._house.keeper),
            ("users", self._house.steward),
            ("aliases", f"#_circlekeeper_x:{server}"),
        )
        missing = [name for kind, name in wanted if not _claims(self._registration, kind, name)]
        if missing:
            return [
                fail(
                    "namespaces",
                    f"registration.yaml does not claim {', '.join(missing)} for us alone",
                    "add the exclusive namespace, as `circlekeeper init` writes it",
                )
            ]
        return [ok("namespaces", "our names and aliases are ours alone")]

    async def _ping(self, *, running: bool) -> list[Check]:
        appservice, url = str(self._registration.get("id")), self._registration.get("url")
        try:
            await self._client.ping(appservice, derive("check", str(self._clock.monotonic())))
        except HomeserverError as error:
            return [_unreached(error.code, url, running=running)]
        except PermanentError as error:
            detail = f"the homeserver does not call us ({error.code})"
            mend = "compare id and url of registration.yaml with what the homeserver has loaded"
            return [fail("transactions", detail, mend)]
        return [ok("transactions", f"the homeserver reaches us at {url}")]


def _unreached(code: str, url: object, *, running: bool) -> Check:
    if code in _OUT_OF_REACH and not running:
        return warn("transactions", "`circlekeeper run` is not running", "start it, check again")
    if code in _OUT_OF_REACH:
        return fail(
            "transactions",
            f"the homeserver cannot reach us at {url}",
            "put an address there that works from the homeserver's machine or container"
            " (init: --public-url), and restart the homeserver",
        )
    if code == "M_BAD_STATUS":
        return fail(
            "transactions",
            f"something else than this Circlekeeper answers at {url}",
            "compare hs_token and url; is another program listening there?",
        )
    return fail("transactions", f"the homeserver could not call us ({code})", "see its log")


def _claims(registration: Mapping[str, Any], kind: str, name: str) -> bool:
    namespaces = registration.get("namespaces")
    entries = namespaces.get(kind) if isinstance(namespaces, dict) else None
    for entry in entries if isinstance(entries, list) else []:
        try:
            if entry["exclusive"] is True and re.match(entry["regex"], name):
                return True
        except (KeyError, TypeError, re.error):
            continue
    return False


async def _tried(name: str, step: Callable[[], Awaitable[Sequence[Check]]]) -> list[Check]:
    """Take the step; what goes wrong with the homeserver is a finding."""
    try:
        return list(await step())
    except TokenRefusedError as error:
        mend = "let the homeserver load registration.yaml, and restart it"
        return [fail(name, str(error), mend)]
    except (TransientError, PermanentError) as error:
        mend = "is its address in circlekeeper.yaml right, and does it run? See its log"
        return [fail(name, str(error), mend)]
