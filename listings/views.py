"""Views of any listing: the page, and the same rows as a file."""

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views import View
from django_htmx.http import push_url

from listings.exports import csv_response, refusal
from listings.listing import Listing


class FilteredView(View):
    """Gives subclasses the filter set over the public rows. `queryset` is a callable, so that it is fresh."""

    http_method_names = ["get", "head", "options"]
    filterset_class = None

    def get_queryset(self):
        """The rows before filtering: always `published()`."""
        raise NotImplementedError

    def get_filterset(self, data):
        return self.filterset_class(data=data, queryset=self.get_queryset())


class ListingView(FilteredView):
    """A page of records to filter, sort and leaf through.

    To a browser that asks for a part of it (htmx), the same template answers with title and main part
    only. Caches are told that the two differ, and by which headers.
    """

    template_name = ""
    page_size = 25
    has_export = True
    layout, fragment_layout = "base.html", "fragment.html"

    def get(self, request, **kwargs):
        response = self.respond(request)
        patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
        return response

    def respond(self, request):
        query = request.GET.copy()
        query.pop("page", None)
        listing = Listing(self.get_filterset(query), request.path, request.GET, page_size=self.page_size)
        if not listing.errors and listing.last_page_url:
            return HttpResponseRedirect(listing.last_page_url)
        is_fragment = request.htmx and not request.htmx.history_restore_request
        context = {
            "layout": self.fragment_layout if is_fragment else self.layout,
            "listing": listing,
            "export_url": listing.export_url if self.has_export else "",
            **self.get_context(listing),
        }
        response = render(request, self.template_name, context, status=listing.status)
        if is_fragment and not listing.errors:
            # A form sends its empty fields too; the address that the reader keeps does without them.
            push_url(response, listing.url(page=listing.page.number))
        return response

    def get_context(self, listing):
        """More for the template than the listing; nothing here."""
        return {}


class ExportView(FilteredView):
    """The rows of the same query string as CSV, all of them."""

    columns = ()
    filename = ""

    def get(self, request, **kwargs):
        filterset = self.get_filterset(request.GET)
        problems = filterset.problems()
        if problems:
            return refusal(problems)
        return csv_response(self.columns, filterset.results.rows, self.filename)
