"""事项: what can be applied for, in versions; a version is the guide, the check list and the rules of a case at once."""

import re
from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Case, F, Func, OuterRef, Q, Subquery, Value, When

from apps.points.models import Department, Kind, Level, ServicePoint


class CjkGrams(Func):
    """Two-character pieces of a text, by the SQL function `cjk_grams` of this app's first migration."""

    function = "cjk_grams"
    output_field = ArrayField(models.TextField())


class SharedGrams(Func):
    """Pieces that two lists of pieces have in common."""

    template = "ARRAY(SELECT unnest(%(expressions)s))"
    arg_joiner = ") INTERSECT SELECT unnest("
    output_field = ArrayField(models.TextField())


class Cardinality(Func):
    function = "cardinality"
    output_field = models.IntegerField()


class ItemType(models.TextChoices):
    """事项类型, GB/T 39046 A.1."""

    PERMIT = "01", "行政许可"
    PENALTY = "02", "行政处罚"
    ENFORCEMENT = "03", "行政强制"
    LEVY = "04", "行政征收"
    GRANT = "05", "行政给付"
    INSPECTION = "06", "行政检查"
    CONFIRMATION = "07", "行政确认"
    REWARD = "08", "行政奖励"
    RULING = "09", "行政裁决"
    OTHER = "10", "其他行政权力"
    PUBLIC_SERVICE = "20", "公共服务"


class Unit(models.TextChoices):
    """时限单位. Limits of 行政许可法 are working days (art. 82); other laws name their own."""

    WORKDAY = "workday", "个工作日"
    CALENDAR_DAY = "calendar_day", "日"
    MONTH = "month", "个月"
    HALF_DAY = "half_day", "个半天"


class CaseKind(models.TextChoices):
    """办件类型: how a case of this item runs."""

    IMMEDIATE = "immediate", "即办件"
    COMMITTED = "committed", "承诺件"
    JOINT = "joint", "联办件"
    FORWARDED = "forwarded", "上报件"
    AGENT = "agent", "代办件"


class ItemQuerySet(models.QuerySet):
    def on_offer(self):
        """Published and open to applications: what the portal shows."""
        return self.filter(state=Item.State.ACTIVE, current__isnull=False)

    def with_place_kind(self):
        """With `place_kind`, what the villages that take the item in are: 村 and 社区 have lists of their own."""
        taken_in = Offering.objects.filter(item=OuterRef("pk"), level=Level.VILLAGE).exclude(kind="")
        return self.annotate(place_kind=Subquery(taken_in.order_by("id").values("kind")[:1]))

    def search(self, words: str):
        """By name, plain-speech synonym, pinyin or initials, the best fit first.

        Every blank-separated word must be found; where a whole sentence finds nothing (我想开个小吃店),
        items that share at least two of its two-character pieces are offered instead. Letters are no pieces: pairs of
        them stand in the pinyin of anything, so initials count only as they were typed.
        """
        found = self.filter(_holds_every_word(words.lower())).annotate(fit=_fit(words.strip()))
        if found.exists():
            return found.order_by("fit", "sort_key", "id")
        pieces = [piece for piece in grams(words) if not re.search(r"[\x00-\x7f]", piece)]
        if len(pieces) < 2:
            return self.annotate(fit=Value(0)).none()
        shared = Cardinality(SharedGrams(F("search_grams"), Value(pieces, ArrayField(models.TextField()))))
        return self.annotate(fit=shared).filter(fit__gte=2).order_by("-fit", "sort_key", "id")


def grams(words: str) -> list[str]:
    """The two-character pieces of a text, as the SQL function `cjk_grams` cuts them."""
    text = "".join(words.lower().split())
    return sorted({text[i : i + 2] for i in range(max(len(text) - 1, 1))})


def _holds_every_word(words: str) -> Q:
    condition = Q()
    for word in words.split():
        condition &= Q(search_text__contains=word)
        if len(word) > 1:  # the index serves pieces of two; a single character falls back to reading
            condition &= Q(search_grams__contains=grams(word))
    return condition


def _fit(words: str) -> Case:
    return Case(
        When(name=words, then=Value(0)),
        When(synonyms__contains=[words], then=Value(1)),
        When(name__startswith=words, then=Value(2)),
        When(name__contains=words, then=Value(3)),
        default=Value(4),
        output_field=models.IntegerField(),
    )


