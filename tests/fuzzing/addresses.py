"""Every address of the site, from its own map of addresses, with what fits into each gap."""

import re
from functools import cached_property

from django.contrib import admin
from django.urls import get_resolver

from desk.answers import ANSWERS
from desk.sections import SECTIONS
from records.models import Source, record_models
from tests.hiding import FACET_VALUES, seeds
from zones.models import City

GAP = re.compile(r"<(?:(\w+):)?(\w+)>")
LANGUAGES = ("en", "zh-hans")
# A sheet takes a second to print, so few are asked for.
SLOW = "fact-sheet/"
KNOWN = {
    "language": LANGUAGES,
    "key": tuple(section.key for section in SECTIONS),
    "name": tuple(ANSWERS),
    "section": ("pages", "zones", "projects"),
    "kind": ("zones", "projects", "policies", "statements"),
    "number": ("1", "2"),
    "app_label": ("zones", "desk"),
    "url": ("zones", "nothing/here"),
}
# Words in queries that mean something somewhere; those of forms are read from the forms.
PARAMETERS = (
    *(
        "q",
        "page",
        "sort",
        "next",
        "zone",
        "project",
        "city",
        "lang",
        "build",
        "start",
        "in_force_on",
        "year",
    ),
    *("all", "o", "p", "e", "_popup", "_to_field", "_changelist_filters", "part", "back", "seen"),
    *(
        "app_label",
        "model_name",
        "field_name",
        "term",
        "state__exact",
        "id__in",
        "action",
        "object",
        "record",
    ),
    *("investment_from", "investment_below", "from", "to", "kind", "topic", "place", "unit", "part_of__slug"),
)


class Addresses:
    """The routes of the site and the values that fit them, of the records that there are."""

    def __init__(self):
        routes = list(dict.fromkeys(_walk(get_resolver().url_patterns)))
        self.staff = [route for route in routes if route[0].startswith("admin/")]
        self.public = [route for route in routes if route not in self.staff]
        self.public += [
            (f"zh-hans/{route.removeprefix('en/')}", name)
            for route, name in self.public
            if route.startswith("en/")
        ]
        self.seeds = sorted(set(seeds()))

    @cached_property
    def keys(self):
        """model -> keys of some rows, as texts."""
        return {
            model._meta.label_lower: [
                str(key) for key in model._base_manager.values_list("pk", flat=True)[:12]
            ]
            for model in admin.site._registry
        }

    @cached_property
    def slugs(self):
        """The names in addresses of all records, public and hidden, by where they stand."""
        found = {"cities": list(City.objects.values_list("slug", flat=True))}
        found["sources"] = list(Source.objects.values_list("slug", flat=True)[:12])
        for model in record_models():
            found[model._meta.model_name] = list(model.objects.values_list("slug", flat=True))
        return found

    @cached_property
    def parameters(self):
        """name -> values that mean something."""
        found = {name: [] for name in PARAMETERS}
        for facets in FACET_VALUES.values():
            for name, values in facets.items():
                found.setdefault(name, []).extend(values)
        return found

    def fitting(self, route, name, gap):
        """Values for a gap of a route that lead somewhere, or some that might."""
        parts = (name or "").split("_")
        if gap in ("object_id", "pk") and len(parts) > 1:
            return self.keys.get(f"{parts[0]}.{parts[1]}") or ["1"]
        if gap == "slug":
            folder = route.partition(f"<slug:{gap}>")[0].rstrip("/").rpartition("/")[2]
            return self._of_folder(folder)
        return list(KNOWN.get(gap, ("1", "2", "3")))

    def _of_folder(self, folder):
        if folder in self.slugs:
            return self.slugs[folder]
        singular = {"policies": "policy", "approvals": "procedure", "transport": "transportlink"}
        return self.slugs.get(singular.get(folder, folder.removesuffix("s"))) or ["public-zone"]


def _walk(patterns, before=""):
    """(route, name) of every address below these patterns; a regular expression is only one gap."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _walk(pattern.url_patterns, route)
        else:
            yield re.sub(r"\^?\(\?P<(\w+)>[^)]*\)/?\$?", r"<path:\1>", route), pattern.name
