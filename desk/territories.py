"""What the desk tells of territories: how complete they are and whither it goes, and which nobody keeps."""

from dataclasses import dataclass

from django.apps import apps
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk import completeness
from desk.sections.base import change_url

# Days that the trend looks back, and the box of its picture.
TRENDS = (30, 90)
WIDTH, HEIGHT = 90, 20


@dataclass(frozen=True)
class Line:
    """One territory: its share, the trend in words, and the same as points of a line."""

    place: str
    stated: str
    size: str
    trends: tuple
    points: str


@dataclass(frozen=True)
class Incomplete:
    """A record that much is missing of."""

    title: str
    link: str
    kind: str
    percent: int
    missing: str


@dataclass(frozen=True)
class Gap:
    """One thing that is wanted, and of how many records of a kind it is stated."""

    kind: str
    what: str
    stated: int
    of: int


def completeness_of(territories, *, records):
    """For a template: the territories, the gaps of the largest of them, and the least complete records."""
    rows = completeness.latest(territories, days=max(TRENDS))
    words = {}
    return {
        "day": rows[0].day if rows else None,
        "lines": [_line(row) for row in rows],
        "gaps": _gaps(rows[0], words) if rows else [],
        "gaps_of": rows[0].place if rows else "",
        "incomplete": [
            _incomplete(record, share, words) for record, share in completeness.least_complete(rows, records)
        ],
        "width": WIDTH,
        "height": HEIGHT,
    }


def _line(row):
    return Line(
        place=row.place,
        stated=_("%(number)s %%") % {"number": row.share},
        size=ngettext("%(count)d record", "%(count)d records", row.records) % {"count": row.records},
        trends=tuple(_trend(row, days) for days in TRENDS),
        points=_points(row),
    )


def _trend(row, days):
    """How the share has changed in so many days, in words."""
    before = [share for day, share in row.trend if (row.day - day).days >= days]
    if not before:
        return _("not known yet")
    change = row.share - before[-1]
    if not change:
        return _("the same")
    if change > 0:
        return _("up by %(points)s") % {"points": change}
    return _("down by %(points)s") % {"points": -change}


def _points(row):
    """The trend as points of an SVG line, in whole and tenths of pixels; nothing for a single day."""
    days = max(TRENDS)
    shown = [(day, share) for day, share in row.trend if (row.day - day).days <= days]
    if len(shown) < 2:
        return ""
    return " ".join(
        f"{WIDTH * (days - (row.day - day).days) / days:.1f},{HEIGHT * (100 - float(share)) / 100:.1f}"
        for day, share in shown
    )


def _gaps(row, words):
    """What is wanted, the least stated first."""
    found = []
    for label, counts in row.stated.items():
        model = apps.get_model(label)
        kind = capfirst(str(model._meta.verbose_name_plural))
        names = _words(model, words)
        for key, stated in counts.items():
            if key in names:
                found.append(Gap(kind, names[key], stated, counts["records"]))
    return sorted(
        (gap for gap in found if gap.stated < gap.of), key=lambda gap: (gap.stated / gap.of, -gap.of)
    )


def _words(model, words):
    if model not in words:
        words[model] = completeness.words_for(model)
    return words[model]


def _incomplete(record, share, words):
    names = _words(type(record), words)
    return Incomplete(
        title=str(record),
        link=change_url(record),
        kind=capfirst(str(record._meta.verbose_name)),
        percent=share.percent,
        missing="; ".join(names[key] for key in share.missing),
    )
