# Everything a newcomer types. Needs Python 3.11 or newer with venv, and nothing else; each target sets itself up.
PYTHON ?= python3
BIN := .venv/bin
DATA ?=
export TONGKE_DATA ?= $(DATA)

.PHONY: help setup up test check lint docs lock assets screenshots clean

help: ## Say what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

setup: ## Put everything that Tongke runs on into .venv
	@$(PYTHON) .ci/setup.py

up: setup ## Bring up a running operator's CRM on the embedded database
	@$(BIN)/tongke up $(ARGS)

test: ## Run every check that CI runs
	@$(PYTHON) .ci/setup.py --dev
	@$(BIN)/python .ci/checks.py $(ARGS)

lint: ## Run the checks that need no database
	@$(PYTHON) .ci/setup.py --dev
	@$(BIN)/python .ci/checks.py --lint

docs: ## Write docs/generated anew
	@$(PYTHON) .ci/setup.py --dev
	@$(BIN)/python -m tongke.config.generated

assets: ## Bundle the browser's files and compile the catalogues
	@$(BIN)/python hatch_build.py

screenshots: ## Take the pictures of docs/tour.md from the demo operator that `make up` runs
	@$(PYTHON) .ci/setup.py --dev
	@$(BIN)/python -m tests.journeys.screenshots $(ARGS)

lock: ## Compile the pinned requirements and the lock file of the browser's packages
	@$(PYTHON) .ci/setup.py --dev
	@$(BIN)/python .ci/lock.py

clean: ## Remove what was made (never data)
	rm -rf .venv node_modules src/tongke/web/static/dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
