"""Why a file or a mapping as a whole cannot be taken. Faults of single rows are in ``faults``."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongke.kernel.errors import Refused


class MappingWrong(Refused):
    """The mapping file has mistakes; ``problems`` lists each with its line and key."""

    code = "IMP-01"
    says = _("The mapping {file} cannot be used: {problems}")
    mend = _("Correct the named lines of the mapping; docs/importing.md explains each key")
    status = 422


class FileUnreadable(Refused):
    """A file is missing, truncated or not what it says it is."""

    code = "IMP-02"
    says = _("{file} cannot be read: {why}")
    mend = _("Get the file again from its source, or save it anew as CSV (UTF-8), XLSX or Parquet")
    status = 422


class FileTooLarge(Refused):
    """A file would unpack to more than is allowed: a zip bomb or a mistake."""

    code = "IMP-03"
    says = _("{file} unpacks to more than is allowed ({why})")
    mend = _("Split the file, or save it as CSV, which has no limit of size")
    status = 413


class TooManyRows(Refused):
    """A file has more rows than one run takes: nothing of it is done rather than a part of it silently."""

    code = "IMP-15"
    says = _("{file} has more than {most} rows")
    mend = _("Split the file and work through its parts one after the other")
    status = 413


class EncodingUnknown(Refused):
    """A text file is in no encoding that we know."""

    code = "IMP-04"
    says = _("{file} is neither UTF-8, UTF-16 nor GB18030: byte {position} fits none of them")
    mend = _("Save the file as UTF-8, or name its encoding in the mapping (sources.<name>.encoding)")
    status = 422


class ColumnsMissing(Refused):
    """The file does not have the columns that the mapping needs."""

    code = "IMP-05"
    says = _("{file} has no column {columns}; it has {found}")
    mend = _("Correct the file's first line or the mapping; names are compared exactly, apart from spaces around them")
    status = 422


class ColumnsTwice(Refused):
    """Two columns of a file have the same name: which one is meant cannot be known."""

    code = "IMP-06"
    says = _("{file} has the column {columns} more than once")
    mend = _("Rename one of them in the file's first line")
    status = 422


class QuoteOpen(Refused):
    """A quotation mark is opened and never closed: nothing after it can be trusted."""

    code = "IMP-07"
    says = _("{file}: a quotation mark that is opened in or after row {row} is never closed")
    mend = _("Correct that row: a quotation mark inside a quoted cell is written twice")
    status = 422


class FilesMismatch(Refused):
    """The given files are not those that the mapping asks for."""

    code = "IMP-08"
    says = _("The mapping needs a file for {sources}; given: {files}")
    mend = _("Give one file for each source; name them as sources.<name>.files says, or as NAME=FILE")
    status = 422


class OrgUnknown(Refused):
    """The organisation that the rows shall belong to is missing or not the actor's."""

    code = "IMP-09"
    says = _("The organisation {org} cannot own customers here")
    mend = _("Give --org with the number of a local network, province or the group within your area of responsibility")
    status = 422


class NothingToResume(Refused):
    """No interrupted import of these files with this mapping exists."""

    code = "IMP-10"
    says = _("There is no interrupted import of these files with this mapping")
    mend = _("Start it without --resume: rows that are in already are recognised and not doubled")


class ImportRunning(Refused):
    """The same files are being imported now."""

    code = "IMP-11"
    says = _("These files are being imported already")
    mend = _("Wait until that import has ended; see its progress on the imports page")


class MappingUnknown(Refused):
    """No shipped mapping has this name."""

    code = "IMP-12"
    says = _("There is no mapping {name}")
    mend = _("Use one of: {known}; or give the path of a TOML file")
    status = 404


class UploadGone(Refused):
    """The uploaded files are not there any more, or were never this person's."""

    code = "IMP-13"
    says = _("These files are not here any more")
    mend = _("Upload them again")
    status = 404
