"""The permit path: its questions, when a procedure is a step of it, and which step comes before which."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from business_environment.models import PathAnswer, PathQuestion, Prerequisite, ProcedureRule
from records.admin import CarriesStatements, KeyedAdmin, PartAdmin, StaffInline
from records.admin.choosing import RowsField
from records.models import Statement

# The fields of both kinds of rule: the same on the page of the procedure and on their own.
RULE_FIELDS = ("answers", ("reason_en", "reason_zh"), "is_reading")
PREREQUISITE_FIELDS = (("needs", "work_between"), ("reason_en", "reason_zh"), "is_reading")


class AnswerChoices(RowsField):
    """Answers to tick, each after its question: alone, "Yes" says nothing."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, answer):
        return _("%(label)s: %(text)s") % {"label": answer.question, "text": answer}


class PicksAnswers:
    """For the forms of a rule: its answers as boxes to tick."""

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name != "answers":
            return super().formfield_for_manytomany(db_field, request, **kwargs)
        return AnswerChoices(
            PathAnswer.objects.select_related("question"),
            required=False,
            label=db_field.verbose_name.capitalize(),
            help_text=db_field.help_text,
        )


class ProcedureRuleInline(PicksAnswers, StaffInline):
    model = ProcedureRule
    fieldsets = ((None, {"fields": RULE_FIELDS}),)
    show_change_link = True

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("procedure").prefetch_related("answers")


class PrerequisiteInline(StaffInline):
    model = Prerequisite
    fk_name = "procedure"
    autocomplete_fields = ("needs",)
    fieldsets = ((None, {"fields": PREREQUISITE_FIELDS}),)
    show_change_link = True

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("procedure", "needs")


class RuleAdmin(CarriesStatements, PartAdmin):
    """A rule of the path on a page of its own, with the sources that it cites.

    It can be deleted, public or not: a rule that no longer holds has to go, and the log of its procedure's
    page keeps that it did.
    """

    part_of = "procedure"
    list_select_related = ("procedure",)
    autocomplete_fields = ("procedure",)

    def get_deleted_objects(self, objs, request):
        """Statements go with their rule, without a permission of their own."""
        rows, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return rows, counts, lacking - {Statement._meta.verbose_name}, protected


@admin.register(ProcedureRule)
class ProcedureRuleAdmin(PicksAnswers, RuleAdmin):
    list_display = ("procedure", "answer_names", "is_reading")
    list_filter = ("is_reading", "answers")
    search_fields = ("procedure__slug", "procedure__name_en", "procedure__name_zh", "reason_en", "reason_zh")
    fieldsets = ((None, {"fields": ("procedure", *RULE_FIELDS)}),)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("answers")

    @admin.display(description=gettext_lazy("where the answer is"))
    def answer_names(self, rule):
        return ", ".join(str(answer) for answer in rule.answers.all()) or _("always")


@admin.register(Prerequisite)
class PrerequisiteAdmin(RuleAdmin):
    list_display = ("procedure", "needs", "work_between", "is_reading")
    list_filter = ("is_reading", "work_between")
    list_select_related = ("procedure", "needs")
    search_fields = (
        "procedure__slug",
        "procedure__name_en",
        "procedure__name_zh",
        "needs__name_en",
        "needs__name_zh",
        "reason_en",
        "reason_zh",
    )
    autocomplete_fields = ("procedure", "needs")
    fieldsets = ((None, {"fields": ("procedure", *PREREQUISITE_FIELDS)}),)


class PathAnswerForm(forms.ModelForm):
    """The key of an answer stands in addresses that people have sent: set once, then kept."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and "slug" in self.fields:
            self.fields["slug"].disabled = True


class PathAnswerFormSet(forms.BaseInlineFormSet):
    def clean(self):
        """Refuse to delete an answer that a rule names: without it the rule would hold more often."""
        super().clean()
        deleted = [form.instance for form in self.deleted_forms if form.instance.pk]
        problems = []
        for answer in deleted:
            names = [str(rule.procedure) for rule in answer.rules.select_related("procedure")]
            if names:
                text = _("“%(answer)s” cannot be deleted: a rule of %(procedures)s names it.")
                values = {"answer": answer, "procedures": get_text_list(names, _("and"))}
                problems.append(text % values)
        if problems:
            raise ValidationError(problems)


class PathAnswerInline(StaffInline):
    model = PathAnswer
    classes = ()
    form = PathAnswerForm
    formset = PathAnswerFormSet
    prepopulated_fields = {"slug": ("label_en",)}
    fieldsets = ((None, {"fields": (("label_en", "label_zh"), ("slug", "order"), ("note_en", "note_zh"))}),)


@admin.register(PathQuestion)
class PathQuestionAdmin(KeyedAdmin):
    key_source = "label_en"
    list_display = ("label_en", "label_zh", "slug", "takes_several", "order")
    list_display_links = ("label_en", "label_zh")
    search_fields = ("slug", "label_en", "label_zh")
    inlines = (PathAnswerInline,)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("label_en", "label_zh"),
                    ("slug", "order"),
                    ("help_en", "help_zh"),
                    "takes_several",
                )
            },
        ),
    )

    def get_deleted_objects(self, objs, request):
        """A question goes only while no rule names one of its answers: they would go with it."""
        rows, counts, lacking, protected = super().get_deleted_objects(objs, request)
        rules = ProcedureRule.objects.filter(answers__question__in=objs).select_related("procedure")
        return rows, counts, lacking, [*protected, *map(str, rules.distinct())]
