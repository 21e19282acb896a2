"""Security headers on every answer, static files included. A view that sets one itself keeps its own."""

from __future__ import annotations

from collections.abc import Iterable

Header = tuple[str, str]

# No inline script, no eval: Alpine's CSP build and HTMX without eval live with that. Styles set by script
# through the object model need no exception either.
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'{streams}; frame-ancestors 'none'; base-uri 'self'; form-action 'self'; object-src 'none'"
)
ALWAYS: tuple[Header, ...] = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"),
)
HSTS: Header = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")


def secured(headers: Iterable[Header], *, streams: str, https: bool) -> list[Header]:
    """Return ``headers`` with what is missing of the security headers; ``streams`` is the live streams' origin, or empty."""
    out = list(headers)
    present = {name.lower() for name, _value in out}
    wanted = [*ALWAYS, ("Content-Security-Policy", POLICY.format(streams=f" {streams}" if streams else ""))]
    if https:
        wanted.append(HSTS)
    out.extend((name, value) for name, value in wanted if name.lower() not in present)
    return out
