# What Marquee's developers type. `make help` lists it; CI runs the same commands.

SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv/bin/python
INSTALL := $(VENV) -m pip install -qq --disable-pip-version-check --requirement

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test lint bench reset

help:  ## Say what can be made
	@awk -F ':.*##' '/^[a-z]+:.*##/ { printf "make %-6s %s\n", $$1, $$2 }' Makefile

run: .venv/requirements.txt  ## Start the site, its jobs and the Stripe emulator; Ctrl-C stops them
	@$(ON_A_LAPTOP); $(PORTS); $(PORTS_ARE_FREE); \
	echo "Preparing the database ..."; \
	$(VENV) manage.py migrate --verbosity 0 || exit; \
	logins=$$($(VENV) manage.py load_demo) || exit; \
	($(WAIT_FOR_THE_SITE); $(SAY_WHERE)) & \
	PATH="$$PWD/.venv/bin:$$PATH" PYTHONUNBUFFERED=1 \
	exec $(VENV) -c "$$HONCHO" --env /dev/null start $$processes

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

bench: .venv/requirements-dev.txt  ## Measure what a request costs
	@$(VENV) -m tests.bench $(ARGS)

reset: .venv/requirements.txt  ## Start over with an empty database; make run loads the demo again
	@$(PORTS); $(PORTS_ARE_FREE); \
	file=$$($(VENV) -c 'from config.settings import DATABASES as d; \
	print(d["default"]["NAME"] if "sqlite3" in d["default"]["ENGINE"] else "")') || exit; \
	if [ "$$file" ]; then \
		rm -f "$$file" "$$file-wal" "$$file-shm"; \
		find media -mindepth 1 ! -name .gitkeep -delete; \
		echo "Removed $$file and the uploaded files."; \
	else \
		$(VENV) manage.py flush; \
	fi

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

# Debian's python3 has no ensurepip until python3-venv is installed, but may have pip.
VENV_WITHOUT_ENSUREPIP = { $(PYTHON) -m venv --clear --without-pip .venv && \
	$(PYTHON) -m pip -qq --python $(VENV) install pip; } >/dev/null 2>&1

# The steps of `make run`, in bash. The settings know the ports, whoever has set them.

ON_A_LAPTOP = grep -qsE '^(export )?DEBUG *=' .env || export DEBUG=$${DEBUG-on}

PORTS = ports=$$($(VENV) -c 'from config import settings; \
	print(settings.PORT, settings.EMULATOR_PORT if settings.STRIPE_PAY_PAGE else "")') || exit; \
	read -r SITE_PORT PAY_PORT <<< "$$ports"; export SITE_PORT; \
	processes="site jobs $${PAY_PORT:+emulator}"

PORTS_ARE_FREE = for port in $$ports; do \
	if (: < /dev/tcp/127.0.0.1/$$port) 2>/dev/null; then \
	echo "Port $$port is in use. Stop what uses it, or choose: PORT=… EMULATOR_PORT=… make run"; \
	exit 1; fi; done

# $$$$ is the shell here, and honcho later: when it is gone, so are we.
WAIT_FOR_THE_SITE = until $(SITE_ANSWERS); do kill -0 $$$$ || exit; sleep 0.2; done 2>/dev/null
SITE_ANSWERS = (exec 3<> /dev/tcp/127.0.0.1/$$SITE_PORT && \
	printf 'GET /health/ready HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3 && grep -q ^HTTP <&3)

SAY_WHERE = at="http://127.0.0.1:$$SITE_PORT"; \
	echo; printf '%-8s %s\n' Marquee "$$at/" API "$$at/api/docs/" Admin "$$at/admin/" \
		$${PAY_PORT:+Stripe "http://127.0.0.1:$$PAY_PORT/ (emulator)"}; \
	printf '\n%s\n\nCtrl-C stops all of it.\n\n' "$$logins"

# honcho stops everything when one process ends, or on Ctrl-C. Two things more: it is an error when
# a process ends by itself, and nothing may live on when the terminal is closed.
define HONCHO
import os
import signal
import sys

from honcho.command import main


def hang_up(*_):
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.kill(os.getpid(), signal.SIGTERM)


signal.signal(signal.SIGHUP, hang_up)
try:
    main()
except SystemExit as end:
    sys.exit(end.code or 1)
endef
export HONCHO

PRODUCTION = DEBUG=off ALLOWED_HOSTS=cinema.example \
	SECRET_KEY=a-secret-that-is-long-enough-to-be-accepted-0123456789 \
	TICKET_SIGNING_KEY=another-one-that-is-long-enough-to-be-accepted-012345 \
	STRIPE_SECRET_KEY=sk_live_0 STRIPE_PUBLISHABLE_KEY=pk_live_0 STRIPE_WEBHOOK_SECRET=whsec_0 \
	STRIPE_API_BASE=https://api.stripe.com
