"""Signatures: the scheme's published example, and secrets of any other form."""

from __future__ import annotations

import pytest

from tongke.tmf.hub.errors import SecretUnfit
from tongke.tmf.hub.signing import key_of, new_secret, signature, signed_headers


def test_the_schemes_own_example() -> None:
    """Standard Webhooks publishes this message with its signature."""
    key = key_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    found = signature(key, message_id="msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp=1614265330, body=b'{"test": 2432232314}')
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_headers_carry_id_time_and_signature() -> None:
    key = key_of(new_secret())
    assert signed_headers(key, message_id="a", timestamp=7, body=b"{}") == {
        "webhook-id": "a", "webhook-timestamp": "7", "webhook-signature": signature(key, message_id="a", timestamp=7, body=b"{}"),
    }


def test_secrets_are_never_the_same() -> None:
    assert len({new_secret() for _n in range(50)}) == 50


@pytest.mark.parametrize("secret", [
    "", "whsec_", "whsec_####", "whsec_c2hvcnQ=", "c" * 44, "whsec_" + "QUFB" * 30, "WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",
])
def test_hub_05_secrets_that_are_refused(secret: str) -> None:
    with pytest.raises(SecretUnfit):
        key_of(secret)
