"""A floor may lean on lower floors only, in code and in the database."""

import tomllib

import pytest
from django.apps import apps

from .sources import CHECKOUT


def floors() -> dict[str, int]:
    """Each app's floor, 0 the highest, from the very contract that the import linter keeps."""
    contracts = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "floors")
    return {name.strip(" ()"): floor for floor, layer in enumerate(layers) for name in layer.split("|")}


def our_models():
    return [model for model in apps.get_models() if model.__module__.startswith("apps.")]


def links():
    for model in our_models():
        for field in [*model._meta.fields, *model._meta.many_to_many]:
            if field.remote_field and field.related_model.__module__.startswith("apps."):
                yield pytest.param(model, field, id=f"{model._meta.label}.{field.name}")


@pytest.mark.parametrize(("model", "field"), list(links()))
def test_a_foreign_key_points_down(model, field):
    here, there = model._meta.app_label, field.related_model._meta.app_label

    assert here == there or floors()[here] < floors()[there], f"{here} may not lean on {there}"


def test_every_app_has_a_floor():
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("apps.")}

    assert ours <= set(floors())


def test_no_floor_stands_empty():
    built = [config for config in apps.get_app_configs() if config.name.startswith("apps.")]
    data_apps = [config for config in built if config.module.__name__ and _has(config, "models")]
    faces = [config for config in built if _has(config, "urls")]

    assert {config.label for config in built} == {config.label for config in [*data_apps, *faces]}
    assert [config.label for config in data_apps if not list(config.get_models())] == []


def _has(config, room: str) -> bool:
    folder = CHECKOUT / "apps" / config.label
    return (folder / f"{room}.py").exists() or (folder / room / "__init__.py").exists()


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_a_model_has_no_hidden_habits(model):
    """Order is said by each list, and what follows from a write is said by the action that makes it."""
    assert list(model._meta.ordering) == []
    assert [name for name in ("save", "delete") if name in vars(model)] == []
