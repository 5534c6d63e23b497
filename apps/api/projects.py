"""我的一件事: a citizen or a company drafts, fills, files and follows a whole project, by the same actions as the pages."""

import uuid

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework import generics, parsers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.gates import SIGNED_IN
from apps.cases.models import Channel
from apps.workflows import actions
from apps.workflows.models import Project, ProjectNotice
from apps.workflows.one_form import asked_of

from .bundles import place_of, version_in_force
from .documented import documented
from .filing import IDEMPOTENCY, LONGEST_KEY, Newest, applicant_named, notice_shown
from .problems import Refused, Unprocessable
from .project_serializers import (
    ProjectDetail,
    ProjectEntry,
    ProjectFiling,
    ProjectRow,
    ProjectWithdrawal,
    Renewal,
)
from .serializers import Answer, Submission, Upload

KEYS = uuid.UUID(
    "5d7c1c1e-3f0b-4a58-9a64-0b1f6f5f2a11"
)  # in which an Idempotency-Key becomes a project's key


class MyProjects(generics.GenericAPIView):
    """我的一件事: mine and those of my mandates; a draft is made once per Idempotency-Key."""

    gate = SIGNED_IN
    serializer_class = ProjectRow
    pagination_class = Newest
    filter_backends = []
    queryset = Project.objects.none()

    def get_queryset(self):
        return Project.objects.owned_by(self.request.user).select_related("bundle", "point")

    @documented(
        summary="我的一件事",
        answers={200: ProjectRow(many=True)},
        refusals=(404,),
        operation_id="my_projects_list",
    )
    def get(self, request):
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(ProjectRow(page, many=True).data)

    @documented(
        summary="起草一件事",
        request=ProjectFiling,
        answers={200: ProjectDetail, 201: ProjectDetail},
        refusals=(404, 409, 415, 422),
        parameters=[IDEMPOTENCY],
    )
    def post(self, request):
        filing = ProjectFiling(data=request.data)
        filing.is_valid(raise_exception=True)
        entered, key = filing.validated_data, _key(request)
        known = Project.objects.filter(key=key).first()
        version = version_in_force(entered["bundle"])
        wanted = {
            "applicant": applicant_named(request, entered),
            "at_point": place_of(entered["point"]),
            "answers": entered.get("answers", {}),
        }
        project = actions.draft_project(
            version,
            name=entered.get("name") or version.bundle.name,
            national_code=entered.get("national_code", ""),
            channel=Channel.EXCHANGE,
            by=request.user,
            at=timezone.now(),
            key=key,
            **wanted,
        )
        if known is not None and (known.applicant_id, known.intake_point_id, known.answers) != (
            wanted["applicant"].pk,
            wanted["at_point"].pk,
            wanted["answers"],
        ):
            raise Refused("这个Idempotency-Key已用于另一份内容不同的申请，请换一个。")
        made = status.HTTP_201_CREATED if known is None else status.HTTP_200_OK
        return Response(_shown(project), status=made)


class MyProject(APIView):
    gate = SIGNED_IN

    @documented(summary="一件事详情", answers={200: ProjectDetail}, refusals=(404,))
    def get(self, request, key):
        return Response(_shown(_mine(request, key)))

    @documented(
        summary="修改一件事草稿",
        request=ProjectEntry,
        answers={200: ProjectDetail},
        refusals=(404, 409, 415, 422),
    )
    def put(self, request, key):
        entry = ProjectEntry(data=request.data)
        entry.is_valid(raise_exception=True)
        given, project, at = dict(entry.validated_data), _mine(request, key), timezone.now()
        if "answers" in given:
            project = actions.change_answers(project, given.pop("answers"), at=at)
        form = given.pop("form", {})
        unknown = sorted(set(form) - {field["name"] for field in asked_of(project)})
        if unknown:
            raise Unprocessable(
                "申请表里有这件事没有的栏目。",
                {f"form.{name[:60]}": ["申请表里没有这一栏。"] for name in unknown[:20]},
            )
        return Response(_shown(actions.save_project(project, form=form, at=at, **given)))

    @documented(summary="删除一件事草稿", answers={204: None}, refusals=(404, 409))
    def delete(self, request, key):
        actions.discard_project(_mine(request, key))
        return Response(status=status.HTTP_204_NO_CONTENT)


