"""Names to choose from while one types in a search box."""

from django.core.exceptions import ValidationError
from django.db.models import Case, Q, Value, When
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from listings.search import fold, terms
from projects.models import Project
from zones.models import City, Industry, Zone

SHOWN = 8


def _named():
    """The rows whose names are offered, in the order of their kinds."""
    return (
        City.objects.all(),
        Industry.objects.filter(is_active=True),
        Zone.objects.published(),
        Project.objects.published(),
    )


@require_safe
def suggest(request):
    """Options for a datalist: names in either language that hold the text, first those that begin with it.

    Only a script asks for this, so what cannot be read is answered with 400 and nothing to show.
    """
    texts = request.GET.getlist("q")
    try:
        words = terms(texts[0] if texts else "")
    except ValidationError:
        words = None
    if words is None or len(texts) > 1 or request.GET.keys() - {"q"}:
        return HttpResponse(status=400)
    text = " ".join(fold(texts[0]).split()) if words else ""
    return render(request, "_suggestions.html", {"names": _names(text) if text else []})


def _names(text):
    """At most `SHOWN` names, each once: those in the reader's language where both hold the text."""
    found = {}
    for rows in _named():
        for row in _holding(rows, text):
            name = next(
                (name for name in (row.name, row.other_name) if text.casefold() in name.casefold()), None
            )
            if name and name not in found:
                found[name] = not name.casefold().startswith(text.casefold())
    return sorted(found, key=found.get)[:SHOWN]


def _holding(rows, text):
    """Rows of one kind whose name holds the text, those that begin with it first: one query."""
    begins = Q(name_en__istartswith=text) | Q(name_zh__istartswith=text)
    holds = Q(name_en__icontains=text) | Q(name_zh__icontains=text)
    place = Case(When(begins, then=Value(0)), default=Value(1))
    return rows.filter(holds).order_by(place, "slug").only("name_en", "name_zh")[:SHOWN]
