# What a fresh checkout can do. Needs make, Python 3.11 or later with venv; `test` needs Node 20 or later too.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.NOTPARALLEL:
.PHONY: setup setup-test demo test lint bench soak lock

BIN := .venv/bin

setup:          ## .venv with circlekeeper, .venv-synapse with a real Synapse
	@scripts/setup.sh

setup-test:
	@scripts/setup.sh --with-node --with-peers

demo: setup     ## the whole story on loopback; STAY=1 leaves it running
	@$(BIN)/python -m scripts.demo $(if $(STAY),--stay)

lint: setup
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m scripts.readability

test: setup-test lint
	$(BIN)/pytest --numprocesses auto --maxprocesses 4 --dist loadfile

soak: setup-test ## hours rather than minutes: new examples for every property, then every crash to its end
	CIRCLEKEEPER_NEW_EXAMPLES=1 $(BIN)/pytest tests/crypto tests/domain tests/property tests/store tests/web
	$(BIN)/pytest -m soak

bench:          ## docs/performance.md anew
	@scripts/setup.sh --with-peers
	$(BIN)/python -m scripts.bench

lock: setup-test   ## write down the versions that are installed now
	$(BIN)/pip freeze --exclude-editable | LC_ALL=C sort -f > requirements.lock
	.venv-synapse/bin/pip freeze | LC_ALL=C sort -f > requirements-synapse.lock
	.venv-peers/bin/pip freeze | LC_ALL=C sort -f > requirements-peers.lock
