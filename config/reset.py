"""`make reset`: an empty database and no uploads; the next `make run` loads the demo again."""

import shutil
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from .start import PYTHON, check_ports_are_free, on_a_laptop


def main():
    """SQLite's file is removed; a server's database is emptied by Django, which asks first."""
    on_a_laptop()
    check_ports_are_free()
    database = settings.DATABASES["default"]
    if database["ENGINE"] != "django.db.backends.sqlite3":
        sys.exit(subprocess.call([PYTHON, "manage.py", "flush"]))
    for ending in ("", "-wal", "-shm"):
        Path(f"{database['NAME']}{ending}").unlink(missing_ok=True)
    for path in settings.MEDIA_ROOT.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
    print(f"Removed {database['NAME']} and the uploaded files.")


if __name__ == "__main__":
    main()
