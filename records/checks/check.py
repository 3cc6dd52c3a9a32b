"""What a check is: a function from rows of a table to what is wrong with them.

    CHECKS = Checks()

    @CHECKS.add(
        "area-below-zero",
        of=[Zone],
        severity=Severity.ERROR,
        title=_("Area below zero"),
        message=_("The area is %(area)s."),
    )
    def area_below_zero(zones):
        for zone in zones.filter(area_km2__lt=0):
            yield Row(zone, {"area": number(zone.area_km2, Unit.KM2)})

The function gets a part of the table: one record when it is saved, some thousands at night. It narrows them
down in SQL and yields a `Row` for each thing found. Where a row is about two records, it is yielded for
either of them, and is the same each time.
"""

import hashlib
import json
from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import pgettext_lazy

from records.checks.words import in_words, without_names
from records.models import Record, State

CHUNK = 5000


class Severity(models.IntegerChoices):
    """How grave a finding is; the gravest first."""

    ERROR = 1, pgettext_lazy("severity", "Error")
    WARNING = 2, pgettext_lazy("severity", "Warning")
    NOTE = 3, pgettext_lazy("severity", "Note")


@dataclass(frozen=True)
class Row:
    """One thing found of a record, a part that has statements, or a source.

    `facts` are the values of the message, as `records.checks.words` makes them. `subject` tells apart what
    one check finds of one record. `statement` is the one it is about, `other_statement` one that could be
    adopted instead; `other` is the second record, of the same kind. `same_while` are the facts that count
    where not all do: a link that has failed once more is the same finding.
    """

    record: object
    facts: dict = field(default_factory=dict)
    subject: str = ""
    statement: object = None
    other_statement: object = None
    other: object = None
    same_while: dict | None = None

    @property
    def fingerprint(self):
        """Stands for the facts: another one as soon as a value is another. Names do not count."""
        counting = without_names(self.facts) if self.same_while is None else self.same_while
        facts = json.dumps(counting, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(facts.encode()).hexdigest()


@dataclass(frozen=True)
class Check:
    """One rule: what it looks at, how grave a breach is, and in which words it is told."""

    name: str
    kinds: object
    severity: Severity
    title: str
    message: str
    answers: tuple
    find: object

    @property
    def models(self):
        """The models whose rows it looks at."""
        return list(self.kinds() if callable(self.kinds) else self.kinds)

    def rows(self, queryset):
        """What it finds of these rows."""
        return list(self.find(queryset))

    def everything(self):
        """What it finds in the whole of its tables, a part at a time."""
        for model in self.models:
            for part in parts_of(model):
                yield from self.find(part)

    def message_for(self, facts):
        """What is found, in the reader's language; the title where facts were kept for an older message."""
        try:
            return str(self.message) % in_words(facts)
        except (KeyError, ValueError):
            return str(self.title)


class Checks(dict):
    """Checks by name. Each app has one of these, and adds to it with the decorator `add`."""

    def add(self, name, *, of, severity, title, message, answers=()):
        """Register a function as the check `name`.

        `of` are models or a function that gives them; `message` takes the facts of a row by name; `answers`
        are the one-click answers that the desk offers besides dismissing.
        """

        def decorate(find):
            return self.register(Check(name, of, severity, title, message, tuple(answers), find))

        return decorate

    @classmethod
    def joined(cls, *parts):
        """All checks of several collections; raises ValueError where two have one name."""
        whole = cls()
        for part in parts:
            for check in part.values():
                whole.register(check)
        return whole

    def register(self, check):
        """Take up a check; raises ValueError where there is one of its name."""
        if check.name in self:
            raise ValueError(f"There are two checks named {check.name}.")
        self[check.name] = check
        return check


def checked_rows(model):
    """The rows of a model that are looked at: all but what is withdrawn."""
    rows = model._base_manager.order_by("pk")
    return rows.exclude(state=State.WITHDRAWN) if issubclass(model, Record) else rows


def parts_of(model, size=CHUNK):
    """The rows of a model, some thousand at a time, each part as a queryset of a range of keys."""
    keys = model._base_manager.order_by("pk").values_list("pk", flat=True)
    start = None
    while True:
        following = keys if start is None else keys.filter(pk__gt=start)
        ends = list(following[size - 1 : size]) or list(following.reverse()[:1])
        if not ends:
            return
        within = {"pk__lte": ends[0]} if start is None else {"pk__gt": start, "pk__lte": ends[0]}
        yield checked_rows(model).filter(**within)
        start = ends[0]