class Item(models.Model):
    """事项. `code` is the base code (基本编码), the same wherever the item is offered.

    `hands_up_to` is set on what villages collect (代办件): the item that the level above then handles, with its terms.
    """

    class State(models.TextChoices):
        ACTIVE = "active", "在用"
        CONVERTED = "converted", "转为公共服务"
        SHELVED = "shelved", "搁置"
        CANCELLED = "cancelled", "取消"
        BUNDLE_ONLY = "bundle_only", "仅用于联办"

    code = models.CharField("基本编码", max_length=40, unique=True)
    name = models.CharField("事项名称", max_length=120)
    type = models.CharField("事项类型", max_length=2, choices=ItemType)
    level = models.CharField("行使层级", max_length=1, choices=Level)
    theme = models.CharField("主题", max_length=30, blank=True)
    state = models.CharField("状态", max_length=12, choices=State, default=State.ACTIVE)
    is_core = models.BooleanField("保留行政审批事项", default=False)
    is_sample = models.BooleanField("样例", default=False)
    hands_up_to = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="collected_as"
    )
    current = models.ForeignKey("ItemVersion", models.PROTECT, null=True, blank=True, related_name="+")
    synonyms = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    search_text = models.TextField("检索文本", blank=True)
    search_grams = models.GeneratedField(
        expression=CjkGrams(F("search_text")), output_field=ArrayField(models.TextField()), db_persist=True
    )
    sort_key = models.CharField("拼音", max_length=400, blank=True, db_collation="C")

    objects = ItemQuerySet.as_manager()

    class Meta:
        permissions = [("publish_item", "可发布事项"), ("shelve_item", "可搁置或恢复事项")]
        indexes = [
            GinIndex(fields=["search_grams"], name="item_by_grams"),
            models.Index(fields=["state", "sort_key", "id"], name="item_by_state_and_pinyin"),
        ]

    def __str__(self):
        return self.name

    @property
    def level_words(self) -> str:
        """行使层级; for a list that was fetched `with_place_kind` 村 or 社区 where only one of them takes it in."""
        kind = getattr(self, "place_kind", None)
        return Kind(kind).label if kind else self.get_level_display()


class ItemVersion(models.Model):
    """办事指南的一个版本: a published version never changes; a case keeps the one it was accepted under (D-44)."""

    class State(models.TextChoices):
        DRAFT = "draft", "编辑中"
        PUBLISHED = "published", "已发布"
        RETIRED = "retired", "已停用"

    item = models.ForeignKey(Item, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("版本号")
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    effective_on = models.DateField("生效日")
    retired_on = models.DateField("停用日", null=True, blank=True)
    kind = models.CharField("办件类型", max_length=10, choices=CaseKind)
    statutory_amount = models.PositiveIntegerField("法定办结时限", null=True, blank=True)
    statutory_unit = models.CharField("法定时限单位", max_length=12, choices=Unit, default=Unit.WORKDAY)
    statutory_basis = models.CharField("法定时限依据", max_length=120, blank=True)
    committed_amount = models.PositiveIntegerField("承诺办结时限")
    committed_unit = models.CharField("承诺时限单位", max_length=12, choices=Unit, default=Unit.WORKDAY)
    service_objects = ArrayField(models.CharField(max_length=1), default=list, verbose_name="服务对象")
    basis = models.JSONField("设定依据", default=list)  # [{"law", "article"}]
    conditions = ArrayField(models.TextField(), default=list, verbose_name="受理条件")
    steps = models.JSONField("办理流程", default=list)  # [{"name", "role", "days", "counted"}]
    special_procedures = models.JSONField("特别程序", default=list)  # [{"kind", "name", "days"}]
    fee = models.CharField("收费标准", max_length=120, default="不收费")
    fee_basis = models.CharField("收费依据", max_length=200, blank=True)
    result_name = models.CharField("结果名称", max_length=120, blank=True)
    result_validity = models.CharField("结果有效期", max_length=60, blank=True)
    online_depth = models.PositiveSmallIntegerField("网上办理深度", default=4)  # I..IV as 1..4
    visits = models.PositiveSmallIntegerField("到办事现场次数", default=0)
    visit_reason = models.CharField("必须到现场的原因", max_length=120, blank=True)
    needs_originals = models.BooleanField("须交验原件", default=False)
    advisory_pre_review = models.BooleanField("预审意见不作为受理", default=False)
    extension_amount = models.PositiveSmallIntegerField("可延长天数", null=True, blank=True)
    tolerance_days = models.PositiveSmallIntegerField("容缺补交期限（工作日）", default=5)
    supplement_days = models.PositiveSmallIntegerField("补正期限（日）", null=True, blank=True)
    delivery_ways = ArrayField(models.CharField(max_length=20), default=list, verbose_name="结果送达方式")
    form_fields = models.JSONField(
        "申请表", default=list
    )  # [{"name", "label", "kind", "required", "hint", "choices", "max_length", "after_today", "until_today", "not_before"}]
    faq = models.JSONField("常见问题", default=list)  # [{"q", "a"}]
    published_at = models.DateTimeField("发布时间", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="version_number_unique_per_item"),
            models.UniqueConstraint(
                fields=["item"], condition=Q(state="published"), name="one_published_version_per_item"
            ),
            models.CheckConstraint(
                name="an_immediate_item_promises_the_same_day",
                condition=~Q(kind="immediate") | Q(committed_amount=0),
            ),
            models.CheckConstraint(
                name="full_online_means_no_visit", condition=~Q(online_depth=4) | Q(visits=0)
            ),
            models.CheckConstraint(
                name="only_an_agent_item_has_no_legal_term",
                condition=Q(kind="agent") | Q(statutory_amount__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.item} 第{self.number}版"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.PUBLISHED

    def in_force_on(self, day: date) -> bool:
        return self.effective_on <= day and (self.retired_on is None or day < self.retired_on)


class Necessity(models.TextChoices):
    """材料必要性: the five kinds of the catalogue."""

    REQUIRED = "required", "必要"
    TOLERABLE = "tolerable", "可容缺"
    BY_PROMISE = "by_promise", "可告知承诺"
    SHARED = "shared", "共享免提交"
    SITUATIONAL = "situational", "情形必要"


class Material(models.Model):
    """申请材料 of one version: one list for portal, window and notices (D-85)."""

    class Form(models.TextChoices):
        ORIGINAL = "original", "原件"
        COPY = "copy", "复印件"
        BOTH = "both", "原件及复印件"

    version = models.ForeignKey(ItemVersion, models.CASCADE, related_name="materials")
    seq = models.PositiveSmallIntegerField("序号")
    name = models.CharField("材料名称", max_length=160)
    form = models.CharField("形式", max_length=10, choices=Form)
    originals = models.PositiveSmallIntegerField("原件份数", default=0)
    copies = models.PositiveSmallIntegerField("复印件份数", default=0)
    source = models.CharField("来源渠道", max_length=40, blank=True)
    necessity = models.CharField("必要性", max_length=12, choices=Necessity)
    situation = models.CharField("适用情形", max_length=120, blank=True)
    has_template = models.BooleanField("有空白表格", default=False)
    standard = models.CharField("受理标准", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "seq"], name="material_seq_unique_per_version")
        ]

    def __str__(self):
        return self.name

    @property
    def must_be_handed_in(self) -> bool:
        """Whether a submission without it is incomplete; the other kinds may be absent at first."""
        return self.necessity == Necessity.REQUIRED


