# broadsheet: what a developer types.  Needs make and Python 3.11 or newer; the rest is installed
# into .venv.  A certain Python: make test PYTHON=python3.13

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# The first that is new enough; asked for only when .venv is made.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
  $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
  && echo $$python && exit; done; echo python3)
ARGS ?=
SIZES ?= 1000 10000 100000
SECONDS ?= 60
PYTEST := $(BIN)/pytest --numprocesses auto

.DEFAULT_GOAL := help
.PHONY: help run test check bench faults soak fuzz snapshots build clean

help:
	@echo "make run        open the sample library          (ARGS=--fresh: a new copy of it)"
	@echo "make test       run the tests                    (ARGS='tests/tui -k search')"
	@echo "make check      formatting, lint, types, layers, tests"
	@echo "make bench      measure against the references   (SIZES='1000 10000')"
	@echo "make faults     kill it, fail it and cut its power a thousand times  (ARGS=kill:one)"
	@echo "make fuzz       try odd and broken input         (SECONDS=600 ARGS='query typeset')"
	@echo "make soak       100,000 random keys in the pilot and in a terminal  (ARGS='--keys 5000')"
	@echo "make snapshots  accept how the screens look now  (look at the diff first)"
	@echo "make build      wheel and source archive into dist/"
	@echo "make clean      remove everything made, .venv included"

run: $(VENV)/.stamp
	@$(BIN)/broadsheet demo $(ARGS)

test: $(VENV)/.stamp-dev
	$(PYTEST) $(ARGS)

check: $(VENV)/.stamp-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(PYTEST) $(ARGS)

bench: $(VENV)/.stamp-dev
	$(BIN)/python -m tests.benchmarks --sizes $(SIZES) $(ARGS)

faults: $(VENV)/.stamp-dev
	nice $(BIN)/python -m tests.faults $(ARGS)

fuzz: $(VENV)/.stamp-dev
	@$(BIN)/python -c 'import atheris' 2>/dev/null || $(PIP) install --editable '.[fuzz]' \
	  || echo "atheris cannot be had here: chance alone finds less"
	$(BIN)/python -m tests.fuzz --seconds $(SECONDS) $(ARGS)

soak: $(VENV)/.stamp-dev
	nice $(BIN)/python -m tests.soak $(ARGS)

snapshots: $(VENV)/.stamp-dev
	$(BIN)/pytest --snapshot-update $(ARGS)
	$(BIN)/python -m tests.picture

build: $(VENV)/.stamp-dev
	rm -rf dist
	$(BIN)/python -m build --no-isolation

clean:
	rm -rf $(VENV) .bench .fuzz dist build snapshot_report.html *.egg-info
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps are made anew when pyproject.toml changes.  Running needs no developer's tools.
$(VENV)/.stamp: pyproject.toml | $(BIN)/python
	@echo "Installing broadsheet into $(VENV) ..."
	@$(PIP) install --editable .
	@touch $@

$(VENV)/.stamp-dev: pyproject.toml | $(BIN)/python
	@echo "Installing broadsheet and what develops it into $(VENV) ..."
	@$(PIP) install --editable '.[dev]'
	@touch $@ $(VENV)/.stamp

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { \
	  echo "broadsheet needs Python 3.11 or newer, and there is no $(PYTHON): make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "broadsheet needs Python 3.11 or newer, and $(PYTHON) is older: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "$(PYTHON) cannot make virtual environments: install its venv module (Debian: python3-venv)" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }
