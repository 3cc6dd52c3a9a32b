"""Figures that rest on sources of which one cannot be sure."""

from itertools import groupby

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from records.checks.check import Checks, Row, Severity
from records.checks.statements import SAME_VALUE, VALUED, statements_about, with_records
from records.checks.words import aspect, several
from records.models import Source, Statement, record_models

CHECKS = Checks()

WEAK_SOURCE = Q(source__kind=Source.Kind.MIRROR) | Q(source__reliability=Source.Reliability.C)


@CHECKS.add(
    "mirror-only",
    of=record_models,
    severity=Severity.NOTE,
    title=_("Only copies or doubtful sources bear it out"),
    message=_(
        "Only copies on other sites or sources graded C bear out: %(aspects)s. Look for the originals."
    ),
)
def mirror_only(rows):
    """Adopted figures for which no other kind of source is named; all those of a record together."""
    sound = Statement.objects.filter(
        ~WEAK_SOURCE,
        SAME_VALUE,
        content_type=OuterRef("content_type"),
        object_id=OuterRef("object_id"),
        aspect=OuterRef("aspect"),
    )
    weak = statements_about(rows).filter(~Exists(sound), WEAK_SOURCE, VALUED, adopted=True)
    for record, group in groupby(with_records(rows, weak), key=lambda pair: pair[0]):
        aspects = {one.aspect_id: one.aspect for _record, one in group}
        yield Row(record, {"aspects": several(map(aspect, aspects.values()))})
