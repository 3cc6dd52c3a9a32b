"""The page of one record: public, withdrawn (a tombstone) or not there; and the same record on paper."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.views import View

from records.dates import PartialDate
from records.models import State
from records.printing import CannotPrint, print_pdf


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
        context = {self.model._meta.model_name: record, **self.get_context(record)}
        return self.show(request, record, context)

    def show(self, request, record, context):
        """The answer for a public record."""
        return render(request, self.template_name, context)


class FactSheetMixin:
    """Makes a RecordDetailView answer with a PDF of one or two pages instead of a page.

    Where this machine cannot print, the answer is 503: a page that says why, and leads to the record.
    """

    kind = ""

    def groups(self, record, headline, leave_out):
        """What is stated, without the figures of the headline unless there is more to say of them."""
        said = [
            key
            for key in headline
            if record.figures(key) and not any(figure.has_more for figure in record.figures(key))
        ]
        return record.figure_groups(leave_out=(*leave_out, *said))

    def show(self, request, record, context):
        made_on = PartialDate(timezone.localdate().isoformat())
        context |= {"record": record, "kind": self.kind, "made_on": made_on}
        html = render_to_string(self.template_name, context, request)
        try:
            pdf, fingerprint = print_pdf(html)
        except CannotPrint as reason:
            context = {"record": record, "reason": str(reason)}
            return render(request, "records/fact_sheet_unavailable.html", context, status=503)
        filename = f"{record.slug}-fact-sheet-{get_language()}.pdf"
        return HttpResponse(
            pdf,
            content_type="application/pdf",
            headers={
                "Content-Disposition": f'inline; filename="{filename}"',
                "ETag": f'"{fingerprint}"',
                # For search engines the record's page is the original, and this a copy of it.
                "Link": f'<{record.get_absolute_url()}>; rel="canonical"',
            },
        )
