from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from desk.accounts import factors


class Command(BaseCommand):
    """For the administrator who has lost the telephone, and whom nobody else can help."""

    help = "Takes away the second factors and recovery codes of a user, and ends their sessions."

    def add_arguments(self, parser):
        parser.add_argument("name", help="The name that the user signs in by.")

    def handle(self, *args, name, **options):
        user = get_user_model().objects.filter(username=name).first()
        if user is None:
            raise CommandError(f"There is no user “{name}”.")
        number = factors.reset(user, by="manage.py")
        self.stdout.write(
            f"“{name}” has lost {number} second factor(s), and is signed out. The password is as it was."
        )
