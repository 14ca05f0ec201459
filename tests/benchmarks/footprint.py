"""What a run needs beside its own time: importing, and memory.

Import is timed in fresh interpreters, memory is the most that a fresh interpreter ever held for one
season, libraries included, and what one interpreter holds before and after many short runs.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.timing import row

_IMPORT = """
import time
began = time.process_time()
import crossings
bare = time.process_time() - began
{}
print(bare, time.process_time() - began)
"""
_SEASON = """
import crossings
scenario = crossings.Scenario.load("everything-together").with_(start="2025-01-01", end="2025-12-31")
crossings.run(scenario, 1)
lines = open("/proc/self/status").read().splitlines()
print(next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")))
"""
_MANY = """
import crossings
def held():
    return int(open("/proc/self/statm").read().split()[1]) * 4096 / 2**20
pilot = crossings.Scenario.load("one-in-one-out")
scenario = pilot.with_(start="2025-07-01", end="2025-08-31", warmup_days=60)
for seed in range(200):
    crossings.run(scenario, seed)
    if seed == 19:
        early = held()
print(early, held())
"""


def said(program: str) -> list[float]:
    """Return the numbers that a program prints in a fresh interpreter."""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return [float(word) for word in done.stdout.split()]


def main(repeats: int) -> None:
    """Measure and print."""
    print("Footprint")
    bare, running = zip(*(said(_IMPORT.format("crossings.run")) for _ in range(repeats)), strict=True)
    row("import crossings", f"{statistics.median(bare):.2f} s")
    row("  and crossings.run", f"{statistics.median(running):.2f} s", "at most 1.5")
    if not Path("/proc/self/status").exists():
        row("memory", "skipped", "this system does not say")
        return
    row("memory of a season, at most", f"{said(_SEASON)[0]:.0f} MiB", "libraries included; under 300")
    early, late = said(_MANY)
    row("memory after 20 short runs", f"{early:.0f} MiB")
    row("  after 200", f"{late:.0f} MiB", "flat")
