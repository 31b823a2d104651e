"""`parallax redact --sign KEY --bundle`: redacted at its source and signed, with nothing of what was taken out."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import jwt
import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from redaction_reading import english

from redaction import cli
from redaction.bundle import TYPE, Bundling
from redaction.cli import give_up, redact_command
from redaction.lines import Asked

POLICY = Path(cli.__file__).parents[1] / "policies" / "data" / "templates" / "shelter.yaml"
TEXT = "We met Ana Popescu in the kitchen."


@pytest.fixture(autouse=True)
def one_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "standard_engine", lambda models: english())
    monkeypatch.setattr(cli, "_MOST_WORKERS", 1)


def pem(key: Ed25519PrivateKey | X25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.fixture
def key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


@pytest.fixture
def key_file(tmp_path: Path, key: Ed25519PrivateKey) -> Path:
    file = tmp_path / "desk.pem"
    file.write_bytes(pem(key))
    file.chmod(0o600)
    return file


def run(*options: object, text: str = TEXT) -> Result:
    line = json.dumps({"id": "7", "text": text, "lang": "en"})
    return CliRunner().invoke(redact_command, [str(option) for option in options], input=line.encode())


def opened(result: Result, key: Ed25519PrivateKey) -> dict[str, Any]:
    """What the bundle says, verified by another library than made it."""
    bundle = json.loads(result.stdout)["bundle"]
    said: dict[str, Any] = json.loads(jwt.PyJWS().decode(bundle, key.public_key(), algorithms=["EdDSA"]))
    return said


def test_a_bundle_holds_the_redacted_text_and_what_made_it(key: Ed25519PrivateKey, key_file: Path) -> None:
    result = run("--sign", key_file, "--bundle", "--policy", POLICY, "--circle", "elsewhere")
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    assert set(answer) == {"id", "lang", "held", "reasons", "bundle"}
    said = opened(result, key)
    assert said["text"] == "We met [REDACTED] in the kitchen." and said["id"] == "7"
    assert said["rules"] == english().fingerprint and said["circle"] == "elsewhere"
    assert said["models"]["en"]["sha256"] == english().model.models[0].digest
    assert said["policy_sha256"] == hashlib.sha256(POLICY.read_bytes()).hexdigest()
    assert jwt.get_unverified_header(answer["bundle"])["typ"] == TYPE


def test_nothing_says_where_or_what_was_taken_out(key: Ed25519PrivateKey, key_file: Path) -> None:
    """Texts that differ in nothing but the name have the same bundle."""
    long = run(
        "--sign", key_file, "--bundle", text=TEXT.replace("Ana Popescu", "Maria-Magdalena Constantinescu")
    )
    short = run("--sign", key_file, "--bundle")
    assert opened(long, key) == opened(short, key)
    assert long.stdout == short.stdout


def test_a_held_text_has_no_bundle(key_file: Path) -> None:
    answer = json.loads(
        run("--sign", key_file, "--bundle", text=TEXT + " \u0418\u043e\u0430\u043da said so.").stdout
    )
    assert answer["held"] is True and answer["bundle"] is None and answer["reasons"]


def test_a_text_that_nothing_survives_has_no_bundle(key: Ed25519PrivateKey) -> None:
    asked = Asked(cli._terms(None, None), None, False, Bundling(pem(key), "0" * 64, None))
    line = json.dumps({"id": "7", "text": TEXT}).encode()
    assert give_up(asked, (1, line), 0.0) == {
        "id": "7",
        "lang": "und",
        "held": True,
        "reasons": ["worker_died"],
        "bundle": None,
    }


def test_a_changed_bundle_does_not_verify(key: Ed25519PrivateKey, key_file: Path) -> None:
    head, payload, signature = json.loads(run("--sign", key_file, "--bundle").stdout)["bundle"].split(".")
    said = base64.urlsafe_b64decode(payload + "==").replace(b"kitchen", b"cellar!")
    changed = base64.urlsafe_b64encode(said).rstrip(b"=").decode()
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.PyJWS().decode(f"{head}.{changed}.{signature}", key.public_key(), algorithms=["EdDSA"])


@pytest.mark.parametrize(
    "options", [("--bundle",), ("--sign", "KEY"), ("--sign", "KEY", "--bundle", "--detect-only")]
)
def test_half_of_it_is_refused(key_file: Path, options: tuple[str, ...]) -> None:
    assert run(*(key_file if option == "KEY" else option for option in options)).exit_code == 2


def test_a_key_that_is_none_or_that_others_can_read_is_refused(key_file: Path) -> None:
    key_file.chmod(0o644)
    assert run("--sign", key_file, "--bundle").exit_code == 1
    key_file.chmod(0o600)
    for odd in (b"", b"-----BEGIN PRIVATE KEY-----\n", pem(X25519PrivateKey.generate())):
        key_file.write_bytes(odd)
        result = run("--sign", key_file, "--bundle")
        assert result.exit_code == 1 and result.stdout == ""


def test_the_key_does_not_show() -> None:
    assert "secret" not in repr(Bundling(b"secret", "0" * 64, None))
