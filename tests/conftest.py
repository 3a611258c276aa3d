"""What every test stands on: how hypothesis looks for examples, and where the real reports lie."""

from __future__ import annotations

import importlib.util
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT.parent / "shared" / "samples"

# A slow or busy machine must not fail a property: time is measured by the benchmark, not here.
_CALM = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large], "print_blob": True}
settings.register_profile("quick", max_examples=40, **_CALM)
# A failure is shown as found, with the line that repeats it: making it smaller can take minutes, and is done where it is mended.
settings.register_profile("ci", max_examples=100, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate], **_CALM)
settings.register_profile("deep", max_examples=5_000, **_CALM)
settings.load_profile(os.environ.get("GONGKAI_HYPOTHESIS") or ("ci" if os.environ.get("CI") else "quick"))


# The web tests need Django; everything else must pass without it, and one test proves that.
if importlib.util.find_spec("django") and importlib.util.find_spec("pytest_django"):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.web.settings")
    os.environ.setdefault("GONGKAI_DATA", tempfile.mkdtemp(prefix="gongkai-tests-"))
    import django

    django.setup()
else:
    collect_ignore = ["web", "flows/test_flow_b.py"]


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of real reports; a test that asks for it is skipped where it is absent."""
    if not SAMPLES.is_dir():
        pytest.skip(f"the real reports are not here ({SAMPLES})")
    return SAMPLES
