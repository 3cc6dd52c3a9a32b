from django.utils.translation import gettext_lazy as _

from business_environment.filters.ordering import declared_order
from business_environment.models import Procedure
from listings.facets import NOT_STATED, ChoiceFacet
from listings.filters import ListingFilter, SearchFilter, Sort


class FateFacet(ChoiceFacet):
    """What became of a step before the reform.

    A step after it has no fate by rule, so "not stated" would be a lie: that is a value of its own.
    """

    NONE = "none"

    def values(self):
        return [*super().values(), (self.NONE, _("No fate: a step after the reform"))]

    def having(self, values):
        """Condition for rows with any of these fates, or with none."""
        condition = super().having([value for value in values if value != self.NONE])
        return condition | self.without() if self.NONE in values else condition

    def counts(self, queryset):
        """Number of rows by fate: one query."""
        counts = super().counts(queryset)
        return {self.NONE if value == NOT_STATED else value: number for value, number in counts.items()}


_STAGE = declared_order("stage", Procedure.Stage)


class ProcedureFilter(ListingFilter):
    """What the ledger of procedures can be filtered and sorted by."""

    q = SearchFilter()
    era = ChoiceFacet("era", Procedure.Era, label=_("Before or after"))
    stage = ChoiceFacet("stage", Procedure.Stage, label=_("Stage"))
    fate = FateFacet("fate", Procedure.Fate, label=_("What became of it"))
    scope = ChoiceFacet("scope", Procedure.Scope, label=_("Scope"))

    sorts = (
        # "before" comes first against the alphabet.
        Sort("order", _("Order of the path"), (_STAGE, "-era", "order", "slug")),
        Sort("name", _("Name"), ("name_en", "name_zh")),
    )
