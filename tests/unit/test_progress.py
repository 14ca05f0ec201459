"""How far a long command is, where nobody watches a terminal: a line in the log now and then."""

from __future__ import annotations

import pytest

from crossings.cli import terminal


@pytest.fixture
def clock(monkeypatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr(terminal, "monotonic", lambda: now[0])
    return now


def test_a_log_says_how_far_it_is_and_how_long_the_rest_will_take(clock, capsys):
    with terminal.progress("mine", log=True) as report:
        assert report is not None
        report(10, 40)  # found done
        clock[0] += 30.0
        report(11, 40)
        clock[0] += 90.0
        report(14, 40)
        clock[0] += 10.0
        report(15, 40)
    # four in two minutes, so that 26 take 13, whatever was done before
    assert capsys.readouterr().err == "mine: 14 of 40 after 2 min, about 13 min to go\n"


def test_what_is_soon_done_and_what_is_hidden_says_nothing(clock, capsys):
    with terminal.progress("mine", log=True) as report:
        assert report is not None
        report(0, 2)
        clock[0] += 50.0
        report(2, 2)
    with terminal.progress("mine", log=True, hidden=True) as report:
        assert report is None
    with terminal.progress("mine") as report:
        assert report is None
    assert capsys.readouterr().err == ""
