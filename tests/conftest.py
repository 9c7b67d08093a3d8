"""What all tests share: how hard hypothesis looks, and the switch that writes golden files anew."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

# So that an assertion in these shows both sides when it fails, as one in a test does.
pytest.register_assert_rewrite("agreeing", "cases", "session", "naive")

# `make test` looks hard and the same everywhere; `make check` traces every line and so looks less;
# `pytest --hypothesis-profile=explore` looks for what nobody has found yet.
_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("full", max_examples=300, derandomize=True)
settings.register_profile("covered", max_examples=40, derandomize=True)
settings.register_profile("explore", max_examples=20_000, derandomize=False)
for _name in ("full", "covered", "explore"):
    settings.register_profile(
        _name,
        settings.get_profile(_name),
        deadline=None,
        print_blob=True,
        suppress_health_check=_SLOW,
    )
settings.load_profile("full")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--update-golden`: the answers of today become the expected ones, for `git diff`."""
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write the expected files of tests/golden, tests/problems and examples anew",
    )
