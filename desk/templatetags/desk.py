"""The desk, for the first page of the administration."""

from django import template

from desk import territories
from desk.sections import SECTIONS, shown
from desk.sections.base import FIRST_ROWS
from records.territories import names_of, of
from zones.unattended import unattended

register = template.Library()


@register.simple_tag
def desk_of(user):
    """What waits for somebody: `sections`, `quiet` (those with nothing), `completeness`, `territories`."""
    mine = of(user)
    if mine.is_empty:
        return {"is_empty": True}
    found = [shown(section, user) for section in SECTIONS if section.is_for(user)]
    return {
        "unattended": unattended() if mine.everywhere and user.has_perm("zones.publish_zone") else [],
        "sections": [one for one in found if one.count],
        "quiet": [one.section for one in found if not one.count and not one.section.is_rare],
        "completeness": territories.completeness_of(mine, records=FIRST_ROWS),
        "territories": names_of(user),
    }
