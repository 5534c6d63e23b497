"""Rows in bulk for lists: plain copies, where the story of each does not matter."""

import uuid

from django.db.models import Max

from apps.cases.models import Case


def copies_of(case: Case, number: int, **other) -> list[Case]:
    """That many cases alike but for their keys and numbers and what is `other`, with no papers."""
    facts = {
        field.attname: getattr(case, field.attname)
        for field in Case._meta.concrete_fields
        if not field.primary_key
    }
    base = int(Case.objects.aggregate(last=Max("number"))["last"][:19]) + 1
    return Case.objects.bulk_create(
        Case(**{**facts, **other, "key": uuid.uuid4(), "number": f"{base + n}0"}) for n in range(number)
    )
