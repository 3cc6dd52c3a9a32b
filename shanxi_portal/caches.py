"""Redis as a cache that may go away: the site is slower then, and says so in its log."""

import logging
import time

from django.conf import settings
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache

logger = logging.getLogger(__name__)


class OptionalRedis(RedisCache):
    """Django's, but a Redis that fails has kept nothing, and is not asked again for a while.

    That holds for `get` and `set`, which is what a cache of pages and files needs, and for `add` and
    `delete`, by which attempts to sign in are counted: without it they count in the database alone.
    """

    # What one thread learns, all threads of the process know.
    down_until = 0.0

    def get(self, key, default=None, version=None):
        return self._ask(super().get, key, default, version, otherwise=default)

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        self._ask(super().set, key, value, timeout, version)

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        return self._ask(super().add, key, value, timeout, version, otherwise=True)

    def delete(self, key, version=None):
        return self._ask(super().delete, key, version, otherwise=False)

    def _ask(self, method, *arguments, otherwise=None):
        if time.monotonic() < self.down_until:
            return otherwise
        try:
            return method(*arguments)
        except self._cache._lib.RedisError as error:
            self._leave(error)
            return otherwise

    @classmethod
    def _leave(cls, error):
        cls.down_until = time.monotonic() + settings.REDIS_MEMORY
        logger.warning("Redis is not used for %d seconds: %s", settings.REDIS_MEMORY, error)
