"""A page as the cache keeps it: compressed once, for all who ask for it."""

import gzip
from dataclasses import dataclass

from django.http import HttpResponse
from django.middleware.gzip import GZipMiddleware, re_accepts_gzip
from django.utils.text import compress_string


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A response without its server: status, headers, body, and whether the body is compressed."""

    status: int
    headers: tuple
    body: bytes
    is_compressed: bool

    @classmethod
    def of(cls, response):
        """What is kept of a response that is all there, and not compressed yet."""
        headers = tuple((name, value) for name, value in response.items() if name != "Content-Length")
        # Of random length, as GZipMiddleware has it, so that the size of a page gives nothing away.
        packed = compress_string(response.content, max_random_bytes=GZipMiddleware.max_random_bytes)
        pays = len(packed) < len(response.content)
        return cls(response.status_code, headers, packed if pays else response.content, pays)

    def response_to(self, request):
        """The page for a reader, compressed if the reader can have it so."""
        response = HttpResponse(status=self.status, headers=dict(self.headers))
        if not self.is_compressed:
            response.content = self.body
        elif re_accepts_gzip.search(request.META.get("HTTP_ACCEPT_ENCODING", "")):
            response.content = self.body
            response["Content-Encoding"] = "gzip"
        else:
            response.content = gzip.decompress(self.body)
        response["Content-Length"] = str(len(response.content))
        return response
