"""Which backups may go: of an old day one is enough, of an old month as well."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from operations.backups import Refused

# How the backups of one period are told from those of another, in the time zone of the site.
PERIODS = {
    "days": lambda moment: moment.date(),
    "weeks": lambda moment: moment.isocalendar()[:2],
    "months": lambda moment: (moment.year, moment.month),
}


def outdated(manifests, *, hours, days, weeks, months):
    """Of manifests, the newest first, those that no rule keeps.

    All of the last hours are kept, counted back from the newest backup and not from now; and the last one of
    each of so many days, weeks and months that have any. So where none has been taken for a year, none goes.
    The newest is always kept.
    """
    if not manifests:
        return []
    moments = {item.name: timezone.localtime(item.taken_at) for item in manifests}
    since = max(moments.values()) - timedelta(hours=hours)
    kept = {manifests[0].name} | {name for name, moment in moments.items() if moment >= since}
    for period, wanted in zip(PERIODS.values(), (days, weeks, months), strict=True):
        last_of = {}
        for name, moment in moments.items():
            last_of.setdefault(period(moment), name)
        kept |= set(list(last_of.values())[:wanted])
    return [item for item in manifests if item.name not in kept]


def remove_outdated(directory, manifests, *, just_taken):
    """Remove what is outdated by the settings, but never what was just taken; the manifests of what went.

    The manifest goes first: what is left behind by a stop in between is no backup any more. Refused where one
    cannot be removed.
    """
    gone = [
        item
        for item in outdated(
            manifests,
            hours=settings.BACKUP_KEEP_HOURS,
            days=settings.BACKUP_KEEP_DAYS,
            weeks=settings.BACKUP_KEEP_WEEKS,
            months=settings.BACKUP_KEEP_MONTHS,
        )
        if item.name != just_taken.name
    ]
    try:
        for item in gone:
            (directory / item.own_file).unlink()
            (directory / item.file).unlink()
    except OSError as error:
        raise Refused(
            f"{just_taken.file} was taken, but an outdated one cannot be removed: {error.strerror}."
        ) from None
    return gone
