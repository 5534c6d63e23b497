"""文书: the papers that a case leaves in an applicant's hands, each numbered, dated, sealed and never changed."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.cases.models import Case, CaseEvent
from apps.points.models import Department, ServicePoint
from apps.workflows.models import Project, ProjectEvent

from .kinds import Kind


def seal_path(body: "IssuingBody", name: str) -> str:
    """Content-addressed: a letter keeps the seal it was issued with, whatever seal follows."""
    return f"seals/{body.seal_sha256}.{'svg' if name.endswith('.svg') else 'png'}"


class IssuingBody(models.Model):
    """签发机关: what the letters of a department, or of a point without departments, are headed, numbered and sealed with.

    A body without a row, and every empty field of one that has a row, gets what `bodies` derives from names.
    """

    department = models.OneToOneField(
        Department, models.PROTECT, null=True, blank=True, related_name="issuing_body"
    )
    point = models.OneToOneField(
        ServicePoint, models.PROTECT, null=True, blank=True, related_name="issuing_body"
    )
    name = models.CharField("机关全称", max_length=80, blank=True)
    short_name = models.CharField("机关代字", max_length=20, unique=True)
    seal = models.FileField("印章图", upload_to=seal_path, max_length=200, blank=True)
    seal_sha256 = models.CharField(max_length=64, blank=True)
    review_body = models.CharField("行政复议机关", max_length=80, blank=True)
    court = models.CharField("人民法院", max_length=80, blank=True)

    class Meta:
        permissions = [("change_seal", "可维护签发机关和印章")]
        constraints = [
            models.CheckConstraint(
                name="a_body_is_a_department_or_a_point",
                condition=Q(department__isnull=False, point=None) | Q(department=None, point__isnull=False),
            ),
            models.CheckConstraint(
                name="a_seal_is_kept_with_its_hash",
                condition=Q(seal="", seal_sha256="") | (~Q(seal="") & ~Q(seal_sha256="")),
            ),
        ]

    def __str__(self):
        return self.short_name


class LetterSerial(models.Model):
    """文号流水: the last number of a series (机关代字, 类, 年). Taken in the transaction of the verb, so none is lost."""

    short_name = models.CharField(max_length=20)
    word = models.CharField(max_length=8)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["short_name", "word", "year"], name="one_series_per_body_word_and_year"
            )
        ]

    def __str__(self):
        return f"{self.short_name}{self.word}〔{self.year}〕{self.last}"


class LetterQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A letter is seen by whoever sees its case, or its joint project."""
        of_cases = Q(case__in=Case.objects.visible_to(user))
        return self.filter(of_cases | Q(project__in=Project.objects.visible_to(user).filed()))

    def owned_by(self, user):
        """The portal's view of a person: letters of own and mandated cases and projects."""
        of_cases = Q(case__in=Case.objects.owned_by(user))
        return self.filter(of_cases | Q(project__in=Project.objects.owned_by(user)))

    def numbered(self, number: str):
        """Of the case or project of this number."""
        return self.filter(Q(case__number=number) | Q(project__number=number))

    def collected_by(self, user):
        """The agent's: letters of what this person collected."""
        return self.filter(case__in=Case.objects.collected_by(user))

    def of(self, case: Case):
        return self.filter(case=case)

    def rendered(self):
        return self.exclude(sha256="")

    def for_list(self):
        """Newest first, without the words of the paper."""
        return self.select_related("revocation").defer("data").order_by("-id")

    def missed(self, *, before):
        """Issued a while ago and not on paper yet; a sample's letters wait for whoever opens them."""
        waiting = self.filter(sha256="", issued_at__lt=before)
        return waiting.exclude(case__is_sample=True).exclude(project__is_sample=True).order_by("id")


_RENDER = "'pdf' - 'sha256' - 'rendered_at'"


class Letter(models.Model):
    """文书 of a case, or of a joint project as a whole.

    `data` holds every word that the paper prints, frozen at issue; layouts are kept in versions.

    The database refuses any change but one: the PDF with its hash, filled in once.
    """

    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="letters")
    event = models.ForeignKey(CaseEvent, models.PROTECT, null=True, blank=True, related_name="letters")
    project = models.ForeignKey(Project, models.PROTECT, null=True, blank=True, related_name="letters")
    project_event = models.ForeignKey(
        ProjectEvent, models.PROTECT, null=True, blank=True, related_name="letters"
    )
    kind = models.CharField("种类", max_length=16, choices=Kind)
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="letters")
    point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="letters")
    short_name = models.CharField("机关代字", max_length=20)
    word = models.CharField("类", max_length=8)
    year = models.PositiveSmallIntegerField("年")
    serial = models.PositiveIntegerField("号")
    number = models.CharField("文号", max_length=60, unique=True)
    title = models.CharField("标题", max_length=40)
    issued_at = models.DateTimeField("签发时间")
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    data = models.JSONField("文字")
    layout = models.CharField("版式", max_length=16)
    layout_version = models.PositiveSmallIntegerField("版式版本")
    token = models.CharField(max_length=32, unique=True)
    check_code = models.CharField("验证码", max_length=9)
    pdf = models.FileField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    rendered_at = models.DateTimeField("生成时间", null=True, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        permissions = [("revoke_letter", "可撤销文书")]
        constraints = [
            models.UniqueConstraint(fields=["event", "kind"], name="one_letter_per_event_and_kind"),
            models.UniqueConstraint(
                fields=["project_event", "kind"], name="one_letter_per_project_event_and_kind"
            ),
            models.CheckConstraint(
                name="a_letter_is_of_a_case_or_of_a_project",
                condition=Q(case__isnull=False, event__isnull=False, project=None, project_event=None)
                | Q(case=None, event=None, project__isnull=False, project_event__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["short_name", "word", "year", "serial"], name="a_serial_is_given_once_in_its_series"
            ),
            models.CheckConstraint(
                name="a_letter_on_paper_has_file_hash_and_time",
                condition=Q(sha256="", pdf="", rendered_at=None)
                | (~Q(sha256="") & ~Q(pdf="") & Q(rendered_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["case", "-id"], name="letter_of_case"),
            models.Index(fields=["project", "-id"], name="letter_of_project"),
            models.Index(fields=["issued_at"], name="letter_not_on_paper", condition=Q(sha256="")),
        ]
        triggers = [
            pgtrigger.Protect(name="letters_are_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="letters_are_append_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF OLD.sha256 <> '' OR to_jsonb(OLD) - {_RENDER} <> to_jsonb(NEW) - {_RENDER} THEN
                        RAISE EXCEPTION 'pgtrigger: an issued letter does not change';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return self.number

    @property
    def issued_on(self):
        return timezone.localdate(self.issued_at)

    @property
    def is_on_paper(self) -> bool:
        return self.sha256 != ""

    @property
    def is_revoked(self) -> bool:
        return hasattr(self, "revocation")

    @property
    def file_name(self) -> str:
        return f"{self.title}{self.number}.pdf"


class Revocation(models.Model):
    """撤销文书: a letter that was wrong stays on record, and whoever checks it is told that it holds no longer."""

    letter = models.OneToOneField(Letter, models.PROTECT, related_name="revocation")
    reason = models.TextField("理由")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("撤销时间")

    class Meta:
        constraints = [models.CheckConstraint(name="a_revocation_says_why", condition=~Q(reason=""))]
        triggers = [
            pgtrigger.Protect(
                name="revocations_are_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self):
        return f"{self.letter}已撤销"
