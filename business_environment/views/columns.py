"""Columns of CSV files that several lists of this section share."""

from django.utils.translation import gettext_lazy as _

from listings.exports import Column


def joined(texts):
    """Several texts in one cell, each once; None where there is none."""
    return "; ".join(dict.fromkeys(str(text) for text in texts if text)) or None


def yes_or_no(heading, test):
    """A column that says whether a test holds for a row."""
    return Column(heading, lambda row: _("yes") if test(row) else _("no"))


NAMES = (
    Column(_("Address"), lambda row: row.slug),
    Column(_("Name (English)"), lambda row: row.name_en),
    Column(_("Name (Chinese)"), lambda row: row.name_zh),
)
CITIES = Column(_("Cities"), lambda row: joined(city.name for city in row.cities.all()))
SOURCES = Column(_("Sources"), lambda row: joined(row.citations()))
CHECKED_ON = Column(_("Checked on"), lambda row: row.checked_on)
