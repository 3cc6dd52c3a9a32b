"""Views of any listing: the page, and the same rows as a file."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views import View

from listings.exports import csv_response
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
    """A page of records to filter, sort and leaf through."""

    template_name = ""
    page_size = 25

    def get(self, request, **kwargs):
        query = request.GET.copy()
        query.pop("page", None)
        listing = Listing(self.get_filterset(query), request.path, request.GET, page_size=self.page_size)
        if not listing.errors and listing.last_page_url:
            return HttpResponseRedirect(listing.last_page_url)
        return render(
            request, self.template_name, {"listing": listing, **self.get_context()}, status=listing.status
        )

    def get_context(self):
        """More for the template; nothing here."""
        return {}


class ExportView(FilteredView):
    """The rows of the same query string as CSV, all of them."""

    columns = ()
    filename = ""

    def get(self, request, **kwargs):
        filterset = self.get_filterset(request.GET)
        problems = filterset.problems()
        if problems:
            lines = [
                _("Some filters were not understood."),
                *(f"{name}: {message}" for name, message in problems),
            ]
            return HttpResponse("\n".join(lines) + "\n", status=400, content_type="text/plain; charset=utf-8")
        return csv_response(self.columns, filterset.sorted_rows(), self.filename)
