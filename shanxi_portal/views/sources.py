from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from listings.views import ListingView
from records.models import Source, Statement
from records.views import trail
from shanxi_portal.filters import SourceFilter

# Statements that the page of a source reads.
MOST_STATEMENTS = 400


class SourceListView(ListingView):
    """Every source that bears out something on this site."""

    filterset_class = SourceFilter
    template_name = "records/source_list.html"
    has_export = False

    def get_queryset(self):
        return Source.objects.published()


@require_safe
def source(request, slug):
    """One source and all that it bears out, by record."""
    found = get_object_or_404(Source.objects.published(), slug=slug)
    supported, is_cut = _by_record(found)
    context = {
        "source": found,
        "breadcrumbs": trail((_("Sources"), reverse("sources")), (found.publisher, "")),
        "supported": supported,
        "is_cut": is_cut,
    }
    return render(request, "records/source_detail.html", context)


def _by_record(source):
    """[(record, labels of what it bears out)] of public records, by name; and whether there are more.

    A yearbook may bear out a hundred thousand: so many statements are read, those entered first.
    """
    statements = (
        Statement.objects.published()
        .filter(source=source)
        .select_related("aspect")
        .prefetch_related("record")
    )
    read = list(statements.order_by("pk")[: MOST_STATEMENTS + 1])
    found = {}
    for statement in read[:MOST_STATEMENTS]:
        labels = found.setdefault(_page_record(statement.record), [])
        if str(statement.aspect.label) not in labels:
            labels.append(str(statement.aspect.label))
    return sorted(found.items(), key=lambda item: str(item[0])), len(read) > MOST_STATEMENTS


def _page_record(record):
    """The record on whose page a part of it (an account, a value of an indicator) is shown."""
    return record if hasattr(record, "get_absolute_url") else record.owner
