"""AES-256 in counter mode, which both ways are the same."""

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CTR

IV_OCTETS = 16


def aes_ctr(key: bytes, iv: bytes, octets: bytes) -> bytes:
    """Encrypt or decrypt; `key`: 32 octets, `iv`: the first counter block, 16 octets."""
    context = Cipher(AES256(key), CTR(iv)).encryptor()
    return context.update(octets) + context.finalize()
