"""Checks of projects: the order of what happened to them, and their parts."""

import datetime
from decimal import Decimal
from itertools import combinations, groupby

from django.db.models import DecimalField, ExpressionWrapper, F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.models import Milestone, Project
from records.checks import Checks, Row, Severity
from records.checks.statements import statements_about, with_records
from records.checks.words import aspect, both, choice, date, name, number
from records.fields import ends_before
from records.models import State, Statement
from records.units import Unit

CHECKS = Checks()

Kind, Status = Milestone.Kind, Project.Status
# The order in which things happen to a project, or to one phase of it.
STEPS = (Kind.SIGNED, Kind.STARTED, Kind.OPERATIONAL)
# A plant that is to work sooner after its groundbreaking was planned before the groundbreaking was put off.
SOON = datetime.timedelta(days=90)
STILL_BUILDING = 5  # years
M2_PER_KM2 = Decimal(1_000_000)


def _milestones(projects, kinds):
    """(project, milestones of one phase with a date) of projects that have at least two of these kinds."""
    keys = projects.order_by().values("pk")
    rows = Milestone.objects.filter(project__in=keys, kind__in=kinds, date__isnull=False)
    rows = rows.order_by("project_id", "phase_en", "phase_zh", "pk")
    phases = groupby(rows, key=lambda one: (one.project_id, one.phase_en, one.phase_zh))
    several = [(key[0], group) for key, rows in phases if len(group := list(rows)) > 1]
    records = projects.in_bulk({key for key, _group in several})
    return [(records[key], group) for key, group in several]


def _row(project, before, after):
    facts = {
        "before": choice(Milestone, "kind", before.kind),
        "before_on": date(before.date),
        "after": choice(Milestone, "kind", after.kind),
        "after_on": date(after.date),
    }
    return Row(project, facts, f"{before.pk} {after.pk}")


@CHECKS.add(
    "completed-before-started",
    of=[Project],
    severity=Severity.ERROR,
    title=_("Completed before it was started"),
    message=_("“%(after)s” is dated %(after_on)s, before “%(before)s”, %(before_on)s."),
)
def completed_before_started(projects):
    """Milestones of one phase in the wrong order: no day that the dates can mean makes them right."""
    for project, rows in _milestones(projects, STEPS):
        for one, other in combinations(sorted(rows, key=lambda row: STEPS.index(row.kind)), 2):
            first = one.date.first_day
            if one.kind != other.kind and first and other.date.last_day < first:
                yield _row(project, one, other)


@CHECKS.add(
    "expected-too-soon",
    of=[Project],
    severity=Severity.NOTE,
    title=_("Operation expected within weeks of the start of construction"),
    message=_(
        "“%(after)s”: %(after_on)s; “%(before)s”: %(before_on)s. One of the two is probably out of date."
    ),
)
def expected_too_soon(projects):
    """Phases that were to work before or within three months after construction of the project started."""
    keys = projects.order_by().values("pk")
    kinds = (Kind.STARTED, Kind.EXPECTED_OPERATIONAL)
    rows = Milestone.objects.filter(project__in=keys, kind__in=kinds, date__isnull=False)
    for _key, group in groupby(rows.select_related("project").order_by("project_id", "pk"), key=_of_project):
        group = list(group)
        starts = [row for row in group if row.kind == Kind.STARTED and row.date.first_day]
        for one in group:
            of_phase = [row for row in starts if row.phase_en in ("", one.phase_en)]
            start = max(of_phase, key=lambda row: row.date.first_day, default=None)
            if one.kind != Kind.STARTED and start and one.date.last_day < start.date.first_day + SOON:
                yield _row(one.project, start, one)


def _of_project(milestone):
    return milestone.project_id


@CHECKS.add(
    "milestone-twice",
    of=[Project],
    severity=Severity.ERROR,
    title=_("Two dates for one milestone"),
    message=_("“%(before)s” is dated %(before_on)s and %(after_on)s."),
)
def milestone_twice(projects):
    """What happens once to a project or a phase, and has two dates that cannot be the same day."""
    once = (Kind.SIGNED, Kind.STARTED, Kind.OPERATIONAL)
    for project, rows in _milestones(projects, once):
        for one, other in combinations(rows, 2):
            if one.kind == other.kind and _apart(one.date, other.date):
                yield _row(project, *sorted((one, other), key=lambda row: row.date))


def _apart(one, other):
    starts = (one.first_day, other.first_day)
    return all(starts) and (one.last_day < other.first_day or other.last_day < one.first_day)


