"""筛选红黄牌."""

import django_filters

from apps.cases.filters import PeriodForm

from .models import Card, Colour, Rule


class CardFilter(django_filters.FilterSet):
    colour = django_filters.ChoiceFilter(label="牌色", empty_label="全部", choices=Colour.choices)
    rule = django_filters.ChoiceFilter(label="规则", empty_label="全部", choices=Rule.choices)
    state = django_filters.ChoiceFilter(
        label="情况", empty_label="全部",
        choices=[("standing", "有效"), ("unexplained", "待说明"), ("appealed", "已申诉"), ("revoked", "已撤销")],
        method="in_state",
    )  # fmt: skip
    place = django_filters.CharFilter(label="收件地（区划代码）", method="of_place")
    department = django_filters.NumberFilter(label="部门", field_name="department_id")
    no_department = django_filters.BooleanFilter(
        label="无部门", field_name="department", lookup_expr="isnull"
    )
    first = django_filters.DateFilter(label="自", field_name="issued_on", lookup_expr="gte")
    last = django_filters.DateFilter(label="至", field_name="issued_on", lookup_expr="lte")

    class Meta:
        model = Card
        form = PeriodForm
        fields: list[str] = []

    def in_state(self, cards, name, value):
        if value == "revoked":
            return cards.filter(revoked_at__isnull=False)
        if value == "unexplained":
            return cards.standing().filter(explained_at=None)
        return cards.standing().filter(is_appeal=True) if value == "appealed" else cards.standing()

    def of_place(self, cards, name, value):
        return cards.under(value if value.isdigit() else "-")
