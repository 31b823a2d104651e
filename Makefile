# Each target is one line of work; `make help` lists them.
PYTHON ?= python3
BIN := .venv/bin
CORPORA ?=

WHO ?= stewards steward-1
TRIAL := PARALLAX_ENVIRONMENT=development PARALLAX_PORT=8600 PARALLAX_ISSUER=http://localhost:8600 PARALLAX_PUBLISH_EVERY=0

.PHONY: help demo serve invite test check browser bench messages lock clean

help: ## What can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 10

demo: .venv/runtime ## One run of the whole service on a loopback port, with its bulletins printed
	@$(BIN)/python demo/run.py

serve: .venv/runtime instance ## The service for trying it out, kept running on http://localhost:8600
	@$(TRIAL) $(BIN)/parallax serve

invite: .venv/runtime instance ## A link with which the first person signs in there; WHO='PARTNER CODE' for another
	@$(TRIAL) $(BIN)/parallax partners invite $(WHO)

test: check browser ## Everything that must pass before a change lands
	@$(BIN)/python -m pytest -n 2 --dist worksteal

check: .venv/dev ## Format, lint, types
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

browser: ## A Chromium for the stories at a browser: the system's, else Debian's package
	@sh tests/browser.sh

bench: .venv/dev browser ## All benchmarks; with CORPORA=DIR also those that read corpora
	@$(BIN)/python -m benchmarks "$(CORPORA)"
	@PARALLAX_ATTACKS=30000 $(BIN)/python -m pytest -s --timeout 5400 tests/redaction/test_redaction_attack_catalogue.py
	@PARALLAX_KILLS=200 $(BIN)/python -m pytest -s --timeout 5400 tests/stories/test_stories_kill.py

messages: .venv/dev ## Gather the sentences of the pages into the catalogues of the translators
	@$(BIN)/pybabel -q extract -F pyproject.toml -k N_ --add-location=file --no-wrap --omit-header -o build/messages.pot .
	@for lang in ar es fr it ro; do $(BIN)/pybabel -q update -N --no-wrap --omit-header --ignore-obsolete -i build/messages.pot -d console/translations -l $$lang; done

lock: ## Resolve the dependencies anew (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --extra models pyproject.toml requirements/build.in -o requirements/runtime.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --extra models --extra postgres --extra dev pyproject.toml requirements/build.in -c requirements/runtime.txt -o requirements/dev.txt

clean: ## Remove what make installed; never touches instance/
	rm -rf .venv build *.egg-info

instance: .venv/runtime
	@$(BIN)/parallax init --directory instance

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=/path/to/python")'
	@$(PYTHON) -m venv .venv

.venv/runtime: .venv/bin/python requirements/runtime.txt pyproject.toml
	@echo "Installing into .venv (once; about a minute)" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r requirements/runtime.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev: .venv/runtime requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r requirements/dev.txt
	@touch $@
