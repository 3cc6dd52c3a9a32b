"""How often an address has asked within a moving window, counted by the library `limits`.

The counts lie in the Redis of CACHE_URL, for all processes and machines together. Without one, or while it
does not answer, each process counts for itself: readers may then ask more often, and nobody is refused.
"""

import logging
import math
import time
from functools import cache
from ipaddress import IPv6Address, ip_network

from django.conf import settings
from limits import parse
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter
from redis.backoff import NoBackoff
from redis.retry import Retry

# Whoever has an IPv6 address mostly has all of the 2^64 beside it.
IPV6_PREFIX = 64

logger = logging.getLogger(__name__)

rate_of = cache(parse)


def counted_as(address):
    """What an address counts as: itself, or its network of 64 bits if it is an IPv6 one."""
    if isinstance(address, IPv6Address):
        return str(ip_network((int(address), IPV6_PREFIX), strict=False))
    return str(address)


def seconds_to_wait(kind, address):
    """Count one more request; the whole seconds to wait if it is one too many, else None.

    What is refused is not counted, so whoever goes on asking is let in again as the window moves.
    """
    text = settings.RATE_LIMITS.get(kind)
    if not text:
        return None
    rate, key = rate_of(text), (str(kind), counted_as(address))
    if time.monotonic() >= Shared.down_until and (shared := Shared.limiter(settings.RATE_LIMIT_STORE)):
        try:
            return _hit(shared, rate, key)
        except StorageError as error:
            Shared.leave(error)
    return _hit(_own(), rate, key)


def _hit(limiter, rate, key):
    if limiter.hit(rate, *key):
        return None
    seconds = math.ceil(limiter.get_window_stats(rate, *key).reset_time - time.time())
    if seconds > rate.get_expiry():
        # The clock was put back: by it, what is counted here has yet to happen.
        limiter.clear(rate, *key)
        return None
    return max(1, seconds)


class Shared:
    """The Redis that all processes count in, and until when it is not asked."""

    down_until = 0.0

    @staticmethod
    @cache
    def limiter(address):
        """The limiter on a Redis; None for no address. It connects when it is first asked."""
        if not address:
            return None
        # A request waits for it: better to count alone than to try again.
        options = {"socket_connect_timeout": 0.5, "socket_timeout": 1, "retry": Retry(NoBackoff(), 0)}
        store = RedisStorage(address, key_prefix="invest-shanxi-limits", wrap_exceptions=True, **options)
        return MovingWindowRateLimiter(store)

    @classmethod
    def leave(cls, error):
        cls.down_until = time.monotonic() + settings.REDIS_MEMORY
        logger.warning(
            "Each process counts requests for itself for %d seconds, without Redis: %s",
            settings.REDIS_MEMORY,
            type(error.storage_error).__name__,
        )


@cache
def _own():
    return MovingWindowRateLimiter(MemoryStorage())
