"""Single sign-on by OpenID Connect: which provider, if any."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Provider:
    """The operator's identity provider, from the environment (``TONGKE_OIDC_*``)."""

    issuer: str
    client_id: str
    client_secret: str
    label: str


def provider() -> Provider | None:
    """Return the configured identity provider, or ``None`` where people sign in with passwords only."""
    issuer, client = os.environ.get("TONGKE_OIDC_ISSUER", ""), os.environ.get("TONGKE_OIDC_CLIENT_ID", "")
    if not issuer or not client:
        return None
    return Provider(
        issuer=issuer.rstrip("/"), client_id=client, client_secret=os.environ.get("TONGKE_OIDC_CLIENT_SECRET", ""),
        label=os.environ.get("TONGKE_OIDC_LABEL", "OpenID Connect"),
    )
