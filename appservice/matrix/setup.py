"""Sets up our two users on the homeserver at the start of `run`; a repeat changes nothing."""

import structlog

from appservice import crypto
from appservice.clock import Clock, milliseconds
from appservice.crypto import Machine, Mark, records
from appservice.domain.state import House
from appservice.domain.types import UserId
from appservice.errors import ConfigurationError, PermanentError
from appservice.matrix.client import Client
from appservice.matrix.names import register
from appservice.matrix.own_secrets import keep_secrets
from appservice.matrix.recover import Recovery
from appservice.matrix.transport import Json
from appservice.ports import Store

KEEPER_NAME = "keeper (program)"
STEWARD_NAME = "steward (program, cannot read)"
DEVICE_NAME = "keeper"

log = structlog.get_logger()


async def set_up(  # noqa: PLR0913
    client: Client,
    store: Store,
    house: House,
    machine: Machine,
    recovery_secret: bytes,
    clock: Clock,
) -> None:
    """Register keeper and steward, and publish the keeper's device and both identities.

    `recovery_secret`: 32 bytes, the root of the keeper's identity. Whatever is published is stored
    before, so a crash anywhere ends in the same keys. An identity that somebody put in the place
    of ours is left alone: it is a mark, and `check` and the group are told. Raises
    ConfigurationError if a person owns one of the names, or the secret is not of our identity;
    TransientError, PermanentError.
    """
    recovery = Recovery(client, store, house, machine, recovery_secret, clock)
    for user, name, recover in (
        (house.keeper, KEEPER_NAME, recovery.keeper),
        (house.steward, STEWARD_NAME, recovery.steward),
    ):
        await register(client, store, user, recover)
        if await client.display_name(user, user=user) != name:
            await client.set_display_name(name, user=user)
    await _device(client, house.keeper, machine)
    upload = await _keys(client, store, machine, recovery_secret, milliseconds(clock.now()))
    if await _identity(client, store, machine, upload):
        await _secrets(client, store, machine, recovery_secret)
    await _throwaway(client, store, house)


async def published_steward_key(store: Store, steward: UserId) -> str | None:
    """Return the public master key of the steward as we published it, from our own records."""
    async with store.begin() as work:
        vault = await work.vault(crypto.need_throwaway(steward))
    record = vault.get(records.published(steward))
    return None if record is None else master_of(records.load(record))


def master_of(upload: Json) -> str:
    """Return the master key of a body for /keys/device_signing/upload, in unpadded base64."""
    (public,) = upload["master_key"]["keys"].values()
    return str(public)


async def _device(client: Client, keeper: UserId, machine: Machine) -> None:
    if machine.device_id in await client.devices(user=keeper):
        return
    try:
        await client.put_device(machine.device_id, DEVICE_NAME, user=keeper)
    except PermanentError as error:
        raise PermanentError(
            "the homeserver does not let us make the keeper's device: it needs MSC4190"
            f" (io.element.msc4190: true in registration.yaml; {error.code})",
            error.code,
        ) from None


async def _keys(
    client: Client, store: Store, machine: Machine, secret: bytes, now_ms: int
) -> Json:
    """Publish the device's keys; return the identity's upload body, kept like them."""
    need = crypto.need_identity(machine)
    async with store.begin() as work:
        vault = await work.vault(need)
        crypto.create_account(machine, vault)
        identity = crypto.create_identity(machine, vault, secret)
        if identity.recovery_key != crypto.encode_recovery_key(secret):
            raise ConfigurationError(
                "recovery.key is not the recovery key of the keeper's identity in the database:"
                " write the one that `circlekeeper init` printed"
            )
        body = crypto.keys_upload_body(machine, vault, None, None, now_ms)
        await work.save(vault)
    if body is not None:
        await client.keys_upload(body)
        async with store.begin() as work:
            vault = await work.vault(need)
            crypto.keys_uploaded(machine, vault)
            await work.save(vault)
    return identity.upload


async def _identity(client: Client, store: Store, machine: Machine, upload: Json) -> bool:
    """Let everybody see our identity, and one device that it signed; False if it was replaced."""
    answer = await client.keys_query({"device_keys": {machine.user_id: []}})
    async with store.begin() as work:
        vault = await work.vault(crypto.need_identity(machine))
    marks = {finding.mark for finding in crypto.verify_own(machine, vault, answer)}
    if Mark.IDENTITY_REPLACED in marks:
        log.error("keeper_identity_replaced", mend="run circlekeeper check")
        return False
    if Mark.NO_IDENTITY in marks:
        await client.device_signing_upload(upload, user=machine.user_id)
    if Mark.DEVICE_MISSING in marks:  # the homeserver lost it: publish the same keys again
        async with store.begin() as work:
            vault = await work.vault(crypto.need_identity(machine))
            keys = crypto.device_keys(machine, vault)
        await client.keys_upload({"device_keys": keys})
    if {Mark.NO_IDENTITY, Mark.DEVICE_MISSING, Mark.DEVICE_UNSIGNED} & marks:
        await _sign_device(client, store, machine)
    for device in crypto.earlier_devices(machine, vault, answer):
        await client.delete_device(device, user=machine.user_id)
        log.info("earlier_device_logged_out")
    return True


async def _sign_device(client: Client, store: Store, machine: Machine) -> None:
    async with store.begin() as work:
        vault = await work.vault(crypto.need_identity(machine))
        body = crypto.sign_own_device(machine, vault)
        await work.save(vault)
    answer = await client.signatures_upload(body, user=machine.user_id)
    if answer.get("failures"):
        raise PermanentError("the homeserver does not take the signature of the keeper's device")


async def _secrets(client: Client, store: Store, machine: Machine, secret: bytes) -> None:
    async with store.begin() as work:
        vault = await work.vault(crypto.need_identity(machine))
    secrets = crypto.identity_secrets(machine, vault)
    await keep_secrets(client, UserId(machine.user_id), secret, secrets)


async def _throwaway(client: Client, store: Store, house: House) -> None:
    """Publish the steward's identity; its private keys are gone before anybody could use them."""
    need = crypto.need_throwaway(house.steward)
    async with store.begin() as work:
        vault = await work.vault(need)
        upload = crypto.create_throwaway(vault, house.steward)
        await work.save(vault)
    answer = await client.keys_query({"device_keys": {house.steward: []}})
    findings = crypto.verify_throwaway(vault, house.steward, answer)
    marks = {finding.mark for finding in findings}
    if Mark.NO_IDENTITY in marks:
        await client.device_signing_upload(upload, user=house.steward)
    elif marks:
        log.error("steward_marked", marks=sorted(marks), mend="run circlekeeper check")
