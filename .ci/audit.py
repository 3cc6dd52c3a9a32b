"""Says what `pip-audit --format json` found, and fails where a package has a known vulnerability.

Where vulnerabilities could not be asked for, it says so: with REQUIRE_ALL=1 that is a failure too. pip-audit
itself counts a package that it could not look up as one without fault.
"""

import json
import os
import sys


def main():
    """Read the report from the standard input; end with status 1 where the audit is not clean."""
    try:
        packages = json.load(sys.stdin)["dependencies"]
    except (ValueError, KeyError):
        packages = []
    asked = [package for package in packages if "vulns" in package]
    faults = [(package, fault) for package in asked for fault in package["vulns"]]
    lines = [
        f"{package['name']} {package['version']}: {fault['id']}, "
        f"mended in {', '.join(fault['fix_versions']) or 'no version yet'}"
        for package, fault in faults
    ]
    lines.append(f"Packages looked up: {len(asked)} of {len(packages)}. Vulnerabilities: {len(faults)}.")
    is_whole = bool(packages) and len(asked) == len(packages)
    if not is_whole:
        lines.append("The others could not be looked up from here.")
    sys.stdout.write("\n".join(lines) + "\n")
    sys.exit(bool(faults) or (not is_whole and os.environ.get("REQUIRE_ALL") == "1"))


if __name__ == "__main__":
    main()
