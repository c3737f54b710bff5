"""The one way by which the survey binds a text to a key: keyed BLAKE2b (RFC 7693), its use in the personal field."""

from hashlib import blake2b

SIZE = 32


def mac(key: bytes, use: bytes, text: bytes) -> bytes:
    """Give 32 bytes that nobody can make, or try texts out against, without the key of at most 64 bytes.

    `use`, of at most 16 bytes, keeps apart what one key is used for: the same text gives other bytes for each.
    """
    return blake2b(text, digest_size=SIZE, key=key, person=use).digest()
