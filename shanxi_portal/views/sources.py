from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from listings.views import ListingView
from records.models import Source, Statement
from records.views import trail
from shanxi_portal.filters import SourceFilter


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
    context = {
        "source": found,
        "breadcrumbs": trail((_("Sources"), reverse("sources")), (found.publisher, "")),
        "supported": _by_record(found),
    }
    return render(request, "records/source_detail.html", context)


def _by_record(source):
    """(record, labels of the aspects it bears out): public ones only, in order of name."""
    statements = (
        Statement.objects.published()
        .filter(source=source)
        .select_related("aspect")
        .prefetch_related("record")
    )
    found = {}
    for statement in statements:
        labels = found.setdefault(_page_record(statement.record), [])
        if str(statement.aspect.label) not in labels:
            labels.append(str(statement.aspect.label))
    return sorted(found.items(), key=lambda item: str(item[0]))


def _page_record(record):
    """The record on whose page a part of it (an account, a value of an indicator) is shown."""
    return record if hasattr(record, "get_absolute_url") else record.owner
