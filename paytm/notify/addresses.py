"""Which network addresses a stranger's URL may lead to: public ones, so that nobody reaches inside through us."""

import contextlib
import ipaddress
import socket

# Translators that lead from IPv6 to any IPv4 address, a private one as well.
_TRANSLATED = [ipaddress.ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")]
# Azure answers its virtual machines there, although the address is a public one.
_METADATA = {ipaddress.ip_address("168.63.129.16")}


class Refused(Exception):
    """The name leads, or may lead, to an address that is not public."""


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the internet, and not of this machine, its network or its cloud."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if any(ip in network for network in _TRANSLATED):
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and ip not in _METADATA


def resolve(host: str, port: int, *, allow_private: bool) -> list[str]:
    """Return the addresses of a host.

    :raises Refused: one of them is not public.
    :raises OSError: it has none.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise OSError("not a host name") from error
    addresses = [str(entry[4][0]) for entry in found]
    if not allow_private and not all(is_public(address) for address in addresses):
        raise Refused
    return addresses


def connect(host: str, port: int, *, allow_private: bool, timeout: float) -> socket.socket:
    """Connect to a host, at the very address that was looked at: a second look-up may tell another.

    :param timeout: seconds for each of its addresses.
    :raises Refused: one of its addresses is not public.
    :raises OSError: none of them answers.
    """
    *others, last = resolve(host, port, allow_private=allow_private)
    for address in others:
        with contextlib.suppress(OSError):
            return socket.create_connection((address, port), timeout)
    return socket.create_connection((last, port), timeout)
