"""Files that come and go with a row: kept by a commit, taken back by a rollback."""

import weakref
from collections.abc import Iterable

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import transaction


def keep(storage: Storage, contents: dict[str, bytes]):
    """Write each of `contents` under its name. If that or the transaction fails, none is left."""
    new = NewFiles(storage, list(contents))
    try:
        for name, content in contents.items():
            storage.save(name, ContentFile(content))
    except Exception:
        new.take_back()
        raise
    transaction.on_commit(new)


def remove(storage: Storage, names: Iterable[str]):
    """Remove the files of these names, as far as they are there."""
    for name in set(names):
        storage.delete(name)


class NewFiles:
    """
    Waits for a commit among the connection's `on_commit` functions. Django calls these when it
    comes and drops them at a rollback, of a savepoint too; nothing else knows this object, so
    being dropped is how it hears that its files are not wanted. (So would it be if a function that
    was registered before it failed after the commit: such functions must not.)
    """

    def __init__(self, storage: Storage, names: list[str]):
        self.take_back = weakref.finalize(self, remove, storage, names)

    def __call__(self):
        self.take_back.detach()
