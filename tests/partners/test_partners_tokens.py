"""No token is believed that we, or a key we know, did not sign for this use and this moment.

Every forged token below is signed with the right key wherever a signature can be right, so that it is the rule
under test that refuses it, and not the signature.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import random
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from config.keys import SigningKey
from partners.errors import TokenError
from partners.tokens import (
    Access,
    client_assertion,
    issue_access_token,
    verify_access_token,
    verify_client_assertion,
)
from partners.values import Scope

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
ISSUER = "https://hub.example.org"
AUDIENCE = ISSUER + "/api"
KID = "k" * 43
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
OTHER_KID = "o" * 43
KNOWN = {KID: KEY.public_key(), OTHER_KID: OTHER.public_key()}
ORDER = 2**252 + 27742317777372353535851937790883648493
Bad = Iterator[tuple[str, str]]


@dataclass(frozen=True)
class Use:
    """One use of tokens: a good header and payload, and what reads them."""

    header: dict[str, Any]
    payload: dict[str, Any]
    read: Callable[[str], object]


def read_access(token: str) -> Access:
    return verify_access_token(token, key_of=KNOWN.get, issuer=ISSUER, audience=AUDIENCE, now=NOW)


def read_assertion(token: str) -> object:
    return verify_client_assertion(token, key_of=KNOWN.get, audience=ISSUER, now=NOW)


USES = {
    "access": Use(
        {"alg": "EdDSA", "typ": "at+jwt", "kid": KID},
        {
            "iss": ISSUER,
            "sub": "5f3b2b6e-35ab-4a27-b2a9-d7b3e4b7c111",
            "aud": AUDIENCE,
            "exp": SECONDS + 600,
            "nbf": SECONDS,
            "iat": SECONDS,
            "jti": "0123456789abcdef",
            "client_id": OTHER_KID,
            "scope": "bulletins:read reports:submit",
            "epochs": [0, 0],
            "second_factor": False,
        },
        read_access,
    ),
    "assertion": Use(
        {"alg": "EdDSA", "typ": "JWT", "kid": KID},
        {
            "iss": KID,
            "sub": KID,
            "aud": ISSUER,
            "exp": SECONDS + 120,
            "nbf": SECONDS,
            "iat": SECONDS,
            "jti": "0123456789abcdef",
            "otp": "724615",
        },
        read_assertion,
    ),
}


def b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def raw(value: object) -> bytes:
    return value if isinstance(value, bytes) else json.dumps(value, separators=(",", ":")).encode()


def signed(header: object, payload: object, *, key: Ed25519PrivateKey = KEY) -> str:
    """A token over exactly these bytes (or the JSON of these values), signed with `key`."""
    body = f"{b64(raw(header))}.{b64(raw(payload))}"
    return f"{body}.{b64(key.sign(body.encode()))}"


def with_signature(header: object, payload: object, make: Callable[[bytes], bytes]) -> str:
    body = f"{b64(raw(header))}.{b64(raw(payload))}"
    return f"{body}.{b64(make(body.encode()))}"


def good(use: Use) -> str:
    return signed(use.header, use.payload)


# Families of bad tokens: each yields (what is wrong, the token).


def other_algorithms(use: Use) -> Bad:
    names: list[object] = ["none", "None", "NONE", "nOnE", "", "HS256", "HS384", "HS512", "RS256", "RS384"]
    names += ["RS512", "PS256", "PS512", "ES256", "ES384", "ES512", "ES256K", "Ed448", "Ed25519", "eddsa"]
    names += ["EDDSA", "EdDSA ", " EdDSA", "EdDSA\0", "dir", "A256GCM", None, True, 0, ["EdDSA"], {"a": 1}]
    public = KEY.public_key()
    secrets = {
        "raw": public.public_bytes_raw(),
        "pem": public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        "der": public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        "x": b64(public.public_bytes_raw()).encode(),
        "empty": b"",
    }
    for name in names:
        header = {**use.header, "alg": name}
        yield f"alg {name!r}, right key", signed(header, use.payload)
        yield f"alg {name!r}, no signature", f"{b64(raw(header))}.{b64(raw(use.payload))}."
        for spelling, secret in secrets.items():
            yield (
                f"alg {name!r}, HMAC with the public key ({spelling})",
                with_signature(
                    header, use.payload, lambda body, s=secret: hmac.digest(s, body, hashlib.sha256)
                ),
            )
    without = {name: value for name, value in use.header.items() if name != "alg"}
    yield "no alg", signed(without, use.payload)


def other_keys(use: Use) -> Bad:
    kids: list[object] = [
        "", " ", "../../../etc/passwd", "..%2f..%2fetc%2fpasswd", "/dev/null", "C:\\key", "file:///etc/passwd",
        "' OR '1'='1", "x' UNION SELECT kid FROM credentials--", "1;DROP TABLE credentials", "\" OR 1=1 --",
        "https://evil.example/jwks.json", "http://127.0.0.1/", "ldap://x", "${jndi:ldap://x}", "$(id)", "`id`",
        "{{7*7}}", "%00", KID + "\0", KID + " ", " " + KID, KID + "\n", KID.upper(), KID[:-1], KID + "k",
        OTHER_KID, "*", "%", "_" * 43, "k" * 65, "k" * 3000, "к" * 43, None, 0, 1, True, 1.5, [KID],
        [KID, OTHER_KID], {"kid": KID}, [], {},
    ]  # fmt: skip
    for kid in kids:
        yield f"kid {str(kid)[:30]!r}", signed({**use.header, "kid": kid}, use.payload)
    without = {name: value for name, value in use.header.items() if name != "kid"}
    yield "no kid", signed(without, use.payload)
    yield "an unknown key", signed(use.header, use.payload, key=OTHER)
    yield "somebody else's kid, own key", signed({**use.header, "kid": OTHER_KID}, use.payload)


def other_headers(use: Use) -> Bad:
    evil = {"kty": "OKP", "crv": "Ed25519", "x": b64(OTHER.public_key().public_bytes_raw())}
    extras: list[tuple[str, object]] = [
        ("jwk", evil), ("jwk", {}), ("jku", "https://evil.example/keys"), ("jku", ISSUER), ("jku", ""),
        ("x5u", "https://evil.example/cert.pem"), ("x5c", ["MIIB"]), ("x5c", []), ("x5t", "AAAA"),
        ("x5t#S256", "AAAA"), ("crit", []), ("crit", ["exp"]), ("crit", ["b64"]), ("crit", ["x"]),
        ("crit", "exp"), ("crit", None), ("b64", False), ("b64", True), ("cty", "JWT"), ("zip", "DEF"),
        ("enc", "A256GCM"), ("epk", evil), ("p2c", 10**9), ("url", ISSUER), ("nonce", "n"), ("iss", ISSUER),
        ("aud", AUDIENCE), ("exp", SECONDS + 9999), ("ALG", "none"), ("Kid", OTHER_KID), ("", 1), ("x", 1),
    ]  # fmt: skip
    for name, value in extras:
        header = {**use.header, name: value}
        yield f"header {name}={value!r}"[:60], signed(header, use.payload)
        yield f"header {name}={value!r}, its key"[:60], signed(header, use.payload, key=OTHER)


def other_types(use: Use) -> Bad:
    types: list[object] = [
        "dpop+jwt", "at+JWT", "AT+JWT", "application/at+jwt", "jose", "JOSE", "jwt", "Jwt", "", " JWT", "at+jwt ",
        "logout+jwt", "id_token", "secevent+jwt", None, 1, True, [], ["at+jwt"], {},
        "JWT" if use.header["typ"] == "at+jwt" else "at+jwt",
    ]  # fmt: skip
    for typ in types:
        yield f"typ {typ!r}", signed({**use.header, "typ": typ}, use.payload)


def missing_or_mistyped_claims(use: Use) -> Bad:
    wrong: list[object] = [None, "", 0, -1, 1.5, True, False, [], {}, [1], {"a": 1}, "x" * 300, 2**80]
    for name, right in use.payload.items():
        yield f"no {name}", signed(use.header, {k: v for k, v in use.payload.items() if k != name})
        for value in wrong:
            if value != right or type(value) is not type(right):
                yield f"{name}={str(value)[:12]!r}", signed(use.header, {**use.payload, name: value})
        yield f"{name} in a list", signed(use.header, {**use.payload, name: [right]})
        yield f"{name} in an object", signed(use.header, {**use.payload, name: {"value": right}})
    for name in ("admin", "scp", "roles", "partner", "EXP", "exp ", "cnf", "act", "__proto__"):
        yield f"extra claim {name}", signed(use.header, {**use.payload, name: "x"})


def wrong_times(use: Use) -> Bad:
    texts = [
        str(SECONDS + 60), f'"{SECONDS + 60}"', f"{SECONDS + 60}.0", f"{SECONDS + 60}.5", "1.8e9", "1e10", "1E400",
        "-1", "0", "-0", "true", "false", "null", "NaN", "Infinity", "-Infinity", "9" * 30, "9" * 5000,
        str(2**31 * 1000), str(2**53), str(2**63), str(2**64), str(10**18), f'"+{SECONDS}"', f"+{SECONDS}",
        f"0{SECONDS}", hex(SECONDS), f"{SECONDS}n", '""', "[]", f"[{SECONDS}]", "{}",
        '"2026-03-02T10:00:00Z"', "'1'",
    ]  # fmt: skip
    for name in ("exp", "iat", "nbf"):
        for text in texts[0 if name == "iat" else 1 :]:
            said = json.dumps({**use.payload, name: "@"}).replace('"@"', text, 1).encode()
            yield f"{name}: {text[:24]}", signed(use.header, said)
    life = use.payload["exp"] - SECONDS
    for label, moved in (
        ("ended", {"exp": SECONDS - 31, "iat": SECONDS - 91, "nbf": SECONDS - 91}),
        ("ends now, past the leeway", {"exp": SECONDS - 30, "iat": SECONDS - 90, "nbf": SECONDS - 90}),
        ("not begun", {"nbf": SECONDS + 31}),
        ("issued tomorrow", {"iat": SECONDS + 86400, "nbf": SECONDS + 86400, "exp": SECONDS + 86460}),
        ("issued in half a minute", {"iat": SECONDS + 31, "exp": SECONDS + 91}),
        ("ends before it begins", {"nbf": SECONDS + 20, "exp": SECONDS + 10}),
        ("lasts no time", {"exp": SECONDS}),
        ("lasts backwards", {"exp": SECONDS - 1}),
        ("lasts too long", {"exp": SECONDS + 601}),
        ("lasts for ever", {"exp": SECONDS + 10 * 365 * 86400}),
        ("old and long", {"iat": SECONDS - 5000, "exp": SECONDS + life}),
    ):
        yield label, signed(use.header, {**use.payload, **moved})


def wrong_names(use: Use) -> Bad:
    for claim in ("iss", "aud"):
        right = use.payload[claim]
        others: list[object] = [
            right + "/", right[:-1], right + "x", right.upper(), right.title(), " " + right, right + " ",
            right + "\0", right.replace("s", "\u017f", 1), "https://evil.example", "*", "", None, [right],
            [right, "x"], ["x", right], {"a": right}, right.replace("https", "http"), right + "#", right + "?",
            f"{right},{right}", "//" + right.split("//")[-1], right.replace("example", "ехample"),
        ]  # fmt: skip
        for value in others:
            if value != right:
                yield f"{claim} {str(value)[:30]!r}", signed(use.header, {**use.payload, claim: value})
    yield (
        "iss and aud swapped",
        signed(use.header, {**use.payload, "iss": use.payload["aud"], "aud": use.payload["iss"]}),
    )
    for name in ("sub", "client_id", "scope", "jti"):
        for value in ("\0", "a b\nc", "../..", "'--", "<script>", "x" * 129, "ü" * 20, "reports:*", "*"):
            if name in use.payload:
                yield f"{name} {value[:9]!r}", signed(use.header, {**use.payload, name: value})


def doubled_names(use: Use) -> Bad:
    def twice(good: dict[str, Any], name: str, value: object, spelling: str | None = None) -> bytes:
        extra = f"{spelling or json.dumps(name)}:{json.dumps(value)}"
        return (json.dumps(good)[:-1] + f",{extra}}}").encode()

    for name, value in use.payload.items():
        escaped = f'"\\u{ord(name[0]):04x}{name[1:]}"'
        yield f"{name} twice, equal", signed(use.header, twice(use.payload, name, value))
        yield f"{name} twice", signed(use.header, twice(use.payload, name, "evil"))
        yield f"{name} twice, escaped", signed(use.header, twice(use.payload, name, value, escaped))
    for name, value in use.header.items():
        yield f"header {name} twice, equal", signed(twice(use.header, name, value), use.payload)
        yield f"header {name} twice", signed(twice(use.header, name, "none"), use.payload)
    inner = json.dumps({**use.payload, "jti": "@"}).replace('"@"', '{"a":1,"a":2}').encode()
    yield "twice, further inside", signed(use.header, inner)


def wrong_forms(use: Use) -> Bad:
    token = good(use)
    head, body, tail = token.split(".")
    pieces = {
        "empty": "",
        "dot": ".",
        "two dots": "..",
        "head": head,
        "two parts": f"{head}.{body}",
        "four parts": f"{token}.",
        "five parts": f"{token}.{head}.{body}",
        "no head": f".{body}.{tail}",
        "no body": f"{head}..{tail}",
        "no tail": f"{head}.{body}.",
        "swapped": f"{body}.{head}.{tail}",
        "space before": f" {token}",
        "space after": f"{token} ",
        "newline": f"{token}\n",
        "tab": f"{token}\t",
        "NUL": f"{token}\0",
        "space inside": f"{head}. {body}.{tail}",
        "newline inside": f"{head}.{body[:9]}\n{body[9:]}.{tail}",
        "CRLF": f"{head}\r\n.{body}.{tail}",
        "prefix": f"Bearer {token}",
        "quotes": f'"{token}"',
        "twice": f"{token}{token}",
        "list": f"{token},{token}",
        "long": token + "A" * 5000,
        "BOM": f"\ufeff{token}",
        "full width dot": token.replace(".", "\uff0e"),
        "comma": token.replace(".", ","),
        "plus": f"{head}.{body}.+{tail[1:]}",
        "slash": f"{head}.{body}.{tail[:-1]}/",
        "percent": f"{head}%2E{body}.{tail}",
        "json": json.dumps({"payload": body, "signatures": [{"protected": head, "signature": tail}]}),
        "flat json": json.dumps({"payload": body, "protected": head, "signature": tail}),
    }
    yield from ((f"form: {name}", text) for name, text in pieces.items())
    for place in range(3):
        parts = [head, body, tail]
        for padding in ("=", "==", "===", "A", "AA"):
            parts[place] = (head, body, tail)[place] + padding
            yield f"part {place} with {padding}", ".".join(parts)
        for letter in "BCDEFGHIJKLMNOPQRSTUVWXYZabcdef0123456789-_":
            # The last letter carries bits that no byte uses: another letter may decode to the same bytes.
            if letter != (head, body, tail)[place][-1]:
                parts[place] = (head, body, tail)[place][:-1] + letter
                yield f"part {place} ends in {letter}", ".".join(parts)
    for length in range(0, len(token), 7):
        yield f"cut to {length}", token[:length]


def wrong_contents(use: Use) -> Bad:
    payload = json.dumps(use.payload).encode()
    contents = {
        "empty": b"",
        "null": b"null",
        "true": b"true",
        "number": b"1",
        "string": b'"x"',
        "list": b"[]",
        "list of it": b"[" + payload + b"]",
        "two": payload + payload,
        "rest": payload + b"x",
        "open": payload[:-1],
        "BOM": b"\xef\xbb\xbf" + payload,
        "UTF-16": payload.decode().encode("utf-16"),
        "latin": payload[:-1] + b',"\xff":1}',
        "overlong": payload.replace(b"iss", b"\xc1\xa9ss"),
        "comment": payload + b"//",
        "comma": payload[:-1] + b",}",
        "quotes": payload.replace(b'"', b"'"),
        "deep": b'{"a":' * 300 + b"1" + b"}" * 300,
        "brackets": b"[" * 1500,
        "NUL": payload + b"\0",
        "form": b"iss=x&sub=y",
        "yaml": b"iss: x",
        "surrogate": payload.replace(b'"jti": "', b'"jti": "\\ud800'),
    }
    for name, content in contents.items():
        yield f"payload {name}", signed(use.header, content)
    header = json.dumps(use.header).encode()
    for name, content in contents.items():
        yield f"header {name}", signed(content.replace(payload, header), use.payload)


def wrong_signatures(use: Use) -> Bad:
    token = good(use)
    head, body, tail = token.split(".")
    right = KEY.sign(f"{head}.{body}".encode())
    s = int.from_bytes(right[32:], "little")
    made: dict[str, bytes] = {
        "zeros": bytes(64),
        "ones": b"\xff" * 64,
        "short": right[:63],
        "long": right + b"\0",
        "halves": right[32:] + right[:32],
        "reversed": right[::-1],
        "one byte": b"\0",
        "s plus order": right[:32] + (s + ORDER).to_bytes(32, "little"),
        "s is zero": right[:32] + bytes(32),
        "r is the identity": b"\1" + bytes(31) + right[32:],
        "of the payload alone": KEY.sign(body.encode()),
        "of the header alone": KEY.sign(head.encode()),
        "of the decoded payload": KEY.sign(raw(use.payload)),
        "of nothing": KEY.sign(b""),
        "by another": OTHER.sign(f"{head}.{body}".encode()),
        "of its hash": KEY.sign(hashlib.sha512(f"{head}.{body}".encode()).digest()),
    }
    for name, signature in made.items():
        yield f"signature {name}", f"{head}.{body}.{b64(signature)}"
    later = signed(use.header, {**use.payload, "jti": "fedcba9876543210"})
    yield "signature of another token", f"{head}.{body}.{later.split('.')[2]}"
    yield "payload of another token", f"{head}.{later.split('.')[1]}.{tail}"


def tokens_of_other_uses(use: Use) -> Bad:
    for name, other in USES.items():
        if other is not use:
            yield f"an {name} token", good(other)
            yield f"an {name} payload", signed(use.header, other.payload)
            yield f"an {name} header", signed(other.header, use.payload)


FAMILIES = [
    other_algorithms,
    other_keys,
    other_headers,
    other_types,
    missing_or_mistyped_claims,
    wrong_times,
    wrong_names,
    doubled_names,
    wrong_forms,
    wrong_contents,
    wrong_signatures,
    tokens_of_other_uses,
]


def is_harmless(name: str, label: str) -> bool:
    """What the families make that is no lie: claims that may be left out, and other things we might say."""
    fair = {"assertion": {"no nbf", "no otp"}, "access": {"scope=''", "second_factor='True'"}}
    return label in fair[name]


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
@pytest.mark.parametrize("name", USES)
def test_a_crafted_token_is_refused(name: str, family: Callable[[Use], Bad]) -> None:
    use = USES[name]
    accepted = []
    for label, token in family(use):
        if is_harmless(name, label):
            continue
        try:
            use.read(token)
        except TokenError:
            continue
        accepted.append(label)
    assert accepted == []


@pytest.mark.parametrize("name", USES)
def test_the_catalogue_is_large_and_its_model_is_good(name: str) -> None:
    use = USES[name]
    crafted = {token for family in FAMILIES for label, token in family(use) if not is_harmless(name, label)}
    assert good(use) not in crafted
    assert len(crafted) >= 500
    use.read(good(use))


@pytest.mark.parametrize("name", USES)
def test_no_single_bit_can_be_changed(name: str) -> None:
    use, dice = USES[name], random.Random(7)
    token = good(use).encode()
    flips = dice.sample(range(len(token) * 8), min(2000, len(token) * 8))
    accepted = []
    for bit in flips:
        changed = bytearray(token)
        changed[bit // 8] ^= 1 << bit % 8
        try:
            use.read(changed.decode("latin-1"))
        except TokenError:
            continue
        accepted.append(bit)
    assert len(flips) == 2000
    assert accepted == []
    use.read(token.decode())


def test_the_library_alone_would_let_some_of_these_pass() -> None:
    """The control: with our rules off and PyJWT's defaults on, these come in."""

    def plain(token: str) -> object:
        return jwt.decode(token, KEY.public_key(), algorithms=["EdDSA"], audience=AUDIENCE, issuer=ISSUER)

    use = USES["access"]
    present = int(datetime.now(UTC).timestamp())
    alive = {**use.payload, "iat": present - 60, "nbf": present - 60, "exp": present + 600}
    endless = {name: value for name, value in alive.items() if name != "exp"}
    for token in (
        signed(use.header, alive),
        signed(use.header, endless),
        signed(use.header, {**alive, "exp": str(present + 600)}),
        signed({**use.header, "typ": "dpop+jwt"}, alive),
        signed(use.header, (json.dumps(alive)[:-1] + ',"scope":"partners:write"}').encode()),
        signed(use.header, {**alive, "aud": [AUDIENCE, "https://evil.example"]}),
    ):
        plain(token)


