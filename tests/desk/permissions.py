"""What the permission matrix is made of: the table of the document, rows of every kind, somebody to try."""

import re
from functools import cache, cached_property

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.template import Origin
from django.template.loaders.base import Loader
from django.test import RequestFactory
from django.urls import resolve, reverse
from django.utils import timezone

from desk.models import Finding, Import, ImportState, SignIn
from projects.models import Project
from records.models import (
    LoadedRecord,
    PendingChange,
    PendingState,
    Record,
    Route,
    Source,
    StaleTranslation,
    State,
    Version,
)
from records.snapshots import taken
from records.territories import path_to_record
from tests import factories as make

SECTION = "### The table"
WORDS = {"yes": "yes", "own": "own", "–": "no"}
# What the desk shows and no page of the administration is about.
ON_THE_DESK = (Finding, StaleTranslation)


class Blank(Loader):
    """Templates without a word: who may see a page is asked here, and not what it looks like."""

    def get_template_sources(self, template_name):
        yield Origin(name=template_name, template_name=template_name, loader=self)

    def get_contents(self, origin):
        return ""


def without_templates():
    """TEMPLATES as in the settings, with the templates of `Blank`."""
    options = settings.TEMPLATES[0]["OPTIONS"] | {"loaders": [f"{__name__}.Blank"]}
    return [settings.TEMPLATES[0] | {"APP_DIRS": False, "OPTIONS": options}]


def the_table():
    """{role: {(kind, what may be done): "yes", "own" or "no"}} as docs/editing.md has it."""
    text = (settings.BASE_DIR / "docs" / "editing.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\|(.+)\|$", text[text.index(SECTION) :].split("\n## ")[0], re.M)
    rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    roles, table = rows[0][2:], {role: {} for role in rows[0][2:]}
    for kinds, deeds, *cells in rows[2:]:
        for kind in kinds.split(", "):
            for deed in re.sub(r" [¹²³⁴⁵⁶⁷⁸⁹]$", "", deeds).split(", "):
                for role, cell in zip(roles, cells, strict=True):
                    assert (kind, deed) not in table[role], f"{kind}, {deed}: twice in the table."
                    table[role][kind, deed] = WORDS[cell]
    return table


class Ground:
    """Rows of every kind, inside and outside a territory: a city, and within it two zones."""

    def __init__(self):
        self.cities = make.make_city(), make.make_city()
        # The zones that are tried, which nothing else names, and those that all else lies in.
        self.zones = [make.make_zone(city=city, state=State.DRAFT) for city in self.cities]
        self.sites = [make.make_zone(city=city, state=State.DRAFT) for city in self.cities]
        self.rows = {model: self._made(model) for model in admin.site._registry}
        self.on_the_desk = {model: self._made(model) for model in ON_THE_DESK}
        for row in [row for rows in self.rows.values() for row in rows]:
            if isinstance(row, Record | Source):
                self._remember(row)

    def _remember(self, row):
        """A first version, to be brought back."""
        values = {"content": taken(row), "state": State.DRAFT, "route": Route.LOAD, "at": timezone.now()}
        Version.objects.create(record=row, number=1, **values)

    @cached_property
    def kinds(self):
        """{what a kind is called: its rows}"""
        every = self.rows | self.on_the_desk
        return {str(model._meta.verbose_name_plural): rows for model, rows in every.items()}

    def _made(self, model):
        """(inside, outside), or the only row of a kind that lies nowhere, or in the province alone."""
        maker = getattr(self, f"_{model._meta.model_name}", None)
        if maker:
            return [maker(city, site) for city, site in zip(self.cities, self.sites, strict=True)]
        return [self._lone(model)]

    def _zone(self, city, _site):
        return next(zone for zone in self.zones if zone.city == city)

    def _project(self, _city, site):
        return make.make_project(zone=site, state=State.DRAFT)

    def _policy(self, _city, site):
        return make.make_policy(zones=[site], state=State.DRAFT)

    def _cost(self, city, _site):
        return make.make_cost(cities=[city], state=State.DRAFT)

    def _indicator(self, city, _site):
        return make.make_indicator(cities=[city], state=State.DRAFT, values=0)

    def _transportlink(self, city, _site):
        return make.make_transport_link(from_city=city, state=State.DRAFT)

    def _park(self, _city, site):
        return make.make_park(site)

    def _zonerelation(self, city, site):
        return make.make_zone_relation(site, make.make_zone(city=city, state=State.DRAFT))

    def _milestone(self, _city, site):
        return make.make_milestone(make.make_project(zone=site, state=State.DRAFT))

    def _indicatorvalue(self, city, _site):
        return make.make_indicator(cities=[city], state=State.DRAFT).values.get()

    def _statement(self, _city, site):
        return make.make_statement(site)

    def _source(self, _city, site):
        return make.make_statement(site).source

    def _pendingchange(self, _city, site):
        project = make.make_project(zone=site)
        names, contents = (project.name_en, "A better name", project.name_en), []
        for name in names:
            Project.objects.filter(pk=project.pk).update(name_en=name)
            contents.append(taken(Project.objects.get(pk=project.pk)))
        base, wanted, _base = contents
        values = {
            "record": project,
            "base": base,
            "content": wanted,
            "author_name": "Li",
            "why": "Corrected.",
        }
        return PendingChange.objects.create(state=PendingState.REVIEW, **values)

    def _finding(self, _city, site):
        now = timezone.now()
        seen = {"first_seen": now, "last_seen": now, "fingerprint": "a", "severity": 3, "what": {}}
        return Finding.objects.create(record=site, check_name="level-not-stated", **seen)

    def _staletranslation(self, _city, site):
        part = {"part_type": ContentType.objects.get_for_model(site), "part_id": site.pk}
        text = {"field": "summary", "language": "en", "was": "山"}
        return StaleTranslation.objects.create(record=site, since=timezone.now(), **part, **text)

    @cached_property
    def whole_reform(self):
        return make.make_reform(state=State.DRAFT)

    @cached_property
    def steps(self):
        return [make.make_procedure(state=State.DRAFT) for _number in range(2)]

    def _lone(self, model):
        match model._meta.model_name:
            case "reform":
                return make.make_reform(parts=False, state=State.DRAFT)
            case "reformaccount" | "reformevent" | "legaltext" | "reformcase":
                assert self.whole_reform.pk
                return model.objects.get()
            case "accountpart":
                return self.whole_reform.accounts.get().parts.first()
            case "procedurerule":
                return make.make_procedure_rule(self.steps[0], make.make_path_answer())
            case "prerequisite":
                return make.make_prerequisite(*self.steps)
            case "pathquestion":
                return make.make_path_question()
            case "loadedrecord":
                kind = ContentType.objects.get_for_model(Source)
                return LoadedRecord.objects.create(content_type=kind, slug="a", content={})
            case "user":
                return User.objects.create_user("somebody")
            case "import":
                return Import.objects.create(
                    kind="zones", file_name="of-somebody.csv", state=ImportState.DONE
                )
            case "signin":
                return SignIn.objects.create(name_key="a", outcome=SignIn.Outcome.SIGNED_IN)
            case "group":
                return Group.objects.create(name="a group of nobody")
            case "region" | "procedure":
                return getattr(make, f"make_{model._meta.model_name}")(state=State.DRAFT)
        return getattr(make, f"make_{model._meta.model_name}")()

    def territory(self, of):
        """What somebody keeps of whom the table says “of a zone”, “of a city” or “of the province”."""
        return {
            "zone": [self.zones[0], self.sites[0]],
            "city": [self.cities[0]],
            "province": ["province"],
            "nothing": [],
        }[of]


