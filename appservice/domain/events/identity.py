"""What happens to devices and identities: those of people, and of the steward."""

from dataclasses import dataclass, field

from appservice.domain.types import GroupId, UserId


@dataclass(frozen=True)
class DeviceTrusted:
    """Somebody has a cross-signed device now and had none before."""

    user: UserId


@dataclass(frozen=True)
class IdentityChanged:
    """Somebody has an identity that is neither the first seen nor an accepted one."""

    user: UserId
    master_key: str  # of the new identity, in unpadded base64


@dataclass(frozen=True)
class IdentityConfirmed:
    """The operator compared emoji with somebody: the identity of this master key is theirs."""

    user: UserId
    master_key: str


@dataclass(frozen=True)
class IdentityAccepted:
    """An identity counts from now on, on somebody's word."""

    user: UserId
    master_key: str
    by: UserId | None  # the facilitator who spoke with them; None: the operator


@dataclass(frozen=True)
class StewardInspected:
    """The homeserver told which devices and which identity the steward has."""

    devices: tuple[str, ...]
    master_key: str | None
    published: str  # the master key that we published
    groups: tuple[GroupId, ...] = field(default=())  # all open groups, to be told
