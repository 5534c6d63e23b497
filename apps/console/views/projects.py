"""并联项目: the board of one project, and the lists of those that wait for one, or that one leads."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.accounts.gates import permission
from apps.accounts.models import User
from apps.calendars import loaded
from apps.cases.pages import page_of
from apps.workflows.board import board_of, facts_of
from apps.workflows.explanation import told
from apps.workflows.models import Project
from apps.workflows.summaries import summaries_of

from ..project_board import VIEWS, chip_of, figures_of, view_asked
from ..project_package import matrix_of
from ..project_panels import facts_for
from ..waiting import projects_waiting

TABS = {
    "waiting": ("待我答复", "workflows.answer_branch"),
    "led": ("我牵头的", "workflows.lead_project"),
    "living": ("在办", "workflows.view_project"),
    "ended": ("已办结", "workflows.view_project"),
}
SORTS = {
    "green": ("绿色通道在前", ("-rank", "-id")),
    "newest": ("最新在前", ("-id",)),
}
EMPTY = {
    "waiting": ("没有等您答复的项目", "分发到本部门的分项和会商，答复以前会出现在这里。"),
    "led": ("没有本部门牵头的项目", "申报到本部门牵头的并联项目会出现在这里。"),
    "living": ("没有在办的项目", "申报以后、全部出件以前的项目会出现在这里。"),
    "ended": ("没有办结的项目", "全部出件、撤回或者终止的项目会出现在这里。"),
}


def project_of(request: HttpRequest, number: str) -> Project:
    """The project by its number, or 404 outside the scope of whoever asks."""
    return get_object_or_404(Project.objects.visible_to(request.user).filed().for_page(), number=number)


@require_safe
@permission("workflows.view_project")
def project_list(request: HttpRequest) -> HttpResponse:
    """A search looks through all that one may see, whichever tab was open."""
    words = request.GET.get("q", "").strip()[:60]
    tabs = [name for name, (_, needed) in TABS.items() if request.user.has_perm(needed)]
    seen = Project.objects.visible_to(request.user).filed()
    chosen = _tab_asked(request, tabs, seen)
    rows = seen.search(words) if words else _of_tab(seen, chosen, request.user)
    sort = _sort_asked(request, is_queue=not words and chosen != "ended")
    page = page_of(
        rows.ranked().for_list(), by=SORTS[sort][1],
        after=request.GET.get("after", ""), before=request.GET.get("before", ""),
    )  # fmt: skip
    summaries = summaries_of(page.rows, loaded.current(), timezone.localdate())
    facts = {
        "page": page,
        "rows": [(project, summaries[project.pk]) for project in page.rows],
        "tabs": [(name, TABS[name][0], name == chosen and not words) for name in tabs],
        "sorts": [(name, label, name == sort) for name, (label, _) in SORTS.items()],
        "words": words,
        "empty": ("没有找到", "换项目名称里的几个字、项目编号或者项目代码再试。") if words else EMPTY[chosen],
        "waiting": projects_waiting(request) if "waiting" in tabs else 0,
    }
    return render(request, "console/project_list.html", facts)


def _tab_asked(request: HttpRequest, tabs: list[str], seen) -> str:
    """Where none is asked for, the first that has something in it: whoever has nothing to answer sees what he leads."""
    asked = request.GET.get("tab", "")
    if asked in tabs:
        return asked
    if "q" in request.GET:
        return tabs[0]
    if "waiting" in tabs and projects_waiting(request):
        return "waiting"
    others = [name for name in tabs if name != "waiting"]
    return next((name for name in others if _of_tab(seen, name, request.user).exists()), tabs[0])


def _sort_asked(request: HttpRequest, *, is_queue: bool) -> str:
    """The green channel goes first where something is waited for (D-25); what was found or has ended is shown by its day."""
    asked = request.GET.get("sort", "")
    return asked if asked in SORTS else "green" if is_queue else "newest"


def _of_tab(seen, tab: str, user: User):
    if tab == "waiting":
        return seen.awaiting_answer_of(user)
    if tab == "led":
        return seen.led_by(user).living()
    return seen.living() if tab == "living" else seen.ended()


@require_safe
@never_cache
@permission("workflows.view_project")
def project_detail(request: HttpRequest, number: str) -> HttpResponse:
    return show(request, project_of(request, number))


@require_safe
@never_cache
@permission("workflows.view_project")
def project_papers(request: HttpRequest, number: str) -> HttpResponse:
    """材料和文书: the one package, and the letters of the project as a whole."""
    return show_papers(request, project_of(request, number))


@require_safe
@permission("workflows.view_project")
def project_dates(request: HttpRequest, number: str) -> HttpResponse:
    """这些日期怎么来的: the clocks of each stage, day by day; printable."""
    project, today = project_of(request, number), timezone.localdate()
    stages = told(project, loaded.current(), today)
    return render(
        request, "console/project_dates.html", {"project": project, "stages": stages, "today": today}
    )


def show_papers(request: HttpRequest, project: Project, *, status: int = 200, **sent) -> HttpResponse:
    """`sent` is a file that was refused: `opened`, `form`; what has no place beside a paper is told on top."""
    refusal = sent.pop("refusal", "")
    matrix = matrix_of(project, request.user, **sent)
    facts = {"project": project, "matrix": matrix, "views": VIEWS.items(), "refusal": refusal}
    return render(request, "console/project_papers.html", facts, status=status)


def show(request: HttpRequest, project: Project, *, status: int = 200, **sent) -> HttpResponse:
    """The board; `sent` is what an act that was refused gives back: `refusal`, `faults`, `panel`.

    What refreshes itself gets the figures, the chart and the cards alone; forms that are being filled in stay as they are.
    """
    today = timezone.localdate()
    board = board_of(facts_of(project, request.user), loaded.current(), today)
    view = view_asked(request)
    facts = {
        "project": project,
        "board": board,
        "view": view,
        "views": VIEWS.items(),
        "other_view": "flow" if view == "gantt" else "gantt",
        "figures": figures_of(board),
        "chip": chip_of(board, project),
        "now": timezone.localtime(),
        "today": today,
    }
    if view == "gantt":
        facts["gantt"] = board.gantt()
    elif view == "flow":
        facts["flow"] = board.flow()
    else:
        facts["stages"] = board.stages()
    if request.method == "GET" and request.htmx and not request.htmx.boosted:
        return render(request, "console/_project_refreshed.html", facts)
    known = {name: sent[name] for name in ("opened", "form", "faults", "typed") if name in sent}
    facts |= facts_for(project, request.user, **known)
    return render(request, "console/project_detail.html", facts | sent, status=status)
