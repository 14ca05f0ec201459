"""A pytest plugin that writes down the processor seconds of every test: ``-p tests.mutants.seconds``."""

from __future__ import annotations

import json
import os
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

SECONDS = "MUTANTS_SECONDS"
"""Environment variable with the file to write."""

_taken: defaultdict[str, float] = defaultdict(float)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    began = time.process_time()
    result = yield
    _taken[item.nodeid] += time.process_time() - began
    return result


def pytest_sessionfinish() -> None:
    Path(os.environ[SECONDS]).write_text(json.dumps(_taken, indent=0))
