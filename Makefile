# Every target sets up what it needs; a fresh machine needs Python 3.11 to 3.13 and make.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
VERSION := $(shell $(PYTHON) -c 'import sys; print("%d%d" % sys.version_info[:2])')
PIN := -c constraints/py$(VERSION).txt
SEEDS ?= 12
DRAWS ?= 3000
MUTANTS ?= 300

.PHONY: env run test check coverage fuzz mutants reproduce robustness judge app notebooks bench baseline docs clean lint types floors
.DEFAULT_GOAL := help

help:
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/core: pyproject.toml constraints/py$(VERSION).txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet $(PIN) -e .
	touch $@

$(VENV)/dev: $(VENV)/core
	$(BIN)/python -m pip install --quiet $(PIN) -e '.[dev]'
	touch $@

$(VENV)/all: $(VENV)/dev
	$(BIN)/python -m pip install --quiet $(PIN) -e '.[dev,app,notebooks,browser]'
	touch $@

$(VENV)/bench: $(VENV)/dev
	$(BIN)/python -m pip install --quiet $(PIN) -e '.[dev,bench]'
	touch $@

env: $(VENV)/core ## make the environment .venv and install Crossings in it

run: env ## the pilot against no policy: a table, a figure and the data under results/
	$(BIN)/crossings compare no-policy one-in-one-out --seeds $(SEEDS) --out results --force

lint: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/dev
	$(BIN)/mypy

floors: $(VENV)/dev
	PYTHONPATH=model $(BIN)/lint-imports --no-cache

test: lint types floors ## style, types, floors and all tests but the slow ones (under ten minutes on two cores)
	$(BIN)/python -m pytest -n 2 --dist worksteal

check: test $(VENV)/all ## everything: test, and the slow tests, notebooks and the app in a browser among them
	$(BIN)/python -m pytest -n 2 --dist worksteal -m slow

coverage: $(VENV)/dev ## lines and branches of the package that the tests of 'make test' run; fails under fail_under
	$(BIN)/python -m pytest -n 2 --dist worksteal --cov --cov-report=term

fuzz: $(VENV)/dev ## property tests at length with inputs never tried before (an hour on one core)
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "slow or not slow" tests/properties --hypothesis-profile fresh

mutants: $(VENV)/dev ## faults put into the model one by one: how many a test notices (goes on where it was)
	$(BIN)/python -m tests.mutants --count $(MUTANTS) --seed 1 --out results/mutants.json

reproduce: $(VENV)/core ## the published experiments in full (some two hours; hours more with numba), and the table of the shelf
	$(BIN)/crossings reproduce --all --record; status=$$?; $(BIN)/python -m crossings.views.shelf && exit $$status

robustness: $(VENV)/core ## what the pilot's effect hangs on, one assumption at a time: table and figure (ten minutes)
	$(BIN)/python -m crossings.study.robustness
	$(BIN)/python -m crossings.views.effect_by_assumption

judge: $(VENV)/dev ## calibration, validation and forecast in full, kept, and VALIDATION.md (a day on two cores; goes on where it was)
	$(BIN)/crossings calibrate --draws $(DRAWS) --out results/calibration --record
	$(BIN)/crossings validate --draws 100 --seeds 40 --pairs 40 --out results/validation --record
	$(BIN)/crossings forecast --runs 200 --seeds 40 --origins 40 --out results/forecast --record
	$(BIN)/python -m crossings.views.validation_page

app: $(VENV)/all ## the app in a browser, on this machine only
	$(BIN)/crossings app

notebooks: $(VENV)/all ## run the notebooks anew and store them with their outputs
	$(BIN)/python -m tests.integration.test_notebooks

bench: $(VENV)/bench ## a season beside a do-nothing twin and Starsim; growth, memory, branches; a sweep beyond its runs
	$(BIN)/python -m tests.benchmarks

docs: $(VENV)/dev ## bring the tables of model/ODD.md, model/VALIDATION.md and the output shown in the README up to date
	$(BIN)/python -m crossings.views.odd
	$(BIN)/python -m crossings.views.validation_page
	$(BIN)/python -m tests.integration.test_readme

baseline: $(VENV)/dev ## store the regression baseline anew, after results changed on purpose
	$(BIN)/python tests/regression/test_baseline.py
	$(BIN)/python tests/regression/test_trace.py

clean: ## remove the environment, caches and results
	rm -rf $(VENV) results .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
