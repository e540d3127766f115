# Thin names for manage.py, which needs nothing but Python and makes everything else itself.
PYTHON ?= python3
MANAGE = $(PYTHON) manage.py

.DEFAULT_GOAL := help
.PHONY: help run run-production-like test check bench bench-catalogue shell messages format lock python

help: ## list these names
	@echo "make <name>, where <name> is one of:"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-20s %s\n", $$1, $$2 }' Makefile

run: python ## the shop: web, worker, beat and servers; Ctrl-C stops everything
	@$(MANAGE) up

run-production-like: python ## the same with the production settings, several web processes and workers
	@$(MANAGE) up --production-like

test: python ## everything CI runs
	@$(MANAGE) test

check: python ## the fast checks only
	@$(MANAGE) verify

bench: python ## the measurements
	@$(MANAGE) bench

bench-catalogue: python ## catalogue pages over 1,000, 10,000 and 100,000 products, into docs/performance.md
	@$(MANAGE) bench-catalogue

shell: python ## Django's shell
	@$(MANAGE) shell

messages: python ## collect all words into the catalogues of every language
	@$(MANAGE) messages

format: python ## put code and templates into shape
	@$(MANAGE) format

lock: python ## compile requirements/*.in into the hash-pinned locks
	@$(MANAGE) lock

python:
	@command -v $(PYTHON) >/dev/null 2>&1 || { \
		echo "Portolan needs Python 3.11 or newer, and there is no $(PYTHON) here. With another name: make run PYTHON=python3.12" >&2; \
		exit 1; }
