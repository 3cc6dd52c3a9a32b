"""Fields of forms that choose other rows: what is sent may be no key, or one that no row can have."""

from django import forms
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError

# What a key can be on either engine: 64 bits.
KEYS = range(-(2**63), 2**63)


class ChoosesRows(BaseModelAdmin):
    """For our pages and inlines: a form whose choices make no sense comes back and says so.

    Django looks up whatever was sent to show it again, and fails with what is no number (`ValueError`), or on
    SQLite with a number that is too long (`OverflowError`).
    """

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if "widget" not in kwargs and db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = RowSelect(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs.setdefault("form_class", RowsField)
        if "widget" not in kwargs and db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = RowSelectMultiple(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class RowsField(forms.ModelMultipleChoiceField):
    """Refuses by name what is no key, before the database is asked for it."""

    def clean(self, value):
        for key in value if isinstance(value, list | tuple) else ():
            if not _could_be_key(key):
                raise ValidationError(
                    self.error_messages["invalid_pk_value"], code="invalid_pk_value", params={"pk": key}
                )
        return super().clean(value)


class _Keys:
    """Shows again what could be a key; of the rest the message of the field tells."""

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [key for key in value if not key or _could_be_key(key)], attr)


class RowSelect(_Keys, AutocompleteSelect):
    """One row, found by typing."""


class RowSelectMultiple(_Keys, AutocompleteSelectMultiple):
    """Several rows, found by typing."""


def _could_be_key(key):
    try:
        return int(str(key)) in KEYS
    except ValueError:
        return False
