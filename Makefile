# The course's commands. Settings (TL_LANGUAGE, TL_EDITION, TL_PICTURES, TL_WEIGHTS, LESSON) may be given on the
# command line: make course LESSON=02 TL_LANGUAGE=tr

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# An environment with the versions that Colab has; the drill makes it, on Colab's Python where that is here.
COLAB := .venv-colab
RUN := $(BIN)/python -m tl_helpers.authoring
NOTEBOOKS := notebooks/en notebooks/tr
# What make grade grades, and where it leaves grades, feedback and a summary.
SUBMISSIONS ?= assets/example_class
OUT ?= grading-output

.PHONY: help setup course lab test test-long browser colab-drill test-drill build check stamp spell lint pretrain difficulty similarity bench bench-grading grade clean
.DEFAULT_GOAL := help

help: ## Show the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

setup: $(VENV)/.ready ## Make the virtual environment with all that the course needs

$(VENV)/.ready: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(None if (3, 11) <= sys.version_info[:2] <= (3, 13) else "Python 3.11-3.13 is needed / gerekli; found / bulunan: %s. make setup PYTHON=python3.12" % sys.version.split()[0])'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[course]'
	touch $@

course: setup ## Run the lessons (or LESSON=02): executed notebooks, HTML pages and a report in course-output/
	@$(RUN) run $(LESSON)

lab: setup ## Open JupyterLab on lesson 01 (Turkish with TL_LANGUAGE=tr)
	$(BIN)/jupyter lab --ServerApp.root_dir='$(CURDIR)' \
		--LabApp.default_url=/lab/tree/notebooks/$(or $(TL_LANGUAGE),en)/01_concepts_and_dropout.ipynb $(LAB_OPTIONS)

test: setup ## All tests but those that take long; runs every committed notebook as well
	$(BIN)/python -m pytest -m "not browser and not long and not classes and not drill" --numprocesses 2 --dist worksteal --cov --cov-fail-under 75 --cov-report=
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile -W default --nbval-lax --nbval-current-env --nbval-cell-timeout 600 $(NOTEBOOKS)

test-long: setup ## Tests that take minutes: tools that measure, several processes, and grading, with whole classes, broken and hostile ones too
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[course,teacher]'
	$(BIN)/python -m pytest -m long --numprocesses 2 --dist worksteal --cov --cov-append --cov-fail-under 0 --cov-report=
	$(BIN)/python -m pytest -m classes

browser: setup ## Open lessons and lesson 09's page in a browser (needs Chromium): JupyterLab, and the classic notebook with Colab's versions
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[course,browser,app]'
	$(RUN) drill --environment colab --prepare
	$(COLAB)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --force-reinstall .
	TL_COLAB_PYTHON='$(CURDIR)/$(COLAB)/bin/python' $(BIN)/python -m pytest -m browser --numprocesses 2 --dist worksteal tests/test_browser.py tests/test_app_browser.py

# Lessons alone, as Colab runs them; the languages and editions of the first line are narrowed by DRILL_OPTIONS.
colab-drill: setup ## Run lessons (or LESSON="02 07") alone, installed by their own first cell: Colab's versions, then both ends of the supported range
	@code=0; \
	$(RUN) drill $(LESSON) --environment colab $(DRILL_OPTIONS) || code=1; \
	$(RUN) drill $(LESSON) --environment newest --edition mini --language $(or $(TL_LANGUAGE),en) || code=1; \
	$(RUN) drill $(LESSON) --environment oldest --edition mini --language $(or $(TL_LANGUAGE),en) || code=1; \
	exit $$code

test-drill: setup ## The drill of two lessons with Colab's versions, and a look whether both ends of the range can be installed
	$(BIN)/python -m pytest -m drill -rs --cov --cov-append --cov-fail-under 0 --cov-report=

build: setup ## Make both languages' notebooks (of LESSON) from their source
	$(RUN) build $(LESSON)

check: setup ## Check sources, translations and committed notebooks
	$(RUN) check

stamp: setup ## Say that the Turkish of LESSON was reviewed against its English
	$(RUN) stamp $(LESSON)

spell: setup ## Check the spelling of both languages (hunspell with its Turkish and English dictionaries)
	$(RUN) spell $(LESSON)

lint: setup ## Format and lint the code, check types
	$(BIN)/ruff format --check . && $(BIN)/ruff check .
	$(BIN)/mypy

pretrain: setup ## Train the mini edition's base models again
	$(BIN)/python -m tl_helpers.authoring.pretrain

difficulty: setup ## Measure how hard the drawn tasks are, and what transfer gains on them
	$(BIN)/python -m tl_helpers.authoring.difficulty

similarity: setup ## Measure what the similarity to the source and the number of pictures do
	$(BIN)/python -m tl_helpers.authoring.difficulty --knobs

bench: setup ## Measure what running frozen layers once is worth (photographs: TL_TEST_DATA=folder)
	$(BIN)/python -m tl_helpers.authoring.bench

bench-grading: setup ## Measure what grading takes: 100 copies of the example class, one core and two, a run killed half-way
	$(BIN)/python -m tl_helpers.authoring.bench.grading

grade: setup ## Grade a folder of submissions (SUBMISSIONS=folder, OUT=folder; by default the example class)
	@$(BIN)/python -m tl_helpers.grading '$(SUBMISSIONS)' --out '$(OUT)' $(GRADE_OPTIONS)

clean: ## Remove what the other commands made, but for the environment
	rm -rf course-output .coverage .pytest_cache .mypy_cache .ruff_cache
