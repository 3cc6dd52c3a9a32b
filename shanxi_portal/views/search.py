from collections import Counter
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from business_environment.models import Cost, Indicator, Policy, Procedure, Reform, TransportLink
from listings.filters import SearchFilter
from listings.search import matches, vocabulary
from listings.text.query import MAX_LENGTH, parse
from listings.text.spelling import corrections
from projects.filters import ProjectFilter
from projects.models import Project
from records.languages import mark_language
from zones.models import City, Industry, Region, Zone

BEST = 5


@dataclass(frozen=True)
class Kind:
    """One kind of record that search looks through.

    `listing` names the list that can show all matches; with `lists_rows` false it lists something else that
    is found by the same words, and so cannot promise the same number.
    """

    label: str
    rows: object
    listing: str = ""
    lists_rows: bool = True


def _kinds():
    return (
        Kind(
            gettext_lazy("Development zones"),
            Zone.objects.published().select_related("city").order_by("slug"),
            "zones:list",
        ),
        Kind(
            gettext_lazy("Projects"),
            Project.objects.published().select_related("city").order_by(*ProjectFilter.sorts[0].order_by),
            "projects:list",
        ),
        Kind(gettext_lazy("Cities"), City.objects.published()),
        Kind(gettext_lazy("Regions"), Region.objects.published()),
        Kind(
            gettext_lazy("Approval procedures"), Procedure.objects.published(), "business_environment:ledger"
        ),
        Kind(gettext_lazy("Reforms"), Reform.objects.published()),
        Kind(gettext_lazy("Policies"), Policy.objects.published(), "business_environment:policies"),
        # The list of indicators has a row for each of their values.
        Kind(
            gettext_lazy("Indicators"),
            Indicator.objects.published(),
            "business_environment:indicators",
            lists_rows=False,
        ),
        Kind(gettext_lazy("Costs"), Cost.objects.published(), "business_environment:costs"),
        Kind(gettext_lazy("Transport"), TransportLink.objects.published(), "business_environment:transport"),
    )


@dataclass
class Group:
    """The matches of one kind: how many, the best few or all, and where the rest is.

    `left_out` is the number of matches not shown, where the list at `more_url` is one of something else.
    """

    label: str
    count: int
    rows: list
    more_url: str = ""
    left_out: int = 0


@require_safe
def search(request):
    """Every kind of record that matches the text; a text that cannot be read is refused with the reason."""
    field = SearchFilter().field
    texts = request.GET.getlist("q")
    problems = [
        (name, _("There is no such filter. There are: %(names)s.") % {"names": "q"})
        for name in request.GET
        if name != "q"
    ]
    if len(texts) > 1:
        problems.append(("q", _("This filter takes one value, not several.")))
    text = texts[0] if texts else ""
    try:
        text = field.clean(text)
    except ValidationError as error:
        problems += [("q", message) for message in error.messages]
        text = ""
    query = parse("" if problems else text)
    groups = _groups(query, text) if query else []
    context = {
        "text": text,
        "query": query,
        "problems": problems,
        "groups": groups,
        "total": sum(group.count for group in groups),
        "asked": bool(query),
        "corrections": _corrections(query) if query and not groups else [],
    }
    return render(request, "search.html", context, status=400 if problems else 200)


def _groups(query, text):
    groups = []
    for kind in _kinds():
        found = matches(kind.rows, query)
        count = found.total
        if not count:
            continue
        more = f"{reverse(kind.listing)}?{urlencode({'q': text})}" if kind.listing and count > BEST else ""
        left_out = count - BEST if more and not kind.lists_rows else 0
        groups.append(Group(kind.label, count, found.best(BEST if kind.listing else None), more, left_out))
    return groups


def _corrections(query):
    """Texts spelt nearly as this one that find something, with their addresses."""
    kinds = [kind.rows for kind in _kinds()]
    words = sum((vocabulary(rows, query) for rows in kinds), Counter())
    # A letter put in may make a text longer than is read.
    texts = [one for one in corrections(query, words, _chinese_names(words)) if len(one) <= MAX_LENGTH]
    found = [text for text in texts if any(matches(rows, parse(text)).total for rows in kinds)]
    return [(mark_language(text), f"{reverse('search')}?{urlencode({'q': text})}") for text in found]


def _chinese_names(words):
    """Names of cities, counties and industries -> how often their first two characters are used."""
    names = {
        *City.objects.values_list("name_zh", flat=True),
        *Zone.objects.published().exclude(county_zh="").values_list("county_zh", flat=True),
        *Industry.objects.filter(is_active=True).values_list("name_zh", flat=True),
    }
    return {name: words.get(name[:2], 0) for name in names}
