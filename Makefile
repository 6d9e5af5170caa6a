# make demo   install into .venv and run the main job on the five articles in seeds/
# make test   install into .venv and run the tests
# PYTHON=/path/to/python3 chooses the interpreter; after the first install both work offline.

PYTHON ?=
VENV := .venv
BIN := $(VENV)/bin
OUT := results

.PHONY: demo test check clean

demo: $(VENV)/.installed
	@$(BIN)/npp analyze seeds/ --out $(OUT)

test: $(VENV)/.installed
	@$(BIN)/python -m pytest -q

check: $(VENV)/.installed-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

$(VENV)/.installed: pyproject.toml
	@PYTHON="$(PYTHON)" sh .ci/venv $(VENV)
	@echo "installing npp_nlp and its packages into $(VENV) (once; needs the package index)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[fonts,test]"
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev]"
	@touch $@

clean:
	rm -rf $(VENV) $(OUT) dist build .pytest_cache .mypy_cache .ruff_cache
