"""Where a web hook may be: at an address of the internet, never inside of our own network.

A name is looked up once, every address that it has is looked at, and only these are called. So a
name that means another machine a moment later leads nowhere else.
"""

import asyncio
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from appservice.errors import PermanentError, TransientError

_OF_CLOUDS = frozenset({IPv4Address("168.63.129.16")})  # Azure's own, though it looks public
_GIVEN_OUT = IPv6Network("2000::/3")  # RFC 4291, 2.4; whatever wraps an IPv4 address is refused
_WRAPS_IPV4 = (IPv6Network("2002::/16"), IPv6Network("2001::/32"))  # 6to4, Teredo


def is_public(address: str) -> bool:
    """Say whether an IP address is one of the internet, for a single machine."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        inner = found.ipv4_mapped
        return _is_public_4(inner) if inner is not None else _is_public_6(found)
    return _is_public_4(found)


def _is_public_4(address: IPv4Address) -> bool:
    return address.is_global and not address.is_multicast and address not in _OF_CLOUDS


def _is_public_6(address: IPv6Address) -> bool:
    wraps = any(address in network for network in _WRAPS_IPV4)
    return address.is_global and address in _GIVEN_OUT and not wraps


async def looked_up(url: URL, *, allow_private: bool) -> "Known":
    """Return the addresses of a web hook, all of which may be called.

    Plain http goes to private addresses only, where those are allowed.
    Raises PermanentError for what may not be called, TransientError where the look-up fails.
    """
    host, is_safe = url.raw_host, url.scheme == "https"
    if not host or url.port is None or not (is_safe or (url.scheme == "http" and allow_private)):
        raise PermanentError("the web hook is not at an https address")
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, url.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise TransientError("the web hook's name is not known just now") from None
    known = Known(host, tuple((kind, proto, str(at[0])) for kind, _, proto, _, at in found))
    public = [is_public(address) for *_, address in known.found]
    if not allow_private and not all(public):
        raise PermanentError("the web hook is at a private address")
    if not is_safe and any(public):
        raise PermanentError("the web hook is not at an https address")
    return known


@dataclass(frozen=True)
class Known(AbstractResolver):
    """Names one host only, by addresses that were looked at: (family, protocol, address)."""

    host: str
    found: tuple[tuple[socket.AddressFamily, int, str], ...]

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_INET,  # noqa: ARG002 - any is taken
    ) -> list[ResolveResult]:
        """Return all addresses, of whichever family. Raises OSError for another host."""
        if host != self.host:
            raise OSError("another host than the one that was looked at")
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=kind,
                proto=proto,
                flags=socket.AI_NUMERICHOST,
            )
            for kind, proto, address in self.found
        ]

    async def close(self) -> None:
        """Nothing is held."""
