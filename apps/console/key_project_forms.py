"""重点项目的表单: register and green channel, milestones, the joint projects that belong to it."""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from apps.accounts.identity import BadNumber, clean_credit_code
from apps.accounts.models import Applicant
from apps.points.models import ServicePoint
from apps.workflows.actions.key_projects import Paper
from apps.workflows.models import Half, KeyMilestone, KeyProject
from apps.workflows.models.projects import national_code_is_well_formed

from .amendment_forms import day_field
from .bundle_forms import choice, words

_PAPER = re.compile(r"^(?P<name>.+?)[\s，,、]+(?P<originals>\d{1,3})[\s，,、]+(?P<copies>\d{1,3})$")


def long_words(label: str, longest: int, rows: int = 3, **more) -> forms.CharField:
    return words(label, longest, widget=forms.Textarea(attrs={"rows": rows}), **more)


class ActForm(forms.Form):
    """A form among others on one page: its fields have their own ids."""

    def __init__(self, *args, part: str = "", **kwargs):
        auto_id = f"{type(self).__name__.lower()}{part}-%s"
        super().__init__(*args, auto_id=auto_id, label_suffix="", **kwargs)


class InvestorForm(ActForm):
    """Whoever has a record here is found by the code; of others only the name is kept."""

    investor_number = forms.CharField(
        label="投资人统一社会信用代码",
        max_length=40,
        required=False,
        help_text="填了才能指派代办员；还没有在本厅登记过的，先不填",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": "统一社会信用代码是18位。"},
    )
    investor_name = words("投资人名称", 120, required=False, help_text="填了代码的，以登记的名称为准")

    def clean_investor_number(self) -> Applicant | None:
        typed = self.cleaned_data["investor_number"].strip()
        if not typed:
            return None
        try:
            number = clean_credit_code(typed)
        except BadNumber as error:
            raise ValidationError(str(error)) from error
        found = Applicant.objects.with_number(number).exclude(kind=Applicant.Kind.PERSON).first()
        if found is None:
            raise ValidationError("本厅没有登记过这个主体。请先不填代码，只填名称，等它注册后再更正。")
        return found


class EnlistForm(InvestorForm):
    """列入重点."""

    national_code = forms.CharField(
        label="项目代码",
        max_length=30,
        help_text="全国投资项目在线审批监管平台赋的码，例如：2603-512002-04-01-123456",
        validators=[national_code_is_well_formed],
        error_messages={"required": "请填写项目代码。", "max_length": "项目代码是24位，含4个短横线。"},
    )
    name = words("项目名称", 120)
    rank = choice("重点级别", choices=KeyProject.Rank)
    point = choice("由哪个中心登记")
    listed_on = day_field("列入日")
    why = words("列入依据", 200, help_text="例如：2026年市级重点项目名单（资府办发〔2026〕3号）")

    field_order = ["national_code", "name", "rank", "point", "listed_on", "why"]

    def __init__(self, *args, halls: list[ServicePoint], **kwargs):
        super().__init__(*args, **kwargs)
        self.halls = {str(hall.pk): hall for hall in halls}
        self.fields["point"].choices = [(key, hall.name) for key, hall in self.halls.items()]

    def clean(self):
        facts = super().clean()
        if not self.has_error("investor_number") and not (
            facts.get("investor_number") or (facts.get("investor_name") or "").strip()
        ):
            self.add_error("investor_name", "请填写投资人名称，或者填写代码。")
        return facts

    def facts(self) -> dict:
        typed = dict(self.cleaned_data)
        return typed | {"point": self.halls[typed["point"]], "investor": typed.pop("investor_number")}


class CorrectionForm(InvestorForm):
    """更正登记. An empty code leaves the investor as he is."""

    name = words("项目名称", 120)
    rank = choice("重点级别", choices=KeyProject.Rank)
    why = words("更正的理由", 300)

    field_order = ["name", "rank", "investor_number", "investor_name", "why"]


class ChannelForm(ActForm):
    """开通绿色通道."""

    days = forms.DecimalField(
        label="时限（工作日）",
        min_value=Decimal("0.5"),
        max_value=500,
        help_text="可以是半天的倍数，例如：0.5、20；从开通的半天起算",
        widget=forms.NumberInput(attrs={"step": "0.5", "inputmode": "decimal"}),
        error_messages={
            "required": "请填写时限。",
            "invalid": "时限是数字，例如：0.5、20。",
            "min_value": "时限是0.5到500个工作日。",
            "max_value": "时限是0.5到500个工作日。",
        },
    )
    why = words("开通的理由", 300)

    def clean_days(self) -> Decimal:
        days = self.cleaned_data["days"]
        if (days * 2) % 1:
            raise ValidationError("时限只能是半天的倍数，例如：0.5、1、1.5。")
        return days

    def facts(self) -> dict:
        return {"halves": int(self.cleaned_data["days"] * 2), "why": self.cleaned_data["why"]}


class WhyForm(ActForm):
    """An act that wants nothing but its reason."""

    why = words("理由", 200)


class MilestoneForm(ActForm):
    """记里程碑."""

    kind = choice("里程碑", choices=KeyMilestone.Kind)
    name = words("名称", 30, required=False, help_text="选“其他里程碑”时填")
    on = day_field("日期")
    half = choice("时段", choices=Half)

    def clean(self):
        facts = super().clean()
        if facts.get("kind") == KeyMilestone.Kind.OWN and not (facts.get("name") or "").strip():
            self.add_error("name", "请填写里程碑名称。")
        return facts


class LinkForm(ActForm):
    """关联并联项目."""

    number = words("并联项目编号", 20)


class VisitForm(ActForm):
    """上门服务."""

    visited_on = day_field("上门日期")
    place = words("地点", 120)
    done = long_words("办了什么", 500)
    next_step = words("下一步", 300, help_text="没有的，写“无”")
    next_on = day_field("下一步日期", required=False)


class AgentForm(ActForm):
    """指派代办员: among those to whom the investor has given a mandate."""

    agent = choice("代办员")

    def __init__(self, *args, people: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agent"].choices = people


class HandoverForm(ActForm):
    """交出材料."""

    taker = choice("接收人")
    papers = long_words(
        "材料清单",
        4000,
        rows=5,
        help_text="每行一种：材料名称，原件份数，复印件份数。例如：土地出让合同，1，2",
    )
    note = words("交接说明", 300, required=False)

    def __init__(self, *args, people: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["taker"].choices = people

    def clean_papers(self) -> list[Paper]:
        papers = []
        lines = [line.strip() for line in self.cleaned_data["papers"].splitlines() if line.strip()]
        for number, line in enumerate(lines, start=1):
            found = _PAPER.match(line)
            if found is None:
                raise ValidationError(f"第{number}行“{line[:20]}”请写成：材料名称，原件份数，复印件份数。")
            papers.append(Paper(found["name"].strip(), int(found["originals"]), int(found["copies"])))
        return papers
