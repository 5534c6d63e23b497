import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Max, Min, OuterRef, Q, Subquery


def sort_notices(apps, schema_editor):
    """The first notice of a stage told of its package; whatever was told later, was told of branches taken up again.

    A branch that has been told hangs on the last notice that names it.
    """
    notices = apps.get_model("workflows", "ProjectNotice").objects
    branches = apps.get_model("workflows", "ProjectBranch").objects
    first = notices.order_by().filter(stage=OuterRef("stage")).values("stage").annotate(pk_=Min("pk")).values("pk_")
    notices.alias(first=Subquery(first)).exclude(pk=F("first")).update(is_anew=True)
    wishes = apps.get_model("workflows", "SupplementWish").objects
    last = wishes.order_by().filter(branch=OuterRef("pk")).values("branch").annotate(pk_=Max("notice")).values("pk_")
    branches.filter(is_told=True).update(notice=Subquery(last))


def mark_the_told(apps, schema_editor):
    apps.get_model("workflows", "ProjectBranch").objects.exclude(notice=None).update(is_told=True)


class Migration(migrations.Migration):

    dependencies = [
        ('workflows', '0006_taken_in'),
    ]

    operations = [
        migrations.AddField(
            model_name='projectbranch',
            name='notice',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='branches', to='workflows.projectnotice', verbose_name='补正告知书'),
        ),
        migrations.AddField(
            model_name='projectnotice',
            name='is_anew',
            field=models.BooleanField(default=False, verbose_name='重办分项的补正'),
        ),
        migrations.RunPython(sort_notices, mark_the_told),
        migrations.RemoveConstraint(
            model_name='projectnotice',
            name='one_open_notice_of_a_stage_at_a_time',
        ),
        migrations.RemoveField(
            model_name='projectbranch',
            name='is_told',
        ),
        migrations.AddConstraint(
            model_name='projectnotice',
            constraint=models.UniqueConstraint(condition=Q(is_anew=False), fields=('stage',), name='the_package_of_a_stage_is_told_of_once'),
        ),
    ]
