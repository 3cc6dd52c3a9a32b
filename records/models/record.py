"""What every record is: an address, a name in two languages, a state, and statements with sources."""

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from records.figures import FiguresMixin
from records.languages import Localized, Other

# A condition that no row fulfils, to be recognised with `is`.
NOWHERE = Q(pk__in=[])


class State(models.TextChoices):
    """Where a record stands. Only `published` is public; `withdrawn` leaves a tombstone."""

    DRAFT = "draft", _("Draft")
    REVIEW = "in-review", _("In review")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class PublicQuerySet(models.QuerySet):
    """For what has no state of its own but carries statements: `public_when` says when it may be seen."""

    public_when = Q()

    def published(self):
        """What the public may see."""
        return self.filter(self.public_when)

    def with_statements(self):
        """Fetch every statement with its source and aspect: one query more, however many rows."""
        statements = apps.get_model("records.Statement").objects.select_related("source", "aspect")
        return self.prefetch_related(models.Prefetch("statements", statements))


class RecordQuerySet(PublicQuerySet):
    """The one place that says which records the public may see."""

    def published(self):
        """What the public may see. Every page, count, file, feed and search starts here."""
        return self.filter(state=State.PUBLISHED)

    def withdrawn(self):
        """Records whose address answers with a tombstone."""
        return self.filter(state=State.WITHDRAWN)

    def due(self, on):
        """Published records whose facts are to be checked again by the day `on`."""
        return self.published().filter(check_due_on__lte=on)

    def delete(self):
        """Delete drafts only; raises ProtectedError where one was ever public."""
        kept = list(self.exclude(state__in=Record.DELETABLE))
        if kept:
            raise models.ProtectedError(_("Withdraw a published record instead of deleting it."), kept)
        return super().delete()


class Record(FiguresMixin, models.Model):
    """Abstract base of all that staff keep and the public reads."""

    DELETABLE = (State.DRAFT, State.REVIEW)
    # Addresses beside those of the records that a record must not take.
    RESERVED_SLUGS = ()
    # The fields whose cities and zones say in which territory a record lies; none: in the whole province.
    territory_fields = ()
    # Fields that the public never sees: their changes are not told either.
    staff_fields = ()
    search_fields = ("name_en", "name_zh", "summary_en", "summary_zh")

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    name_en = models.CharField(_("name (English)"), max_length=250, blank=True)
    name_zh = models.CharField(_("name (Chinese)"), max_length=250, blank=True)
    name_en_translated = models.BooleanField(
        _("the English name is our translation"),
        default=False,
        help_text=_("No source read gives an English name."),
    )
    name_zh_translated = models.BooleanField(
        _("the Chinese name is our translation"),
        default=False,
        help_text=_("No source read gives a Chinese name."),
    )
    summary_en = models.TextField(_("summary (English)"), blank=True)
    summary_zh = models.TextField(_("summary (Chinese)"), blank=True)

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT, db_index=True)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    withdrawn_reason_en = models.CharField(_("reason for withdrawal (English)"), max_length=300, blank=True)
    withdrawn_reason_zh = models.CharField(_("reason for withdrawal (Chinese)"), max_length=300, blank=True)

    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    check_due_on = models.DateField(_("check due on"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("created by"),
    )
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("changed by"),
    )

    statements = GenericRelation("records.Statement")

    objects = RecordQuerySet.as_manager()

    name = Localized("name")
    other_name = Other("name")
    summary = Localized("summary")
    withdrawn_reason = Localized("withdrawn_reason")

    class Meta:
        abstract = True
        ordering = ["slug"]
        default_permissions = ("add", "change", "delete", "view", "publish")
        constraints = [
            models.CheckConstraint(
                condition=~Q(name_en="") | ~Q(name_zh=""),
                name="%(class)s_has_a_name",
                violation_error_message=_("Give a name in at least one language."),
            ),
            models.CheckConstraint(
                condition=~Q(state=State.WITHDRAWN)
                | (Q(withdrawn_on__isnull=False) & (~Q(withdrawn_reason_en="") | ~Q(withdrawn_reason_zh=""))),
                name="%(class)s_withdrawn_with_reason",
                violation_error_message=_(
                    "A withdrawn record needs the day and the reason of its withdrawal."
                ),
            ),
        ]

    def __str__(self):
        return str(self.name)

    @classmethod
    def lies_in(cls, territories):
        """Condition for the records that lie in some territories, which are not the whole province."""
        return NOWHERE

    @classmethod
    def may_begin_in(cls, territories):
        """Whether a new record of this kind can lie in these territories."""
        return cls.lies_in(territories) is not NOWHERE

    @classmethod
    def takes_in(cls, place, territories):
        """Whether people of these territories may put a city or zone into a field that says where it lies."""
        return place.is_in(territories)

    @classmethod
    def lets_go(cls, place, territories):
        """Whether they may take a city or zone out of such a field."""
        return cls.takes_in(place, territories)

    def would_lie_in(self, territories, places):
        """Whether it lies in the territories if its fields name these cities and zones: one is enough."""
        return any(place.is_in(territories) for place in places)

    def clean(self):
        """Refuse an address that another page has."""
        super().clean()
        if self.slug in self.RESERVED_SLUGS:
            raise ValidationError({"slug": _("Another page has this address.")})

    @property
    def remarks(self):
        """Remarks of the sources. Costs no query once the statements are fetched."""
        return self.figures("remark")

    @property
    def conflicts(self):
        """Where sources contradict each other. Costs no query once the statements are fetched."""
        return self.figures("conflict")

    @property
    def is_public(self):
        return self.state == State.PUBLISHED

    @property
    def name_is_translated(self):
        """Whether the name this reader sees is our own translation."""
        return self.name_zh_translated if self.name.lang.startswith("zh") else self.name_en_translated

    def delete(self, *args, **kwargs):
        """Delete a draft; raises ProtectedError for a record that was ever public."""
        if self.state not in self.DELETABLE:
            raise models.ProtectedError(_("Withdraw a published record instead of deleting it."), [self])
        return super().delete(*args, **kwargs)


def record_models():
    """Every concrete kind of record, in the order of the installed apps."""
    return [model for model in apps.get_models() if issubclass(model, Record)]
