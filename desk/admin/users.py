"""The accounts of staff: their groups, what they keep, and how they sign in."""

import contextlib

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, User
from django.utils.text import get_text_list
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from desk.admin.signins import SignsIn, with_factors
from records.admin.choosing import ChoosesRows
from zones.models import Territory
from zones.unattended import left_alone, province_is_unattended, unattended

admin.site.unregister((User, Group))


class TerritoryFormSet(forms.BaseInlineFormSet):
    def clean(self):
        """Refuse the same place twice: the forms cannot see each other."""
        super().clean()
        taken = set()
        for form in self.forms:
            values = getattr(form, "cleaned_data", {})
            place = tuple(values.get(name) for name in ("zone", "city", "province"))
            if not any(place) or values.get("DELETE"):
                continue
            if place in taken:
                form.add_error(None, gettext("This person has this territory already."))
            taken.add(place)


class TerritoryInline(ChoosesRows, admin.StackedInline):
    model = Territory
    formset = TerritoryFormSet
    extra = 0
    autocomplete_fields = ("zone", "city")
    fields = ("province", "city", "zone")


@admin.register(Group)
class GroupAdmin(ChoosesRows, DjangoGroupAdmin):
    """What each group of staff may do."""


@admin.register(User)
class UserAdmin(SignsIn, ChoosesRows, DjangoUserAdmin):
    """Administrators appoint: who is staff, in which group, and of which territory."""

    list_display = ("username", "full_name", "group_names", "territory_names", "is_active", "second_factor")
    list_filter = ("is_active", "groups", "territories__city", "territories__province", "is_superuser")
    search_fields = (
        *DjangoUserAdmin.search_fields,
        "territories__zone__name_en",
        "territories__zone__name_zh",
    )
    inlines = (TerritoryInline,)
    actions = ("end_sessions", "reset_second_factors")
    readonly_fields = ("last_login", "date_joined", "second_factors", "last_sign_ins")
    fieldsets = (
        *DjangoUserAdmin.fieldsets,
        (_("How they sign in"), {"fields": ("second_factors", "last_sign_ins")}),
    )

    def get_queryset(self, request):
        rows = (
            super().get_queryset(request).prefetch_related("groups", "territories__city", "territories__zone")
        )
        return with_factors(rows)

    def get_inlines(self, request, obj):
        """A new account takes a name and a password; all else comes on the page after that."""
        return super().get_inlines(request, obj) if obj else []

    @admin.display(description=_("name"), ordering="last_name")
    def full_name(self, user):
        return user.get_full_name() or "–"

    @admin.display(description=_("groups"))
    def group_names(self, user):
        if user.is_superuser:
            return gettext("administrator")
        return ", ".join(group.name for group in user.groups.all()) or "–"

    @admin.display(description=_("territories"))
    def territory_names(self, user):
        if user.is_superuser:
            return gettext("the whole province")
        return ", ".join(str(one) for one in user.territories.all()) or "–"

    # Whoever takes the last editor away from a place is told, whichever way they do it.

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        with self._telling_what_is_left_alone(request):
            return super().changeform_view(request, object_id, form_url, extra_context)

    def delete_view(self, request, object_id, extra_context=None):
        with self._telling_what_is_left_alone(request):
            return super().delete_view(request, object_id, extra_context)

    def response_action(self, request, queryset):
        with self._telling_what_is_left_alone(request):
            return super().response_action(request, queryset)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        user = User.objects.get(pk=form.instance.pk)
        if change and user.is_active and user.is_staff and not user.is_superuser:
            self._say_what_is_missing(request, user)

    def _say_what_is_missing(self, request, user):
        if not user.territories.exists():
            text = gettext("%(user)s keeps no territory, and so sees and changes nothing.")
            self.message_user(request, text % {"user": user}, messages.WARNING)
        if not user.groups.exists():
            text = gettext("%(user)s is in no group, and so may do nothing.")
            self.message_user(request, text % {"user": user}, messages.WARNING)

    @contextlib.contextmanager
    def _telling_what_is_left_alone(self, request):
        if request.method != "POST":
            yield
            return
        before, province_before = unattended(), province_is_unattended()
        yield
        places = left_alone(before, unattended())
        if province_is_unattended() and not province_before:
            places.insert(0, gettext("the whole province"))
        if places:
            text = ngettext(
                "%(places)s has no editor now. Appoint one.",
                "%(places)s have no editor now. Appoint some.",
                len(places),
            )
            names = get_text_list(places, gettext("and"))
            self.message_user(request, text % {"places": names}, messages.WARNING)