def test_what_is_issued_is_what_is_read() -> None:
    access = Access(
        credential=UUID(USES["access"].payload["sub"]),
        kid=OTHER_KID,
        scopes=frozenset({Scope.REPORTS_SUBMIT, Scope.BULLETINS_READ}),
        epochs=(3, 4),
        second_factor=True,
        jti="ab" * 16,
        issued=NOW,
    )
    token = issue_access_token(access, key=SigningKey(KID, KEY), issuer=ISSUER, audience=AUDIENCE)
    assert read_access(token) == access


def test_a_token_without_scopes_is_a_token_for_nothing() -> None:
    token = signed(USES["access"].header, {**USES["access"].payload, "scope": ""})
    assert read_access(token).scopes == frozenset()


def test_a_client_can_make_an_assertion_with_a_line() -> None:
    read = read_assertion(client_assertion(KEY, KID, ISSUER, lambda: NOW, "123456"))
    assert (read.kid, read.otp, read.expires - NOW) == (KID, "123456", timedelta(minutes=2))


@pytest.mark.parametrize("seconds", [-30, 0, 30])
def test_clocks_may_differ_by_half_a_minute(seconds: int) -> None:
    read_assertion(client_assertion(KEY, KID, ISSUER, lambda: NOW + timedelta(seconds=seconds)))


def test_a_token_ends() -> None:
    token = good(USES["access"])
    for seconds, alive in ((599, True), (629, True), (630, False), (10**6, False)):
        now = NOW + timedelta(seconds=seconds)
        try:
            verify_access_token(token, key_of=KNOWN.get, issuer=ISSUER, audience=AUDIENCE, now=now)
        except TokenError as refused:
            assert (alive, refused.code) == (False, "expired")
        else:
            assert alive


def test_an_empty_expectation_is_met_by_nothing() -> None:
    token = signed(USES["access"].header, {**USES["access"].payload, "aud": ""})
    with pytest.raises(TokenError):
        verify_access_token(token, key_of=KNOWN.get, issuer=ISSUER, audience="", now=NOW)


def test_a_refusal_says_nothing_of_the_token() -> None:
    marker = "Qz7canary"
    token = signed(USES["access"].header, {**USES["access"].payload, "iss": marker, "scope": marker})
    with pytest.raises(TokenError) as refused:
        read_access(token)
    assert marker not in f"{refused.value!r}{refused.value}"
    assert refused.value.__cause__ is None
    assert "724615" not in repr(read_assertion(good(USES["assertion"])))
