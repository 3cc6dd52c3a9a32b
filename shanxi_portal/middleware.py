"""What every request and response passes that Django has no middleware for."""

from django.conf import settings
from django.shortcuts import render
from django.utils.cache import has_vary_header, patch_vary_headers, set_response_etag


class SecurityHeaders:
    """Add the two security headers that Django lacks."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class RefuseOversizedQuery:
    """Answer 414 to a query string longer than any page of ours makes.

    A query may hold thousands of filter values, and each would be read, checked and shown again.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if len(request.META.get("QUERY_STRING", "")) <= settings.MAX_QUERY_BYTES:
            return self.get_response(request)
        # The page that says so links to itself, and must not choke on what it refuses.
        request.META["QUERY_STRING"] = ""
        return render(request, "414.html", status=414)


class PublicCache:
    """Let anyone keep a public page for a while: it is the same for everybody.

    A view that sets Cache-Control itself is left alone, and so is a response that depends on a cookie.
    Pages of staff are kept by nobody.
    """

    statuses = {200, 301, 410}

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if self.is_public(request, response):
            response["Cache-Control"] = f"public, max-age={settings.PUBLIC_CACHE_SECONDS}"
            self.allow_compression(response)
        elif request.path_info.startswith(settings.UNCACHED_PATHS):
            # Django forgets it on the page for a new password.
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response

    def is_public(self, request, response):
        return (
            request.method in {"GET", "HEAD"}
            and response.status_code in self.statuses
            and not request.path_info.startswith(settings.UNCACHED_PATHS)
            and not response.has_header("Cache-Control")
            and not response.cookies
            and not has_vary_header(response, "Cookie")
        )

    def allow_compression(self, response):
        """Make the validators true of the page and of its compressed form alike.

        GZipMiddleware does so for a page, not for the 304 that renews it, and a cache may not renew
        a page by an answer whose entity tag differs.
        """
        patch_vary_headers(response, ["Accept-Encoding"])
        if not response.has_header("ETag"):
            set_response_etag(response)
        if response.get("ETag", "").startswith('"'):
            response["ETag"] = f"W/{response['ETag']}"