class Prerequisite(models.Model):
    """前置审批 (D-51): an item that needs another one's result first."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="prerequisites")
    needs = models.ForeignKey(Item, models.PROTECT, related_name="is_needed_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "needs"], name="prerequisite_named_once"),
            models.CheckConstraint(name="no_item_is_its_own_prerequisite", condition=~Q(item=F("needs"))),
        ]

    def __str__(self):
        return f"{self.item}前置{self.needs}"


class OfferingQuerySet(models.QuerySet):
    def at(self, point: ServicePoint):
        """What a point offers: rows of its own level and kind whose scope holds it (D-49)."""
        prefixes = [point.path[:length] for length in (4, 6, 9, 12) if length <= len(point.path)]
        return self.filter(level=point.level, kind__in=["", point.kind], scope__path__in=prefixes)

    def for_item(self, item: Item):
        return self.filter(item=item)


class Offering(models.Model):
    """谁在哪里办: every point of `level` within `scope` offers the item, up to `authority`.

    A county hall has one row per item with the deciding department; a township or village list has one row per county
    and item, for all its townships or villages; with `kind`, only for those of one kind (村 and 社区 differ).
    """

    class Authority(models.TextChoices):
        """授权程度 (D-67); a village collects, which is not receipt by the authority."""

        COLLECT = "collect", "代收"
        RECEIVE = "receive", "只收件"
        REVIEW = "review", "审查"
        DECIDE = "decide", "办结"

    item = models.ForeignKey(Item, models.PROTECT, related_name="offerings")
    scope = models.ForeignKey(ServicePoint, models.PROTECT, related_name="offerings")
    level = models.CharField("受理层级", max_length=1, choices=Level)
    kind = models.CharField("限类别", max_length=12, choices=Kind, blank=True)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="offerings"
    )
    authority = models.CharField("授权程度", max_length=8, choices=Authority)

    objects = OfferingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "scope", "level", "kind"], name="one_offering_per_item_scope_level_and_kind"
            )
        ]

    def __str__(self):
        return f"{self.scope.region}{self.get_level_display()}：{self.item}"
