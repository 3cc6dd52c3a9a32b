"""What is measured, one module each: `measure(options)` gives what a report needs, ready for JSON.

Those that need the site run in a process of their own, on the database of DATABASE_URL (benchmarks/step.py).
"""