@CHECKS.add(
    "status-behind-milestones",
    of=[Project],
    severity=Severity.ERROR,
    title=_("The status is behind the milestones"),
    message=_("The status is “%(status)s” as of %(as_of)s, and “%(kind)s” is dated %(day)s."),
    answers=("still_true",),
)
def status_behind_milestones(projects):
    """The status says less than a milestone that was passed by the day of the status."""
    said = {
        Status.ANNOUNCED: (Kind.STARTED, Kind.OPERATIONAL),
        Status.SIGNED: (Kind.STARTED, Kind.OPERATIONAL),
    }
    for status, kinds in said.items():
        behind = projects.filter(
            status=status, status_on__isnull=False, milestones__kind__in=kinds
        ).distinct()
        for project in behind.prefetch_related("milestones"):
            for one in project.milestones.all():
                if one.kind in kinds and one.date and one.date.last_day <= project.status_on.last_day:
                    yield Row(project, _status(project, one), f"{one.pk}")


@CHECKS.add(
    "operational-before-started",
    of=[Project],
    severity=Severity.ERROR,
    title=_("Operational before construction started"),
    message=_("The status is “%(status)s” as of %(as_of)s, and “%(kind)s” is dated %(day)s."),
    answers=("still_true",),
)
def operational_before_started(projects):
    """The whole is said to be at work on a day before its construction started."""
    rows = projects.filter(
        status=Status.OPERATIONAL, status_on__isnull=False, milestones__kind=Kind.STARTED
    ).distinct()
    for project in rows.prefetch_related("milestones"):
        for one in project.milestones.all():
            first = one.date and one.date.first_day
            if one.kind == Kind.STARTED and not one.phase_en and first and project.status_on.last_day < first:
                yield Row(project, _status(project, one), f"{one.pk}")


def _status(project, milestone):
    return {
        "status": choice(Project, "status", project.status),
        "as_of": date(project.status_on),
        "kind": choice(Milestone, "kind", milestone.kind),
        "day": date(milestone.date),
    }


@CHECKS.add(
    "status-old",
    of=[Project],
    severity=Severity.NOTE,
    title=_("Under construction for years"),
    message=_("It was under construction as of %(as_of)s. It may be finished or given up by now."),
    answers=("still_true",),
)
def status_old(projects):
    """Under construction when last heard of, more than five years ago."""
    today = timezone.localdate()
    limit = today.replace(year=today.year - STILL_BUILDING, day=min(today.day, 28))
    for project in projects.filter(ends_before("status_on", limit), status=Status.CONSTRUCTION):
        if project.status_on:
            yield Row(project, {"as_of": date(project.status_on)})


@CHECKS.add(
    "phase-larger-than-whole",
    of=[Project],
    severity=Severity.ERROR,
    title=_("A phase is larger than the whole"),
    message=_("%(aspect)s, %(part)s: %(of_part)s; the whole has %(of_whole)s."),
)
def phase_larger_than_whole(projects):
    """An adopted figure of a phase, above the adopted one of the same aspect that is of no phase."""
    same = {name: OuterRef(name) for name in ("content_type", "object_id", "aspect")}
    wholes = Statement.objects.filter(**same, adopted=True, part_en="", part_zh="")
    smaller = wholes.filter(
        Q(number_max__lt=OuterRef("number")) | Q(number_max=None, number__lt=OuterRef("number"))
    )
    phases = statements_about(projects).exclude(part_en="", part_zh="").filter(adopted=True)
    phases = phases.annotate(whole=Subquery(smaller.values("pk")[:1])).filter(whole__isnull=False)
    found = with_records(projects, phases)
    whole_ones = Statement.objects.in_bulk({one.whole for _project, one in found})
    for project, one in found:
        whole, unit = whole_ones[one.whole], project.unit_of(one)
        facts = {
            "aspect": aspect(one.aspect),
            "part": both(one.part_en, one.part_zh),
            "of_part": number(one.number, unit, one.approximation),
            "of_whole": number(whole.number_max or whole.number, unit, whole.approximation),
        }
        yield Row(project, facts, f"{one.aspect.key} {one.pk}", one)


@CHECKS.add(
    "project-larger-than-zone",
    of=[Project],
    severity=Severity.ERROR,
    title=_("A project has more land than its zone"),
    message=_("It has %(land)s of land, and %(zone)s has %(area)s."),
)
def project_larger_than_zone(projects):
    """Land in square metres, against the area of the zone in square kilometres."""
    inside = projects.filter(zone__area_km2__isnull=False).exclude(zone__state=State.WITHDRAWN)
    m2 = ExpressionWrapper(F("zone__area_km2") * M2_PER_KM2, DecimalField(max_digits=30, decimal_places=6))
    area = Project.objects.filter(pk=OuterRef("object_id")).values(m2=m2)[:1]
    land = statements_about(inside).filter(aspect__key="land", adopted=True)
    larger = land.filter(number__gt=Subquery(area))
    for project, one in with_records(inside.select_related("zone"), larger):
        facts = {
            "land": number(one.number, Unit.M2, one.approximation),
            "zone": name(project.zone),
            "area": number(project.zone.area_km2, Unit.KM2),
        }
        yield Row(project, facts, statement=one)
