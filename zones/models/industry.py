from django.db import models
from django.utils.translation import gettext_lazy as _

from listings.search import SearchQuerySet
from records.languages import Localized, Other


class Industry(models.Model):
    """One entry of the controlled list onto which zones' industries and projects' sectors are put.

    The words of the sources are kept beside it, as statements. Retire an entry rather than delete
    it (`is_active`), so that old records keep their meaning.
    """

    search_fields = ("name_en", "name_zh")

    slug = models.SlugField(_("address"), max_length=40, unique=True)
    name_en = models.CharField(_("name (English)"), max_length=80)
    name_zh = models.CharField(_("name (Chinese)"), max_length=80)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = SearchQuerySet.as_manager()

    name = Localized("name")
    other_name = Other("name")

    class Meta:
        ordering = ["order", "slug"]
        verbose_name = _("industry")
        verbose_name_plural = _("industries")

    def __str__(self):
        return str(self.name)
