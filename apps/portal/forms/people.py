"""Forms about people: signing in, registering, passwords, mandates. What is typed is told apart here; rules are the actions'."""

import re

from django import forms
from django.contrib.auth import authenticate, password_validation
from django.core.exceptions import ValidationError
from django.utils import timezone

from apps.accounts import identity
from apps.accounts.identity import BadName, BadNumber, clean_credit_code, clean_id_number, normalised
from apps.accounts.models import Applicant, Mandate, User
from apps.items.models import Item

from .spoken import SpokenForm


def clean_person_name(text: str) -> str:
    try:
        return identity.clean_person_name(text)
    except BadName as error:
        raise ValidationError(str(error)) from error


def clean_phone(text: str) -> str:
    try:
        return identity.clean_phone(text)
    except BadNumber as error:
        raise ValidationError(str(error)) from error


class SignInForm(SpokenForm):
    username = forms.CharField(
        label="用户名", max_length=60, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        label="密码",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.request, self.user = request, None

    def clean(self):
        facts = self.cleaned_data
        if "username" in facts and "password" in facts:
            self.user = authenticate(
                self.request, username=facts["username"].strip(), password=facts["password"]
            )
            if self.user is None:
                raise ValidationError(
                    "用户名或密码不对。连续错 5 次会锁定 15 分钟；忘记密码可带身份证到窗口重置。"
                )
        return facts


class TokenForm(SpokenForm):
    token = forms.CharField(
        label="动态验证码",
        help_text="验证器应用上现在显示的 6 位数字",
        max_length=8,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def clean_token(self):
        token = normalised(self.cleaned_data["token"])
        if not re.fullmatch(r"\d{6}", token):
            raise ValidationError("请填 6 位数字。")
        return token


class NewPasswordForm(SpokenForm):
    """A new password, twice. The rules of the house judge it with the person's other facts in hand."""

    password = forms.CharField(
        label="新密码",
        help_text="至少 10 位，大写字母、小写字母、数字、符号里要有三种",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="再填一次新密码",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args, user: User | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self):
        password = self.cleaned_data["password"]
        password_validation.validate_password(password, self.whose())
        return password

    def clean_again(self):
        if self.cleaned_data.get("password") and self.cleaned_data["again"] != self.cleaned_data["password"]:
            raise ValidationError("两次填的密码不一样，请重新填。")
        return self.cleaned_data["again"]

    def whose(self) -> User | None:
        return self.user


class PasswordChangeForm(NewPasswordForm):
    old = forms.CharField(
        label="现在的密码",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ["old", "password", "again"]

    def clean_old(self):
        if not self.user.check_password(self.cleaned_data["old"]):
            raise ValidationError("现在的密码不对，请重新填。")
        return self.cleaned_data["old"]


class RegistrationForm(NewPasswordForm):
    """实名注册: the person behind the account is known by name and ID number."""

    name = forms.CharField(label="姓名", help_text="与身份证一致", max_length=60)
    number = forms.CharField(
        label="身份证号",
        help_text="18 位，最后一位可能是 X",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = forms.CharField(
        label="手机号",
        help_text="办事结果会发到这个号码",
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    username = forms.CharField(
        label="用户名",
        help_text="登录用，4 至 30 位字母、数字或汉字",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )
    agreed = forms.BooleanField(
        label="我看过并同意个人信息处理告知",
        error_messages={"required": "请先看个人信息处理告知，同意后才能注册。"},
    )
    field_order = ["name", "number", "phone", "username", "password", "again", "agreed"]

    def clean_name(self):
        return clean_person_name(self.cleaned_data["name"])

    def clean_number(self):
        try:
            return clean_id_number(self.cleaned_data["number"], on=timezone.localdate())
        except BadNumber as error:
            raise ValidationError(str(error)) from error

    def clean_phone(self):
        return clean_phone(self.cleaned_data["phone"])

    def clean_username(self):
        username = self.cleaned_data["username"].strip()
        if not re.fullmatch(r"\w{4,30}", username):
            raise ValidationError("用户名要 4 至 30 位，只用字母、数字、下划线或汉字。")
        return username

    def whose(self) -> User:
        facts = self.cleaned_data
        return User(
            username=facts.get("username", ""), name=facts.get("name", ""), phone=facts.get("phone", "")
        )


class OrganisationForm(SpokenForm):
    """企业登记."""

    kind = forms.ChoiceField(
        label="单位类型", choices=[(k.value, k.label) for k in Applicant.Kind if k != Applicant.Kind.PERSON]
    )
    name = forms.CharField(label="单位名称", help_text="与营业执照或登记证一致", max_length=120)
    code = forms.CharField(label="统一社会信用代码", help_text="营业执照右上角的 18 位号码", max_length=40)
    phone = forms.CharField(
        label="联系电话", max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    address = forms.CharField(label="地址", max_length=200, required=False)

    def clean_name(self):
        try:
            return identity.clean_organisation_name(self.cleaned_data["name"])
        except BadName as error:
            raise ValidationError(str(error)) from error

    def clean_code(self):
        try:
            return clean_credit_code(self.cleaned_data["code"])
        except BadNumber as error:
            raise ValidationError(str(error)) from error

    def clean_phone(self):
        return clean_phone(self.cleaned_data["phone"])


class MandateForm(SpokenForm):
    """委托: who may act, for whom, for which items, until when."""

    principal = forms.ModelChoiceField(label="替谁办", queryset=Applicant.objects.none(), empty_label=None)
    kind = forms.ChoiceField(
        label="委托给", choices=Mandate.Kind, widget=forms.RadioSelect, initial=Mandate.Kind.AGENT
    )
    username = forms.CharField(label="对方的用户名", max_length=60)
    name = forms.CharField(label="对方的姓名", help_text="和用户名对得上才能委托", max_length=60)
    items = forms.CharField(
        label="限于哪些事项",
        help_text="写事项全称，几个事项用顿号隔开；空着表示全部事项",
        max_length=1000,
        required=False,
    )
    until = forms.DateField(
        label="到哪天为止",
        help_text="空着表示长期，随时可以撤销",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args, principals, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["principal"].queryset = principals

    def clean(self):
        facts = self.cleaned_data
        if facts.get("username") and facts.get("name"):
            agent = User.objects.filter(
                username=facts["username"].strip(), name=facts["name"].strip(), is_active=True
            )
            facts["agent"] = agent.first()
            if facts["agent"] is None:
                self.add_error("username", "没有找到这个用户名和姓名的人，请和对方核对。")
        return facts

    def clean_items(self):
        names = [
            name.strip() for name in re.split(r"[、,，;；\n]", self.cleaned_data["items"]) if name.strip()
        ]
        codes = dict(Item.objects.filter(name__in=names).values_list("name", "code"))
        unknown = [name for name in names if name not in codes]
        if unknown:
            raise ValidationError(f"没有叫“{'、'.join(unknown)}”的事项，请照办事指南上的全称填写。")
        return [codes[name] for name in names]
