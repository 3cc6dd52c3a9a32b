from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from listings.search import SearchQuerySet
from records.languages import Localized
from records.models import Record, RecordQuerySet


class ProcedureQuerySet(SearchQuerySet, RecordQuerySet):
    pass


class Procedure(Record):
    """One step that an investor had to take, or still has to, and what became of it."""

    class Era(models.TextChoices):
        BEFORE = "before", _("Before the reform")
        AFTER = "after", _("After the reform")

    class Stage(models.TextChoices):
        """In the order in which a project meets them."""

        REGISTRATION = "company-registration", _("Company registration")
        SET_UP = "project-set-up", _("Project set-up")
        SERVICES = "government-services", _("Government services")
        COMMITMENTS = "commitments", _("Enterprise commitments")
        LAND = "land-and-planning", _("Land and planning")
        ENVIRONMENT = "environment", _("Environment")
        ENERGY = "energy", _("Energy")
        WATER = "water", _("Water and soil")
        HERITAGE = "heritage", _("Cultural relics")
        SAFETY = "safety", _("Safety")
        CONSTRUCTION = "construction", _("Construction")
        UTILITIES = "utilities", _("Utilities")
        COMPLETION = "completion", _("Completion")

    class Fate(models.TextChoices):
        GOVERNMENT = "government", _("Done by government")
        PROMISED = "promised", _("Signed as a promise")
        KEPT = "kept", _("Kept")
        CANCELLED = "cancelled", _("Cancelled")
        MERGED = "merged", _("Merged")
        UNKNOWN = "not-known", _("Not known")

    class Scope(models.TextChoices):
        """Of which place the text speaks that names the procedure."""

        SHANXI = "shanxi", _("Shanxi")
        SHANXI_CASE = "shanxi-case", _("One case in Shanxi")
        SHANGHAI = "shanghai", _("Shanghai")
        CHINA = "china", _("China in general")

    RESERVED_SLUGS = ("ledger",)
    search_fields = (
        *Record.search_fields,
        "office_en",
        "office_zh",
        "papers_en",
        "papers_zh",
        "law_en",
        "law_zh",
    )

    era = models.CharField(_("before or after"), max_length=6, choices=Era)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    stage = models.CharField(_("stage"), max_length=20, choices=Stage)
    fate = models.CharField(
        _("what became of it"),
        max_length=10,
        choices=Fate,
        blank=True,
        help_text=_("Only for procedures before the reform."),
    )
    became = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="takes_over", verbose_name=_("became")
    )
    scope = models.CharField(_("scope"), max_length=12, choices=Scope)
    scope_words_en = models.CharField(_("scope in words (English)"), max_length=120, blank=True)
    scope_words_zh = models.CharField(_("scope in words (Chinese)"), max_length=120, blank=True)
    office_en = models.CharField(_("office (English)"), max_length=250, blank=True)
    office_zh = models.CharField(_("office (Chinese)"), max_length=250, blank=True)
    papers_en = models.TextField(_("papers (English)"), blank=True, help_text=_("One a line."))
    papers_zh = models.TextField(_("papers (Chinese)"), blank=True, help_text=_("One a line."))
    papers_of_en = models.CharField(_("whose list of papers (English)"), max_length=250, blank=True)
    papers_of_zh = models.CharField(_("whose list of papers (Chinese)"), max_length=250, blank=True)
    result_en = models.TextField(_("what one gets (English)"), blank=True)
    result_zh = models.TextField(_("what one gets (Chinese)"), blank=True)
    law_en = models.CharField(_("law (English)"), max_length=300, blank=True)
    law_zh = models.CharField(_("law (Chinese)"), max_length=300, blank=True)
    after_reform_en = models.TextField(_("after the reform (English)"), blank=True)
    after_reform_zh = models.TextField(_("after the reform (Chinese)"), blank=True)
    replaces_en = models.TextField(_("takes over from (English)"), blank=True)
    replaces_zh = models.TextField(_("takes over from (Chinese)"), blank=True)
    notes_en = models.TextField(_("notes (English)"), blank=True)
    notes_zh = models.TextField(_("notes (Chinese)"), blank=True)
    recourse_en = models.CharField(_("whom to complain to (English)"), max_length=250, blank=True)
    recourse_zh = models.CharField(_("whom to complain to (Chinese)"), max_length=250, blank=True)
    certified_by_en = models.CharField(_("certified by (English)"), max_length=250, blank=True)
    certified_by_zh = models.CharField(_("certified by (Chinese)"), max_length=250, blank=True)
    certified_on = models.DateField(
        _("certified on"),
        null=True,
        blank=True,
        help_text=_("The day on which the office itself confirmed this page."),
    )

    objects = ProcedureQuerySet.as_manager()

    scope_words = Localized("scope_words")
    office = Localized("office")
    papers = Localized("papers")
    papers_of = Localized("papers_of")
    result = Localized("result")
    law = Localized("law")
    after_reform = Localized("after_reform")
    replaces = Localized("replaces")
    notes = Localized("notes")
    recourse = Localized("recourse")
    certified_by = Localized("certified_by")

    class Meta(Record.Meta):
        ordering = ["era", "order", "slug"]
        verbose_name = _("procedure")
        verbose_name_plural = _("procedures")
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=(Q(era="before") & ~Q(fate="")) | (Q(era="after") & Q(fate="")),
                name="procedure_fate_of_the_old_only",
                violation_error_message=_("A procedure before the reform has a fate; one after it has none."),
            ),
            models.CheckConstraint(
                condition=Q(became__isnull=True) | ~Q(became=models.F("id")),
                name="procedure_does_not_become_itself",
                violation_error_message=_("A procedure cannot become itself."),
            ),
            models.CheckConstraint(
                condition=Q(certified_on__isnull=True) | ~Q(certified_by_en="") | ~Q(certified_by_zh=""),
                name="procedure_certified_by_someone",
                violation_error_message=_("Say who certified it on that day."),
            ),
        ]

    def clean(self):
        super().clean()
        if self.became_id and self.became_id == self.pk:
            raise ValidationError({"became": _("A procedure cannot become itself.")})
        if self.became_id and self.became.era != self.Era.AFTER:
            raise ValidationError({"became": _("Choose a procedure of the time after the reform.")})

    def get_absolute_url(self):
        return reverse("business_environment:procedure", args=[self.slug])
