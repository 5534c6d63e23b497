"""One form, sent: done, not filled in, or refused; whatever it is stands in the form."""

from collections.abc import Callable

from django import forms

from apps.workflows.actions import NotAllowed


def tried(form: forms.Form, act: Callable[[], object]) -> int:
    """200 done, 422 not filled in, 409 refused."""
    if not form.is_valid():
        return 422
    try:
        act()
    except NotAllowed as refusal:
        form.add_error(None, str(refusal))
        return 409
    return 200
