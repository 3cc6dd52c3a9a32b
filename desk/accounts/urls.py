"""Where staff sign in: below /admin/, so that whoever closes that to the outside closes this as well.

The names are allauth's. What of allauth is not here (signing up, e-mail addresses) cannot be reached.
"""

from allauth.mfa.recovery_codes.views import download_recovery_codes
from django.urls import path

from desk.accounts import views

urlpatterns = [
    path("login/", views.Login.as_view(), name="account_login"),
    path("login/second-factor/", views.Authenticate.as_view(), name="mfa_authenticate"),
    path("login/passkey/", views.PasskeyLogin.as_view(), name="mfa_login_webauthn"),
    path("logout/", views.Logout.as_view(), name="account_logout"),
    path("password_change/", views.ChangePassword.as_view(), name="account_change_password"),
    path("account/", views.Account.as_view(), name="mfa_index"),
    path("account/again/", views.Reauthenticate.as_view(), name="account_reauthenticate"),
    path("account/again/code/", views.ReauthenticateCode.as_view(), name="mfa_reauthenticate"),
    path("account/again/passkey/", views.ReauthenticatePasskey.as_view(), name="mfa_reauthenticate_webauthn"),
    path("account/codes/", views.ActivateTOTP.as_view(), name="mfa_activate_totp"),
    path("account/codes/remove/", views.DeactivateTOTP.as_view(), name="mfa_deactivate_totp"),
    path("account/recovery-codes/", views.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path("account/recovery-codes/file/", download_recovery_codes, name="mfa_download_recovery_codes"),
    path(
        "account/recovery-codes/new/",
        views.GenerateRecoveryCodes.as_view(),
        name="mfa_generate_recovery_codes",
    ),
    path("account/passkeys/", views.Passkeys.as_view(), name="mfa_list_webauthn"),
    path("account/passkeys/add/", views.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("account/passkeys/<int:pk>/", views.EditPasskey.as_view(), name="mfa_edit_webauthn"),
    path("account/passkeys/<int:pk>/remove/", views.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
]
