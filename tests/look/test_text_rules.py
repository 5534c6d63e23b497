"""How Chinese is written in the templates: punctuation, spaces, and nothing that the content policy would refuse."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted(ROOT.glob("templates/**/*.html"))
HAN = r"[\u3400-\u9fff\U00020000-\U0003ffff]"
CODE = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}|<!--.*?-->|<[^>]*>", re.DOTALL)
SPOKEN = re.compile(r'(?:aria-label|placeholder|title|data-busy)="([^"]*)"')
IN_TAGS = re.compile(r'"([^"\n]*[\u3400-\u9fff][^"\n]*)"')


def _texts(template: Path) -> list[str]:
    """What people read: text between tags, the attributes that are spoken, and the strings inside template tags."""
    source = template.read_text()
    inside = [text for tag in re.findall(r"{%.*?%}|{{.*?}}", source) for text in IN_TAGS.findall(tag)]
    return [
        *CODE.sub("\ufffc", source).split("\ufffc"),
        *SPOKEN.findall(CODE_ONLY.sub("\ufffc", source)),
        *inside,
    ]


CODE_ONLY = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}", re.DOTALL)

RULES = {
    "half-width punctuation between Chinese characters": re.compile(f"{HAN}[,;:?!]{HAN}"),
    "half-width brackets around Chinese": re.compile(rf"\({HAN}|{HAN}\)"),
    "no space between Chinese and digits": re.compile(
        rf"(?<![\d年月日])(?:(?=[^年月日]){HAN})\d(?!\d*[年月日])|\d(?![年月日]){HAN}"
    ),
    "dots instead of an ellipsis": re.compile(r"\.\.\.|。。"),
    "full-width digits": re.compile(r"[\uff10-\uff19]"),
}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_text_is_written_as_the_house_writes(template):
    faults = [
        f"{rule}: …{text.strip()[max(match.start() - 8, 0) : match.end() + 8]}…"
        for text in _texts(template)
        for rule, pattern in RULES.items()
        for match in [pattern.search(text.strip())]
        if match
    ]

    assert faults == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_nothing_inline_that_the_content_policy_refuses(template):
    source = template.read_text()

    assert re.findall(r"\sstyle=|<style|javascript:|\son[a-z]+=", source) == []
    assert [
        tag
        for tag in re.findall(r"<script[^>]*>", source)
        if "src=" not in tag and "application/json" not in tag
    ] == []


def test_the_rules_catch_what_they_are_for():
    caught = {
        rule: bool(pattern.search(text))
        for (rule, pattern), text in zip(
            RULES.items(), ["您好,请坐", "受理(窗口)", "剩3天", "正在提交...", "剩 ３ 天"], strict=True
        )
    }

    assert caught == dict.fromkeys(RULES, True)


@pytest.mark.parametrize(
    "text", ["剩 3 天", "2026年11月27日 17:00", "11月27日", "第 2 步，共 4 步", "（选填）", "18,462 件"]
)
def test_good_text_passes(text):
    assert [rule for rule, pattern in RULES.items() if pattern.search(text)] == []
