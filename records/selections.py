"""Records that an address names one by one: `?zone=a&zone=b&project=c`.

Such an address is what a reader keeps, sends and edits by hand, so nothing in it is passed over in
silence: what was not found, was withdrawn, named twice or too much is told, and the rest is shown.
A draft is told as not found, in the words for an address that never was.
"""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl, urlencode

from django.core.validators import slug_re
from django.utils.translation import gettext as _

LONGEST_ECHO = 80  # Characters of an unknown address that are shown again.


@dataclass(frozen=True)
class Chosen:
    """One record that the address names, public or withdrawn."""

    parameter: str
    record: object

    @property
    def slug(self):
        return self.record.slug

    @property
    def is_withdrawn(self):
        return not self.record.is_public


class Selection:
    """Reads the records that a request names, in the order given, at most `most` of them.

    `kinds` maps each parameter to the rows it chooses from, in whatever state; what the public may
    see of them is decided here. `switches` are parameters that are 1 or left out, `boxes` those that
    hold what a reader typed to find more records by. With `keep_withdrawn` withdrawn records keep
    their place among the others; else they are set aside.
    Costs what fetching the rows costs, and one query more where something was not found.
    """

    def __init__(self, request, kinds, *, most, switches=(), boxes=(), keep_withdrawn=False):
        self.kinds = kinds
        self.most = most
        self.switches = switches
        self.known = (*kinds, *switches, *boxes)
        self.keep_withdrawn = keep_withdrawn
        self._given = _in_order(request)

    @cached_property
    def _named(self):
        """(parameter, slug) in the order given, without what is empty."""
        return [(name, text.strip()) for name, text in self._given if name in self.kinds and text.strip()]

    @cached_property
    def _found(self):
        """What the address names and the public may know of, by (parameter, slug)."""
        found = {}
        for name, rows in self.kinds.items():
            # What has not the form of a slug is no slug, and a database need not see it.
            slugs = {slug for parameter, slug in self._named if parameter == name and slug_re.match(slug)}
            records = list(rows.published().filter(slug__in=slugs)) if slugs else []
            missing = slugs - {record.slug for record in records}
            records += rows.withdrawn().filter(slug__in=missing) if missing else []
            found |= {(name, record.slug): Chosen(name, record) for record in records}
        return found

    @cached_property
    def _once(self):
        """Everything found, once, in the order given, and nothing set aside yet."""
        return [self._found[key] for key in dict.fromkeys(self._named) if key in self._found]

    @cached_property
    def _countable(self):
        return [one for one in self._once if self.keep_withdrawn or not one.is_withdrawn]

    # What is shown -------------------------------------------------------------------------------

    @property
    def shown(self):
        """What the page shows, in the order given."""
        return self._countable[: self.most]

    def records(self, parameter):
        """The public records of one kind that are shown."""
        return [one.record for one in self.shown if one.parameter == parameter and not one.is_withdrawn]

    @property
    def has_room(self):
        return len(self.shown) < self.most

    @property
    def switched_on(self):
        """The switches that are on."""
        return [name for name in self.switches if (name, "1") in self._given]

    def typed(self, box):
        """What the address holds of a box: one text, unless somebody wrote it by hand."""
        return [text for name, text in self._given if name == box]

    def pairs(self, *, without=None, switches=None):
        """(name, value) of what is shown, one left out, with the switches that are on or those given."""
        records = [(one.parameter, one.slug) for one in self.shown if one != without]
        return records + [(name, "1") for name in (self.switched_on if switches is None else switches)]

    def query(self, **changes):
        """The same as a query string."""
        return urlencode(self.pairs(**changes))

    # What is told --------------------------------------------------------------------------------

    @property
    def withdrawn(self):
        """Withdrawn records that were set aside."""
        return [] if self.keep_withdrawn else [one for one in self._once if one.is_withdrawn]

    @property
    def beyond(self):
        """What was found and is too much."""
        return self._countable[self.most :]

    @property
    def repeated(self):
        """What is named more than once; it is shown once."""
        return [one for one in self._once if self._named.count((one.parameter, one.slug)) > 1]

    @property
    def unknown(self):
        """(parameter, text) of what is not here."""
        return [(name, text) for name, text in dict.fromkeys(self._named) if (name, text) not in self._found]

    @property
    def strange(self):
        """Parameters that the page does not know."""
        return list(dict.fromkeys(name for name, _text in self._given if name not in self.known))

    def problems(self):
        """(parameter, message) for everything in the address that was not understood."""
        problems = [
            (
                _echo(name),
                _("There is no such parameter. There are: %(names)s.") % {"names": ", ".join(self.known)},
            )
            for name in self.strange
        ]
        problems += [
            (name, _("“%(value)s” is not one of the values.") % {"value": _echo(value)})
            for name, value in self._wrong_switches
        ]
        problems += [
            (name, _("“%(value)s” was not found.") % {"value": _echo(text)}) for name, text in self.unknown
        ]
        return problems

    def refusals(self):
        """(parameter, message) of all that keeps a file from being made: it cannot say what it lacks."""
        problems = self.problems()
        problems += [
            (one.parameter, _("“%(value)s” was withdrawn.") % {"value": one.record.name})
            for one in self.withdrawn
        ]
        problems += [
            (one.parameter, _("“%(value)s” is one too many.") % {"value": one.record.name})
            for one in self.beyond
        ]
        if not problems and not self.shown:
            problems = [(name, _("Nothing is named.")) for name in self.kinds]
        return problems

    @property
    def _wrong_switches(self):
        given = dict.fromkeys(self._given)
        return [(name, text) for name, text in given if name in self.switches and text not in ("", "1")]

    @property
    def is_untidy(self):
        """Whether the address holds more than what is shown."""
        return bool(self.problems() or self.withdrawn or self.beyond or self.repeated)

    @property
    def is_refused(self):
        """Whether the page is an error: a parameter was not understood, or nothing that was named is here."""
        return bool(self.strange or self._wrong_switches or (self._named and not self._once))


def _in_order(request):
    """(name, value) of the query string in its own order, which a QueryDict keeps only name by name."""
    raw = request.META.get("QUERY_STRING", "").encode("latin-1", "replace")
    return parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True)


def _echo(text):
    """What somebody wrote in an address, fit to be shown again."""
    return "".join(char if char.isprintable() else "\ufffd" for char in text[:LONGEST_ECHO])
