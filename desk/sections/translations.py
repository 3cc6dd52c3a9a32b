"""Texts whose other language was changed and that were left as they are."""

from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.sections.base import Part, Row, Section, button, change_url
from desk.sections.records import day
from records.models import Source, StaleTranslation, Statement, carrying_models
from records.snapshots import whole
from records.territories import within
from records.translations import differences_by_words, label_of, parts_of


class Translations(Section):
    """Translations that are behind."""

    key = "translations"
    title = gettext_lazy("Translations behind")
    nothing = gettext_lazy("No translation is behind.")

    def parts(self, user):
        return [self._part(user, "", _("All"))]

    def choices(self, user):
        languages = StaleTranslation.Language.choices
        return self.parts(user) + [
            self._part(user, key, str(label), language=key) for key, label in languages
        ]

    def _part(self, user, key, label, **which):
        kinds = [model._default_manager.all() for model in [*carrying_models(), Source]]
        rows = within(StaleTranslation.objects.filter(**which), user).order_by("since", "pk")
        return Part(key, label, rows.prefetch_related(GenericPrefetch("record", kinds)), show_behind)


def show_behind(marks):
    """Texts that are behind, with what was changed in the other language."""
    rows = parts_of(marks)
    return [_row(mark, rows.get((mark.part_type_id, mark.part_id))) for mark in marks]


def _row(mark, part):
    record = whole(mark.record)
    holder = ContentType.objects.get_for_id(mark.part_type_id).model_class()
    values = {"text": capfirst(label_of(holder, mark.field)), "since": day(mark.since)}
    if mark.language == StaleTranslation.Language.ENGLISH:
        behind = _("%(text)s: the Chinese text was changed on %(since)s, the English one was not.") % values
    else:
        behind = _("%(text)s: the English text was changed on %(since)s, the Chinese one was not.") % values
    now = getattr(part, mark.other_column, "") if part else ""
    return Row(
        title=str(record or _("a record that is no longer there")),
        link=change_url(record) if record else "",
        kind=_("Statement") if holder is Statement else "",
        lines=[behind],
        pieces=differences_by_words(mark.was, now) if part else [],
        buttons=[button("translation-right", mark), button("ask", mark)] if record else [],
        order=mark.since,
    )
