"""The desk, for the first page of the administration."""

from django import template
from django.utils.translation import gettext as _

from desk import territories
from desk.sections import SECTIONS, shown
from desk.sections.base import FIRST_ROWS
from records.territories import names_of, of
from zones.unattended import province_is_unattended, unattended

register = template.Library()


@register.simple_tag
def desk_of(user):
    """What waits for somebody: `sections`, `quiet` (those with nothing), `completeness`, `territories`."""
    mine = of(user)
    if mine.is_empty:
        return {"is_empty": True}
    tells_places = mine.everywhere and user.has_perm("zones.publish_zone")
    found = [shown(section, user) for section in SECTIONS if section.is_for(user)]
    return {
        "unattended": _unattended() if tells_places else [],
        "sections": [one for one in found if one.count],
        "quiet": [one.section for one in found if not one.count and not one.section.is_rare],
        "completeness": territories.completeness_of(mine, records=FIRST_ROWS),
        "territories": names_of(user),
    }


def _unattended():
    """The places that nobody keeps, the largest first, as words or with a word for themselves."""
    province = [_("The whole province: until somebody is given it, administrators alone keep it.")]
    return province * province_is_unattended() + unattended()
