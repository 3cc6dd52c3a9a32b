"""The second factor: who needs one, who has one, and what happens when it is lost."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from desk.accounts import record, sessions
from desk.models import SignIn

# Recovery codes are a way back to one of these, and none by themselves.
KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def owned():
    """A condition on users: they have a second factor."""
    return Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=KINDS))


def is_owed_by(user):
    """Whether a user must set up a second factor before anything else; one query at most.

    Publishers and administrators must have one where REQUIRE_SECOND_FACTOR is on; editors may.
    """
    if not settings.REQUIRE_SECOND_FACTOR:
        return False
    must = Q(is_superuser=True) | Q(groups__name="publishers")
    return get_user_model().objects.filter(must, ~owned(), pk=user.pk).exists()


@transaction.atomic
def reset(user, *, by):
    """Take away all second factors of a user and end their sessions; how many factors those were.

    For a lost telephone. `by` is the name of whoever does it. The next sign-in is by password alone, and
    sends publishers and administrators straight to setting up a new one.
    """
    factors = Authenticator.objects.filter(user=user)
    number = factors.filter(type__in=KINDS).count()
    factors.delete()
    sessions.end(user)
    record.keep(SignIn.Outcome.FACTORS_RESET, user=user, by=by)
    return number
