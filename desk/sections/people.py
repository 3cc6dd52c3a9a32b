"""What colleagues ask, imports that stopped, and territories that nobody keeps."""

from collections import defaultdict
from functools import partial

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.imports.running import is_interrupted
from desk.models import Import, Question
from desk.models.importing import RUNNING, ImportState
from desk.sections.base import Part, Row, Section, button, change_url
from desk.sections.records import day
from records.territories import within

# The states of an import that somebody has to look after.
UNFINISHED = (*RUNNING, ImportState.CHECKED)


class Questions(Section):
    """What colleagues ask me, and what they answered."""

    key = "questions"
    title = gettext_lazy("Asked of me")
    nothing = gettext_lazy("Nobody has asked you anything.")

    def parts(self, user):
        rows = Question.objects.waiting_for(user).select_related("note__author", "note__content_type")
        return [Part("", _("All"), rows.prefetch_related("note__record"), partial(show_questions, user=user))]


def show_questions(questions, *, user):
    """Questions, with the record that each is about.

    Where that has left the territory of whoever was asked, only what kind of record it is.
    """
    seen = _seen_by(user, [question.note.record for question in questions])
    return [
        Row(
            title=_called(question.note.record, seen),
            link=change_url(question.note.record) if question.note.record in seen else "",
            kind=_("From %(who)s, %(when)s")
            % {"who": question.note.author_name, "when": day(question.note.at)},
            lines=question.note.text.splitlines(),
            buttons=[button("reply", question)],
            order=question.note.at,
        )
        for question in questions
    ]


def _called(record, seen):
    if record is None:
        return _("a record that is no longer there")
    return str(record) if record in seen else capfirst(record._meta.verbose_name)


def _seen_by(user, records):
    """Those among some records that somebody sees; one query for each kind."""
    kinds = defaultdict(set)
    for record in records:
        if record is not None:
            kinds[type(record)].add(record.pk)
    return {
        record
        for model, keys in kinds.items()
        for record in within(model._default_manager.filter(pk__in=keys), user)
    }


class Imports(Section):
    """My imports that wait for my word, or that stopped on the way."""

    key = "imports"
    title = gettext_lazy("Imports that wait or were interrupted")
    is_rare = True

    def is_for(self, user):
        return user.has_perm("desk.view_import")

    def parts(self, user):
        rows = Import.objects.light().filter(by=user, state__in=UNFINISHED).order_by("uploaded_at")
        return [Part("", _("All"), rows, show_imports)]


def show_imports(imports):
    """Imports with how far they are."""
    return [
        Row(
            title=str(one),
            link=change_url(one),
            kind=_("Interrupted") if is_interrupted(one) else one.get_state_display(),
            lines=[_("Uploaded %(when)s") % {"when": day(one.uploaded_at)}],
            order=one.uploaded_at,
        )
        for one in imports
    ]
