"""Texts that were changed in one language and not in the other."""

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext_lazy as _

from records.checks.check import Checks, Row, Severity
from records.checks.words import choice, date, field
from records.models import Source, StaleTranslation, record_models

CHECKS = Checks()


def _kinds():
    return [*record_models(), Source]


@CHECKS.add(
    "translation-behind",
    of=_kinds,
    severity=Severity.WARNING,
    title=_("A text is older than its translation"),
    message=_("%(field)s: the other language was changed on %(day)s, this one (%(language)s) was not."),
)
def translation_behind(rows):
    """Marks of texts whose other language was changed after them (`records.translations`)."""
    kind = ContentType.objects.get_for_model(rows.model)
    marks = StaleTranslation.objects.filter(content_type=kind, object_id__in=rows.order_by().values("pk"))
    marks = list(marks.order_by("object_id", "pk"))
    records = rows.in_bulk({mark.object_id for mark in marks})
    for mark in marks:
        model = ContentType.objects.get_for_id(mark.part_type_id).model_class()
        column = f"{mark.field}_{'en' if mark.language == StaleTranslation.Language.ENGLISH else 'zh'}"
        facts = {
            "field": field(model, column),
            "language": choice(StaleTranslation, "language", mark.language),
            "day": date(mark.since.date()),
        }
        yield Row(records[mark.object_id], facts, f"{mark.part_type_id} {mark.part_id} {column}")
