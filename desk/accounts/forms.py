"""allauth's forms: in our words, with every refusal written down."""

import logging

from allauth.account import forms as account_forms
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm as BaseActivateTOTPForm
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from desk.accounts import record
from desk.models import SignIn

CODE = _("Code")
# Seconds: a one-time code is valid for its half minute, and for the one before and after it.
CODE_LIFE = 90

logger = logging.getLogger(__name__)


class WithoutPlaceholders:
    """A label says what belongs into a field; a placeholder beside it says it again, and paler."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class LoginForm(WithoutPlaceholders, account_forms.LoginForm):
    """Name and password, under the names of fields that Django and password managers know."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Username")
        self.fields["login"].widget.attrs |= {"autofocus": True, "autocapitalize": "none"}
        self.fields["password"].label = _("Password")

    def add_prefix(self, field_name):
        return super().add_prefix("username" if field_name == "login" else field_name)


class ChangePasswordForm(WithoutPlaceholders, account_forms.ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("Present password")
        self.fields["password1"].label = _("New password")
        self.fields["password2"].label = _("New password again")


class ReauthenticateForm(WithoutPlaceholders, account_forms.ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("Password")


class RefusesFactors:
    """A code or a passkey that is not the right one is written down, and not asked for without end."""

    def refuse_too_many(self):
        request = context.request
        try:
            get_adapter(request).refuse_too_many(request, self.user.get_username())
        except ValidationError:
            record.keep(SignIn.Outcome.LIMITED, request=request, user=self.user)
            raise

    def keep_refusal(self):
        record.keep(SignIn.Outcome.WRONG_FACTOR, request=context.request, user=self.user)


class ChecksCode(WithoutPlaceholders, RefusesFactors):
    """A one-time or a recovery code, each valid once."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].label = CODE
        self.fields["code"].widget.attrs["autofocus"] = True

    def clean_code(self):
        self.refuse_too_many()
        try:
            code = super().clean_code()
            if self.authenticator.type == Authenticator.Type.TOTP and not self.is_first_use(code):
                raise get_adapter().validation_error("incorrect_code")
        except ValidationError:
            self.keep_refusal()
            raise
        return code

    def is_first_use(self, code):
        """allauth remembers a code for half a minute, and takes it for three times as long."""
        key = f"desk.code:{self.user.pk}:{normalize_user_code(code)}"
        return cache.add(key, True, timeout=CODE_LIFE)


class AuthenticateForm(ChecksCode, mfa_forms.AuthenticateForm):
    pass


class ReauthenticateCodeForm(ChecksCode, mfa_forms.ReauthenticateForm):
    pass


class ActivateTOTPForm(WithoutPlaceholders, BaseActivateTOTPForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code that the app shows")
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class ChecksPasskey(RefusesFactors):
    """What a browser answers for a passkey. It may be forged in any way, and is then a wrong one."""

    def clean_credential(self):
        if self.user is not None:
            self.refuse_too_many()
        try:
            return checked(super().clean_credential)
        except ValidationError:
            # Whoever comes with a passkey alone claims to be somebody, and may be anybody.
            if self.user is not None:
                self.keep_refusal()
            raise


def checked(check):
    """What a check of allauth gives. It stumbles over some forged answers; those are wrong, and no fault."""
    try:
        return check()
    except ValidationError:
        raise
    except Exception as error:
        logger.warning("An answer of a passkey could not be read: %s", type(error).__name__)
        raise get_adapter().validation_error("incorrect_code") from None


class AuthenticateWebAuthnForm(ChecksPasskey, webauthn_forms.AuthenticateWebAuthnForm):
    pass


class LoginWebAuthnForm(ChecksPasskey, webauthn_forms.LoginWebAuthnForm):
    pass


class ReauthenticateWebAuthnForm(ChecksPasskey, webauthn_forms.ReauthenticateWebAuthnForm):
    pass


class AddWebAuthnForm(webauthn_forms.AddWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label=_("Name"), max_length=80, required=False, help_text=_("To tell it from others.")
        )
        self.fields["passwordless"].label = _("Sign in with it alone, without a password")
        self.fields["passwordless"].help_text = _(
            "The device then asks for a finger, a face or its own code."
        )
        self.initial.setdefault("passwordless", True)

    def clean(self):
        return checked(super().clean)


class EditWebAuthnForm(webauthn_forms.EditWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")
        self.fields["name"].max_length = 80
