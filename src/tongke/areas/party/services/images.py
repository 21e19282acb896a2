"""Pictures of documents: told by their content, never by their name."""

from __future__ import annotations

import warnings
from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image

from tongke.areas.party.errors import ImageRefused
from tongke.areas.party.policy import PartyPolicy

TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


def check_image(data: bytes, *, policy: PartyPolicy) -> str:
    """Return the media type of ``data``; raises ``ImageRefused`` unless it is a whole picture within policy.

    The header is read first: a small file that unfolds to a huge picture is refused before it unfolds.
    """
    megabytes = policy.image_bytes_max // 1_000_000
    if len(data) > policy.image_bytes_max:
        raise ImageRefused(field="image", why=_("it is too large"), megabytes=megabytes)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=tuple(TYPES)) as picture:
                if picture.width * picture.height > policy.image_pixels_max:
                    raise ImageRefused(field="image", why=_("it has too many pixels"), megabytes=megabytes)
                kind = picture.format or ""
                picture.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as fault:
        raise ImageRefused(field="image", why=_("it is no readable picture"), megabytes=megabytes) from fault
    return TYPES[kind]
