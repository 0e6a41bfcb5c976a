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
WEB := frontend
WEB_SOURCES := $(shell find $(WEB)/src $(WEB)/public $(WEB)/index.html $(WEB)/vite.config.ts -type f)
NODE_IS_NEW := const [major, minor] = process.versions.node.split(".").map(Number); \
	process.exit(major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19) ? 0 : 1)

.PHONY: help setup run web dev test fuzz mutants lint format types web-types web-lint declare bench soak up audit seed clean clean-data

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: $(VENV)/dev-installed ## Make .venv with everything that running, testing and checking need

# Started through child.py, so that the runner stops what it started even when make itself is killed.
run: $(VENV)/installed ## Serve on http://localhost:3000 (PORT) with its own MongoDB; Ctrl-C stops all of it
	@$(MAKE) --no-print-directory web || echo "There is no new build of the web client; the API runs all the same."
	@exec $(BIN)/python -IS paytm/dev/child.py $$PPID SIGTERM $(FLASK) dev

web: $(WEB)/dist/index.html ## Build the web client, unless nothing has changed

dev: $(WEB)/node_modules/installed ## Serve the web client on http://localhost:5173 while it is being changed; beside make run
	@cd $(WEB) && VITE_API_URL=$${VITE_API_URL-http://localhost:3000} exec npm run --silent dev

test: $(VENV)/dev-installed ## Run the whole test suite; more options: make test ARGS="-k transfer -x"
	$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

fuzz: $(VENV)/dev-installed ## Let made-up people and made-up requests find what is wrong, by the thousand (EXAMPLES)
	FUZZ_EXAMPLES=$(or $(EXAMPLES),100) $(BIN)/python -m pytest -n 0 tests/contract/test_openapi.py tests/contract/test_model.py $(ARGS)

mutants: $(VENV)/dev-installed ## Break copies of the code in every known way, and show which test notices
	$(BIN)/python -m tests.mutants.run $(ARGS)

lint: $(VENV)/dev-installed types ## Check style, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@if [ -e $(WEB)/node_modules/dev-installed ]; then $(MAKE) --no-print-directory web-lint; fi

format: $(VENV)/dev-installed ## Format the code and sort the imports
	$(BIN)/ruff check --select I --fix .
	$(BIN)/ruff format .

types: $(VENV)/dev-installed ## Check the types
	$(BIN)/mypy

web-types: $(VENV)/installed $(WEB)/node_modules/dev-installed ## Write down what the API takes and answers, for the web client
	@$(FLASK) openapi print --format=json 2>/dev/null | npm --prefix $(WEB) run --silent api

web-lint: web-types ## Check the web client's types, style and format, and test its arithmetic
	@npm --prefix $(WEB) run --silent check
	@npm --prefix $(WEB) run --silent test

declare: $(VENV)/dev-installed ## Note down new collections and indexes, whose changes need a migration from then on
	$(BIN)/python -m tests.house.declared

bench: $(VENV)/dev-installed ## Measure what the API does in a second, beside the driver alone; a few minutes
	$(BIN)/python -m bench.run $(ARGS)

soak: $(VENV)/dev-installed ## Let faults befall the deployment under load: make soak SOAK_SECONDS=60 SOAK_SEED=1
	$(BIN)/python -m bench.soak --seconds $(or $(SOAK_SECONDS),60) $(if $(SOAK_SEED),--seed $(SOAK_SEED))

up: ## Run the deployment with Docker Compose, on https://localhost
	docker/secrets.sh
	docker compose -f docker/docker-compose.yml up --detach --build

audit: $(VENV)/installed ## Prove that everything adds up
	@$(FLASK) audit $(ARGS)

seed: $(VENV)/installed ## Fill the database with people, transfers, orders and messages to try things on
	@$(FLASK) seed $(ARGS)

clean: ## Remove .venv and all caches, never the data
	rm -rf $(WEB)/node_modules $(WEB)/dist
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

$(VENV)/installed: requirements.txt requirements-mongod.txt | $(VENV)/made
	@echo "Installing what the application needs (about 100 MB the first time) ..."
	$(PIP) install -r requirements.txt -r requirements-mongod.txt
	@touch $@

$(VENV)/dev-installed: requirements-dev.txt requirements-otel.txt requirements.txt | $(VENV)/installed
	@echo "Installing what tests and checks need ..."
	$(PIP) install -r requirements-dev.txt
	@touch $@

$(WEB)/node_modules/installed: $(WEB)/package-lock.json
	@command -v npm >/dev/null && node -e '$(NODE_IS_NEW)' || { \
		echo "The web client is built by Node.js 20.19, 22.12 or newer, with npm."; exit 1; }
	@echo "Installing what builds the web client (about 170 MB the first time) ..."
	npm --prefix $(WEB) ci --omit=dev --no-audit --no-fund
	@touch $@

$(WEB)/node_modules/dev-installed: $(WEB)/package-lock.json
	@echo "Installing what checks the web client ..."
	npm --prefix $(WEB) ci --no-audit --no-fund
	@touch $@ $(WEB)/node_modules/installed

# Vite writes the page last of all, and leaves an earlier build alone when it fails.
$(WEB)/dist/index.html: $(WEB_SOURCES) $(WEB)/node_modules/installed
	@echo "Building the web client ..."
	npm --prefix $(WEB) run --silent build
	@touch $@
