"""Who keeps which records: what lies in somebody's territory, asked of the database or of one record.

Staff belong to zones, to cities or to the whole province (`zones.Territory`). A record lies where its kind
says (`Record.lies_in`), its parts and statements lie where it lies, and so does whatever points to it by kind
and key: pending changes, notes, versions, findings. Administrators hold everything.

`within(queryset, user)` gives what somebody sees, `holds(row, user)` says whether they may change a row.
The two differ for sources and reference data: everybody who has a territory reads them.
"""

from dataclasses import dataclass, field

from django.apps import apps
from django.contrib.auth import get_permission_codename
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from records.models import NOWHERE, Record, Source, Statement, carrying_models

EVERYWHERE = ~Q(pk__in=[])


@dataclass(frozen=True)
class Territories:
    """All that one person keeps: the province, or cities and zones by their keys."""

    everywhere: bool = False
    cities: frozenset = frozenset()
    zones: frozenset = frozenset()
    # Cities in which a zone of theirs lies; they need not keep the whole of them.
    cities_of_zones: frozenset = frozenset()
    # What `held` has worked out: a page of the administration asks for every kind several times.
    conditions: dict = field(default_factory=dict, compare=False, repr=False)

    @property
    def is_empty(self):
        return not (self.everywhere or self.cities or self.zones)


def of(user):
    """The territories of a person: one query, and none when asked again of the same object of that person.

    Everything for administrators. Like Django's permissions they are remembered with the person: fetch the
    person anew to see a change.
    """
    known = getattr(user, "_territories_kept", None)
    if known is None:
        known = user._territories_kept = _read(user)
    return known


def _read(user):
    if not user.is_active or not user.is_staff:
        return Territories()
    if user.is_superuser:
        return Territories(everywhere=True)
    rows = list(user.territories.values_list("province", "city", "zone", "zone__city"))
    return Territories(
        everywhere=any(province for province, *_places in rows),
        cities=frozenset(city for _province, city, *_zone in rows if city),
        zones=frozenset(zone for _province, _city, zone, _of_zone in rows if zone),
        cities_of_zones=frozenset(of_zone for *_others, of_zone in rows if of_zone),
    )


def names_of(user):
    """What somebody keeps, in words for themselves: "Changzhi, Lucheng zone"; empty for nobody's keeper."""
    if user.is_superuser:
        return _("the whole province")
    separator = pgettext("between the names of places", ", ")
    return separator.join(str(row) for row in user.territories.select_related("city", "zone"))


# Asked of the database


def within(queryset, user):
    """The rows of a queryset that somebody sees in the administration."""
    territories = of(user)
    if territories.everywhere:
        return queryset
    if territories.is_empty:
        return queryset.none()
    return queryset if is_read_by_all(queryset.model) else queryset.filter(held(queryset.model, territories))


def held(model, territories):
    """Condition for the rows of a model that may be changed by whoever has these territories.

    `NOWHERE` itself where they hold none of this kind, whatever rows there are.
    """
    if model not in territories.conditions:
        territories.conditions[model] = _held(model, territories)
    return territories.conditions[model]


def _held(model, territories):
    if territories.everywhere:
        return EVERYWHERE
    if territories.is_empty:
        return NOWHERE
    if issubclass(model, Record):
        return model.lies_in(territories)
    if model is Source:
        return _only_cited_in(territories)
    if pointer := _pointer_of(model):
        return _pointing_into(model, pointer, territories)
    path = path_to_record(model)
    return _part_of_held(*path, territories) if path else NOWHERE


def is_read_by_all(model):
    """Whether everybody with a territory sees all rows: sources, places, the vocabulary."""
    return not (issubclass(model, Record) or _pointer_of(model) or path_to_record(model))


def path_to_record(model):
    """(kind of record, lookup to it) of a model whose rows are parts of records; None for others."""
    for link in model._meta.fields:
        if link.many_to_one and link.remote_field.on_delete is models.CASCADE:
            upper = link.related_model
            if issubclass(upper, Record):
                return upper, link.name
            path = path_to_record(upper)
            return path and (path[0], f"{link.name}__{path[1]}")
    return None


def _pointer_of(model):
    """The generic foreign key by which rows of a model name what they are about, if they have one."""
    return next((one for one in model._meta.private_fields if isinstance(one, GenericForeignKey)), None)


