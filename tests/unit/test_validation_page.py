"""VALIDATION.md says what was kept, and is as current as that."""

from __future__ import annotations

from crossings.study.recorded import load_forecast, load_validation
from crossings.views import validation_page


def test_the_page_is_current():
    assert validation_page.PAGE.read_text(encoding="utf-8") == validation_page.page(), "run 'make docs'"


def test_the_page_says_every_pattern_and_every_failure():
    kept, text = load_validation(), validation_page.page()
    for each in kept.verdicts:
        assert f"| {each.pattern.replace('_', ' ')} | {each.period} |" in text
    failing = text.partition("## What fails")[2].partition("\n## ")[0]
    for each in kept.verdicts:
        assert (f"- {each.pattern.replace('_', ' ')}, {each.period}" in failing) is not each.met


def test_the_page_says_how_much_was_really_run():
    text = validation_page.page()
    about = load_forecast().about
    for arm, count in about["runs"].items():
        assert f"{arm} {count}" in text
    assert "of a full calibration**" in " ".join(text.split())


def test_check_finds_a_stale_page_and_the_command_mends_it(tmp_path, monkeypatch):
    copy = tmp_path / "VALIDATION.md"
    copy.write_text(validation_page.page().replace("median", "medium"), encoding="utf-8")
    monkeypatch.setattr(validation_page, "PAGE", copy)
    assert validation_page.main(["--check"]) == 1
    assert validation_page.main([]) == 0
    assert validation_page.main(["--check"]) == 0
