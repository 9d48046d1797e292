"""Checks that keeper and steward are ours and look to everybody as we published them."""

from appservice import crypto
from appservice.crypto import Machine, Mark
from appservice.domain.types import UserId
from appservice.matrix.client import Client
from appservice.matrix.findings import Check, fail, ok, warn
from appservice.matrix.inspect import Inspector
from appservice.matrix.names import OURS, RECOVERED, is_registered, name_fact
from appservice.matrix.setup import published_steward_key
from appservice.ports import Store

_KEEPER_MENDS = {
    Mark.UNREADABLE: ("the homeserver does not tell its keys", "try again"),
    Mark.NO_IDENTITY: ("has no cross-signing identity", "start `circlekeeper run`"),
    Mark.IDENTITY_REPLACED: (
        "has an identity that is not ours",
        "somebody replaced it: tell your groups, and find out who has access to the homeserver",
    ),
    Mark.DEVICE_MISSING: ("has no device", "restart `circlekeeper run`"),
    Mark.DEVICE_KEYS_DIFFER: (
        "has a device with other keys than ours",
        "was the database restored or the device logged in elsewhere? Remove what is not ours",
    ),
    Mark.DEVICE_UNSIGNED: ("has a device without signature", "restart `circlekeeper run`"),
    Mark.FOREIGN_DEVICE: (
        "has a device that is not ours",
        "log it out on the homeserver, and find out who made it",
    ),
}


async def examine_name(client: Client, store: Store, user: UserId) -> list[Check]:
    """Check that the name is ours: a user that exists, and that we made."""
    name = f"name {user}"
    async with store.begin() as work:
        ours = await work.fact(name_fact(user))
    exists = await is_registered(client, user)
    if exists and ours:
        return [ok(name, "is ours")]
    if exists:
        mend = (
            "if it is yours and the database was lost, start `circlekeeper run` with its"
            " recovery.key; else choose another localpart in circlekeeper.yaml and"
            " registration.yaml"
        )
        return [fail(name, "belongs to somebody already", mend)]
    if ours in {OURS, RECOVERED}:
        mend = "let the homeserver load our registration.yaml; was its database replaced?"
        return [fail(name, "is not known to the homeserver any more", mend)]
    return [warn(name, "is not registered yet", "start `circlekeeper run` once")]


async def examine_keeper(client: Client, store: Store, machine: Machine) -> list[Check]:
    """Check that the keeper has exactly one device, signed by the identity that we published."""
    answer = await client.keys_query({"device_keys": {machine.user_id: []}})
    async with store.begin() as work:
        vault = await work.vault(crypto.need_identity(machine))
        try:
            findings = crypto.verify_own(machine, vault, answer)
        except crypto.CryptoError:
            return [warn("keeper", "is not set up yet", "start `circlekeeper run` once")]
    marks = {finding.mark for finding in findings}
    # devices without keys are shown to their owner only
    if set(await client.devices(user=machine.user_id)) - {machine.device_id}:
        marks.add(Mark.FOREIGN_DEVICE)
    if not marks:
        return [ok("keeper", "one device, signed by its identity")]
    return [fail("keeper", *_KEEPER_MENDS[mark]) for mark in sorted(marks)]


async def examine_steward(inspector: Inspector, store: Store, steward: UserId) -> list[Check]:
    """Check, asking the homeserver, that the steward has no device and the identity of ours."""
    published = await published_steward_key(store, steward)
    if published is None:
        return [warn("steward", "is not set up yet", "start `circlekeeper run` once")]
    seen = await inspector.inspect_steward(published)
    checks = []
    if seen.devices:
        mend = "somebody with power over the homeserver made it: tell your groups, log it out"
        checks.append(fail("steward", f"has a device: {', '.join(seen.devices)}", mend))
    if seen.master_key is None:
        checks.append(fail("steward", "has no identity", "start `circlekeeper run`"))
    elif seen.master_key != published:
        mend = "somebody replaced it: tell your groups, and find out who has access"
        checks.append(fail("steward", "has an identity that is not ours", mend))
    return checks or [ok("steward", "no device, and the identity that we published")]
