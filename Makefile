# Strongroom on a fresh machine: python3, make and a C++ compiler are enough, the rest is done here.
#
#   make run      set up what is missing, then open the window
#   make test     set up what is missing, then check everything
#
# The virtual environment is made anew whenever the lock changes, so it never holds more or less than the lock.

PYTHON ?= python3
ENVIRONMENT := .venv
BIN := $(ENVIRONMENT)/bin
ARGS ?=
TESTS ?=

PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
READY_TO_RUN := $(ENVIRONMENT)/ready-to-run
READY_TO_TEST := $(ENVIRONMENT)/ready-to-test
STARTER_MODEL := resources/models/SmolLM2-135M-Instruct.Q4_1.gguf
DOCUMENTS := build/documents/policy.pdf

export PYTHON
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: run test lint check-types bench set-up set-up-tests starter-model documents lock notices clean help \
        system-libraries system-libraries-for-tests

run: set-up ## open the window (ARGS="doctor" runs a command instead)
	@if [ -z "$(ARGS)" ] && [ "$$(uname -s)" = Linux ] && [ -z "$$DISPLAY$$WAYLAND_DISPLAY" ]; then \
	    echo "There is no display to open a window on: use 'make run' in a desktop session, or 'make run ARGS=--help' for the command line." >&2; \
	    exit 1; \
	fi
	$(BIN)/python main.py $(ARGS)

test: set-up-tests lint ## lint, then all tests (TESTS=tests/engine, ARGS="-x -k name" narrow it)
	tests/run.sh $(TESTS) $(ARGS)

lint: $(READY_TO_TEST) ## style, formatting and the doors between the parts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

check-types: $(READY_TO_TEST) ## types, with mypy
	$(BIN)/mypy

bench: set-up-tests ## the figures: each script in tests/bench, one after the other
	@for bench in tests/bench/bench_*.py; do \
	    if [ -e "$$bench" ]; then echo "== $$bench"; PYTHONPATH=. $(BIN)/python "$$bench" $(ARGS) || exit 1; fi; \
	done

set-up: system-libraries $(READY_TO_RUN) $(STARTER_MODEL) ## everything 'make run' needs, without starting

set-up-tests: system-libraries-for-tests $(READY_TO_TEST) $(STARTER_MODEL) $(DOCUMENTS) ## everything 'make test' needs

lock: ## choose newest dependencies within pyproject.toml and write both locks
	packaging/lock.sh

notices: $(READY_TO_RUN) ## write packaging/THIRD-PARTY-NOTICES.md from what is installed
	$(BIN)/python packaging/third_party_notices.py

starter-model: $(READY_TO_RUN) ## fetch the starter model, or check and mend the one that is there
	$(BIN)/python packaging/starter_model.py

documents: $(DOCUMENTS) ## fetch the long real document that tests read

clean: ## remove everything that set-up and tests made
	rm -rf $(ENVIRONMENT) build dist *.egg-info .ruff_cache .mypy_cache .import_linter_cache .hypothesis
	rm -f $(STARTER_MODEL)
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

system-libraries:
	@packaging/system_libraries.sh run

system-libraries-for-tests:
	@packaging/system_libraries.sh test

$(READY_TO_RUN): requirements.lock packaging/pip.lock packaging/build-constraints.txt | system-libraries
	@echo "Setting up Python packages. The first time, llama.cpp is built for this processor: 5 to 10 minutes."
	$(PYTHON) -m venv --clear $(ENVIRONMENT)
	$(PIP_INSTALL) --requirement packaging/pip.lock
	$(PIP_INSTALL) --requirement requirements.lock --build-constraint packaging/build-constraints.txt
	@touch $@

$(READY_TO_TEST): $(READY_TO_RUN) requirements-test.lock | system-libraries-for-tests
	$(PIP_INSTALL) --requirement requirements-test.lock --build-constraint packaging/build-constraints.txt
	@touch $@

$(STARTER_MODEL): packaging/starter_model.py packaging/starter-model.lock | $(READY_TO_RUN)
	$(BIN)/python packaging/starter_model.py
	@touch $@

$(DOCUMENTS): | system-libraries-for-tests
	tests/documents.sh