class Visitor:
    """Somebody at the addresses of the administration. What they write is undone after each attempt."""

    def __init__(self, user):
        self.user, self.requests = user, RequestFactory()

    def ask(self, name, *args, data=None, query=None):
        """The answer of the view at an address, not written out where it need not be; None if it is refused.

        Without the middleware: the views themselves have to refuse.
        """
        path = reverse(f"admin:{name}", args=args)
        request = self.requests.get(path, query) if data is None else self.requests.post(path, data)
        request.user, request.session = self.user, self.session
        request._messages = FallbackStorage(request)
        request._dont_enforce_csrf_checks = True
        request.resolver_match = match = resolve(path)
        try:
            return match.func(request, *match.args, **match.kwargs)
        except (PermissionDenied, Http404):
            return None

    @cached_property
    def session(self):
        return SessionStore()

    def opens(self, name, *args, **asked):
        """Whether an address shows something, rather than sends away or refuses."""
        answer = self.ask(name, *args, **asked)
        return answer is not None and answer.status_code == 200

    def takes(self, name, *args, data):
        """The answer to a form, saved or shown again with what is wrong, then undone; None if refused."""
        with transaction.atomic():
            before = LogEntry.objects.count()
            answer = self.ask(name, *args, data=data)
            logged = LogEntry.objects.count() > before
            transaction.set_rollback(True)
        return answer if logged or (answer and answer.status_code == 200) else None

    @cached_property
    def listed(self):
        """A function: the keys of the rows in the list of a model; none where the list is refused."""

        @cache
        def keys(model):
            answer = self.ask(f"{base(model)}_changelist")
            return set(answer.context_data["cl"].queryset.values_list("pk", flat=True)) if answer else set()

        return keys

    @cached_property
    def can_open_form(self):
        """A function: whether there is a form for a new row of a model."""
        return cache(lambda model: self.opens(f"{base(model)}_add"))

    def does(self, name, *args, data, done):
        """Whether an attempt has done something, which `done()` says; then it is undone."""
        with transaction.atomic():
            self.ask(name, *args, data=data)
            result = done()
            transaction.set_rollback(True)
        return result

    def acts(self, action, row, before, after, **fields):
        """Whether an action of the list brings a row from one state to another."""
        rows = type(row)._base_manager.filter(pk=row.pk)
        with transaction.atomic():
            rows.update(**before)
            data = {"action": action, ACTION_CHECKBOX_NAME: [row.pk], **fields}
            result = self.does(
                f"{base(type(row))}_changelist", data=data, done=lambda: rows.filter(**after).exists()
            )
            transaction.set_rollback(True)
        return result


def base(model):
    return f"{model._meta.app_label}_{model._meta.model_name}"


def asking_field(model):
    """A field of a form that suggests rows of a model and does not say where a record lies; or None."""
    for asking in admin.site._registry:
        for field in (*asking._meta.fields, *asking._meta.many_to_many):
            if field.related_model is model and field.name not in getattr(asking, "territory_fields", ()):
                return field
    return None


def places_of(row):
    """What a form for a new row would say to lie where a row lies: {field: keys}."""
    if isinstance(row, Record):
        found = {}
        for name in row.territory_fields:
            value = getattr(row, name)
            keys = [one.pk for one in value.all()] if hasattr(value, "all") else [value and value.pk]
            found[name] = [key for key in keys if key]
        return {name: keys for name, keys in found.items() if keys}
    path = path_to_record(type(row))
    if path is None:
        return {}
    name = path[1].partition("__")[0]
    return {name: [getattr(row, name).pk]}
