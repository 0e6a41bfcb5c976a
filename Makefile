# `make help` lists the targets: each line with two number signs describes one.
VENV := .venv
BIN := $(VENV)/bin
FLASK := $(BIN)/python -m flask --app wsgi
PIP := $(BIN)/python -m pip --disable-pip-version-check
IS_NEW := import sys; sys.exit(sys.version_info < (3, 11))
# The first Python that is new enough, or any other: make run PYTHON=/opt/python/bin/python3
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c '$(IS_NEW)' 2>/dev/null && echo $$python && break; done)

.DEFAULT_GOAL := help
.PHONY: help setup run test fuzz lint format types declare bench audit seed clean clean-data

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: $(VENV)/dev-installed ## Make .venv with everything that running, testing and checking need

# Started through child.py, so that the runner stops what it started even when make itself is killed.
run: $(VENV)/installed ## Serve on http://localhost:3000 (PORT) with its own MongoDB; Ctrl-C stops all of it
	@exec $(BIN)/python -IS paytm/dev/child.py $$PPID SIGTERM $(FLASK) dev

test: $(VENV)/dev-installed ## Run the whole test suite; more options: make test ARGS="-k transfer -x"
	$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

fuzz: $(VENV)/dev-installed ## Send the API thousands of requests that its document allows, and that it does not (EXAMPLES)
	FUZZ_EXAMPLES=$(or $(EXAMPLES),100) $(BIN)/python -m pytest -n 0 tests/contract/test_openapi.py $(ARGS)

lint: $(VENV)/dev-installed types ## Check style, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(VENV)/dev-installed ## Format the code and sort the imports
	$(BIN)/ruff check --select I --fix .
	$(BIN)/ruff format .

types: $(VENV)/dev-installed ## Check the types
	$(BIN)/mypy

declare: $(VENV)/dev-installed ## Note down new collections and indexes, whose changes need a migration from then on
	$(BIN)/python -m tests.house.declared

bench: $(VENV)/dev-installed ## Measure transfers per second
	$(BIN)/python -m bench.run $(ARGS)

audit: $(VENV)/installed ## Prove that everything adds up
	@$(FLASK) audit $(ARGS)

seed: $(VENV)/installed ## Fill the database with people, transfers, orders and messages to try things on
	@$(FLASK) seed $(ARGS)

clean: ## Remove .venv and all caches, never the data
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage .coverage.* htmlcov
	find . -name __pycache__ -not -path '*/node_modules/*' -prune -exec rm -rf {} +

clean-data: ## Remove the embedded MongoDB's data for good
	@if [ -e .data/run.lock ] && ! flock --nonblock .data/run.lock true; then \
		echo "make run is using .data: stop it first."; exit 1; fi
	rm -rf .data

$(VENV)/made:
	@command -v "$(PYTHON)" >/dev/null && "$(PYTHON)" -c '$(IS_NEW)' || { \
		echo "Python 3.11 or newer is needed; if it is not on PATH: make run PYTHON=/path/to/python3"; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "This Python cannot make virtual environments: apt-get install python3-venv"; exit 1; }
	@echo "Making $(VENV) with $$("$(PYTHON)" --version) ..."
	"$(PYTHON)" -m venv $(VENV)
	@touch $@

$(VENV)/installed: requirements.txt | $(VENV)/made
	@echo "Installing what the application needs (about 100 MB the first time) ..."
	$(PIP) install -r requirements.txt
	@touch $@

$(VENV)/dev-installed: requirements-dev.txt requirements.txt | $(VENV)/installed
	@echo "Installing what tests and checks need ..."
	$(PIP) install -r requirements-dev.txt
	@touch $@
