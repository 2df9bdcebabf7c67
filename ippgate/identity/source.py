"""Whose attempts count together."""

import ipaddress


def neighbourhood(address: str) -> str:
    """An address, or the /64 of an IPv6 one, all of which one client may use."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else str(found)
