"""A page with every component, for the tests of the look only: no address of the product leads here."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace

from django import forms
from django.http import HttpResponse
from django.template import engines
from django.urls import include, path

from apps.accounts.gates import public
from config import errors

HERE = Path(__file__).parent


class SampleForm(forms.Form):
    code = forms.CharField(label="统一社会信用代码", help_text="营业执照右上角的 18 位号码")
    note = forms.CharField(label="说明", widget=forms.Textarea, required=False)
    way = forms.ChoiceField(label="证件怎么给您", choices=[("mail", "邮寄"), ("counter", "窗口自取")])
    kind = forms.ChoiceField(
        label="您开的是哪种店？", choices=[("a", "小餐饮店"), ("b", "餐馆")], widget=forms.RadioSelect
    )
    agreed = forms.BooleanField(label="我已看过《告知承诺书》")

    def clean_code(self):
        raise forms.ValidationError("现在只有 17 位，请补全")


DRAWN = {
    "sentence": "11月10日受理，11月12日至13日专家评审暂停，承诺截止 11月24日",
    "segments": [
        {"kind": "run", "start": 0, "width": 11.1},
        {"kind": "pause", "start": 11.1, "width": 11.1},
        {"kind": "over", "start": 80, "width": 10},
    ],
    "marks": [
        {"kind": "start", "at": 0, "side": "up", "text": "11-10 受理"},
        {"kind": "warn", "at": 61.1, "side": "up", "text": "预警线"},
        {"kind": "now", "at": 73.9, "side": "down", "text": "现在"},
        {"kind": "dead", "at": 94.4, "side": "up", "text": "承诺截止 11-24"},
    ],
}


def facts() -> dict:
    return {
        "steps": ["情形选择", "填写和上传", "核对", "提交"],
        "form": SampleForm({"code": "92512002MA6K1234X", "way": "mail"}),
        "drawn": DRAWN,
        "day": date(2026, 11, 27),
        "faults": [
            SimpleNamespace(pk=1, material="平面布局图", text="没有标出洗消区。", is_answered=False),
            SimpleNamespace(pk=2, material="健康证明", text="已过期。", is_answered=True),
        ],
        "timeline": [
            {"kind": "done", "title": "您提交了申请", "when": "11月20日 09:14"},
            {
                "kind": "now",
                "title": "等您补正",
                "when": "现在在这一步",
                "note": "补正的时间不算在办理时限里",
            },
            {"kind": "next", "title": "作出决定", "when": "最迟 12月2日"},
        ],
        "figures": [
            {"label": "按时办结率", "value": "99.10", "unit": "%", "note": "目标 98"},
            {"label": "办结", "value": "18,462", "unit": "件", "url": "#main"},
            {"label": "平均用时", "value": None, "unit": "日"},
        ],
    }


@public
def gallery(request, face):
    text = (HERE / f"gallery_{face}.html").read_text()
    return HttpResponse(engines["django"].from_string(text).render(facts(), request))


@public
def error(request, status):
    return errors.page(request, status)


urlpatterns = [
    path("gallery/errors/<int:status>/", error),
    path("gallery/<str:face>/", gallery),
    path("", include("config.urls")),
]
