"""`parallax verify`: a genuine bulletin holds, and whatever was done to one does not."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from config.keys import thumbprint
from partners.jwks import published
from share.bulletin import digest, document, recall_content
from share.cli import verify_command
from share.signing import Signer
from share.verify import NotAFile, Outcome, check_bulletin, holds, read_keys

KEY, OTHER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
SIGNER = Signer(thumbprint(KEY.public_key()), KEY)
KEYS = {SIGNER.kid: KEY.public_key()}
TODAY = date(2026, 3, 2)


def content(**changes: Any) -> dict[str, Any]:
    return {
        "form": "parallax-bulletin/1",
        "type": "incident",
        "notice": "intelligence-not-evidence",
        "circle": "danube",
        "tlp": "TLP:AMBER",
        "fences": [],
        "sections": [
            {"section": "route", "facts": [{"kind": "ROUTE_PLACE", "value": "RO", "rung": "COARSE"}]}
        ],
    } | changes


def bulletin(
    said: dict[str, Any] | None = None, *, signer: Signer = SIGNER, **changes: Any
) -> dict[str, Any]:
    told = said or content()
    envelope = {
        "id": "0b9c7a52-3f0e-4c57-9d1c-6f1f7f4d2a10",
        "circle": told["circle"],
        "version": 1,
        "state": "recalled" if told["type"] == "recall" else "published",
        "published_at": "2026-03-02T09:00:00+00:00",
        "valid_until": "2027-05-01",
        "content_sha256": digest(rfc8785.dumps(told)),
    } | changes
    return {**document(envelope, told), "signature": signer.sign(document(envelope, told))}


def outcomes(said: dict[str, Any] | bytes, **how: Any) -> list[Outcome]:
    data = said if isinstance(said, bytes) else json.dumps(said).encode()
    return [step.outcome for step in check_bulletin(data, **({"keys": KEYS, "today": TODAY} | how))]


def is_relied_on(said: dict[str, Any] | bytes, **how: Any) -> bool:
    data = said if isinstance(said, bytes) else json.dumps(said).encode()
    return holds(check_bulletin(data, **({"keys": KEYS, "today": TODAY} | how)))


def test_a_genuine_bulletin_is_proved_and_the_rest_is_named() -> None:
    assert outcomes(bulletin()) == [Outcome.PROVED] * 4 + [Outcome.SAID] + [Outcome.UNCHECKED] * 3
    assert is_relied_on(bulletin())


def test_a_recall_is_genuine_too() -> None:
    told = json.loads(recall_content(circle="danube", tlp="TLP:AMBER"))
    assert is_relied_on(bulletin(told, valid_until=date.max.isoformat()))


def test_a_day_that_is_past_is_said_and_fails_nothing() -> None:
    steps = check_bulletin(json.dumps(bulletin()).encode(), keys=KEYS, today=date(2030, 1, 1))
    assert "past" in steps[4].words
    assert holds(steps)


def test_the_order_of_names_and_the_spaces_do_not_matter() -> None:
    said = bulletin()
    assert is_relied_on(json.dumps(dict(reversed(said.items())), indent=3).encode())


def test_without_keys_nothing_is_relied_on() -> None:
    assert outcomes(bulletin(), keys=None)[3] is Outcome.UNCHECKED
    assert not is_relied_on(bulletin(), keys=None)


def test_a_key_that_the_verifier_did_not_bring_proves_nothing() -> None:
    stranger = Signer(thumbprint(OTHER.public_key()), OTHER)
    assert not is_relied_on(bulletin(signer=stranger))
    assert not is_relied_on(bulletin(signer=Signer(SIGNER.kid, OTHER)))


def with_(change: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(json.dumps(bulletin()))
    change(said)
    return said


CHANGES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "a value": lambda b: b["content"]["sections"][0]["facts"][0].update(value="IT"),
    "a rung": lambda b: b["content"]["sections"][0]["facts"][0].update(rung="EXACT"),
    "a further fact": lambda b: b["content"]["sections"][0]["facts"].append({"kind": "GENDER"}),
    "a missing section": lambda b: b["content"]["sections"].clear(),
    "a further name": lambda b: b["content"].update(note=""),
    "the marking": lambda b: b["content"].update(tlp="TLP:CLEAR"),
    "the circle of the content": lambda b: b["content"].update(circle="rhine"),
    "the circle of the envelope": lambda b: b["envelope"].update(circle="rhine"),
    "the version": lambda b: b["envelope"].update(version=2),
    "the version as text": lambda b: b["envelope"].update(version="1"),
    "the last day": lambda b: b["envelope"].update(valid_until="2099-01-01"),
    "the digest": lambda b: b["envelope"].update(content_sha256="0" * 64),
    "no digest": lambda b: b["envelope"].pop("content_sha256"),
    "the state": lambda b: b["envelope"].update(state="recalled"),
    "the form": lambda b: b["content"].update(form="parallax-bulletin/0"),
    "the type": lambda b: b["content"].update(type="recall"),
    "no signature": lambda b: b.pop("signature"),
    "an empty signature": lambda b: b.update(signature=""),
    "a signature as a list": lambda b: b.update(signature=[b["signature"]]),
    "a cut signature": lambda b: b.update(signature=b["signature"][:-4]),
    "another's signature": lambda b: b.update(signature=bulletin(content(circle="rhine"))["signature"]),
    "a detached payload": lambda b: b.update(signature="..".join(b["signature"].split(".")[::2])),
    "a fourth member": lambda b: b.update(extra=1),
    "a composed letter": lambda b: b["content"].update(circle="danube\u0301"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_whatever_is_changed_the_bulletin_no_longer_holds(change: Callable[[dict[str, Any]], Any]) -> None:
    assert not is_relied_on(with_(change))


def test_no_byte_can_be_changed_unnoticed() -> None:
    whole = rfc8785.dumps(bulletin())
    for at in range(0, len(whole), 7):
        broken = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
        assert not is_relied_on(broken), at


def test_the_untouched_file_would_have_held() -> None:
    """The control for every change above."""
    assert is_relied_on(rfc8785.dumps(bulletin()))
    assert is_relied_on(with_(lambda _: None))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[]",
        b"\xff\xfe{}",
        json.dumps(bulletin()).encode("utf-16-le"),
        b'{"envelope":{},"envelope":{},"content":{},"signature":""}',
        b'{"envelope":{"version":NaN},"content":{},"signature":""}',
        b"[" * 100_000,
        b'{"envelope":1,"content":{},"signature":""}',
        b'{"a":"' + b"x" * (8 * 1024 * 1024) + b'"}',
    ],
    ids=["empty", "null", "list", "not utf-8", "utf-16", "a name twice", "nan", "deep", "types", "long"],
)
def test_what_is_no_bulletin_is_refused_at_the_first_step(data: bytes) -> None:
    assert outcomes(data) == [Outcome.FAILED]
    assert not is_relied_on(data)


def test_a_doubled_name_inside_a_bulletin_is_refused() -> None:
    whole = json.dumps(bulletin()).replace('"circle": "danube"', '"circle": "rhine", "circle": "danube"', 1)
    assert not is_relied_on(whole.encode())


def key_set(*jwks: dict[str, Any]) -> bytes:
    return json.dumps({"keys": list(jwks)}).encode()


def test_the_published_key_set_is_read() -> None:
    assert list(read_keys(key_set(published(SIGNER.kid, KEY.public_key())))) == [SIGNER.kid]


@pytest.mark.parametrize(
    "data",
    [
        b"{}",
        b'{"keys":{}}',
        b'{"keys":[1]}',
        key_set({**published(SIGNER.kid, OTHER.public_key())}),
        key_set({"kty": "oct", "k": "AAAA", "kid": SIGNER.kid}),
        key_set({"kty": "OKP", "crv": "Ed25519", "x": "A" * 43, "kid": SIGNER.kid}),
        key_set({**published(SIGNER.kid, KEY.public_key()), "d": "secret"}),
    ],
    ids=["no keys", "object", "number", "misnamed", "symmetric", "weak", "private"],
)
def test_a_key_set_that_is_odd_is_not_used(data: bytes) -> None:
    with pytest.raises(NotAFile):
        read_keys(data)


def run(tmp_path: Path, said: Any, *more: str) -> tuple[int, str]:
    file = tmp_path / "bulletin.json"
    file.write_bytes(rfc8785.dumps(said))
    result = CliRunner().invoke(verify_command, [str(file), *more])
    return result.exit_code, result.output


def test_the_command_says_each_step_and_ends_with_zero_only_if_all_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "socket", lambda *_, **__: pytest.fail("it reached for the network"))
    keys = tmp_path / "keys.json"
    keys.write_bytes(key_set(published(SIGNER.kid, KEY.public_key())))
    code, told = run(tmp_path, bulletin(valid_until="2199-01-01"), "--keys", str(keys))
    assert code == 0
    assert [line.split(": ")[0] for line in told.splitlines()] == [
        "1. proved",
        "2. proved",
        "3. proved",
        "4. proved",
        "5. said, not proved",
        "6. not checked",
        "7. not checked",
        "8. not checked",
    ]
    assert run(tmp_path, bulletin())[0] == 1
    assert run(tmp_path, bulletin(signer=Signer("k", OTHER)), "--keys", str(keys))[0] == 1
    keys.write_bytes(b"{}")
    assert run(tmp_path, bulletin(), "--keys", str(keys))[0] == 1
