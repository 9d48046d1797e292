"""What can go wrong in the encryption machine, in words that give nobody and nothing away."""

# ruff: noqa: N818  (the names say what happened: MissingKey, Replayed)


class CryptoError(Exception):
    """Base of all errors of this package; no message holds a secret, a plaintext or a name."""


class NotLoaded(CryptoError):
    """A record was read that the operation's Need does not cover: a mistake in a program."""


class NotCanonical(CryptoError):
    """A value that cannot be written as canonical JSON (floats, huge numbers, broken text)."""


class BadSignature(CryptoError):
    """A signature is missing, malformed or wrong."""


class BadRecoveryKey(CryptoError):
    """A recovery key that was mistyped; the message says where to look."""


class BadSecret(CryptoError):
    """A secret in account data that is missing, malformed, or sealed by another key."""


class BadFile(CryptoError):
    """An encrypted file that is not what was sent, or is described in a way nobody can read."""


class NoAccount(CryptoError):
    """The device has no Olm account yet: `create_account` comes first."""


class NoIdentity(CryptoError):
    """There is no cross-signing identity here yet: `create_identity` comes first."""


class NoOutboundSession(CryptoError):
    """`encrypt` or `reserve` was called for a room and audience before `share`."""


class LifelineSpent(CryptoError):
    """All reserved message indexes have been used."""


class MissingKey(CryptoError):
    """The room key is not here (yet); set the event aside and try again when it comes."""

    def __init__(self, room_id: str, session_id: str, sender_key: str | None = None) -> None:
        super().__init__("the room key is not here")
        self.room_id = room_id
        self.session_id = session_id
        self.sender_key = sender_key


class Replayed(CryptoError):
    """The same ciphertext came before under another event id."""


class Undecryptable(CryptoError):
    """The event cannot be decrypted, now or later; `reason` is a short code for statistics."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the event cannot be decrypted: {reason}")
        self.reason = reason
