"""Who came to the door of the administration, and what became of it."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# Days for which an entry is kept: long enough to look into what is found out late, and no longer.
KEPT_DAYS = 365


def name_key(name):
    """What a typed name is known by, whether or not there is such a user: 32 characters, not to be undone.

    It is keyed by SECRET_KEY. Case does not count, as it does not when signing in.
    """
    return salted_hmac("desk.signin", name.strip().casefold(), algorithm="sha256").hexdigest()[:32]


class SignInQuerySet(models.QuerySet):
    def failed(self):
        """The attempts that were checked and refused."""
        return self.filter(outcome__in=SignIn.FAILURES)

    def failed_lately(self, name=None, address=None):
        """How many attempts were refused within SIGN_IN_WINDOW seconds: of a name, or from an address.

        Of a name only those count that came after the last sign-in: whoever knows the password starts anew.
        Nothing of a time to come counts, which there is where a clock was put back.
        """
        now = timezone.now()
        since = now - timedelta(seconds=settings.SIGN_IN_WINDOW)
        lately = self.filter(at__gt=since, at__lte=now)
        if name is None:
            return lately.failed().filter(address=address).count()
        mine = lately.filter(name_key=name_key(name))
        last = mine.filter(outcome=SignIn.Outcome.SIGNED_IN).order_by("-at").values_list("at", flat=True)[:1]
        return mine.failed().filter(at__gt=max([since, *last])).count()

    def clear_old(self):
        """Delete what is older than a year; how many rows those were. For the nightly run."""
        return self.filter(at__lt=timezone.now() - timedelta(days=KEPT_DAYS)).delete()[0]


class SignIn(models.Model):
    """An attempt to sign in, or a change of what somebody signs in with.

    A typed name is kept only if there is such a user: what else is typed there may be a password. Of other
    names a keyed digest is left, by which attempts under one name can still be told to belong together.
    """

    class Outcome(models.TextChoices):
        SIGNED_IN = "signed-in", pgettext_lazy("sign-in", "signed in")
        WRONG_PASSWORD = "wrong-password", pgettext_lazy("sign-in", "wrong password")
        UNKNOWN_NAME = "unknown-name", pgettext_lazy("sign-in", "no such user")
        CLOSED = "closed", pgettext_lazy("sign-in", "the account is closed")
        WRONG_FACTOR = "wrong-factor", pgettext_lazy("sign-in", "wrong code or passkey")
        LIMITED = "limited", pgettext_lazy("sign-in", "too many attempts")
        SIGNED_OUT = "signed-out", pgettext_lazy("sign-in", "signed out")
        PASSWORD_CHANGED = "password-changed", pgettext_lazy("sign-in", "password changed")
        FACTOR_ADDED = "factor-added", pgettext_lazy("sign-in", "second factor added")
        FACTOR_REMOVED = "factor-removed", pgettext_lazy("sign-in", "second factor removed")
        CODES_RENEWED = "codes-renewed", pgettext_lazy("sign-in", "recovery codes renewed")
        FACTORS_RESET = "factors-reset", pgettext_lazy("sign-in", "second factors reset")
        SESSIONS_ENDED = "sessions-ended", pgettext_lazy("sign-in", "sessions ended")

    class Factor(models.TextChoices):
        """The second factor; `PASSKEY` is both in one, and `WEBAUTHN` came after a password."""

        TOTP = "totp", pgettext_lazy("sign-in", "one-time code")
        RECOVERY_CODES = "recovery_codes", pgettext_lazy("sign-in", "recovery code")
        WEBAUTHN = "webauthn", pgettext_lazy("sign-in", "password and passkey")
        PASSKEY = "passkey", pgettext_lazy("sign-in", "passkey alone")

    FAILURES = (Outcome.WRONG_PASSWORD, Outcome.UNKNOWN_NAME, Outcome.CLOSED, Outcome.WRONG_FACTOR)

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="sign_ins",
        verbose_name=_("user"),
    )
    # It outlives the user.
    name = models.CharField(_("username"), max_length=150, blank=True)
    name_key = models.CharField(max_length=32, editable=False)
    at = models.DateTimeField(_("when"), default=timezone.now)
    address = models.GenericIPAddressField(_("network address"), null=True, blank=True)
    outcome = models.CharField(_("what happened"), max_length=20, choices=Outcome)
    factor = models.CharField(_("second factor"), max_length=20, choices=Factor, blank=True)
    by = models.CharField(
        _("done by"), max_length=150, blank=True, help_text=_("Whoever did it, if not the user.")
    )

    objects = SignInQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-in")
        verbose_name_plural = _("sign-ins")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["name_key", "at"], name="signin_name_at"),
            models.Index(fields=["address", "at"], name="signin_address_at"),
            models.Index(fields=["at"], name="signin_at"),
        ]

    def __str__(self):
        return f"{self.name_shown}: {self.get_outcome_display()}"

    @property
    def name_shown(self):
        """The name, or words for one that belongs to nobody."""
        return self.name or _("unknown name %(key)s") % {"key": self.name_key[:6]}

    @property
    def is_failure(self):
        return self.outcome in self.FAILURES or self.outcome == self.Outcome.LIMITED
