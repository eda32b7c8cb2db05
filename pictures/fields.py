"""A picture of a row: uploaded as anything, kept as WebP in three sizes under a name of our own."""

import re
from collections.abc import Callable
from uuid import uuid4

from django import forms
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models.fields.files import ImageFieldFile
from django.utils.functional import cached_property

from . import files, images

# What the name of each size ends in, the largest first.
SUFFIXES = {"large": ".webp", "medium": "-medium.webp", "small": "-small.webp"}
PROBE = f"0{SUFFIXES['large']}"
OUR_NAME = re.compile(r"(?P<stem>(?:.*/)?[0-9a-f]{32})\.webp")


def sizes(name: str) -> dict[str, str]:
    """The names in the storage of `large`, `medium` and `small` of the picture called `name`."""
    if ours := OUR_NAME.fullmatch(name):
        return {size: ours["stem"] + suffix for size, suffix in SUFFIXES.items()}
    # Put there by hand, before we made thumbnails.
    return dict.fromkeys(SUFFIXES, name)


class PictureLinks:
    """
    Makes `{small, medium, large}` of pictures of which only the column was read; `link` makes a
    whole address of a path. For lists: what all addresses begin with is worked out once.
    """

    def __init__(self, link: Callable[[str], str]):
        self.link = link

    def __call__(self, name: str) -> dict[str, str] | None:
        """The addresses of the picture called `name`; None without one."""
        if not name:
            return None
        if self._prefix and (ours := OUR_NAME.fullmatch(name)):
            stem = self._prefix + ours["stem"]
            return {size: stem + suffix for size, suffix in reversed(SUFFIXES.items())}
        names = reversed(sizes(name).items())
        return {size: self.link(default_storage.url(one)) for size, one in names}

    @cached_property
    def _prefix(self) -> str:
        """Before the name; empty with a storage that signs its addresses."""
        address = self.link(default_storage.url(PROBE))
        return address.removesuffix(PROBE) if address.endswith(PROBE) else ""


class PictureFile(ImageFieldFile):
    """The value of a PictureField: the large picture, which knows the smaller ones."""

    @property
    def names(self) -> dict[str, str]:
        """The name in the storage of `large`, `medium` and `small`."""
        return sizes(self.name)

    @property
    def urls(self) -> dict[str, str]:
        """
        The URL of `small`, `medium` and `large`. Asks neither the database nor the files; raises
        ValueError where there is no picture, as `url` does.
        """
        self._require_file()
        return {size: self.storage.url(name) for size, name in reversed(self.names.items())}

    def save(self, name, content, save=True):
        """
        Keep the picture in `content` under a name of our own, whatever `name` is. If the row is not
        saved in the end, neither are the files. Raises ValidationError with a code of
        `images.ERRORS`.
        """
        pictures = self.field.prepare(content).renditions
        self.name = self.field.new_name()
        with transaction.atomic():
            files.keep(self.storage, dict(zip(self.names.values(), pictures, strict=True)))
            setattr(self.instance, self.field.attname, self.name)
            self._committed = True
            if save:
                self.instance.save()

    def delete(self, save=True):
        """Take the picture away: its files are removed when that is committed."""
        if not self:
            return
        names = self.names.values()
        if hasattr(self, "_file"):
            self.close()
            del self.file
        self.name = None
        setattr(self.instance, self.field.attname, None)
        self._committed = False
        if save:
            self.instance.save()
        transaction.on_commit(lambda: files.remove(self.storage, names))

    save.alters_data = delete.alters_data = True


class PictureFormField(forms.ImageField):
    """Says at the field what is wrong with an upload. What it is called does not matter."""

    default_validators = []

    def __init__(self, *, prepare, **kwargs):
        self.prepare = prepare
        super().__init__(**kwargs)

    def to_python(self, data):
        file = forms.FileField.to_python(self, data)
        return file and self.prepare(file)


class PictureField(models.ImageField):
    """
    A picture below the folder `upload_to`, at most `small`, `medium` and `large` pixels wide. The
    model must be one that HasPictures. Old files are removed by django-cleanup.
    """

    attr_class = PictureFile

    def __init__(self, *args, small: int, medium: int, large: int, **kwargs):
        self.widths = {"large": large, "medium": medium, "small": small}
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | self.widths

    def formfield(self, **kwargs):
        defaults = {"form_class": PictureFormField, "prepare": self.prepare, "max_length": None}
        return super().formfield(**defaults | kwargs)

    def prepare(self, file: File) -> File:
        """
        Check and convert the picture in `file`, which can then be saved without more ado: the slow
        part, for before a transaction. Raises ValidationError with a code of `images.ERRORS`.
        """
        if not hasattr(file, "renditions"):
            file.renditions = images.renditions(file, list(self.widths.values()))
        return file

    def new_name(self) -> str:
        """A name that nobody can guess and that is never given to another picture."""
        return f"{self.upload_to}{uuid4().hex}{SUFFIXES['large']}"
