from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from desk.accounts import record, sessions
from desk.models import SignIn


class Command(BaseCommand):
    """For the day on which somebody may be signed in who should not be."""

    help = "Signs out a user everywhere, or everybody."

    def add_arguments(self, parser):
        who = parser.add_mutually_exclusive_group(required=True)
        who.add_argument("name", nargs="?", help="The name that the user signs in by.")
        who.add_argument("--everybody", action="store_true", help="End the sessions of all users.")

    def handle(self, *args, name, everybody, **options):
        user = None
        if not everybody:
            user = get_user_model().objects.filter(username=name).first()
            if user is None:
                raise CommandError(f"There is no user “{name}”.")
        number = sessions.end(user)
        if user:
            record.keep(SignIn.Outcome.SESSIONS_ENDED, user=user, by="manage.py")
        self.stdout.write(f"{number} session(s) ended.")
