# Two commands on a fresh machine that has Python 3.11 or newer and make:
#   make demo   installs what is needed and runs the total system over a country of a million
#   make test   installs what is needed and runs every check
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test lint bench bench-peers schema clean

demo: $(VENV)/.installed
	$(BIN)/glasstown run total-2020 --citizens 1_000_000 --weeks 364 --seed 1 --out runs/ --overwrite

test: $(VENV)/.installed-dev $(VENV)/.browser lint
	$(BIN)/python -m pytest -n 2 --dist loadfile

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.installed
	$(BIN)/glasstown bench

PEERS := agentpy laser-core mesa mesa-frames starsim
PEER_VENVS := bench/peers/.venvs

# The small model in other frameworks, each in an environment of its own: minutes, and the network.
bench-peers: $(VENV)/.installed $(PEERS:%=$(PEER_VENVS)/%/.installed)
	$(BIN)/python bench/peers/compare.py

$(PEER_VENVS)/%/.installed: bench/peers/requirements/%.txt
	$(PYTHON) -m venv $(PEER_VENVS)/$*
	$(PEER_VENVS)/$*/bin/pip install --quiet --disable-pip-version-check -r $<
	touch $@

schema: $(VENV)/.installed
	$(BIN)/python -m glasstown.lab.schema docs/schema

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(VENV)/.installed-dev: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	touch $@ $(VENV)/.installed

# The lab's page is tested in Debian's Chromium: installed here where that can be done.
$(VENV)/.browser: $(VENV)/bin/python
	@command -v chromium >/dev/null || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; } || \
	  { echo "make test needs the browser chromium on the path (on Debian: sudo apt-get install chromium)"; exit 1; }
	touch $@

clean:
	rm -rf $(VENV) $(PEER_VENVS) runs build dist
