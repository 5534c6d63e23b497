"""日历变更的表单: what an administrator types, pastes or uploads, read into the words of the actions."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from apps.calendars.arrangement import LARGEST, Unreadable, decoded, read
from apps.points.models import ServicePoint

DAYS = ["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"]
SHOWN_FAULTS = 20


def day_field(label: str, **more) -> forms.DateField:
    return forms.DateField(
        label=label,
        input_formats=DAYS,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": f"请填写{label}。", "invalid": f"{label}请写成2027-01-31的样子。"},
        **more,
    )


def source_field(label: str, **more) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=120,
        error_messages={"required": f"请填写{label}。", "max_length": f"{label}最多120个字。"},
        **more,
    )


class NoticeForm(forms.Form):
    """年度放假安排. An uploaded table comes back in the field to paste in, so that its faults are mended on the spot."""

    year = forms.IntegerField(
        label="年份",
        min_value=1949,
        max_value=2199,
        error_messages={
            "required": "请填写年份。",
            "invalid": "年份是四位数字，例如2027。",
            "min_value": "年份不正确。",
            "max_value": "年份不正确。",
        },
    )
    source = source_field(
        "通知标题和文号",
        help_text="例如：国务院办公厅关于2027年部分节假日安排的通知（国办发明电〔2026〕7号）",
    )
    published_on = day_field("印发日期")
    url = forms.URLField(
        label="通知原文网址",
        required=False,
        assume_scheme="https",
        error_messages={"invalid": "网址不完整，请从浏览器地址栏复制。"},
    )
    file = forms.FileField(
        label="上传表格（CSV）",
        required=False,
        help_text="UTF-8、GBK编码都可以",
        error_messages={"empty": "文件是空的，请检查是否选错了文件。"},
    )
    table = forms.CharField(
        label="或者粘贴表格",
        required=False,
        help_text="每行一天：日期、休或班、节日名称，用逗号、制表符或空格分开",
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.days = ()

    def clean(self):
        facts = super().clean()
        text = self._text()
        if text is None:
            return facts
        if not text.strip():
            self.add_error("table", "请上传或粘贴放假安排表。")
        elif "year" in facts:
            table = read(text, facts["year"])
            self.days = table.days
            for fault in table.faults[:SHOWN_FAULTS]:
                self.add_error("table", str(fault))
            if len(table.faults) > SHOWN_FAULTS:
                self.add_error("table", f"另有{len(table.faults) - SHOWN_FAULTS}行有错，改好这些再看。")
        return facts

    def _text(self) -> str | None:
        """What was uploaded, else what was pasted; None when the file cannot be read, which is said."""
        file = self.files.get("file")
        if not file:
            return self.data.get("table", "")
        try:
            text = decoded(file.read(LARGEST + 1))
        except Unreadable as fault:
            self.add_error("file", str(fault))
            return None
        self.data = self.data.copy()
        self.data["table"] = text.lstrip("\ufeff")
        return text


class ClosureForm(forms.Form):
    """停办: of a place within one's own."""

    point = forms.CharField(
        label="服务点",
        max_length=80,
        help_text="名称或12位行政区划代码；它下面的服务点一并停办",
        widget=forms.TextInput(attrs={"list": "points", "autocomplete": "off"}),
        error_messages={"required": "请填写服务点。"},
    )
    from_on = day_field("首日")
    to_on = day_field("末日")
    reason = source_field("停办原因")
    source = source_field("公告标题和文号")
    affects_deadline = forms.BooleanField(
        label="这些天不计入办理时限",
        required=False,
        help_text="不勾选的，只是停办，期限照算",
    )

    def __init__(self, *args, under: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.under = under

    def clean_point(self) -> ServicePoint:
        words = self.cleaned_data["point"].strip()
        own = ServicePoint.objects.under(self.under).filter(valid_to=None)
        found = list(own.filter(Q(name=words) | Q(code=words) | Q(region=words)).order_by("path")[:2])
        if not found:
            raise ValidationError(f"您的职责范围内没有“{words}”，请从提示里选，或填12位行政区划代码。")
        if len(found) > 1:
            raise ValidationError(f"有不止一处叫“{words}”，请填12位行政区划代码。")
        return found[0]


class CorrectionForm(forms.Form):
    """按现行规则重算: for what reason."""

    source = source_field("为什么要重算", help_text="例如：核对发现3件日期不一致；办事规则调整了黄牌比例")
