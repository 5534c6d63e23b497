"""一张申请表: the questions of all branches of a project, each once; the same at the portal and at the counter."""

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict

from apps.cases.answers import LONGEST_TEXT
from apps.cases.forms import LONGEST_PHONE, field_of

from .models import Project
from .models.projects import national_code_is_well_formed
from .one_form import asked_of

OF_THE_PROJECT = ("project_name", "national_code", "contact_phone", "handing")
LONGEST_NAME = Project._meta.get_field("name").max_length


class ProjectForm(forms.Form):
    """It shows what is kept and what is wrong; it accepts anything that can be kept. Filing is what judges it."""

    def __init__(
        self, project: Project, typed: dict[str, str] | None = None, faults: dict[str, str] | None = None
    ):
        kept = {
            "project_name": project.name,
            "national_code": project.national_code,
            "contact_phone": project.contact_phone,
            "handing": project.handing,
        }
        shown = {**project.form, **kept, **(typed or {})}
        super().__init__(shown, auto_id="f-%s")
        if project.is_investment:
            self.fields["project_name"] = forms.CharField(label="项目名称")
            self.fields["national_code"] = forms.CharField(
                label="项目代码",
                help_text="形如 2603-512002-04-01-123456，在全国投资项目在线审批监管平台登记后取得",
            )
        for described in asked_of(project):
            self.fields[described["name"]] = field_of(described, shown.get(described["name"], ""))
        self.fields["contact_phone"] = forms.CharField(
            label="联系电话",
            help_text="各部门有事会打这个号码",
            required=False,
            widget=forms.TextInput(attrs={"inputmode": "tel"}),
        )
        self.fields["handing"] = forms.ChoiceField(
            label="办好了怎么取", choices=Project.Handing.choices, widget=forms.RadioSelect
        )
        self._errors, self.cleaned_data = ErrorDict(renderer=self.renderer), {}
        for name, sentence in (faults or {}).items():
            if name in self.fields:
                self.add_error(name, sentence)

    @staticmethod
    def typed_in(project: Project, posted) -> dict[str, str]:
        """What was typed, as it was typed; NUL characters cannot be kept by any database."""
        names = [field["name"] for field in asked_of(project)] + list(OF_THE_PROJECT)
        return {name: posted[name].replace("\x00", "") for name in names if name in posted}

    @staticmethod
    def unkeepable(project: Project, typed: dict[str, str]) -> dict[str, str]:
        """What cannot be kept as it is: refused aloud, never cut in silence."""
        faults = {
            name: f"{label}最多 {LONGEST_TEXT:,} 字，现在有 {len(text):,} 字，请删减后再保存。"
            for name, label in ((field["name"], field["label"]) for field in asked_of(project))
            if len(text := typed.get(name, "")) > LONGEST_TEXT
        }
        if len(typed.get("contact_phone", "")) > LONGEST_PHONE:
            faults["contact_phone"] = f"联系电话最多 {LONGEST_PHONE} 位，请改短。"
        if project.is_investment and "project_name" in typed:
            name = typed["project_name"].strip()
            if not name:
                faults["project_name"] = "请填写项目名称。"
            elif len(name) > LONGEST_NAME:
                faults["project_name"] = f"项目名称最多 {LONGEST_NAME} 字，现在有 {len(name)} 字，请删减。"
        if code := typed.get("national_code", "").strip():
            try:
                national_code_is_well_formed(code)
            except ValidationError as error:
                faults["national_code"] = error.messages[0]
        if typed.get("handing", Project.Handing.AS_READY) not in Project.Handing.values:
            faults["handing"] = "请选择办好了怎么取。"
        return faults

    @staticmethod
    def to_keep(typed: dict[str, str], faults: dict[str, str]) -> dict:
        """What of it `save_project` takes."""
        fit = {name: text for name, text in typed.items() if name not in faults}
        return {
            "form": {name: text for name, text in fit.items() if name not in OF_THE_PROJECT},
            "name": fit.get("project_name"),
            "phone": fit.get("contact_phone"),
            "handing": fit.get("handing"),
            "national_code": fit.get("national_code"),
        }
