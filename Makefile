# One command each. They need Debian or Ubuntu, make, git and Python 3.11 or newer; everything else they install into .venv.
SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest -q -W error

.PHONY: help night test test-fast check lint types arrows rooms nights format lock bench clean

help: ## this page
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

night: .venv/installed ## tonight on the simulated observatory, from dusk to the report
	@$(BIN)/obsy apply plans/ --simulate

test: .venv/installed ## everything CI asks: style, types, arrows, and every test, the real parts too
	@scripts/real-parts.sh
	@$(MAKE) --keep-going check rooms nights

test-fast: .venv/installed ## the tests that neither play whole nights nor need real parts
	@$(PYTEST) -n 2 -m "not slow and not real"

check: lint types arrows ## style, types and who may import whom

lint: .venv/installed
	@$(BIN)/ruff check && $(BIN)/ruff format --check

types: .venv/installed
	@$(BIN)/mypy

arrows: .venv/installed
	@$(BIN)/lint-imports

rooms: .venv/installed
	@$(PYTEST) -n 2 --ignore=tests/scenario --ignore=tests/real

# One at a time: a night keeps both cores busy by itself, and KStars must not starve.
nights: .venv/installed
	@$(PYTEST) tests/scenario tests/real

format: .venv/installed ## lay the code out as `make check` wants it
	@$(BIN)/ruff check --fix-only && $(BIN)/ruff format

lock: ## renew requirements.lock from pyproject.toml
	@scripts/lock.sh

bench: .venv/installed ## measure obsy: one line a figure
	@$(BIN)/python -m bench

clean: ## remove .venv and caches; never data/
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis build dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/installed: requirements.lock pyproject.toml scripts/install.sh
	@scripts/install.sh
