"""Names to choose from while one types in a search box."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from listings.search import matches
from listings.text.folding import fold
from listings.text.query import parse
from listings.text.records import NAME, rank
from listings.text.tokens import tokens
from projects.filters import ProjectFilter
from projects.models import Project
from zones.models import City, Industry, Zone

SHOWN = 8
# Of each kind so many of the best matches are looked at: in all but very common words these are all names.
LOOKED_AT = 100


def _named():
    """The rows whose names are offered, in the order of their kinds."""
    return (
        City.objects.all(),
        Industry.objects.filter(is_active=True),
        Zone.objects.published().order_by("slug"),
        Project.objects.published().order_by(*ProjectFilter.sorts[0].order_by),
    )


@require_safe
def suggest(request):
    """Options for a datalist: names in either language that match the text, first those that begin with it.

    Only a script asks for this, so what cannot be read is answered with 400 and nothing to show.
    """
    texts = request.GET.getlist("q")
    try:
        query = parse(texts[0] if texts else "")
    except ValidationError:
        query = None
    if query is None or len(texts) > 1 or request.GET.keys() - {"q"}:
        return HttpResponse(status=400)
    return render(request, "_suggestions.html", {"names": _names(query, texts[0]) if query else []})


def _names(query, text):
    """At most `SHOWN` names, each once: those in the reader's language where both match."""
    beginning = fold(text).strip()
    found = {}
    for rows in _named():
        for row in matches(rows.only("name_en", "name_zh"), query).best(LOOKED_AT):
            name = next((name for name in (row.name, row.other_name) if _matches(query, name)), None)
            if name and name not in found:
                found[name] = not fold(name).startswith(beginning)
    return sorted(found, key=found.get)[:SHOWN]


def _matches(query, name):
    return rank(query, [{NAME: tokens(name)}]) is not None
