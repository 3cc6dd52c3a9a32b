"""What a visit to a form shares with its pending changes: asking for a reason, and proposing."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from records import pending
from records.merging import merge, with_new_rows_marked
from records.published_figures import figures_changed
from records.snapshots import fingerprint, taken


class Objected(Exception):
    """Raised instead of an answer by a form that was saved and may not be; says why."""


class Proposing:
    """The part of a `Visit` that ends in a pending change, or in a question before it."""

    def ask_why(self, record, before, after):
        """Raises Objected if two snapshots differ in a figure that the public reads."""
        changed = figures_changed(type(record), before, after)
        if changed:
            self.why_wanted = True
            names = ", ".join(dict.fromkeys(one.label for one in changed))
            raise Objected(_("Say why: a published figure changes (%(names)s).") % {"names": names})

    def propose(self, record, wanted, *, change=None, begun=None):
        """Keep what is wanted as the pending change of the user, and lead to it.

        Without `begun` there is no form to show again: raises Objected where a reason is missing.
        """
        is_part = change is None and begun is None
        if is_part:
            change = pending.open_change(record, self.user)
            wanted = self._on_top_of(change, record, wanted)
        base = change.base if change else taken(record)
        if change is None and fingerprint(with_new_rows_marked(wanted, base)) == fingerprint(base):
            self.tell(_("Nothing was changed."), messages.INFO)
            return HttpResponseRedirect(self.request.get_full_path())
        submit = "_continue" not in self.request.POST
        if submit and (begun or is_part) and not (self.why or (change and change.why)):
            try:
                self.ask_why(record, base, wanted)
            except Objected as objection:
                if is_part:
                    raise
                return self.objecting(record, begun, change, str(objection))
        change = pending.propose(record, wanted, by=self.user, why=self.why, submit=submit)
        if submit:
            self.admin.log_change(self.request, record, _("A change was submitted for review."))
            self.tell(
                _("Your change of “%(record)s” waits for review. The public sees it when it is approved.")
                % {"record": record},
                messages.SUCCESS,
            )
            return HttpResponseRedirect(reverse("admin:records_pendingchange_change", args=[change.pk]))
        self.tell(_("Your change was saved. Nobody reviews it before you submit it."), messages.SUCCESS)
        return self.to_change(change)

    def _on_top_of(self, change, record, wanted):
        """A part that was added or deleted on a page of its own, as a change of what the user has open."""
        now = taken(record)
        wanted = with_new_rows_marked(wanted, now)
        return merge(now, wanted, change.content)[0] if change else wanted

    def to_change(self, change):
        """Lead to the same page, with the form as the change wants the record."""
        query = self.request.GET.copy()
        query["pending"] = change.pk
        return HttpResponseRedirect(f"{self.request.path}?{query.urlencode()}")

    def turn_away(self, reason, change=None):
        """Lead to a pending change, or to all of them, and say why."""
        self.tell(str(reason), messages.ERROR)
        role, args = ("change", [change.pk]) if change else ("changelist", [])
        return HttpResponseRedirect(reverse(f"admin:records_pendingchange_{role}", args=args))

    def tell(self, text, level):
        """Say something on the next page."""
        self.admin.message_user(self.request, text, level)
