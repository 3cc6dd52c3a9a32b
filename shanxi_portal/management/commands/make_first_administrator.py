import secrets

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Nobody should have to run createsuperuser before a first look, nor find a known password later."""

    help = "Makes the administrator “admin” with a random password, shown once, unless there is one already."

    def handle(self, *args, **options):
        users = get_user_model().objects
        if users.filter(is_superuser=True).exists():
            self.stdout.write("There is an administrator already.")
            return
        if users.filter(username="admin").exists():
            raise CommandError("“admin” is no administrator. Make another: manage.py createsuperuser")
        password = secrets.token_urlsafe(12)
        users.create_superuser("admin", password=password)
        self.stdout.write("The first administrator. Keep the password: it is not shown again.")
        self.stdout.write("  name      admin")
        self.stdout.write(f"  password  {password}")
