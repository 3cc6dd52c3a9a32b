"""What staff have to know of the indexes: which list is slow, and what makes it fast."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from listings.index import THRESHOLD
from listings.index.layout import layouts
from listings.index.memory import Standing, standing

REASONS = {
    Standing.ABSENT: gettext_lazy("it has no index"),
    Standing.OTHER_CODE: gettext_lazy("its index was built by another version of the site"),
    Standing.OTHER_DATA: gettext_lazy("its index was built from other data"),
    Standing.BEHIND: gettext_lazy("too much has changed since its index was built"),
    Standing.DAMAGED: gettext_lazy("a part of its index is missing"),
}


def notices():
    """A sentence for each large list that is answered without its index."""
    return [notice for layout in layouts() for notice in _of(layout)]


def _of(layout):
    found, _index = standing(layout)
    if found is Standing.CURRENT:
        return
    number = layout.rows("default").count()
    if number >= THRESHOLD:
        yield _(
            "The list and the search of %(number)s %(rows)s are correct but slow: %(reason)s. "
            "Have “manage.py build_index” run."
        ) % {
            "number": number,
            "rows": layout.model._meta.verbose_name_plural,
            "reason": REASONS[found],
        }
