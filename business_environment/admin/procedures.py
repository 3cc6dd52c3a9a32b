from django.contrib import admin

from business_environment.admin.permit_path import PrerequisiteInline, ProcedureRuleInline
from business_environment.models import Procedure
from records.admin import RecordAdmin


@admin.register(Procedure)
class ProcedureAdmin(RecordAdmin):
    list_columns = ("era", "stage", "fate", "became", "order")
    filter_columns = ("era", "stage", "fate", "scope")
    list_select_related = ("became", "changed_by")
    autocomplete_fields = ("became",)
    inlines = (ProcedureRuleInline, PrerequisiteInline)
    what_fields = (
        ("era", "order"),
        "stage",
        ("fate", "became"),
        ("office_en", "office_zh"),
        ("law_en", "law_zh"),
        ("recourse_en", "recourse_zh"),
        ("certified_by_en", "certified_by_zh"),
        "certified_on",
    )
    where_fields = ("scope", ("scope_words_en", "scope_words_zh"))
    text_fields = (
        ("papers_en", "papers_zh"),
        ("papers_of_en", "papers_of_zh"),
        ("result_en", "result_zh"),
        ("after_reform_en", "after_reform_zh"),
        ("replaces_en", "replaces_zh"),
        ("notes_en", "notes_zh"),
    )
