"""The values of a message as JSON, and as words when it is read: in whichever language that is.

A finding is stored once and read in two languages, so what is stored is "37.2, km²" and not its words.
"""

from decimal import Decimal

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from records.dates import PartialDate
from records.languages import choose
from records.units import plain_number, write_figure, write_number


def number(value, unit="", approximation=""):
    """A number with its unit, written as its source hedges it."""
    return {"number": plain_number(Decimal(value)), "unit": str(unit or ""), "hedge": approximation}


def date(value):
    """A day or a partial date."""
    return {"date": value.text if isinstance(value, PartialDate) else value.isoformat()}


def name(row):
    """The name of a record or of anything else that has one in two languages."""
    return {"key": row.pk, "name": [row.name_en, row.name_zh]}


def aspect(row):
    """What a statement is about."""
    return {"key": row.pk, "name": [row.label_en, row.label_zh]}


def source(row):
    """Who says it."""
    return {"key": row.pk, "name": [row.publisher_en, row.publisher_zh]}


def field(model, column):
    """The label of a field."""
    return {"field": [model._meta.label_lower, column]}


def choice(model, column, value):
    """One value from a list, as the list calls it."""
    return {"field": [model._meta.label_lower, column], "value": value}


def plain(text):
    """A text that is the same in both languages: a code, an address."""
    return {"text": str(text)}


def both(english, chinese):
    """A text that there is in two languages."""
    return {"words": [english, chinese]}


def several(values):
    """Several of these, in order, with commas between them."""
    return {"several": list(values)}


def value_of(statement, unit=""):
    """What a statement states, if it is a number, a date or a value from a list."""
    if statement.number is not None:
        return number(statement.number, unit or statement.aspect.unit, statement.approximation)
    if statement.date:
        return date(statement.date)
    return column_value(statement.content_type.model_class(), statement.aspect.column, statement.choice)


def column_value(model, column, value, unit=""):
    """What a column holds."""
    if isinstance(value, PartialDate):
        return date(value)
    if isinstance(value, int | Decimal):
        return number(value, unit)
    names = {one.name for one in model._meta.fields}
    return choice(model, column, value) if column in names else plain(value)


def in_words(facts):
    """{name: words} in the reader's language."""
    return {key: _words(value) for key, value in facts.items()}


def _words(value):
    if "number" in value:
        if not value["unit"] and not value["hedge"]:
            return write_number(Decimal(value["number"]))
        return write_figure(Decimal(value["number"]), value["unit"], approximation=value["hedge"])
    if "date" in value:
        return str(PartialDate(value["date"]))
    if "several" in value:
        return pgettext("between items of a list", ", ").join(map(_words, value["several"]))
    if "words" in value:
        return str(choose(*value["words"]))
    if "name" in value:
        return str(choose(*value["name"]) or _("not named"))
    if "field" in value:
        return _of_field(*value["field"], value.get("value"))
    return value["text"]


def _of_field(label, column, value):
    """The label of a field, or of one of its choices; the bare word where either is no more."""
    try:
        row = apps.get_model(label)._meta.get_field(column)
    except (LookupError, FieldDoesNotExist):
        return value or column
    if value is None:
        return str(row.verbose_name)
    return str(dict(row.flatchoices).get(value, value))


def without_names(facts):
    """The facts that count: who has been given another name is still the same."""
    return {key: _without_name(value) for key, value in facts.items()}


def _without_name(value):
    if "several" in value:
        return {"several": [_without_name(one) for one in value["several"]]}
    return {key: part for key, part in value.items() if key != "name"}
