# Both commands make what they need, and can be run again: `make demo`, `make test`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CHROMIUMS := chromium chromium-browser google-chrome
SOURCES := pyproject.toml setup.py tensorboard_plugin_rnnweights/summary/passes/compiled.c \
	$(shell find frontend -type f -not -path '*/node_modules/*')

# Node.js and the tests' tools lie beside this Python.
export PATH := $(CURDIR)/$(BIN):$(PATH)
export TF_CPP_MIN_LOG_LEVEL ?= 2

# The same tests of training, for every Keras and every backend; each needs a process of its own.
KERASES := RNNWEIGHTS_KERAS=tf_keras RNNWEIGHTS_KERAS=tf_keras-graph KERAS_BACKEND=torch KERAS_BACKEND=jax

.PHONY: demo test lint types frontend browser kerases matrix fuzz benchmark performance clean

demo: $(VENV)/.demo
	@$(BIN)/python -m tensorboard_plugin_rnnweights demo

test: lint types frontend browser kerases
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.test
	$(BIN)/mypy

frontend: $(VENV)/.test
	cd frontend && npm ci --no-audit --no-fund && npm run lint && npm run typecheck && npm test

browser:
	@test -n "$$RNNWEIGHTS_CHROMIUM" || for name in $(CHROMIUMS); do command -v $$name && exit; done \
		|| $(MAKE) --no-print-directory install-chromium

.PHONY: install-chromium
install-chromium:
	$(if $(filter 0,$(shell id -u)),,sudo) apt-get update -qq
	$(if $(filter 0,$(shell id -u)),,sudo) apt-get install -y -qq chromium

kerases: $(VENV)/.test
	printf '%s\n' $(KERASES) | xargs -P 2 -I {} env {} $(BIN)/python -m pytest -q tests/kerases

matrix: $(VENV)/.test
	$(BIN)/nox

INPUTS ?= 1000000
SEED ?= 0

fuzz: $(VENV)/.test
	$(BIN)/python -m tests.fuzz --inputs $(INPUTS) --seed $(SEED)

benchmark: $(VENV)/.benchmark browser
	$(BIN)/python -m benchmarks.decomposing
	$(BIN)/python -m benchmarks.passes
	$(BIN)/python -m benchmarks.logging
	$(BIN)/python -m benchmarks.large_layer
	$(BIN)/python -m benchmarks.signals
	$(BIN)/python -m benchmarks.disk
	$(BIN)/python -m benchmarks.serving
	$(BIN)/python -m benchmarks.screen

# Measures again what docs/performance.md says, and writes it there.
performance: $(VENV)/.benchmark
	$(BIN)/python -m benchmarks.passes --write
	$(BIN)/python -m benchmarks.logging --write
	$(BIN)/python -m benchmarks.large_layer --write
	$(BIN)/python -m benchmarks.growth

$(BIN)/python:
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --quiet --upgrade pip

$(VENV)/.demo: $(BIN)/python $(SOURCES)
	@echo "Installing into $(VENV), which takes some minutes the first time ..."
	@$(BIN)/python -m pip install --quiet --quiet --editable '.[demo]'
	@touch $@

$(VENV)/.test: $(BIN)/python $(SOURCES)
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	@touch $@

$(VENV)/.benchmark: $(BIN)/python $(SOURCES)
	$(BIN)/python -m pip install --quiet --editable '.[benchmark]'
	@touch $@

clean:
	rm -rf $(VENV) .nox build dist frontend/node_modules tensorboard_plugin_rnnweights/static
