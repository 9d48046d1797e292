"""A sans-I/O Matrix end-to-end encryption machine: values in, values out.

It never touches a network, a disk or a clock. Every operation is a function of a `Machine` (who we
are), a `Vault` (the records it may read and change) and plain values (parsed JSON, `now_ms` in
milliseconds since 1970); each has a `need_…` function that tells what the vault must have loaded.

How to drive it::

    from appservice import crypto
    me = crypto.Machine("@keeper:server", "KEEPER", pickle_key)   # 32 bytes

    need = crypto.need_account(me)
    vault = crypto.Vault(load(need), need)          # records from your store
    crypto.create_account(me, vault)
    body = crypto.keys_upload_body(me, vault, None, None, now_ms)
    save(vault.changes())                           # commit first
    post("/keys/upload", body)                      # then send; after a crash the same body again
    crypto.keys_uploaded(me, vault)                 # and save again

First the account, then the identity: `create_identity` → /keys/device_signing/upload, then
`sign_own_device` → /keys/signatures/upload.

With every /sync answer: `mark_outdated` (device_lists.changed), `keys_upload_body` (counts) and
`receive_to_device` (to_device.events); save; then try again what waits for the reported keys. For
`Wedged` reports: `unwedge_claim` → /keys/claim → `unwedge` → /sendToDevice.

To read room events: `room_event` each, then `decrypt_room_event`, many in one vault. `MissingKey`:
set it aside. While the database is down: `decrypt_with` on `inbound_records` remembered earlier.

To send to a room that `is_settled`: `encrypt`, save, send. Else `prepare_sharing` says which lists
are `outdated` (`keys_query` → /keys/query → `receive_keys_query`) and what `claims` to make
(/keys/claim → `receive_claim`). Then in one vault, once more `prepare_sharing`, `share` and
`encrypt`; save; send the to-device batches, then the event; a retry sends the same bytes.
`reserve` gives a `Lifeline` that encrypts a few messages without any vault.

All errors are `CryptoError`s; nothing from outside raises anything else. Sources: the Matrix
specification (client-server API, end-to-end encryption), MSC4147 (sender_device_keys).
"""

from appservice.crypto.account import (
    create_account,
    device_keys,
    keys_upload_body,
    keys_uploaded,
    need_account,
    own_device,
)
from appservice.crypto.attachments import MAX_FILE, decrypt_file, encrypt_file
from appservice.crypto.canonical_json import canonical_json
from appservice.crypto.claims import (
    need_claim,
    need_unwedge,
    receive_claim,
    unwedge,
    unwedge_claim,
)
from appservice.crypto.cross_signing import (
    SECRETS,
    Finding,
    Identity,
    Mark,
    create_identity,
    create_throwaway,
    earlier_devices,
    identity_secrets,
    need_identity,
    need_throwaway,
    recover_identity,
    recover_throwaway,
    restore_identity,
    sign_own_device,
    throwaway_identity,
    verify_own,
    verify_throwaway,
)
from appservice.crypto.devices import (
    accept_identity,
    devices,
    identity_changed,
    keys_query,
    mark_outdated,
    master_key,
    need_devices,
    need_tracking,
    outdated,
    track,
    untrack,
)
from appservice.crypto.errors import (
    BadFile,
    BadRecoveryKey,
    BadSecret,
    BadSignature,
    CryptoError,
    LifelineSpent,
    MissingKey,
    NoAccount,
    NoIdentity,
    NoOutboundSession,
    NotCanonical,
    NotLoaded,
    Replayed,
    Undecryptable,
)
from appservice.crypto.forgetting import (
    came_on,
    forget,
    forget_person,
    forget_room,
    need_came,
    need_forget,
    need_forget_person,
    need_forget_room,
    need_spoken,
    spoken_by,
)
from appservice.crypto.keys_query import need_keys_query, receive_keys_query
from appservice.crypto.megolm import (
    RoomEvent,
    decrypt_room_event,
    decrypt_with,
    inbound_records,
    need_room_events,
    room_event,
)
from appservice.crypto.outbound import (
    Lifeline,
    encrypt,
    forget_outbound,
    is_settled,
    need_encrypt,
    need_forget_outbound,
    reserve,
    run_ahead,
)
from appservice.crypto.records import DAY_MS, EPOCH, NEVER_TWICE, OF_OUR_DEVICE
from appservice.crypto.recovery_key import decode_recovery_key, encode_recovery_key
from appservice.crypto.reports import (
    Dropped,
    DummyReceived,
    KeyWithheld,
    OtherToDevice,
    Received,
    Repeated,
    RoomKeyReceived,
    Wedged,
)
from appservice.crypto.secret_storage import (
    describe_key,
    is_storage_key,
    open_secret,
    seal_secret,
    storage_key_id,
)
from appservice.crypto.sharing import Sharing, need_sharing, prepare_sharing, share
from appservice.crypto.signatures import sign_json, verify_json
from appservice.crypto.to_device import need_to_device, receive_to_device
from appservice.crypto.values import (
    Audience,
    Change,
    Decrypted,
    Device,
    DeviceChange,
    KeysQuery,
    Machine,
    Rotation,
    ToDeviceBatch,
    Trust,
)
from appservice.crypto.vault import Key, Need, Vault

