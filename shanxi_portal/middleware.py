"""What every request and response passes that Django has no middleware for."""

from django.conf import settings
from django.core.cache import caches
from django.http import HttpResponseNotModified
from django.middleware.http import ConditionalGetMiddleware
from django.shortcuts import render
from django.utils.cache import has_vary_header, patch_vary_headers, set_response_etag

from operations import metrics
from shanxi_portal.entity_tags import edition, held_variant, page_key, variant_of
from shanxi_portal.kept_pages import KeptPage


class SecurityHeaders:
    """Add the security headers that Django lacks."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if response.get("Content-Type", "").startswith("text/html"):
            # Only of pages: the viewers of some browsers show no PDF that asks for it.
            response.headers.setdefault("Cross-Origin-Embedder-Policy", "require-corp")
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


class ConditionalGet(ConditionalGetMiddleware):
    """Django's, which sends 304 or 412 in place of a response, and would leave that open.

    A file that is streamed holds a cursor of the database and one of the places for costly answers.
    """

    def process_response(self, request, response):
        answer = super().process_response(request, response)
        if answer is not response and response.streaming:
            response.close()
        return answer


class PublicCache:
    """Let anyone keep a public page for a while, as it is the same for everybody, and keep it here as well.

    A page that is known before it is made (`entity_tags`) is renewed, or served from the cache `pages`,
    without a view. It lies there under the version of the data, so nothing is ever thrown away.

    A view that sets Cache-Control itself is left alone, and so is a response that depends on a cookie.
    Pages of staff are kept by nobody, and neither is the answer that nothing is there: soon there may be, and
    from some networks it is all that can be seen of the administration.
    """

    statuses = {200, 301, 410}

    def __init__(self, get_response):
        self.get_response = get_response
        # Read now, so that no reader waits for it.
        edition()

    def __call__(self, request):
        key = page_key(request)
        if key is not None:
            if renewed := held_variant(request, key):
                metrics.PAGES.labels("renewed").inc()
                return self.describe(HttpResponseNotModified(), *renewed)
            if page := caches["pages"].get(key):
                metrics.PAGES.labels("late" if request.is_without_database else "cache").inc()
                request.trace.view = page.view
                return page.response_to(request)
            if request.is_without_database:
                # What is made meanwhile may be of a later version than the last that was heard of.
                key = None
        response = self.get_response(request)
        if self.is_public(request, response):
            return self.publish(request, response, key)
        if response.status_code == 404 or request.path_info.startswith(settings.UNCACHED_PATHS):
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

    def publish(self, request, response, key):
        """The response, with what caches need to know of it; ours has it from now on if it can."""
        # What has a tag of its own, a fact sheet, is large and kept elsewhere.
        variant = None if key is None or response.has_header("ETag") else variant_of(response, key)
        # Only what is there can be renewed: elsewhere preconditions count for nothing (RFC 9110, 13.2.1).
        if variant and response.status_code == 200:
            self.describe(response, *variant)
        else:
            self.describe_by_content(response)
        if not variant or response.streaming or not response.content or request.method == "HEAD":
            return response
        page = KeptPage.of(response, request.trace.view)
        metrics.PAGES.labels("view").inc()
        if len(page.body) <= settings.PAGE_CACHE_BYTES:
            caches["pages"].set(key, page)
        return page.response_to(request)

    def describe(self, response, tag, vary):
        """Say what a page is known by; the 304 that renews it says the same."""
        response["Cache-Control"] = f"public, max-age={settings.PUBLIC_CACHE_SECONDS}"
        response["Vary"] = vary
        response["ETag"] = tag
        return response

    def describe_by_content(self, response):
        """The same of a response that was not known beforehand: its tag is that of its content.

        It is weak, and so true of the compressed form too. GZipMiddleware makes it so for a page, not for the
        304 that renews it, and a cache may not renew a page by an answer whose entity tag differs.
        """
        patch_vary_headers(response, ["Accept-Encoding"])
        if not response.has_header("ETag"):
            set_response_etag(response)
        tag = response.get("ETag", "")
        if tag.startswith('"'):
            response["ETag"] = f"W/{tag}"
        response["Cache-Control"] = f"public, max-age={settings.PUBLIC_CACHE_SECONDS}"
