"""Which address a request comes from, where proxies stand in front: asked by whoever counts or admits."""

from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings
from django.http.request import split_domain_port


def client_address(request) -> IPv4Address | IPv6Address | None:
    """The address that TRUSTED_PROXIES proxies tell of, or else that of the connection.

    Each proxy adds to the end of `X-Forwarded-For` whom it was asked by; what stands before was sent by
    anybody. None where the connection has no address either, as on a socket of the machine.
    """
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    count = settings.TRUSTED_PROXIES
    told = parsed(forwarded[-count]) if 0 < count <= len(forwarded) else None
    return told or parsed(request.META.get("REMOTE_ADDR", ""))


def parsed(text):
    """The address that a text holds, with a port behind it or not; None for anything else.

    An IPv4 address written as IPv6 (`::ffff:192.0.2.1`) is that IPv4 address. The interface by which a
    neighbour is reached (`fe80::1%eth0`) is no part of it, and PostgreSQL would refuse it.
    """
    text = text.partition("%")[0].strip()
    host, port = split_domain_port(text)
    if host and port:
        text = host.strip("[]")
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
