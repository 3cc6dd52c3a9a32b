"""Where backups go, how long they are kept, and for whom they are encrypted."""

from environs import validate

from operations.backups.packing import recipient

from .reading import BASE_DIR, env, read, read_list, refuse_unless

# A relative one lies in the checkout. It belongs to one site alone.
BACKUP_DIRECTORY = BASE_DIR / read(env.str, "BACKUP_DIRECTORY", "backups", validate=validate.Length(min=1))

# Public keys. Whoever has one of the private ones, which need not lie on this machine, can read the backups.
BACKUP_RECIPIENTS = read_list("BACKUP_RECIPIENTS", [])
for _text in BACKUP_RECIPIENTS:
    try:
        recipient(_text)
    except ValueError as error:
        refuse_unless(False, f"BACKUP_RECIPIENTS: {error}")

# All of so many hours, and the last one of each of so many days, weeks and months that have any.
NUMBER = validate.Range(min=0, max=10_000)
BACKUP_KEEP_HOURS = read(env.int, "BACKUP_KEEP_HOURS", 24, validate=NUMBER)
BACKUP_KEEP_DAYS = read(env.int, "BACKUP_KEEP_DAYS", 7, validate=NUMBER)
BACKUP_KEEP_WEEKS = read(env.int, "BACKUP_KEEP_WEEKS", 5, validate=NUMBER)
BACKUP_KEEP_MONTHS = read(env.int, "BACKUP_KEEP_MONTHS", 12, validate=NUMBER)
