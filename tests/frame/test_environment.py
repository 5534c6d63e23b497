"""The environment is read in one place, and production refuses what is missing or weak."""

import base64

import pytest

from config import environment, keys

from .halls import CHECKOUT, manage

ADDRESSES = {
    "DATABASE_URL": "postgresql://hall@127.0.0.1:1/hall",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "ALLOWED_HOSTS": "hall.example.cn,www.example.cn",
}


@pytest.fixture
def production(monkeypatch):
    """A complete and strong production environment; tests spoil one part of it."""
    strong = keys.strong()
    given = ADDRESSES | {
        "YIZHAN_MODE": "production",
        "SECRET_KEY": strong.secret_key,
        "FIELD_KEY": strong.field_key,
        "INDEX_KEY": strong.index_key,
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_production_takes_everything_from_the_environment(production):
    read = environment.read()

    assert (read.in_production, read.debug, read.https, read.proxies) == (True, False, True, 1)
    assert read.allowed_hosts == ("hall.example.cn", "www.example.cn")
    assert read.database_url == ADDRESSES["DATABASE_URL"]


@pytest.mark.parametrize(
    ("given", "printed"),
    [
        ({}, "https://hall.example.cn"),
        ({"PUBLIC_URL": "https://zw.example.cn/hall/"}, "https://zw.example.cn/hall"),
        ({"ALLOWED_HOSTS": "*,.example.cn"}, "https://example.cn"),
        ({"HTTPS": "false"}, "http://hall.example.cn"),
    ],
)
def test_letters_print_the_address_under_which_citizens_reach_the_hall(production, given, printed):
    for name, value in given.items():
        production.setenv(name, value)

    assert environment.read().public_url == printed


def test_a_secret_may_lie_in_a_file(production, tmp_path):
    strong = keys.strong().secret_key
    (tmp_path / "key").write_text(strong)
    production.delenv("SECRET_KEY")
    production.setenv("SECRET_KEY_FILE", str(tmp_path / "key"))

    assert environment.read().keys.secret_key == strong


@pytest.mark.parametrize("name", ["SECRET_KEY", "FIELD_KEY", "INDEX_KEY", *ADDRESSES])
@pytest.mark.parametrize("value", [None, "", "  "])
def test_production_names_what_is_missing(production, name, value):
    production.delenv(name) if value is None else production.setenv(name, value)

    with pytest.raises(environment.Unfit, match=f"^Production needs {name} in the environment"):
        environment.read()


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("SECRET_KEY", "hunter2", "at least 50 random characters"),
        ("SECRET_KEY", "a" * 80, "at least 50 random characters"),
        (
            "SECRET_KEY",
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
            "at least 50 random",
        ),
        ("SECRET_KEY", "django-insecure-" + "Xq7!" * 20, "made for development"),
        ("SECRET_KEY", keys.DEVELOPMENT + "Xq7!" * 20, "made for development"),
        ("FIELD_KEY", "not base64!", "not base64"),
        ("FIELD_KEY", base64.b64encode(b"short").decode(), "5 bytes long"),
        ("FIELD_KEY", base64.b64encode(bytes(32)).decode(), "not random"),
        ("INDEX_KEY", base64.b64encode(bytes(range(32))).decode(), "not random"),
        ("INDEX_KEY", base64.b64encode(b"0123456789abcdef0123456789abcdef").decode(), "not random"),
    ],
)
def test_production_refuses_a_weak_key(production, name, value, why):
    production.setenv(name, value)

    with pytest.raises(environment.Unfit, match=f"{name} (is|was).*{why}"):
        environment.read()


def test_production_refuses_one_key_for_two_purposes(production):
    key = keys.strong().field_key
    production.setenv("FIELD_KEY", key)
    production.setenv("INDEX_KEY", key)

    with pytest.raises(environment.Unfit, match="are the same"):
        environment.read()


def test_random_keys_are_never_called_weak():
    for _ in range(500):
        keys.check(keys.strong())


def test_a_mode_that_does_not_exist_is_refused(monkeypatch):
    monkeypatch.setenv("YIZHAN_MODE", "prod")

    with pytest.raises(environment.Unfit, match="must be one of production, development, test"):
        environment.read()


def test_a_refusal_is_one_sentence_and_not_zero():
    refused = manage(CHECKOUT, "check", YIZHAN_MODE="production")

    assert refused.returncode == 1
    assert refused.stderr == (
        "Production needs SECRET_KEY, FIELD_KEY, INDEX_KEY, DATABASE_URL, REDIS_URL, ALLOWED_HOSTS "
        "in the environment; see docs/operations.\n"
    )


def test_the_production_settings_pass_the_checks_of_django():
    made = dict(line.split("=", 1) for line in manage(CHECKOUT, "make_keys").stdout.split())
    production = {"YIZHAN_MODE": "production", **ADDRESSES, **made}

    checked = manage(CHECKOUT, "check", "--deploy", "--fail-level", "WARNING", **production)

    assert checked.returncode == 0, checked.stderr
    assert checked.stdout.startswith("System check identified no issues")


def test_a_data_folder_has_keys_of_its_own_that_only_its_owner_reads(tmp_path):
    first, again, other = (keys.of_folder(tmp_path / name) for name in ("a", "a", "b"))

    assert first == again
    assert {first.secret_key, first.field_key, first.index_key}.isdisjoint(
        {other.secret_key, other.field_key, other.index_key}
    )
    assert (tmp_path / "a" / keys.FILE).stat().st_mode & 0o777 == 0o600
    with pytest.raises(keys.Weak, match="made for development"):
        keys.check(first)
