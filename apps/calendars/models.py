"""工作日历: the State Council's yearly arrangement of days off and weekends worked, with its source."""

import uuid

from django.db import models
from django.db.models import F, Q

from . import notices
from .workdays import Special

SATURDAY, SUNDAY = 6, 7  # as ISO and PostgreSQL's isodow count them


class CalendarYear(models.Model):
    """年度放假安排: one year, officially published or only our forecast of it."""

    class State(models.TextChoices):
        PUBLISHED = notices.PUBLISHED, "已公布"
        FORECAST = notices.FORECAST, "预测"

    year = models.PositiveSmallIntegerField("年份", primary_key=True, db_comment="年份")
    state = models.CharField(
        "状态", max_length=9, choices=State, db_comment="published 已公布 / forecast 预测"
    )
    source = models.CharField("来源", max_length=120, db_comment="通知标题和文号，预测年份写明推算依据")
    url = models.URLField("网址", blank=True, db_comment="通知原文网址")
    published_on = models.DateField("公布日期", null=True, db_comment="通知印发日期，预测年份为空")
    loaded_at = models.DateTimeField("载入时间", db_comment="本安排最近一次变更的时间")
    edition = models.UUIDField(
        "版次", default=uuid.uuid4, editable=False, db_comment="安排每变更一次换一个值，缓存据此失效"
    )

    class Meta:
        verbose_name = verbose_name_plural = "年度放假安排"
        db_table_comment = "年度放假安排"
        constraints = [
            models.CheckConstraint(
                name="calendar_year_is_a_year_of_this_era", condition=Q(year__gte=1949, year__lte=2199)
            ),
            models.CheckConstraint(
                name="calendar_year_is_published_or_forecast",
                condition=Q(state__in=["published", "forecast"]),
            ),
            models.CheckConstraint(
                name="published_calendar_year_names_its_notice",
                condition=Q(state="forecast") | (Q(published_on__isnull=False) & ~Q(source="")),
            ),
            models.CheckConstraint(
                name="forecast_calendar_year_has_no_publication_day",
                condition=Q(state="published") | Q(published_on__isnull=True),
            ),
        ]

    def __str__(self):
        return f"{self.year}年（{self.get_state_display()}）"

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED


class SpecialDay(models.Model):
    """特殊日: a day off, or a weekend worked; plain weekends and working days have no row."""

    date = models.DateField("日期", primary_key=True, db_comment="日期")
    year = models.ForeignKey(
        CalendarYear,
        models.CASCADE,
        related_name="days",
        verbose_name="年份",
        db_comment="所属放假安排的年份",
    )
    is_workday = models.BooleanField("上班", db_comment="真为调休上班，假为放假")
    name = models.CharField("节日", max_length=20, db_comment="节日名称；调休上班日写所调的节日")

    class Meta:
        verbose_name = verbose_name_plural = "特殊日"
        db_table_comment = "放假和调休上班的日子"
        constraints = [
            models.CheckConstraint(
                name="make_up_workday_falls_on_a_weekend",
                condition=Q(is_workday=False) | Q(date__iso_week_day__in=[SATURDAY, SUNDAY]),
            ),
            # The notice for a year may begin in the December before (元旦 2023 began on 31 December 2022).
            models.CheckConstraint(
                name="special_day_lies_in_its_year_or_the_december_before",
                condition=Q(date__year=F("year")) | Q(date__year=F("year") - 1, date__month=12),
            ),
            models.CheckConstraint(name="special_day_has_a_name", condition=~Q(name="")),
        ]

    def __str__(self):
        return f"{self.date:%Y-%m-%d} {self.name}{'调休上班' if self.is_workday else '放假'}"

    @property
    def special(self) -> Special:
        return Special(self.date, self.is_workday, self.name)
