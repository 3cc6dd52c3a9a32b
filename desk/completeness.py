"""How much of what an investor would want to know is stated: of a record, of a territory, and over time.

`WANTED` is the whole rule. For each kind it lists what is wanted and how much it weighs; the share of a
record is the weight of what is stated in hundredths of the weight of all. A territory has the mean of its
public records. All of it is worked out by the database, and kept for each territory every night
(`record_completeness`).
"""

import datetime
from dataclasses import dataclass

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Sum, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from desk.models import Completeness
from records.models import Aspect, Statement, record_models
from records.territories import Territories, held
from records.translations import label_of
from zones.models import City, Zone

# What is wanted of every record, and its weight.
OF_EVERY = {"both names": 1, "both summaries": 1, "a source": 2, "checked within a year": 2}
# And of each kind: a column, the two columns of a text (one is enough), a many-to-many field, rows that
# belong to the record, or after "said:" an aspect that some statement is about.
WANTED = {
    "zones.zone": {
        **{"level": 2, "area_km2": 2, "industries": 2, "established": 1, "county": 1, "coordinates_of": 1},
        **{"contact_phone": 2, "contact_name": 1, "website": 1},
        **{"said:companies": 1, "said:transport": 1, "said:land": 1, "said:price": 1},
    },
    "projects.project": {
        **{"city": 2, "investment_yuan": 2, "company": 2, "status_on": 2, "county": 1, "zone": 1},
        **{"origin_country": 1, "milestones": 1, "said:jobs": 1, "said:capacity": 1},
    },
    "business_environment.procedure": {
        **{"office": 2, "papers": 2, "law": 1, "result": 1, "recourse": 1, "certified_on": 1},
        **{"said:working-days": 2, "said:fee": 1},
    },
    "business_environment.policy": {"facts": 2, "date": 1, "valid_until": 1},
    "business_environment.indicator": {"values": 3},
    "business_environment.cost": {"said:price": 3},
    "business_environment.transportlink": {"from": 1, "to": 1, "said:travel-time": 1, "said:line-length": 1},
    "business_environment.reform": {"accounts": 2, "events": 1, "legal_texts": 1},
    "zones.region": {"said:advantage": 1},
}
LABELS = {
    "both names": _("the name in both languages"),
    "both summaries": _("the summary in both languages"),
    "a source": _("a source"),
    "checked within a year": _("a check within the last year"),
}
# How many of the least complete records a territory keeps by name.
LEAST = 20
# Days for which the rows of every day are kept.
KEPT_DAYS = 400


@dataclass(frozen=True)
class Wanted:
    """One thing that is wanted of a record: the condition holds where it is stated."""

    key: str
    weight: int
    condition: Q | Exists


def wanted_of(model):
    """All that is wanted of records of a kind."""
    items = OF_EVERY | WANTED.get(model._meta.label_lower, {})
    return [Wanted(key, weight, _condition(model, key)) for key, weight in items.items()]


def _condition(model, key):
    """When it is stated, as SQL: every item costs at most a look into an index for each row."""
    if key == "both names":
        return ~Q(name_en="") & ~Q(name_zh="")
    if key == "both summaries":
        return ~Q(summary_en="") & ~Q(summary_zh="")
    if key == "checked within a year":
        return Q(checked_on__gte=timezone.localdate() - datetime.timedelta(days=365))
    if key == "a source" or key.startswith("said:"):
        return _stated(model, key.removeprefix("said:") if key != "a source" else None)
    names = {field.name: field for field in model._meta.get_fields()}
    if f"{key}_en" in names:
        return ~Q(**{f"{key}_en": ""}) | ~Q(**{f"{key}_zh": ""})
    field = names[key]
    if field.many_to_many:
        link = field.remote_field.through if field.auto_created else getattr(model, key).through
        return Exists(link._default_manager.filter(**{field.m2m_field_name(): OuterRef("pk")}))
    if field.one_to_many:
        rows = field.related_model._default_manager
        return Exists(rows.filter(**{field.field.name: OuterRef("pk")}))
    is_text = isinstance(field, models.CharField) and not field.null
    return ~Q(**{key: ""}) if is_text else Q(**{f"{key}__isnull": False})


def _stated(model, aspect):
    kind = ContentType.objects.get_for_model(model)
    rows = Statement.objects.filter(content_type=kind, object_id=OuterRef("pk"))
    return Exists(rows.filter(aspect__key=aspect) if aspect else rows)


def scored(queryset):
    """The rows with `score`, the weight of what is stated, and `has_0`, `has_1` … as in `wanted_of`."""
    wanted = wanted_of(queryset.model)
    parts = {
        f"has_{number}": Case(When(one.condition, then=Value(1)), default=Value(0))
        for number, one in enumerate(wanted)
    }
    rows = queryset.order_by().annotate(**parts)
    score = sum((F(f"has_{number}") * one.weight for number, one in enumerate(wanted)), start=Value(0))
    return rows.annotate(score=score)


@dataclass(frozen=True)
class Share:
    """How complete one record is, in hundredths, and what is not stated of it, the most wanted first."""

    percent: int
    missing: tuple


