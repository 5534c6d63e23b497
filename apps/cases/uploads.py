"""附件检查: what may be uploaded, decided by content and never by the name. Pure of the database."""

import hashlib
import io
import zipfile
from dataclasses import dataclass

import filetype
from django.core.files.uploadedfile import UploadedFile
from pypdf import PdfReader
from pypdf.errors import PyPdfError

MAX_BYTES = 20 * 1024 * 1024
MAX_PAGES = 200
ALLOWED = {
    "application/pdf": ("pdf",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/png": ("png",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("xlsx",),
}
_WORDS = "请上传PDF、JPG、PNG、DOCX或XLSX文件"


class BadFile(ValueError):
    """The file cannot be taken; the text says why and what to do, and is fit to show."""


@dataclass(frozen=True)
class Checked:
    content_type: str
    size: int
    sha256: str
    pages: int | None
    name: str


def check(file: UploadedFile) -> Checked:
    """Type by content, allow-list, size, whether it is whole and can be opened, SHA-256. Raises BadFile."""
    name = (file.name or "未命名").replace("\\", "/").rsplit("/", 1)[-1][-200:]
    if file.size == 0:
        raise BadFile(f"“{name}”是空文件，请重新选择。")
    if file.size > MAX_BYTES:
        raise BadFile(
            f"“{name}”有{_mb(file.size)}，超过{_mb(MAX_BYTES)}上限。请降低扫描分辨率，或拆成几份上传。"
        )
    file.seek(0)
    content = file.read()
    file.seek(0)
    kind = filetype.guess(content[:8192])
    mime = kind.mime if kind else ""
    if mime == "application/zip":  # office files whose first member is not the one the sniffer expects
        mime = _office_type(content)
    if mime not in ALLOWED:
        raise BadFile(f"“{name}”的内容不是允许的类型（与文件名后缀无关）。{_WORDS}。")
    extension = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if extension not in ALLOWED[mime]:
        raise BadFile(f"“{name}”的后缀与内容不符，内容是{ALLOWED[mime][0].upper()}。请用正确的文件重新上传。")
    return Checked(
        mime, len(content), hashlib.sha256(content).hexdigest(), _opened(mime, content, name), name
    )


def _opened(mime: str, content: bytes, name: str) -> int | None:
    cut_off = BadFile(f"“{name}”不完整或已损坏，可能上传中断。请重新上传；已填内容都还在。")
    if mime == "application/pdf":
        if b"%%EOF" not in content[-2048:]:
            raise cut_off
        try:
            pages = len(PdfReader(io.BytesIO(content)).pages)
        except (PyPdfError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise cut_off from error
        if pages > MAX_PAGES:
            raise BadFile(f"“{name}”有{pages}页，超过{MAX_PAGES}页上限。请只上传需要的部分，或拆成几份。")
        if pages == 0:
            raise cut_off
        return pages
    if mime == "image/jpeg" and b"\xff\xd9" not in content[-64:]:
        raise cut_off
    if mime == "image/png" and b"IEND" not in content[-32:]:
        raise cut_off
    if mime.startswith("application/vnd.openxmlformats") and not _office_type(content):
        raise cut_off
    return None


def _office_type(content: bytes) -> str:
    try:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except zipfile.BadZipFile:
        return ""
    if "[Content_Types].xml" not in names or any(name.lower().endswith("vbaproject.bin") for name in names):
        return ""
    family = "application/vnd.openxmlformats-officedocument."
    if "word/document.xml" in names:
        return family + "wordprocessingml.document"
    return family + "spreadsheetml.sheet" if "xl/workbook.xml" in names else ""


def _mb(size: int) -> str:
    return f"{size / 1024 / 1024:.0f} MB" if size >= 1024 * 1024 else f"{size / 1024:.0f} KB"
