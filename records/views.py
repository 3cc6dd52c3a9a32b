"""The page of one record: public, withdrawn (a tombstone) or not there."""

from django.http import Http404
from django.shortcuts import render
from django.views import View

from records.models import State


def trail(*steps):
    """Breadcrumbs: (label, address) of each step; the last has no address."""
    return [(str(label), url) for label, url in steps]


class RecordDetailView(View):
    """Shows a published record, answers 410 with reason and date for a withdrawn one, 404 for any other."""

    http_method_names = ["get", "head", "options"]
    model = None
    template_name = ""

    def get_queryset(self):
        """Records in any state, with all that the page shows of them."""
        return self.model.objects.with_statements()

    def get_context(self, record):
        """More for the template than the record itself."""
        return {}

    def get_alternatives(self, record):
        """Public records to offer in place of a withdrawn one."""
        return []

    def get(self, request, slug):
        record = self.get_queryset().filter(slug=slug).first()
        if record is None or record.state not in (State.PUBLISHED, State.WITHDRAWN):
            raise Http404
        if record.state == State.WITHDRAWN:
            context = {"record": record, "alternatives": self.get_alternatives(record)}
            return render(request, "410.html", context, status=410)
        return render(
            request, self.template_name, {self.model._meta.model_name: record, **self.get_context(record)}
        )