__all__ = [
    "DAY_MS",
    "EPOCH",
    "MAX_FILE",
    "NEVER_TWICE",
    "OF_OUR_DEVICE",
    "SECRETS",
    "Audience",
    "BadFile",
    "BadRecoveryKey",
    "BadSecret",
    "BadSignature",
    "Change",
    "CryptoError",
    "Decrypted",
    "Device",
    "DeviceChange",
    "Dropped",
    "DummyReceived",
    "Finding",
    "Identity",
    "Key",
    "KeyWithheld",
    "KeysQuery",
    "Lifeline",
    "LifelineSpent",
    "Machine",
    "Mark",
    "MissingKey",
    "Need",
    "NoAccount",
    "NoIdentity",
    "NoOutboundSession",
    "NotCanonical",
    "NotLoaded",
    "OtherToDevice",
    "Received",
    "Repeated",
    "Replayed",
    "RoomEvent",
    "RoomKeyReceived",
    "Rotation",
    "Sharing",
    "ToDeviceBatch",
    "Trust",
    "Undecryptable",
    "Vault",
    "Wedged",
    "accept_identity",
    "came_on",
    "canonical_json",
    "create_account",
    "create_identity",
    "create_throwaway",
    "decode_recovery_key",
    "decrypt_file",
    "decrypt_room_event",
    "decrypt_with",
    "describe_key",
    "device_keys",
    "devices",
    "earlier_devices",
    "encode_recovery_key",
    "encrypt",
    "encrypt_file",
    "forget",
    "forget_outbound",
    "forget_person",
    "forget_room",
    "identity_changed",
    "identity_secrets",
    "inbound_records",
    "is_settled",
    "is_storage_key",
    "keys_query",
    "keys_upload_body",
    "keys_uploaded",
    "mark_outdated",
    "master_key",
    "need_account",
    "need_came",
    "need_claim",
    "need_devices",
    "need_encrypt",
    "need_forget",
    "need_forget_outbound",
    "need_forget_person",
    "need_forget_room",
    "need_identity",
    "need_keys_query",
    "need_room_events",
    "need_sharing",
    "need_spoken",
    "need_throwaway",
    "need_to_device",
    "need_tracking",
    "need_unwedge",
    "open_secret",
    "outdated",
    "own_device",
    "prepare_sharing",
    "receive_claim",
    "receive_keys_query",
    "receive_to_device",
    "recover_identity",
    "recover_throwaway",
    "reserve",
    "restore_identity",
    "room_event",
    "run_ahead",
    "seal_secret",
    "share",
    "sign_json",
    "sign_own_device",
    "spoken_by",
    "storage_key_id",
    "throwaway_identity",
    "track",
    "untrack",
    "unwedge",
    "unwedge_claim",
    "verify_json",
    "verify_own",
    "verify_throwaway",
]
