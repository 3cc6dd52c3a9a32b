"""The moves of a record between its states on its own page, and the notes of those who make them."""

from itertools import pairwise

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _

from records import pending
from records.admin.panels import moves_of
from records.models import State, Version
from records.snapshots import LEFT_ALONE, differences, fingerprint, taken

# What “Still true” writes, of a record or a statement: it adds no second hand to what is said.
CHECKED = {"checked_on", "check_due_on", "checked_by"}
# Moves that need words with them.
WITH_A_NOTE = {"send_back_to_draft"}


class MovesMixin(admin.ModelAdmin):
    """For the page of a record: what the actions of its list do, one record at a time, with a note."""

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_move"
        view = self.admin_site.admin_view(self.move_view)
        return [path("<path:object_id>/move/", view, name=name), *super().get_urls()]

    def move_view(self, request, object_id):
        """POST: `move`, empty for a note alone; `note`; `seen`, the fingerprint of what the page showed."""
        record = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        if not self.has_change_permission(request, record):
            raise PermissionDenied
        back = HttpResponseRedirect(
            reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[record.pk])
        )
        if request.method != "POST":
            return back
        return self._moved(request, record) or back

    def _moved(self, request, record):
        """Make the move, or say why not; the page that asks for more where the move has one."""
        # The page that asks why a record is withdrawn posts the name of the action.
        move = request.POST.get("move", "") or request.POST.get("action", "")
        try:
            note = forms.CharField(required=False).clean(request.POST.get("note", ""))
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return None
        reason = self._reason_against(request, record, move, note)
        # A note is kept whether or not the move can be made: nobody has to write it twice.
        if pending.add_note(record, note[: pending.LONGEST_NOTE], by=request.user) and (reason or not move):
            self.message_user(request, _("Your note was kept."), messages.SUCCESS)
        if reason:
            self.message_user(request, reason, messages.ERROR)
            return None
        if not move:
            return None
        return getattr(self, move)(request, self.get_queryset(request).filter(pk=record.pk))

    def _reason_against(self, request, record, move, note):
        if not move:
            return "" if note else _("Write a note, or choose what to do with the record.")
        if move not in dict(moves_of(self, request, record)):
            return _("“%(record)s” cannot be moved like that: its state is “%(state)s”.") % {
                "record": record,
                "state": record.get_state_display(),
            }
        seen = request.POST.get("seen", "")
        if seen and seen != fingerprint(taken(record)):
            return _("“%(record)s” was changed after you opened its page. Look at it again first.") % {
                "record": record
            }
        if move in WITH_A_NOTE and not note:
            return _("Write a note that says what is to be done.")
        return ""

    def objection_to_publishing(self, request, record):
        """Why somebody may not publish a record, in words; an empty text where they may."""
        if not is_only_hand(record, request.user):
            return ""
        return _("nobody else has worked on it. Nobody publishes what they alone have written.")


def is_only_hand(record, user):
    """Whether what publishing a record would make public comes from one person alone."""
    versions = Version.objects.of(record)
    public = versions.filter(state=State.PUBLISHED).first()
    if public and not _says_more(record, public.content):
        return False
    since = versions.filter(number__gt=public.number if public else 0).order_by("number")
    return _hands(record, public, list(since)) == {user.pk}


def _hands(record, public, since):
    """The keys of those who made what a record says more than its last public version, if it had one."""
    made = [(before, version) for before, version in pairwise([public, *since]) if version.by_id]
    if not made:
        return {record.changed_by_id} - {None}
    return {version.by_id for before, version in made if not _only_checks(record, before, version)}


def _only_checks(record, before, version):
    """Whether a version differs from the one before in nothing but that something was found still true."""
    changed = differences(type(record), before.content if before else {}, version.content)
    return all(one.path.rpartition("/")[2] in CHECKED for one in changed)


def _says_more(record, public):
    """Whether a record says anything that its last public version did not."""
    changed = differences(type(record), public, taken(record))
    return any(one.path not in LEFT_ALONE for one in changed)
