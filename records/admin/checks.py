"""When facts were checked, and when they are to be checked again."""

import calendar
import datetime

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def months_later(day, months):
    """The same day some months on, or the last of that month: 31 August + 6 is 28 February."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return datetime.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


class CheckDueFilter(admin.SimpleListFilter):
    title = _("check")
    parameter_name = "check"

    def lookups(self, request, model_admin):
        return [("due", _("Due")), ("soon", _("Due within 60 days")), ("unset", _("No day set"))]

    def queryset(self, request, queryset):
        today = timezone.localdate()
        conditions = {
            "due": {"check_due_on__lte": today},
            "soon": {"check_due_on__gt": today, "check_due_on__lte": today + datetime.timedelta(days=60)},
            "unset": {"check_due_on__isnull": True},
        }
        return queryset.filter(**conditions.get(self.value(), {}))