def _part_of_held(model, lookup, territories):
    condition = held(model, territories)
    if condition is NOWHERE:
        return NOWHERE
    return Q(Exists(model._base_manager.filter(condition, pk=OuterRef(f"{lookup}__pk"))))


def _pointing_into(model, pointer, territories):
    """Rows about held records, parts and statements of them, or sources; each is looked up by its key."""
    wanted = NOWHERE
    for target in carrying_models() if model is Statement else _pointed_at():
        condition = held(target, territories)
        if condition is not NOWHERE:
            rows = target._base_manager.filter(condition, pk=OuterRef(pointer.fk_field))
            one = Q(Exists(rows), **{pointer.ct_field: ContentType.objects.get_for_model(target)})
            wanted = one if wanted is NOWHERE else wanted | one
    return wanted


def _pointed_at():
    """Every model that lies in territories, of which something else may be told."""
    ours = [model for model in apps.get_models() if issubclass(model, Record) or path_to_record(model)]
    return [*ours, Statement, Source]


def _only_cited_in(territories):
    """A source is changed by those who hold everything that cites it, were it a draft."""
    statements = Statement.objects.filter(source=OuterRef("pk"))
    return ~Q(Exists(statements.exclude(held(Statement, territories))))


# Asked of one row


def holds(row, user):
    """Whether somebody may change a row, as far as their territory goes: as it is saved, in one query.

    Of a row that is not saved yet: whether they may add it.
    """
    territories = of(user)
    if territories.everywhere or territories.is_empty:
        return territories.everywhere
    if row.pk is None:
        return _may_add(row, territories)
    condition = held(type(row), territories)
    return condition is not NOWHERE and type(row)._base_manager.filter(condition, pk=row.pk).exists()


def may_add(model, user):
    """Whether somebody may add rows of a model at all, as far as their territory goes."""
    territories = of(user)
    if issubclass(model, Record) and not territories.everywhere:
        return model.may_begin_in(territories)
    return holds_any(model, user)


def holds_any(model, user):
    """Whether there can be rows of a model that somebody may change."""
    return held(model, of(user)) is not NOWHERE


def _may_add(row, territories):
    if isinstance(row, Source):
        return True
    if isinstance(row, Record):
        named = [place for name in row.territory_fields for place in _named(row, name)]
        return row.would_lie_in(territories, named)
    upper = _upper(row)
    if upper is None:
        return False
    if upper.pk is None:
        return _may_add(upper, territories)
    condition = held(type(upper), territories)
    return condition is not NOWHERE and type(upper)._base_manager.filter(condition, pk=upper.pk).exists()


def _upper(row):
    """What a part, a statement or a note is directly about."""
    if pointer := _pointer_of(type(row)):
        return getattr(row, pointer.name)
    path = path_to_record(type(row))
    return getattr(row, path[1].partition("__")[0]) if path else None


# Where a record is put


def refusals(record, user, values):
    """Why a change of where a record lies is refused: {field: words}, empty if it is not.

    `record` is as it was before, or a new one; `values` maps fields to what they shall be: a row, None, or
    the rows of a many-to-many field. Whoever moves a record has to hold both where it was and where it goes.
    """
    territories = of(user)
    if territories.everywhere or not isinstance(record, Record) or not record.territory_fields:
        return {}
    found, places = {}, []
    for name in record.territory_fields:
        before = _named(record, name)
        after = _listed(values[name]) if name in values else before
        places += after
        strange = [one for one in after if one not in before and not record.takes_in(one, territories)]
        strange += [one for one in before if one not in after and not record.lets_go(one, territories)]
        if strange:
            text = _("%(place)s is not in your territory. Ask somebody who keeps both places to change this.")
            found[name] = text % {"place": strange[0]}
    if not found and not record.would_lie_in(territories, places):
        text = _("It would not lie in your territory: %(territories)s.")
        found[record.territory_fields[0]] = text % {"territories": names_of(user) or _("none")}
    return found


def _named(record, name):
    """The cities or zones that a field of a record names."""
    column = record._meta.get_field(name)
    if column.many_to_many:
        return list(getattr(record, name).all()) if record.pk else []
    return _listed(getattr(record, name) if getattr(record, column.attname) else None)


def _listed(value):
    if value is None:
        return []
    return [value] if isinstance(value, models.Model) else list(value)


def may_publish_kind(user, model):
    """Whether somebody may publish records of a kind, wherever they lie."""
    codename = get_permission_codename("publish", model._meta)
    return user.has_perm(f"{model._meta.app_label}.{codename}")
