"""Sign-ins, for administrators to read; and what they do for somebody who has lost a telephone."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from desk.accounts import factors, record, sessions
from desk.models import SignIn

# They would show the secrets of others, and addresses that nobody uses here.
for model in (Authenticator, EmailAddress):
    if admin.site.is_registered(model):
        admin.site.unregister(model)

SHOWN = 10


@admin.register(SignIn)
class SignInAdmin(admin.ModelAdmin):
    """What happened at the door: to be read, by administrators alone."""

    list_display = ("at", "who", "what", "factor", "address", "by")
    list_display_links = None
    list_filter = ("outcome", "factor", ("user", admin.RelatedOnlyFieldListFilter))
    search_fields = ("name", "address")
    date_hierarchy = "at"
    list_per_page = 50
    show_full_result_count = False

    def has_module_permission(self, request):
        return request.user.is_superuser

    def has_view_permission(self, request, obj=None):
        return request.user.is_superuser

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("user"), ordering="name")
    def who(self, sign_in):
        return sign_in.name_shown

    @admin.display(description=_("what happened"), ordering="outcome")
    def what(self, sign_in):
        text = sign_in.get_outcome_display()
        return format_html("<strong>{}</strong>", text) if sign_in.is_failure else text


class SignsIn:
    """What the page and the list of users say of how they sign in; for the admin of users to build on."""

    @admin.display(description=_("second factor"), boolean=True, ordering="has_factor")
    def second_factor(self, user):
        return user.has_factor

    @admin.display(description=_("second factors"))
    def second_factors(self, user):
        """What a user signs in with besides the password, and since when; never a secret."""
        rows = Authenticator.objects.filter(user=user, type__in=factors.KINDS).order_by("created_at")
        if not rows:
            return gettext("none")
        return format_html_join("", "<div>{} · {}</div>", ((row, moment(row.created_at)) for row in rows))

    @admin.display(description=_("last sign-ins"))
    def last_sign_ins(self, user):
        rows = SignIn.objects.filter(user=user)[:SHOWN]
        if not rows:
            return gettext("none")
        return format_html_join(
            "",
            "<div>{} · {} · {}</div>",
            ((moment(row.at), row.get_outcome_display(), row.address or "–") for row in rows),
        )

    @admin.action(description=_("End their sessions"), permissions=["change"])
    def end_sessions(self, request, queryset):
        number = 0
        for user in queryset:
            # One's own goes on: there is a button to sign out.
            keep = request.session.session_key if user == request.user else None
            number += sessions.end(user, keep=keep)
            record.keep(
                SignIn.Outcome.SESSIONS_ENDED, request=request, user=user, by=request.user.get_username()
            )
        text = ngettext("%(number)d session ended.", "%(number)d sessions ended.", number)
        self.message_user(request, text % {"number": number}, messages.SUCCESS)

    @admin.action(description=_("Reset their second factors"), permissions=["change"])
    def reset_second_factors(self, request, queryset):
        for user in queryset:
            if user == request.user:
                text = gettext("Your own second factors are changed on the page of your account.")
                self.message_user(request, text, messages.ERROR)
                continue
            number = factors.reset(user, by=request.user.get_username())
            text = ngettext(
                "%(name)s has lost %(number)d second factor, and is signed out.",
                "%(name)s has lost %(number)d second factors, and is signed out.",
                number,
            )
            self.message_user(request, text % {"name": user, "number": number}, messages.SUCCESS)


def with_factors(users):
    """Users, each with `has_factor`; in the query that finds them."""
    return users.annotate(has_factor=factors.owned())


def moment(value):
    return date_format(localtime(value), "DATETIME_FORMAT")
