# What Marquee's developers type. `make help` lists it; CI runs the same commands.

PYTHON ?= python3
VENV := .venv/bin/python
INSTALL := $(VENV) -m pip install -qq --disable-pip-version-check --requirement

CLIENT := clients/typescript

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test lint client bench reset

help:  ## Say what can be made
	@awk -F ':.*##' '/^[a-z]+:.*##/ { printf "make %-7s %s\n", $$1, $$2 }' Makefile

run: .venv/requirements.txt  ## Start the site, its jobs and the Stripe emulator; Ctrl-C stops them
	@exec $(VENV) -m config.start

test: .venv/requirements-dev.txt  ## Run the tests on SQLite and PostgreSQL: make test ARGS="-k seats"
	@$(VENV) -m tests.run $(ARGS)

lint: .venv/requirements-dev.txt  ## Check style, arrows, migrations, production settings and schema
	$(VENV) -m ruff check
	$(VENV) -m ruff format --check
	.venv/bin/lint-imports
	$(VENV) manage.py makemigrations --check --dry-run
	@echo "$(VENV) manage.py check --deploy  # under production's settings"
	@$(PRODUCTION) $(VENV) manage.py check --deploy --fail-level WARNING
	$(VENV) manage.py spectacular --validate --fail-on-warn --file /dev/null

client: .venv/requirements.txt $(CLIENT)/node_modules/.package-lock.json  ## Compile a TypeScript client against the schema
	$(VENV) manage.py spectacular --format openapi-json --file $(CLIENT)/schema.json
	npm --prefix $(CLIENT) run --silent generate
	npm --prefix $(CLIENT) run --silent check

bench: .venv/requirements-dev.txt  ## Measure what a request costs
	@$(VENV) -m tests.bench $(ARGS)

reset: .venv/requirements.txt  ## Start over with an empty database; make run loads the demo again
	@$(VENV) -m config.reset

# Dependencies: installed again when their list has changed.

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Marquee needs Python 3.11 or newer: make PYTHON=/path/to/python3 ..."; exit 1; }
	@$(PYTHON) -m venv .venv >/dev/null 2>&1 || $(VENV_WITHOUT_ENSUREPIP) || \
		{ rm -rf .venv; echo "Python has no venv here. On Debian: apt-get install python3-venv"; exit 1; }

.venv/requirements.txt: requirements.txt | .venv/bin/python
	@echo "Installing what Marquee needs ..."
	@$(INSTALL) $<
	@cp $< $@

.venv/requirements-dev.txt: requirements-dev.txt .venv/requirements.txt
	@echo "Installing what its tests need ..."
	@$(INSTALL) $<
	@cp $< $@

$(CLIENT)/node_modules/.package-lock.json: $(CLIENT)/package-lock.json
	@npm --prefix $(CLIENT) ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@

# Debian's python3 has no ensurepip until python3-venv is installed, but may have pip.
VENV_WITHOUT_ENSUREPIP = { $(PYTHON) -m venv --clear --without-pip .venv && \
	$(PYTHON) -m pip -qq --python $(VENV) install pip; } >/dev/null 2>&1

PRODUCTION = DEBUG=off ALLOWED_HOSTS=cinema.example SITE_URL=https://cinema.example \
	SECRET_KEY=a-secret-that-is-long-enough-to-be-accepted-0123456789 \
	TICKET_SIGNING_KEY=another-one-that-is-long-enough-to-be-accepted-012345 \
	STRIPE_SECRET_KEY=sk_live_0 STRIPE_PUBLISHABLE_KEY=pk_live_0 STRIPE_WEBHOOK_SECRET=whsec_0 \
	STRIPE_API_BASE=https://api.stripe.com
