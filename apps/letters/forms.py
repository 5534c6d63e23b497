"""表单 of letters: what a department says of itself on its papers; number and code, and a file, of whoever checks one."""

from django import forms

LARGEST_PDF = 10 * 1024 * 1024


class IssuingBodyForm(forms.Form):
    """签发机关设置. What is left empty follows from the names of department and region."""

    short_name = forms.CharField(
        label="机关代字", max_length=20, help_text="文号开头的几个字，例如“雁江市监”；改了以后新的文号从 1 号起。",
        error_messages={"required": "请填写机关代字。"},
    )  # fmt: skip
    name = forms.CharField(
        label="机关全称", max_length=80, required=False, help_text="印在文书抬头和落款；不填的，用部门名称。"
    )
    review_body = forms.CharField(
        label="行政复议机关",
        max_length=80,
        required=False,
        help_text="印在不予许可等决定书上；不填的，为本级人民政府。",
    )
    court = forms.CharField(
        label="提起行政诉讼的人民法院", max_length=80, required=False, help_text="不填的，为本地人民法院。"
    )
    seal = forms.FileField(
        label="印章图", required=False, help_text="PNG 图片，透明底，正方形，不超过 1 MB。不选的，印章不变。",
        widget=forms.FileInput(attrs={"accept": "image/png"}),
    )  # fmt: skip

    def entered(self) -> dict:
        facts = {
            name: self.cleaned_data[name].strip() for name in ("short_name", "name", "review_body", "court")
        }
        upload = self.cleaned_data["seal"]
        return {**facts, "seal": upload.read(2 * 1024 * 1024) if upload else None}


class CheckForm(forms.Form):
    """查验文书: both stand at the foot of every letter."""

    number = forms.CharField(
        label="文号", max_length=60, help_text="例如：雁江市监受〔2026〕12号。括号用哪一种都可以。",
        error_messages={"required": "请填写文号，印在标题下面和页脚。"},
    )  # fmt: skip
    code = forms.CharField(
        label="验证码", max_length=20, help_text="页脚的 8 位字母和数字，不分大小写。",
        error_messages={"required": "请填写验证码，印在页脚。"},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip

    def clean(self):
        entered = super().clean()
        return {name: value.replace("\x00", "") for name, value in entered.items()}


class CompareForm(forms.Form):
    """比对文件: the PDF that somebody was sent; it is hashed and not kept."""

    file = forms.FileField(
        label="收到的 PDF 文件",
        error_messages={"required": "请选择要比对的 PDF 文件。", "empty": "这个文件是空的，请重新选择。"},
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
    )

    def clean_file(self):
        upload = self.cleaned_data["file"]
        if upload.size > LARGEST_PDF:
            raise forms.ValidationError("文件超过 10 MB，不会是本站签发的文书。")
        return upload
