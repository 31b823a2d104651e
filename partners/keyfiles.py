"""What a person or a machine keeps on its own disk: a private key, and for a person her second factor.

The service writes such a file when it enrols somebody, and never reads one.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from partners.errors import Conflict, NotAcceptable


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A key with its id and whom its assertions are for. `private_key` is None where it was made elsewhere."""

    kid: str
    issuer: str
    private_key: Ed25519PrivateKey | None = field(repr=False)
    totp_secret: str | None = field(default=None, repr=False)

    def write(self, path: Path) -> None:
        """Write the file, readable by its owner alone. One that is there already is a `Conflict`."""
        said: dict[str, Any] = {"kid": self.kid, "issuer": self.issuer}
        if self.private_key is not None:
            pem = self.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            said["private_key"] = pem.decode()
        if self.totp_secret is not None:
            said["totp_secret"] = self.totp_secret
        try:
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            raise Conflict("file_exists") from None
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(json.dumps(said, indent=2) + "\n")
            file.flush()
            os.fsync(file.fileno())

    @classmethod
    def read(cls, path: Path) -> KeyFile:
        """The file again, for clients. Raises `NotAcceptable` for anything else than such a file."""
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            pem = said.get("private_key")
            private = None if pem is None else load_pem_private_key(pem.encode(), password=None)
            kid, issuer = said["kid"], said["issuer"]
        except (ValueError, KeyError, TypeError, AttributeError):
            raise NotAcceptable("not_a_key_file", "file") from None
        if private is not None and not isinstance(private, Ed25519PrivateKey):
            raise NotAcceptable("not_a_key_file", "file")
        return cls(kid, issuer, private, said.get("totp_secret"))
