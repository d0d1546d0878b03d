# Needs Python 3.11 or newer, nothing else. Every target makes its own environment from the lock file.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test referee spark lint docs bench browser slow package lock clean

demo: $(VENV)/.run
	$(BIN)/infantall demo

test: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not browser and not slow and not referee and not spark"

browser: $(VENV)/.dev
	$(BIN)/python -m pytest -m browser

slow: $(VENV)/.dev
	$(BIN)/python -m pytest -m slow

referee: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2 -m referee

spark: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/spark.lock
	$(BIN)/python -m pytest -m spark

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check src tests benchmarks hatch_build.py
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell src docs README.md CONTRIBUTING.md

docs: $(VENV)/.dev
	$(BIN)/python docs/build_reference.py
	$(BIN)/mkdocs build --strict

bench: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/bench.lock
	$(BIN)/python benchmarks/run.py

# Wheel and sdist are built, installed into a clean environment from the lock file, and run away from the sources.
package: $(VENV)/.dev
	rm -rf dist build/package
	$(BIN)/python -m build --outdir dist .
	$(PYTHON) -m venv build/package
	build/package/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/runtime.lock
	build/package/bin/python -m pip install --quiet --disable-pip-version-check --no-deps dist/*.whl
	cd build && INFANTALL_CACHE=/nonexistent package/bin/infantall demo --out demo > demo.txt
	cd build && package/bin/infantall assess package/lib/python3*/site-packages/infantall/examples/babies/high-risk.yaml --format json > /dev/null
	cd build && package/bin/infantall knowledge check

# The lock files name exact versions and hashes; they are read by plain pip.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q pyproject.toml -o requirements/runtime.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q pyproject.toml --group dev -o requirements/dev.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q pyproject.toml --group dev --group bench -o requirements/bench.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q pyproject.toml --group dev --group spark -o requirements/spark.lock

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements/runtime.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/runtime.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	touch $@

$(VENV)/.dev: requirements/dev.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	touch $@

clean:
	rm -rf $(VENV) dist build site infantall-demo .pytest_cache .mypy_cache .ruff_cache .hypothesis
