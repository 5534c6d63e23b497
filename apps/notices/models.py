"""通知: what an applicant is told of a case, written with the event itself, and waiting for whoever sends it."""

from django.db import models
from django.db.models import Q

from apps.accounts.models import Applicant
from apps.cases.models import Case, CaseEvent
from apps.cases.states import Verb


class MessageQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A message is seen by whoever sees its case."""
        return self.filter(case__in=Case.objects.visible_to(user))

    def owned_by(self, user):
        """The portal's view of a person: messages of own and mandated cases."""
        return self.filter(case__in=Case.objects.owned_by(user))

    def unsent(self):
        return self.filter(sent_at=None).order_by("created_at", "id")


class Message(models.Model):
    """通知. `kind` is the verb that it tells of; without `sent_at` it has not left the house yet."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="messages")
    event = models.OneToOneField(CaseEvent, models.PROTECT, related_name="message")
    applicant = models.ForeignKey(Applicant, models.PROTECT, related_name="messages")
    kind = models.CharField("类别", max_length=24, choices=Verb)
    text = models.TextField("内容")
    created_at = models.DateTimeField("生成时间")
    sent_at = models.DateTimeField("发送时间", null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="a_message_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="a_message_is_sent_after_it_was_written",
                condition=Q(sent_at=None) | Q(sent_at__gte=models.F("created_at")),
            ),
        ]
        indexes = [
            models.Index(fields=["case", "-id"], name="message_of_case"),
            models.Index(fields=["created_at", "id"], name="message_unsent", condition=Q(sent_at=None)),
        ]

    def __str__(self):
        return self.text[:40]
