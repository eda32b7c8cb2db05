"""Secrets made once per install, so that a laptop needs no configuration and no two share a key."""

import os
import secrets
import time
from pathlib import Path


def made_per_install(name: str, folder: Path, *, prefix: str = "") -> str:
    """
    The secret `name` of this install, made at first use and kept in `folder` for its owner only.

    Several processes may ask for it at the same first moment: one of them makes the file, the
    others read it.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / name.lower()
    made = folder / f".{name.lower()}.{os.getpid()}.{time.monotonic_ns()}"
    if not path.exists():
        made.touch(mode=0o600)
        made.write_text(prefix + secrets.token_urlsafe(48))
        try:
            os.link(made, path)
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return path.read_text()
