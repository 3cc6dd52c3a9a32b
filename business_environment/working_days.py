"""China’s working days: weekdays without statutory holidays, and the weekend days worked in their place.

The days come from the package `chinesecalendar`, which holds what the State Council announces each autumn
for the year to come. What is not announced yet is not guessed: such a day is None.

Limits of approval count in working days, holidays left out (Administrative Licensing Law, article 82),
and the day on which a limit begins to run is not counted (Civil Code, article 201).
"""

import datetime
import math

from chinese_calendar import is_workday
from chinese_calendar.constants import holidays

# The years of which the package holds the holidays.
FIRST_YEAR = min(holidays).year
LAST_YEAR = max(holidays).year


def is_known(day):
    """Whether it is known of this day if it is worked."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def first_working_day(day):
    """The day itself, or the next one that is worked: when an office takes what is handed in.

    None where that lies beyond the years that are known.
    """
    while is_known(day):
        if is_workday(day):
            return day
        day += datetime.timedelta(days=1)
    return None


def working_day(start, count):
    """The day `count` working days after `start`, which is not counted itself; 0 is `start`.

    A part of a day ends on that day. None where the end lies beyond the years that are known.
    """
    day, left = start, math.ceil(count)
    while left and day:
        day = first_working_day(day + datetime.timedelta(days=1))
        left -= 1
    return day if day and is_known(day) else None
