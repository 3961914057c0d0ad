# One command each. They need Debian or Ubuntu, make, git and Python 3.11 or newer; everything else they install into .venv.
SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
BIN := .venv/bin
# Where Python is told to keep no bytecode, each process of each night would compile obsy anew.
PYTEST := env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest -q -W error

LANES := check fast real pythons nights sample
# The examples that explored laws are tried on follow from it: another one for each commit, and the same for everybody.
SEED ?= $(shell git rev-parse --short=7 HEAD | tr a-f 1-6)
# To collect every test takes longer than half of the laws: a lane collects but the files in which some of its own may be.
LAWS := $(shell grep -rlE --include='test_*.py' '^from hypothesis' tests)
NIGHTS := $(shell grep -rlE --include='test_*.py' 'mark\.(slow|long)' tests)
REALS := $(shell grep -rlE --include='test_*.py' 'mark\.real' tests)
EXPLORERS := --processes 2

.PHONY: help night test $(LANES) test-fast lint types arrows manual explore mutants drills format lock bench clean

help: ## this page
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

night: .venv/installed ## tonight on the simulated observatory, from dusk to the report
	@$(BIN)/obsy apply plans/ --simulate

test: .venv/installed ## everything CI asks, two lanes at a time: check fast real pythons nights sample
	@scripts/lanes.sh $(LANES)

check: .venv/installed ## style, types, who may import whom, and whether the manual hangs together
	@$(MAKE) --jobs=2 --output-sync=target --keep-going types manual lint arrows

lint: .venv/installed
	@! git grep -nE '^(<{7}|>{7}) ' || { echo "these marks are left of a merge: take them out"; false; }
	@$(BIN)/ruff check && $(BIN)/ruff format --check

types: .venv/installed
	@$(BIN)/mypy

arrows: .venv/installed
	@$(BIN)/lint-imports

# Strict: a link that leads nowhere, or a page that nothing leads to, is an error.
manual: .venv/installed ## the manual as a site, in build/manual
	@$(BIN)/python -m scripts.manual && NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build

# Three at a time, for some wait: for a process, a thread or a disk. They share one collection (tests/support/side_by_side.py).
fast: export OBSY_LAWS := fast
fast: .venv/installed ## the tests that neither play whole nights, take long nor need real parts
	@$(PYTEST) --processes 3 -m "not slow and not real and not long"

test-fast: fast

pythons: .venv/installed ## the fast tests on every other Python we promise that this machine has; in CI, all of them
	@scripts/pythons.sh

# Two at a time; the tests of a file share the nights it plays.
# A long law is explored by `make explore`, on more examples.
nights: .venv/installed ## whole nights, played, broken and killed, and the tests that take long
	@$(PYTEST) --processes 2 -m "(slow or long and not hypothesis) and not real" $(NIGHTS)

# Mostly waiting, so three files at a time, each in houses of its own; `make test` begins it first, beside the other lanes,
# which give way to KStars.
real: .venv/installed ## the tests with KStars, INDI and a browser, which it installs where it may
	@scripts/real-parts.sh && $(PYTEST) --processes 3 -m real $(REALS)

explore: .venv/installed ## the laws, tried on examples that nobody has seen; SEED=N for others
	@echo "SEED=$(SEED)" && $(PYTEST) $(EXPLORERS) -m "hypothesis and not slow and not real" \
		--hypothesis-profile=explore --hypothesis-seed=$(SEED) $(LAWS)

mutants: .venv/installed ## how many small faults in the deciding modules the tests find; docs/mutants.md
	@$(BIN)/python -m tests.mutants

# What CI has time for of the drills: every law on new examples, on one core, and a few mutants of some modules, on what is left.
sample: .venv/installed
	@$(MAKE) --jobs=2 --output-sync=target --keep-going explore some-mutants EXPLORERS=

.PHONY: some-mutants
some-mutants: .venv/installed
	@$(BIN)/python -m tests.mutants --sample 20 --seed $(SEED)

drills: .venv/installed ## hours: laws, faults and kills tried ten times as hard, and every mutant
	@OBSY_EFFORT=10 scripts/lanes.sh explore-long nights mutants

.PHONY: explore-long
explore-long: .venv/installed
	@$(MAKE) explore SEED=$$RANDOM PYTEST="$(PYTEST) --timeout=7200"

format: .venv/installed ## lay the code out as `make check` wants it
	@$(BIN)/ruff check --fix-only && $(BIN)/ruff format

lock: ## renew requirements.lock from pyproject.toml
	@scripts/lock.sh

bench: .venv/installed ## measure obsy; BENCH="--json" to keep the figures, BENCH="--against FILE" to compare
	@$(BIN)/python -m bench $(BENCH)

clean: ## remove .venv and caches; never data/
	@rm -rf .venv .venv-3.* .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis build dist docs/reference
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/installed: requirements.lock pyproject.toml scripts/install.sh
	@scripts/install.sh
