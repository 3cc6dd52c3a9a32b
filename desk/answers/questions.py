"""Asking somebody about a record, and answering what one was asked."""

from django import forms
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.answers.base import Done, record_of
from desk.models import Finding, Question
from records.models import Record, StaleTranslation, Statement
from records.pending import Refused, add_note
from records.territories import holds

LONGEST = 2000


class Ask:
    """Ask a colleague: the words are a note on the record, and lie on their desk."""

    name = "ask"
    label = gettext_lazy("Ask")
    takes = (Record, Statement, Finding, StaleTranslation)

    def form(self, user, data=None):
        """Whom to ask, and what."""
        return AskForm(user, data)

    def give(self, user, row, values):
        """Write the note and put it on somebody’s desk; raises Refused where they do not keep the record."""
        record, asked = record_of(row), values["asked"]
        if record is None:
            raise Refused(_("This is no longer there. Nothing was changed."))
        if not holds(record, asked):
            text = _("%(person)s does not keep “%(record)s”: choose somebody who does.")
            raise Refused(text % {"person": asked, "record": record})
        with transaction.atomic():
            words = f"{row}\n{values['text']}" if isinstance(row, Finding) else values["text"]
            put_to(asked, add_note(record, words[:LONGEST], by=user))
        return Done(_("%(person)s is asked about “%(record)s”.") % {"person": asked, "record": record})


class AskForm(forms.Form):
    """Colleagues, each with what they keep, and the words."""

    asked = forms.ModelChoiceField(get_user_model().objects.none(), label=gettext_lazy("Whom to ask"))
    text = forms.CharField(
        label=gettext_lazy("Question"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 60}),
    )

    def __init__(self, user, data=None):
        super().__init__(data)
        people = get_user_model().objects.filter(is_active=True, is_staff=True).exclude(pk=user.pk)
        people = people.prefetch_related("territories__city", "territories__zone").order_by("username")
        self.fields["asked"].queryset = people
        self.fields["asked"].label_from_instance = _with_territories


def _with_territories(person):
    places = _("administrator") if person.is_superuser else ", ".join(map(str, person.territories.all()))
    return f"{person.get_full_name() or person.get_username()} ({places or _('no territory')})"


class Reply:
    """Deal with what one was asked: in words, which go to the desk of whoever asked, or without."""

    name = "reply"
    label = gettext_lazy("Done")
    takes = (Question,)
    asks = {"text": gettext_lazy("Answer")}
    may_be_empty = True

    def give(self, user, row, values):
        """Take the question from the desk; an answer becomes a note, and lies on the desk of who asked."""
        with transaction.atomic():
            question = Question.objects.select_for_update().select_related("note").get(pk=row.pk)
            question.done_at = timezone.now()
            question.save(update_fields=["done_at"])
            asker, record = question.note.author, question.note.record
            # The question may have outlived the territory of whoever was asked.
            if values.get("text") and record is not None and holds(record, user):
                note = add_note(record, values["text"], by=user, pending=question.note.pending)
                if asker is not None and asker.is_active:
                    put_to(asker, note)
        return Done(_("Done: %(question)s") % {"question": question})


def put_to(person, note):
    """Put a note on somebody’s desk."""
    return Question.objects.create(note=note, asked=person)