def shares_of(model, keys):
    """{key: `Share`} of records of one kind, in one query."""
    wanted = wanted_of(model)
    whole = sum(one.weight for one in wanted)
    columns = [f"has_{number}" for number in range(len(wanted))]
    found = {}
    for pk, score, *has in scored(model._base_manager.filter(pk__in=keys)).values_list(
        "pk", "score", *columns
    ):
        missing = [one for one, stated in zip(wanted, has, strict=True) if not stated]
        missing.sort(key=lambda one: -one.weight)
        found[pk] = Share(100 * score // whole, tuple(one.key for one in missing))
    return found


def words_for(model):
    """{key: words} for all that is wanted of a kind, in the reader's language; one query at most."""
    keys = list(OF_EVERY | WANTED.get(model._meta.label_lower, {}))
    said = [key.removeprefix("said:") for key in keys if key.startswith("said:")]
    aspects = {row.key: str(row.label) for row in Aspect.objects.filter(key__in=said)} if said else {}
    return {key: _word_for(model, key, aspects) for key in keys}


def _word_for(model, key, aspects):
    if key in LABELS:
        return str(LABELS[key])
    if key.startswith("said:"):
        aspect = key.removeprefix("said:")
        return aspects.get(aspect, aspect)
    return label_of(model, key)


# Every night


def record_completeness(day=None):
    """Keep how complete every territory is on a day, today if none is given; gives how many rows were kept.

    A second run of a day takes the place of the first. Rows older than `KEPT_DAYS` go.
    """
    day = day or timezone.localdate()
    rows = [_row(day, Territories(everywhere=True))]
    rows += [_row(day, Territories(cities=frozenset({pk})), city_id=pk) for pk in _keys(City.objects)]
    rows += [
        _row(day, Territories(zones=frozenset({pk})), zone_id=pk) for pk in _keys(Zone.objects.published())
    ]
    with transaction.atomic():
        Completeness.objects.filter(Q(day=day) | Q(day__lt=day - datetime.timedelta(days=KEPT_DAYS))).delete()
        Completeness.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def _keys(rows):
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _row(day, territories, **place):
    """One territory on one day: a query or two for each kind that has records there."""
    row = Completeness(day=day, records=0, share=0, **place)
    shares, least = 0, []
    for model in record_models():
        condition = held(model, territories)
        public = scored(model.objects.published().filter(condition))
        found = _counted(public)
        if not found["records"]:
            continue
        whole = sum(one.weight for one in wanted_of(model))
        shares += 100 * found.pop("score") / whole
        row.records += found["records"]
        row.stated[model._meta.label_lower] = found
        ordered = public.order_by("score", "pk").values_list("score", "pk")[:LEAST]
        least += [(score / whole, model._meta.label_lower, pk) for score, pk in ordered]
    row.share = round(shares / row.records, 1) if row.records else 0
    row.least = [[kind, pk] for _share, kind, pk in sorted(least)[:LEAST]]
    return row


def _counted(rows):
    """How many records, the sum of their scores, and of how many each thing is stated, by its key."""
    wanted = wanted_of(rows.model)
    sums = {f"sum_{number}": Sum(f"has_{number}") for number in range(len(wanted))}
    found = rows.aggregate(records=Count("pk"), total=Sum("score"), **sums)
    stated = {one.key: found[f"sum_{number}"] for number, one in enumerate(wanted)}
    return {"records": found["records"], "score": found["total"]} | stated


# What the desk asks


def latest(user_territories, *, days=90):
    """The newest rows of somebody's territories, each with `.trend`: [(day, share), …] of the days before.

    The province with its cities, or cities and zones as they stand in the territories. Two queries.
    """
    mine = _of(user_territories)
    last = Completeness.objects.filter(mine).order_by("-day").values_list("day", flat=True)[:1]
    rows = list(Completeness.objects.filter(mine, day__in=last).select_related("city", "zone"))
    if not rows:
        return []
    since = rows[0].day - datetime.timedelta(days=days)
    past = Completeness.objects.filter(mine, day__gte=since).order_by("day")
    by_place = {}
    for city, zone, day, share in past.values_list("city", "zone", "day", "share"):
        by_place.setdefault((city, zone), []).append((day, share))
    for row in rows:
        row.trend = by_place[row.city_id, row.zone_id]
    # The province first, then the least complete.
    return sorted(rows, key=lambda row: (bool(row.city_id or row.zone_id), row.share, row.pk))


def _of(territories):
    if territories.everywhere:
        return Q(zone__isnull=True)
    return Q(city__in=territories.cities) | Q(zone__in=territories.zones)


def least_complete(rows, limit):
    """The least complete records of some rows of `latest`, as they are now: [(record, `Share`), …]."""
    by_kind = {}
    for label, pk in dict.fromkeys((kind, pk) for row in rows for kind, pk in row.least):
        by_kind.setdefault(apps.get_model(label), []).append(pk)
    found = []
    for model, keys in by_kind.items():
        shares = shares_of(model, keys)
        public = model.objects.published().filter(pk__in=keys)
        found += [(record, shares[record.pk]) for record in public if shares[record.pk].missing]
    found.sort(key=lambda one: (one[1].percent, one[0]._meta.label, one[0].pk))
    return found[:limit]
