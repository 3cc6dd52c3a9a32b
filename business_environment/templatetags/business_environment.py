"""What of the business environment reaches a place, for the pages of zones and projects.

Zones lie below this app and projects beside it, so neither may import it. Their templates ask for what they
show through this tag; the views stay on their floors, and a page that drops the tag drops its queries too.
"""

from django import template

from business_environment.reach import Reach

register = template.Library()


@register.simple_tag
def reach_of(zone=None, cities=()):
    """A `Reach`: of a public zone, else of what lies in cities; of neither, what holds in the province.

    `{% reach_of zone=zone as reach %}`
    """
    return Reach.of_zone(zone) if zone else Reach.within(cities)
