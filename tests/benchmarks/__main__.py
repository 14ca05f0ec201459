"""Run the benchmarks: ``make bench`` or ``python -m tests.benchmarks [PART ...] [--repeats N]``.

Seconds are processor time of one process, so ratios hold on a machine that others use, too.
"""

from __future__ import annotations

import argparse
from importlib import import_module

PARTS = ("season", "rooms", "growth", "footprint", "branches", "sweep")


def main() -> None:
    """Run the parts asked for, or all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--repeats", type=int, default=3)
    given = parser.parse_args()
    for part in given.parts or PARTS:
        if part not in PARTS:
            parser.error(f"part '{part}': expected one of {', '.join(PARTS)}")
        import_module(f"tests.benchmarks.{part}").main(given.repeats)
        print()


if __name__ == "__main__":
    main()
