"""The page of a record, and the moves between its states."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import get_permission_codename
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from records import history
from records.admin.base import ONCE_PUBLIC
from records.admin.checks import CheckDueFilter, months_later
from records.admin.editing import EditingMixin
from records.admin.moves import MovesMixin
from records.admin.preview import PreviewMixin
from records.admin.statements import CarriesStatements
from records.models import Record, Route, State, Statement

WITHDRAWAL = ("withdrawn_on", "withdrawn_reason_en", "withdrawn_reason_zh")


class WithdrawForm(forms.Form):
    """Why a record is withdrawn, and since when: its tombstone says so to the public."""

    reason_en = forms.CharField(
        label=_("Reason (English)"), max_length=300, widget=forms.Textarea(attrs={"rows": 3, "cols": 45})
    )
    reason_zh = forms.CharField(
        label=_("Reason (Chinese)"), max_length=300, widget=forms.Textarea(attrs={"rows": 3, "cols": 45})
    )
    day = forms.DateField(
        label=_("Withdrawn on"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=timezone.localdate,
    )

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise ValidationError(_("This day has not come yet."))
        return day


class RecordAdmin(PreviewMixin, MovesMixin, EditingMixin, CarriesStatements):
    """The page of one kind of record. Subclasses name their fields under the headings they belong to."""

    what_fields = ()
    where_fields = ()
    figure_fields = ()
    text_fields = ()
    list_columns = ()
    filter_columns = ()

    search_fields = ("slug", "name_en", "name_zh")
    date_hierarchy = "changed_at"
    list_display_links = ("name_en", "name_zh")
    list_select_related = ("changed_by",)
    readonly_fields = ("state", "created_at", "created_by", "changed_at", "changed_by")
    actions = ("submit_for_review", "publish", "withdraw", "send_back_to_draft", "still_true")

    # What the lists and the form show

    def get_list_display(self, request):
        return ("name_en", "name_zh", "state", *self.list_columns, "check_due_on", "changed_at", "changed_by")

    def get_list_filter(self, request):
        missing = [(name, admin.EmptyFieldListFilter) for name in ("name_en", "name_zh")]
        return ("state", *self.filter_columns, CheckDueFilter, *missing)

    def get_search_fields(self, request):
        return ("slug", *self.model.search_fields)

    def get_fieldsets(self, request, obj=None):
        state = ["state", ("checked_on", "check_due_on")]
        if obj and obj.state == State.WITHDRAWN:
            state[1:1] = ["withdrawn_on", ("withdrawn_reason_en", "withdrawn_reason_zh")]
        if obj:
            state += [("created_at", "created_by"), ("changed_at", "changed_by")]
        names = [("name_en", "name_zh"), ("name_en_translated", "name_zh_translated"), "slug"]
        headings = [
            (_("What it is"), [*names, *self.what_fields]),
            (_("Where"), self.where_fields),
            (_("Figures"), self.figure_fields),
            (_("Text"), [("summary_en", "summary_zh"), *self.text_fields]),
            (_("State and checks"), state),
        ]
        return [(heading, {"fields": fields}) for heading, fields in headings if fields]

    def get_readonly_fields(self, request, obj=None):
        fields = [*super().get_readonly_fields(request, obj)]
        if obj and obj.state in ONCE_PUBLIC:
            fields.append("slug")
        if not self.has_publish_permission(request):
            fields += WITHDRAWAL
            if obj and obj.state == State.WITHDRAWN:
                # Its tombstone names it to the public, and no change of it waits for approval.
                fields += ("name_en", "name_zh")
        return fields

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ("name_en",)}

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """A tombstone keeps its day and reasons: they can be corrected, never emptied."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in WITHDRAWAL:
            field.required = True
        return field

    # Who may do what

    def has_publish_permission(self, request):
        codename = get_permission_codename("publish", self.opts)
        return request.user.has_perm(f"{self.opts.app_label}.{codename}")

    def has_delete_permission(self, request, obj=None):
        """Drafts only: what was public is withdrawn."""
        deletable = obj is None or obj.state in Record.DELETABLE
        return deletable and super().has_delete_permission(request, obj)

    def get_deleted_objects(self, objs, request):
        """Statements go with their draft, without a permission of their own."""
        rows, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return rows, counts, lacking - {Statement._meta.verbose_name}, protected

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def save_model(self, request, obj, form, change):
        if not change:
            obj.created_by = request.user
        obj.changed_by = request.user
        super().save_model(request, obj, form, change)

    # The moves between states

    @admin.action(description=_("Submit for review"), permissions=["change"])
    def submit_for_review(self, request, queryset):
        self._change_each(
            request,
            queryset,
            states=[State.DRAFT],
            changes={"state": State.REVIEW},
            log=gettext("Submitted for review."),
            done=ngettext_lazy("%(count)d record is in review.", "%(count)d records are in review.", "count"),
        )

    @admin.action(description=_("Publish"), permissions=["publish"])
    def publish(self, request, queryset):
        self._change_each(
            request,
            queryset,
            states=[State.DRAFT, State.REVIEW, State.WITHDRAWN],
            changes={
                "state": State.PUBLISHED,
                "withdrawn_on": None,
                "withdrawn_reason_en": "",
                "withdrawn_reason_zh": "",
            },
            log=gettext("Published."),
            done=ngettext_lazy("%(count)d record is published.", "%(count)d records are published.", "count"),
        )

    @admin.action(description=_("Withdraw"), permissions=["publish"])
    def withdraw(self, request, queryset):
        """Ask for the reason first; the page posts back to this action."""
        form = WithdrawForm(request.POST if "confirmed" in request.POST else None)
        if form.is_valid():
            values = form.cleaned_data
            self._change_each(
                request,
                queryset,
                states=[State.PUBLISHED],
                changes={
                    "state": State.WITHDRAWN,
                    "withdrawn_on": values["day"],
                    "withdrawn_reason_en": values["reason_en"],
                    "withdrawn_reason_zh": values["reason_zh"],
                },
                log=gettext("Withdrawn: %(reason)s") % {"reason": values["reason_en"]},
                done=ngettext_lazy(
                    "%(count)d record is withdrawn.", "%(count)d records are withdrawn.", "count"
                ),
            )
            return None
        context = self.admin_site.each_context(request) | {
            "title": gettext("Withdraw records"),
            "form": form,
            "opts": self.opts,
            "records": [record for record in queryset if record.is_public],
            "left_alone": [record for record in queryset if not record.is_public],
            "selected": [record.pk for record in queryset],
            "action_checkbox_name": admin.helpers.ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/withdraw.html", context)

    @admin.action(description=_("Send back to draft"), permissions=["publish"])
    def send_back_to_draft(self, request, queryset):
        """From review only: as a draft, what was public could be deleted."""
        self._change_each(
            request,
            queryset,
            states=[State.REVIEW],
            changes={"state": State.DRAFT},
            log=gettext("Sent back to draft."),
            done=ngettext_lazy(
                "%(count)d record is a draft again.", "%(count)d records are drafts again.", "count"
            ),
        )

    @admin.action(description=_("Still true today"), permissions=["change"])
    def still_true(self, request, queryset):
        today = timezone.localdate()
        self._change_each(
            request,
            queryset,
            states=[State.DRAFT, State.REVIEW, State.PUBLISHED],
            changes={"checked_on": today, "check_due_on": months_later(today, 6)},
            log=gettext("Checked: still true."),
            done=ngettext_lazy(
                "%(count)d record was checked today.", "%(count)d records were checked today.", "count"
            ),
        )

    def _change_each(self, request, queryset, *, states, changes, log, done):
        """Change every record that may be changed; say of each of the others why it was not."""
        count = 0
        for pk in list(queryset.values_list("pk", flat=True)):
            with transaction.atomic():
                record = self.model._default_manager.select_for_update().get(pk=pk)
                with history.keeping(record, by=request.user, route=Route.ACTION, why=log):
                    reasons = self._change_one(request, record, states, changes)
                if not reasons:
                    self.log_change(request, record, log)
                    count += 1
            for reason in reasons:
                text = gettext("%(record)s was left as it is: %(reason)s")
                self.message_user(request, text % {"record": record, "reason": reason}, messages.ERROR)
        if count:
            self.message_user(request, done % {"count": count}, messages.SUCCESS)

    def _change_one(self, request, record, states, changes):
        """The reasons why a record cannot be changed; none when it was."""
        if record.state not in states:
            return [gettext("its state is “%(state)s”.") % {"state": record.get_state_display()}]
        if changes.get("state") == State.PUBLISHED:
            objection = self.objection_to_publishing(request, record)
            if objection:
                return [objection]
        for name, value in changes.items():
            setattr(record, name, value)
        record.changed_by = request.user
        try:
            record.full_clean()
        except ValidationError as error:
            return [
                text if name == NON_FIELD_ERRORS else f"{self.opts.get_field(name).verbose_name}: {text}"
                for name, texts in error.message_dict.items()
                for text in texts
            ]
        record.save(update_fields=[*changes, "changed_by", "changed_at"])
        return []
