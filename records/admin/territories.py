"""The administration shows to each person what lies in their territory, and lets nothing else be changed."""

from django import forms
from django.apps import apps
from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from records import territories
from records.models import NOWHERE, Record

NOT_YOURS = _("This is not in your territory, or is not there any more.")


class OfTerritory(admin.options.BaseModelAdmin):
    """For every page of ours: its rows, its permissions and the choices of its form end at the territory.

    What lies outside answers as what does not exist. Add it before the classes of Django.
    """

    def get_queryset(self, request):
        return territories.within(super().get_queryset(request), request.user)

    def has_add_permission(self, request):
        return super().has_add_permission(request) and territories.may_add(self.model, request.user)

    def has_view_permission(self, request, obj=None):
        allowed = super().has_view_permission(request, obj)
        if obj is None or territories.is_read_by_all(self.model):
            return allowed
        return allowed and self._holds(request, obj)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._holds(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self._holds(request, obj)

    def _holds(self, request, obj):
        """Whether a row, as it was when this was first asked, or any row at all, may be changed."""
        if obj is None or obj.pk is None:
            return territories.holds_any(self.model, request.user)
        known = request.__dict__.setdefault("_rows_held", {})
        key = (type(obj), obj.pk)
        if key not in known:
            known[key] = territories.holds(obj, request.user)
        return known[key]

    def get_form(self, request, obj=None, change=False, **kwargs):
        return limited(super().get_form(request, obj, change=change, **kwargs), request.user)

    def get_search_results(self, request, queryset, search_term):
        """Where it is asked for the choices of a field, those that this field takes."""
        queryset, may_repeat = super().get_search_results(request, queryset, search_term)
        asked_by = request.resolver_match and request.resolver_match.url_name
        if asked_by == "autocomplete":
            field = _asking_field(request)
            queryset = queryset.filter(choices(field, request.user)) if field else queryset
        return queryset, may_repeat


class InlineOfTerritory(admin.options.InlineModelAdmin):
    """The same for rows on the page of a record, which lies in the territory if one sees that page."""

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.form = limited(formset.form, request.user)
        return formset


def _asking_field(request):
    """The field whose choices are asked for, by the address that Django's own view has checked; or None."""
    try:
        model = apps.get_model(request.GET.get("app_label", ""), request.GET.get("model_name", ""))
        return model._meta.get_field(request.GET.get("field_name", ""))
    except (LookupError, FieldDoesNotExist):
        return None


def choices(field, user):
    """Condition for the rows that somebody may put into a field, as far as their territory goes."""
    kept, target = territories.of(user), field.related_model
    if kept.everywhere:
        return territories.EVERYWHERE
    if not territories.is_read_by_all(target):
        return territories.held(target, kept)
    if field.name in getattr(field.model, "territory_fields", ()):
        rows = target._default_manager.all()
        return Q(pk__in=[row.pk for row in rows if field.model.takes_in(row, kept)])
    return NOWHERE if kept.is_empty else territories.EVERYWHERE


def limited(form, user):
    """The same form; its choices take what lies in somebody's territory, and what is there already."""
    if territories.of(user).everywhere:
        return form
    return type(form)(form.__name__, (LimitedForm, form), {"user": user, "__doc__": form.__doc__})


class HeldFieldListFilter(admin.RelatedFieldListFilter):
    """A filter of a list that names what lies in the reader's territory: the rest may be drafts of others."""

    def field_choices(self, field, request, model_admin):
        ordering = self.field_admin_ordering(field, request, model_admin)
        limit = choices(field, request.user)
        return field.get_choices(include_blank=False, ordering=ordering, limit_choices_to=limit)


class LimitedForm(forms.ModelForm):
    """A form whose record stays in the territory of `user`."""

    user = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField) and not field.disabled:
                self._limit(name, field)

    def _limit(self, name, field):
        try:
            column = self._meta.model._meta.get_field(name)
        except FieldDoesNotExist:
            return
        # Of a new row the address says what to begin with: that may be anything.
        there = self.initial.get(name) if self.instance.pk else None
        there = there if isinstance(there, list) else [there]
        keys = [getattr(one, "pk", one) for one in there if one is not None]
        field.queryset = field.queryset.filter(choices(column, self.user) | Q(pk__in=keys))
        field.error_messages = {**field.error_messages, "invalid_choice": NOT_YOURS}

    def clean(self):
        """Refuse, at its field, to take a record into or out of a territory of somebody else."""
        values = super().clean()
        values = self.cleaned_data if values is None else values
        record = self.instance
        if isinstance(record, Record) and not set(record.territory_fields) & set(self.errors):
            named = {name: values[name] for name in record.territory_fields if name in values}
            for name, words in territories.refusals(record, self.user, named).items():
                self.add_error(name if name in self.fields else None, words)
        return values
