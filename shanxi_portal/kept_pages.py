"""A page as the cache keeps it: compressed once, for all who ask for it."""

import gzip
from dataclasses import dataclass

from django.http import HttpResponse
from django.middleware.gzip import GZipMiddleware, re_accepts_gzip
from django.utils.text import compress_string


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A response without its server: status, headers, body, whether that is compressed, and who made it."""

    status: int
    headers: tuple
    body: bytes
    is_compressed: bool
    view: str

    @classmethod
    def of(cls, response, view):
        """What is kept of a response of a view, by its name, that is all there and not compressed yet."""
        headers = tuple((name, value) for name, value in response.items() if name != "Content-Length")
        # Of random length, as GZipMiddleware has it, so that the size of a page gives nothing away.
        packed = compress_string(response.content, max_random_bytes=GZipMiddleware.max_random_bytes)
        pays = len(packed) < len(response.content)
        return cls(response.status_code, headers, packed if pays else response.content, pays, view)

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
