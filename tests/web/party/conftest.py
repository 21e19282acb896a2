"""A picture for documents."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image


@pytest.fixture
def png() -> bytes:
    """A small picture."""
    out = BytesIO()
    Image.new("RGB", (40, 25), "white").save(out, "PNG")
    return out.getvalue()