class MyProjectMaterial(APIView):
    gate = SIGNED_IN
    parser_classes = [parsers.MultiPartParser]

    @documented(
        summary="上传一件事的材料",
        request={"multipart/form-data": Upload},
        answers={200: ProjectDetail},
        refusals=(404, 409, 415, 422),
        parameters=[OpenApiParameter("seq", int, OpenApiParameter.PATH)],
    )
    def post(self, request, key, seq: int):
        upload = Upload(data=request.data)
        upload.is_valid(raise_exception=True)
        project = _mine(request, key)
        material = get_object_or_404(project.materials, seq=seq if seq < 32_000 else 0)
        actions.attach_paper(material, upload.validated_data["file"], by=request.user, at=timezone.now())
        return Response(_shown(project))


class MyProjectSubmission(APIView):
    gate = SIGNED_IN

    @documented(
        summary="提交一件事", request=Submission, answers={200: ProjectDetail}, refusals=(404, 409, 415, 422)
    )
    def post(self, request, key):
        """Sent twice, it answers with the project that the first one filed."""
        submission = Submission(data=request.data)
        submission.is_valid(raise_exception=True)
        project = _mine(request, key)
        if project.is_draft:
            notice = notice_shown(submission.validated_data["privacy_notice"])
            try:
                actions.file_project(project, by=request.user, at=timezone.now(), privacy_notice=notice)
            except actions.NotAllowed:
                if _mine(request, key).is_draft:  # else the same request, sent at the same moment, was first
                    raise
        return Response(_shown(project))


class MyProjectRenewal(APIView):
    gate = SIGNED_IN

    @documented(
        summary="更新到新版本", request=Renewal, answers={200: ProjectDetail}, refusals=(404, 409, 415, 422)
    )
    def post(self, request, key):
        """A draft whose bundle was published anew; questions that changed are answered here."""
        renewal = Renewal(data=request.data)
        renewal.is_valid(raise_exception=True)
        answers = renewal.validated_data.get("answers")
        return Response(
            _shown(actions.renew_project(_mine(request, key), answers=answers, at=timezone.now()))
        )


class MyProjectAnswer(APIView):
    gate = SIGNED_IN

    @documented(
        summary="提交一件事的补正",
        request=Answer,
        answers={200: ProjectDetail},
        refusals=(404, 409, 415, 422),
    )
    def post(self, request, key):
        answer = Answer(data=request.data)
        answer.is_valid(raise_exception=True)
        given = answer.validated_data.get("answers", {})
        bad = [name for name in given if not (name.isascii() and name.isdigit() and len(name) < 18)]
        if bad:
            raise Unprocessable("问题编号应为数字。", {f"answers.{bad[0][:20]}": ["问题编号应为数字。"]})
        project, answers = _mine(request, key), {int(name): text for name, text in given.items()}
        notice = ProjectNotice.objects.answered_with(project, answers)
        if notice is None:
            raise Refused("现在没有要补正的，不用再交。")
        actions.answer_notice(notice, answers, by=request.user, at=timezone.now())
        return Response(_shown(project))


class MyProjectWithdrawal(APIView):
    gate = SIGNED_IN

    @documented(
        summary="撤回一件事或其中一项",
        request=ProjectWithdrawal,
        answers={200: ProjectDetail},
        refusals=(404, 409, 415, 422),
    )
    def post(self, request, key):
        asked = ProjectWithdrawal(data=request.data)
        asked.is_valid(raise_exception=True)
        project, at = _mine(request, key), timezone.now()
        why = asked.validated_data["reason"]
        if asked.validated_data.get("branch"):
            branch = get_object_or_404(project.branches, code=asked.validated_data["branch"])
            actions.withdraw_branch(branch, why=why, by=request.user, at=at)
        else:
            actions.withdraw_project(project, why=why, by=request.user, at=at)
        return Response(_shown(project))


def _mine(request, key) -> Project:
    return get_object_or_404(Project.objects.owned_by(request.user).for_page(), key=key)


def _shown(project: Project) -> dict:
    shown = Project.objects.for_page().prefetch_related("branches__department", "branches__case")
    return ProjectDetail(shown.get(pk=project.pk)).data


def _key(request) -> uuid.UUID:
    """The same Idempotency-Key of the same person is the same project; without one every call makes a new one."""
    text = request.headers.get("Idempotency-Key", "")
    if len(text) > LONGEST_KEY:
        sentence = f"Idempotency-Key最多{LONGEST_KEY}个字符。"
        raise Unprocessable(sentence, {"Idempotency-Key": [sentence]})
    return uuid.uuid5(KEYS, f"{request.user.pk}:{text}") if text else uuid.uuid4()
