#!/usr/bin/env python
"""Django's command line, with one addition: a refused setting ends in one line."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shanxi_portal.settings")
    # A command that a worker has started counts for itself, and not into the files of the workers.
    os.environ.pop("PROMETHEUS_MULTIPROC_DIR", None)
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as refusal:
        sys.exit(f"Refused: {refusal}")


if __name__ == "__main__":
    main()
