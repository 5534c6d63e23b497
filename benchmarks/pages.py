"""The pages that are measured, and the bare views beside them."""

import logging
from collections.abc import Callable, Iterator

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, setup_test_environment
from rest_framework import serializers
from rest_framework.authtoken.models import Token
from rest_framework.generics import CreateAPIView, ListAPIView, RetrieveAPIView
from rest_framework.throttling import SimpleRateThrottle

from apps.accounts.gates import PUBLIC
from apps.accounts.models import PastPassword
from apps.cases.models import Case

from . import world as worlds

ROW = ["number", "applicant_name", "status", "desk_due_on"]


class Bare(serializers.ModelSerializer):
    class Meta:
        model = PastPassword
        fields = ["user", "encoded", "at"]


class BareRow(serializers.ModelSerializer):
    class Meta:
        model = Case
        fields = ROW


class BareList(ListAPIView):
    """A plain list of 20 by the API framework: one statement, four fields."""

    gate = PUBLIC
    authentication_classes: list = []
    throttle_classes: list = []
    filter_backends: list = []
    pagination_class = None
    serializer_class = BareRow
    department = None

    def get_queryset(self):
        return Case.objects.filter(department=self.department).open().order_by("desk_due_on", "id")[:20]


class BareOne(RetrieveAPIView):
    gate = PUBLIC
    authentication_classes: list = []
    throttle_classes: list = []
    serializer_class = BareRow
    queryset = Case.objects.all()
    lookup_field = "number"


class BareCreate(CreateAPIView):
    """A one-row create by the API framework, with nothing of ours around it."""

    gate = PUBLIC
    authentication_classes: list = []
    throttle_classes: list = []
    serializer_class = Bare


class Bench:
    BARE = {
        "console list": "bare list",
        "console search": "bare list",
        "interface list": "bare list",
        "my cases": "bare list",
        "case page": "bare row",
        "interface case": "bare row",
        "public progress": "bare row",
        "filing": "bare create",
        "acceptance": "bare create",
    }

    def __init__(self, sizes: list[int]):
        logging.disable(logging.CRITICAL)
        setup_test_environment(debug=False)
        for scope in SimpleRateThrottle.THROTTLE_RATES:
            SimpleRateThrottle.THROTTLE_RATES[scope] = None
        self.home = connection.settings_dict["NAME"]
        self.worlds: dict[int, dict] = {}
        self.size = sizes[0]

    def load(self, size: int) -> None:
        self._connect(self.home)
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE bench_{size}")
        self._connect(f"bench_{size}")
        self.worlds[size] = worlds.build(size)
        self._sign_in(self.worlds[size])

    def use(self, size: int) -> None:
        """Turns to another database; what is read once is read before the clock starts."""
        self.size = size
        self._connect(f"bench_{size}")
        world = self.worlds[size]
        world["drafts"] = worlds.drafts(world, 10)
        world["submitted"] = []
        for _, ask, _ in self.questions(2, 1):
            ask()
        world["drafts"] += worlds.drafts(world, 10)

    def questions(self, asked: int, writes: int) -> Iterator[tuple[str, Callable[[], None], int]]:
        world = self.worlds[self.size]
        page, mine, api = world["page"], world["mine"], world["api"]
        staff = world["staff_api"]
        yield "bare list", lambda: self._bare_list(world), asked
        yield "console list", lambda: self._get(page, "/console/cases/"), asked
        yield "console list, deep", lambda: self._get(page, f"/console/cases/?after={world['deep']}"), asked
        yield "console search", lambda: self._get(page, f"/console/cases/search/?q={worlds.SOUGHT}"), asked
        yield "interface list", lambda: self._ask(world, "/api/v1/cases/"), asked
        yield "bare row", lambda: self._bare_row(world), asked
        yield "interface case", lambda: self._ask(world, f"/api/v1/cases/{world['number']}/"), asked
        yield "case page", lambda: self._get(page, f"/console/cases/{world['number']}/"), asked
        yield "my cases", lambda: self._get(mine, "/cases/"), asked
        yield "public progress", lambda: self._progress(world), asked
        yield "bare create", lambda: self._bare_create(world), writes
        yield "filing", lambda: self._file(world, api), writes
        yield "acceptance", lambda: self._accept(world, staff), writes

    def statements(self) -> dict[str, int]:
        self.use(self.size)
        counted = {}
        for name, ask, _ in self.questions(1, 1):
            with CaptureQueriesContext(connection) as captured:
                ask()
            counted[name] = len(captured)
        return counted

    def _connect(self, name: str) -> None:
        connection.close()
        connection.settings_dict["NAME"] = name

    def _sign_in(self, world: dict) -> None:
        world["page"], world["mine"], world["api"], world["staff_api"] = (Client() for _ in range(4))
        world["page"].force_login(world["clerk"])
        world["mine"].force_login(world["citizen"])
        world["citizen_token"] = Token.objects.create(user=world["citizen"]).key
        world["clerk_token"] = Token.objects.create(user=world["clerk"]).key
        desk = Case.objects.filter(department=world["departments"][0]).open().order_by("desk_due_on", "id")
        row = desk[min(desk.count() // 2, 50_000)]
        world["deep"] = f"{row.desk_due_on}_{row.pk}"
        world["number"] = row.number
        world["last4"] = row.applicant_mask[-4:]

    def _get(self, client: Client, address: str) -> None:
        assert client.get(address).status_code == 200, address

    def _ask(self, world: dict, address: str) -> None:
        token = {"Authorization": f"Token {world['clerk_token']}"}
        assert world["staff_api"].get(address, headers=token).status_code == 200, address

    def _bare_list(self, world: dict) -> None:
        view = BareList.as_view(department=world["departments"][0])
        self._bare(view, "/")

    def _bare_row(self, world: dict) -> None:
        self._bare(BareOne.as_view(), "/", number=world["number"])

    def _bare(self, view, address: str, **arguments) -> None:
        """Through the test client like the pages, with no middleware of ours."""
        client = Client()
        client.handler._middleware_chain = lambda request: view(request, **arguments).render()
        assert client.get(address).status_code == 200

    def _progress(self, world: dict) -> None:
        sent = {"number": world["number"], "last4": world["last4"]}
        assert (
            world["api"].post("/api/v1/progress/", sent, content_type="application/json").status_code == 200
        )

    def _bare_create(self, world: dict) -> None:
        sent = {"user": world["clerk"].pk, "encoded": "x", "at": "2026-03-02T09:00:00+08:00"}
        client, view = Client(), BareCreate.as_view()
        client.handler._middleware_chain = lambda request: view(request).render()
        assert client.post("/", sent, content_type="application/json").status_code == 201

    def _file(self, world: dict, client: Client) -> None:
        case = world["drafts"].pop()
        answer = client.post(
            f"/api/v1/my/cases/{case.key}/submission/",
            {"privacy_notice": "2026-01"},
            content_type="application/json",
            headers={"Authorization": f"Token {world['citizen_token']}"},
        )
        assert answer.status_code == 200, answer.content
        world["submitted"].append(answer.json()["number"])

    def _accept(self, world: dict, client: Client) -> None:
        answer = client.post(
            f"/api/v1/cases/{world['submitted'].pop()}/pre-review/",
            {},
            content_type="application/json",
            headers={"Authorization": f"Token {world['clerk_token']}"},
        )
        assert answer.status_code == 200, answer.content
