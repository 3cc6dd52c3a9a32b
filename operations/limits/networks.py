"""From which networks the administration can be reached: from all, unless ADMIN_ALLOWED names some."""

from django.conf import settings

from records.client_address import client_address


def may_enter(request):
    """Whether a request comes from a network of ADMIN_ALLOWED; a connection without an address does not."""
    if not settings.ADMIN_ALLOWED:
        return True
    address = client_address(request)
    return address is not None and any(address in network for network in settings.ADMIN_ALLOWED)
