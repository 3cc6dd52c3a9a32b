"""Each kind of value in both directions: from a cell to what a field holds, and from there to a cell.

What `render` writes, `clean` reads back as the same value, in either language. `clean` raises ValueError with
words for the editor; an empty cell gives what the field holds when nothing is known.
"""

from django.utils import translation
from django.utils.translation import gettext as _
from import_export import widgets

from desk.imports.cells import as_day, as_number, as_partial_date, as_text, as_yes_or_no, folded
from desk.imports.languages import in_each_language

SEPARATOR = "; "
_SEPARATORS = str.maketrans(dict.fromkeys("；、\n", ";"))


class TextWidget(widgets.Widget):
    """Words, a key or an address."""

    def clean(self, value, row=None, **kwargs):
        return as_text(value)

    def render(self, value, obj=None, **kwargs):
        return as_text(value or "")


class NumberWidget(widgets.Widget):
    """A number as exact as it is given; `whole` refuses fractions."""

    def __init__(self, *, whole=False):
        super().__init__()
        self.whole = whole

    def clean(self, value, row=None, *, percent=False, **kwargs):
        number = as_number(value, percent=percent)
        if number is None or not self.whole:
            return number
        if number != number.to_integral_value():
            raise ValueError(_("“%(value)s” is no whole number.") % {"value": as_text(value)})
        return int(number)

    def render(self, value, obj=None, **kwargs):
        """The number itself: a spreadsheet is to count with it."""
        return None if value is None else value


class PartialDateWidget(widgets.Widget):
    """A date known to the year, month, quarter … or day (`records.dates`)."""

    def clean(self, value, row=None, **kwargs):
        return as_partial_date(value)

    def render(self, value, obj=None, **kwargs):
        return value.text if value else ""


class DayWidget(widgets.Widget):
    """A single day."""

    def clean(self, value, row=None, **kwargs):
        return as_day(value)

    def render(self, value, obj=None, **kwargs):
        return value.isoformat() if value else ""


class YesNoWidget(widgets.Widget):
    def clean(self, value, row=None, **kwargs):
        return as_yes_or_no(value)

    def render(self, value, obj=None, **kwargs):
        return _("yes") if value else _("no")


class ChoiceWidget(widgets.Widget):
    """A value from a list: its label in either language, or its key."""

    def __init__(self, field):
        super().__init__()
        self.field = field
        self.empty = None if field.null else ""

    @property
    def keys(self):
        """{folded label or key: key}; a label that two values share is left out."""
        if not hasattr(self, "_keys"):
            found, shared = {}, set()
            for key, label in self.field.flatchoices:
                for word in {folded(text) for text in in_each_language(label)}:
                    if found.setdefault(word, key) != key:
                        shared.add(word)
            self._keys = {word: key for word, key in found.items() if word not in shared}
            self._keys |= {folded(key): key for key, _label in self.field.flatchoices}
        return self._keys

    def clean(self, value, row=None, **kwargs):
        text = as_text(value)
        if not text:
            return self.empty
        try:
            return self.keys[folded(text)]
        except KeyError:
            raise ValueError(
                _("“%(value)s” is not among: %(allowed)s.")
                % {"value": text, "allowed": ", ".join(self.allowed())}
            ) from None

    def allowed(self):
        """The labels in the language of the moment."""
        return [str(label) for _key, label in self.field.flatchoices]

    def render(self, value, obj=None, **kwargs):
        return str(dict(self.field.flatchoices).get(value, value)) if value else ""


class RowWidget(widgets.Widget):
    """Another row, named by its key (`known.KnownRows` says which there are)."""

    def __init__(self, known):
        super().__init__()
        self.known = known

    def clean(self, value, row=None, **kwargs):
        return self.known.named(as_text(value))

    def render(self, value, obj=None, **kwargs):
        return self.known.key_of(value) if value else ""


class RowsWidget(widgets.ManyToManyWidget):
    """Several other rows, named by their keys with semicolons between them; the order says nothing."""

    def __init__(self, known):
        super().__init__(known.model, separator=SEPARATOR, field=known.key)
        self.known = known

    def clean(self, value, row=None, **kwargs):
        return [self.known.named(text) for text in names_in(as_text(value))]

    def render(self, value, obj=None, **kwargs):
        rows = value.all() if hasattr(value, "all") else value or []
        return SEPARATOR.join(sorted({self.known.key_of(row) for row in rows}))


def names_in(text):
    """The names that stand in one cell, without repeats."""
    return list(dict.fromkeys(filter(None, (one.strip() for one in text.translate(_SEPARATORS).split(";")))))


def yes_and_no():
    """What a column of yes and no takes, in the language of the moment."""
    return [translation.gettext("yes"), translation.gettext("no")]
