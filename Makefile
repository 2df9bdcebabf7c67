# `make` lists what there is. Needs Python 3.11 or later; everything else is fetched, and stays in this directory
# (but for the Debian packages of the tests). ARGS go to the program: make test ARGS="-k spool". The tests run in as many
# processes as there are processors: make test JOBS=0 runs them in one.

UV_VERSION := 0.13.8
UV := $(or $(shell command -v uv),.uv/bin/uv)
PYTHON := .venv/bin/python
SOURCES := ippgate tests bench
JOBS := $(shell nproc)

.PHONY: help run test lint format types check bench wheel clean

help:  ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 15

run: .venv/run.stamp  ## start the gate with an embedded database and a demo device
	@exec .venv/bin/ippgate serve --demo $(ARGS)

test: .venv/dev.stamp  ## run every test, against the real peers; installs Debian packages that are missing
	@tests/rig/install.sh
	$(PYTHON) -m pytest -n $(JOBS) --dist loadfile $(ARGS)

lint: .venv/dev.stamp  ## check style
	.venv/bin/ruff check $(SOURCES)
	.venv/bin/ruff format --check $(SOURCES)

format: .venv/dev.stamp  ## repair style
	.venv/bin/ruff check --fix $(SOURCES)
	.venv/bin/ruff format $(SOURCES)

types: .venv/dev.stamp  ## check types
	.venv/bin/mypy

check: lint types test  ## all three

bench: .venv/dev.stamp  ## measure, beside CUPS and PostgreSQL in the same run
	@tests/rig/install.sh
	$(PYTHON) -m bench $(ARGS)

wheel: | $(UV)  ## build the wheel into dist/
	$(UV) build --wheel

clean:  ## remove all that was made here
	rm -rf .venv .uv dist .mypy_cache .ruff_cache .hypothesis
	find $(SOURCES) -name __pycache__ -prune -exec rm -rf {} +

# One environment: `run` needs the locked dependencies of the gate, everything else those of development as well.
.venv/run.stamp: pyproject.toml uv.lock | $(UV)
	$(UV) sync --locked --no-dev --inexact
	@touch $@

.venv/dev.stamp: pyproject.toml uv.lock | $(UV)
	$(UV) sync --locked
	@touch $@ .venv/run.stamp

# Debian's python3 comes without ensurepip, which its venv needs.
.uv/bin/uv:
	@python3 -c 'import ensurepip' 2>/dev/null || tests/rig/install.sh python3-venv
	python3 -m venv --clear .uv
	.uv/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
