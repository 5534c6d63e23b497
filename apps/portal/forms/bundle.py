"""一件事: the questionnaire of a bundle, and what beginning one takes besides."""

import re

from django import forms

from apps.accounts.models import Applicant
from apps.points.models import ServicePoint
from apps.workflows.forms import LONGEST_NAME
from apps.workflows.guiding import BundleGuide
from apps.workflows.models.projects import national_code_is_well_formed

from .spoken import SpokenForm

ANSWER = "a"  # name of the field of question n: a1, a2, …


def answers_in(sent) -> dict[str, str]:
    """The answers that an address or a form carries, by the number of their question."""
    return {
        name.removeprefix(ANSWER): text[:60]
        for name, text in sent.items()
        if re.fullmatch(rf"{ANSWER}[0-9]{{1,3}}", name)
    }


class QuestionsForm(SpokenForm):
    """情形问卷: one radio group for each question of a version."""

    def __init__(self, *args, guide: BundleGuide, **kwargs):
        initial = {f"{ANSWER}{number}": text for number, text in guide.answers.items()}
        super().__init__(*args, initial=initial | kwargs.pop("initial", {}), **kwargs)
        for question, labels, _, _ in guide.questions:
            sentence = f"请回答“{question.text}”。"
            self.fields[f"{ANSWER}{question.number}"] = forms.ChoiceField(
                label=question.text,
                help_text=question.hint,
                choices=[(label, label) for label in labels],
                widget=forms.RadioSelect,
                error_messages={"required": sentence, "invalid_choice": sentence},
            )

    @property
    def answers(self) -> dict[str, str]:
        return answers_in({name: text for name, text in self.cleaned_data.items() if isinstance(text, str)})


class BundleStartForm(QuestionsForm):
    """For whom, at which hall, and under which name: what a draft of a project needs to exist."""

    applicant = forms.ModelChoiceField(
        label="替谁办", queryset=Applicant.objects.none(), empty_label=None, widget=forms.RadioSelect,
        error_messages={"required": "请选替谁办。", "invalid_choice": "您没有替这位申请人办理整件事的有效委托。"},
    )  # fmt: skip
    point = forms.ModelChoiceField(
        label="在哪里办", queryset=ServicePoint.objects.none(), empty_label="请选择",
        error_messages={"required": "请选在哪里办。", "invalid_choice": "这个服务点不办理这件事，请另选一个。"},
    )  # fmt: skip
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, guide: BundleGuide, applicants, points, is_investment: bool, **kwargs):
        super().__init__(*args, guide=guide, **kwargs)
        self.fields["applicant"].queryset = applicants
        self.fields["point"].queryset = points
        if is_investment:
            self.fields["name"] = forms.CharField(label="项目名称", max_length=LONGEST_NAME)
            self.fields["national_code"] = forms.CharField(
                label="项目代码",
                help_text="全国投资项目在线审批监管平台给的代码；还没有的，可以后填",
                required=False,
                validators=[national_code_is_well_formed],
            )
        first = ["key", "name", "national_code", "applicant", "point"]
        self.order_fields([*first, *(name for name in self.fields if name not in first)])
