"""The site under load, with readers and editors at once, for minutes: `python -m benchmarks.load --help`."""
