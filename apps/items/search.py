"""检索文本: what one search box can find an item by. Pure."""

from pypinyin import Style, lazy_pinyin


def search_text(name: str, code: str, synonyms: list[str]) -> str:
    """Name, code and synonyms, with full pinyin and initials of the names, small letters, one line each."""
    spoken = [name, *synonyms]
    initials = ["".join(lazy_pinyin(text, style=Style.FIRST_LETTER)) for text in spoken]
    full = ["".join(lazy_pinyin(name))]
    return "\n".join(text.lower() for text in [*spoken, code, *initials, *full])


def sort_key(name: str) -> str:
    """Pinyin of a name, so that lists stand in the order people look them up in."""
    return " ".join(lazy_pinyin(name)).lower()[:400]
