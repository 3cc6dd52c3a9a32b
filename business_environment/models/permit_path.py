"""By which rules the steps of a project are found: what one asks the investor, and what follows from it.

A procedure is a step of the path as soon as it has a rule. Both kinds of rule say why they hold: by a
source, which they then cite, or by our own reading, which the page says too.
"""

from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from business_environment.models.procedure import Procedure
from records.figures import FiguresMixin
from records.languages import Localized
from records.models import PublicQuerySet, State


def refuse_if_used(**answers):
    """Raises ProtectedError where a rule names one of these answers: without it the rule would say more."""
    used = list(ProcedureRule.objects.filter(**answers).distinct())
    if used:
        raise models.ProtectedError(_("A rule names this answer. Change the rule first."), used)


class PathQuestionQuerySet(models.QuerySet):
    def delete(self):
        """Raises ProtectedError where a rule names one of the answers, which would go with their question."""
        refuse_if_used(answers__question__in=self)
        return super().delete()


class PathQuestion(models.Model):
    """Something that decides which steps apply: what is built, on which kind of site."""

    # Parameters of the page that are no questions.
    RESERVED_SLUGS = ("start",)

    slug = models.SlugField(
        _("key"), max_length=40, unique=True, help_text=_("Stands in the address of every path.")
    )
    label_en = models.CharField(_("label (English)"), max_length=100)
    label_zh = models.CharField(_("label (Chinese)"), max_length=100)
    help_en = models.CharField(_("explanation (English)"), max_length=300, blank=True)
    help_zh = models.CharField(_("explanation (Chinese)"), max_length=300, blank=True)
    takes_several = models.BooleanField(
        _("takes several answers, or none"),
        default=False,
        help_text=_("Otherwise it takes exactly one, and has to be answered."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = PathQuestionQuerySet.as_manager()

    label = Localized("label")
    help = Localized("help")

    class Meta:
        ordering = ["order", "slug"]
        verbose_name = _("question of the permit path")
        verbose_name_plural = _("questions of the permit path")

    def __str__(self):
        return str(self.label)

    def clean(self):
        """Refuse a key that the page has another use for."""
        if self.slug in self.RESERVED_SLUGS:
            raise ValidationError({"slug": _("The page uses this key for something else.")})

    def delete(self, *args, **kwargs):
        """Raises ProtectedError where a rule names one of its answers, which would go with it."""
        refuse_if_used(answers__question=self)
        return super().delete(*args, **kwargs)


class PathAnswerQuerySet(models.QuerySet):
    def delete(self):
        """Raises ProtectedError where a rule names one of them: without it the rule would say more."""
        refuse_if_used(answers__in=self)
        return super().delete()


class PathAnswer(models.Model):
    """One answer to a question of the permit path."""

    question = models.ForeignKey(
        PathQuestion, models.CASCADE, related_name="answers", verbose_name=_("question")
    )
    slug = models.SlugField(_("key"), max_length=40, unique=True)
    label_en = models.CharField(_("label (English)"), max_length=100)
    label_zh = models.CharField(_("label (Chinese)"), max_length=100)
    note_en = models.CharField(_("explanation (English)"), max_length=300, blank=True)
    note_zh = models.CharField(_("explanation (Chinese)"), max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = PathAnswerQuerySet.as_manager()

    label = Localized("label")
    note = Localized("note")

    class Meta:
        ordering = ["question__order", "order", "slug"]
        verbose_name = _("answer of the permit path")
        verbose_name_plural = _("answers of the permit path")

    def __str__(self):
        return str(self.label)

    def delete(self, *args, **kwargs):
        """Raises ProtectedError where a rule names it: without it the rule would say more."""
        refuse_if_used(answers=self)
        return super().delete(*args, **kwargs)


class PartOfProcedureQuerySet(PublicQuerySet):
    public_when = Q(procedure__state=State.PUBLISHED)


class PartOfProcedure(FiguresMixin, models.Model):
    """Abstract: a rule of the path, public with its procedure, with the reason why it holds."""

    reason_en = models.TextField(_("why (English)"), blank=True)
    reason_zh = models.TextField(_("why (Chinese)"), blank=True)
    is_reading = models.BooleanField(
        _("our own reading"),
        default=False,
        help_text=_("Tick where no source states it in so many words; the page then says so."),
    )
    statements = GenericRelation("records.Statement")

    objects = PartOfProcedureQuerySet.as_manager()

    reason = Localized("reason")

    class Meta:
        abstract = True
        ordering = ["pk"]

    @property
    def owner(self):
        """The record that it is part of."""
        return self.procedure


class ProcedureRule(PartOfProcedure):
    """When a procedure is a step: one of its answers to each question that it names was given.

    A rule without answers holds always; of several rules of a procedure one is enough.
    """

    procedure = models.ForeignKey(
        Procedure, models.CASCADE, related_name="rules", verbose_name=_("procedure")
    )
    answers = models.ManyToManyField(
        PathAnswer,
        blank=True,
        related_name="rules",
        verbose_name=_("where the answer is"),
        help_text=_("Any of these within one question, all questions together; none for always."),
    )

    class Meta(PartOfProcedure.Meta):
        verbose_name = _("rule for when a step applies")
        verbose_name_plural = _("rules for when a step applies")

    def __str__(self):
        return f"{self.procedure}: {', '.join(map(str, self.answers.all())) or _('always')}"


class Prerequisite(PartOfProcedure):
    """A step can begin only once another one is finished."""

    procedure = models.ForeignKey(
        Procedure, models.CASCADE, related_name="prerequisites", verbose_name=_("procedure")
    )
    needs = models.ForeignKey(
        Procedure, models.PROTECT, related_name="needed_for", verbose_name=_("begins after")
    )
    work_between = models.BooleanField(
        _("work of the enterprise lies between"),
        default=False,
        help_text=_("Building, say: how long it takes is not known, so what follows has no date."),
    )

    class Meta(PartOfProcedure.Meta):
        verbose_name = _("step that comes before")
        verbose_name_plural = _("steps that come before")
        constraints = [
            models.UniqueConstraint(
                fields=["procedure", "needs"],
                name="prerequisite_once",
                violation_error_message=_("This step is named twice."),
            )
        ]

    def __str__(self):
        return f"{self.needs} → {self.procedure}"

    def clean(self):
        """Refuse a circle, and name its steps in their order."""
        super().clean()
        if not self.procedure_id or not self.needs_id:
            return
        others = Prerequisite.objects.exclude(pk=self.pk).values_list("procedure_id", "needs_id")
        circle = find_circle([*others, (self.procedure_id, self.needs_id)], self.procedure_id)
        if circle:
            names = Procedure.objects.in_bulk(circle)
            path = " → ".join(str(names[pk]) for pk in circle)
            raise ValidationError(
                {"needs": _("The steps would wait for each other: %(path)s.") % {"path": path}}
            )


def find_circle(pairs, start):
    """A circle through `start` as keys in order of time, `start` first and last; empty where there is none.

    `pairs` are (step, the step that it waits for).
    """
    followers = {}
    for step, needed in pairs:
        followers.setdefault(needed, []).append(step)
    waiting, seen = [[start]], set()
    while waiting:
        path = waiting.pop()
        for step in followers.get(path[-1], ()):
            if step == start:
                return [*path, start]
            if step not in seen:
                seen.add(step)
                waiting.append([*path, step])
    return []
