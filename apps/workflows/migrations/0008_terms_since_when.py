"""Each term that is still running says from which day it runs."""

from django.db import migrations, models

FILL = """
UPDATE workflows_projectstage SET accept_since = coalesce(
    (SELECT max((coalesce(answered_at, lapsed_at) AT TIME ZONE 'Asia/Shanghai')::date)
       FROM workflows_projectnotice WHERE stage_id = workflows_projectstage.id), received_on)
 WHERE accept_by IS NOT NULL;
UPDATE workflows_projectbranch SET answer_since = coalesce(complete_on, (
    SELECT (dispatched_at AT TIME ZONE 'Asia/Shanghai')::date
      FROM workflows_projectstage WHERE id = workflows_projectbranch.stage_id))
 WHERE answer_by IS NOT NULL;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('workflows', '0007_a_notice_for_what_is_taken_up_anew'),
    ]

    operations = [
        migrations.AddField(
            model_name='projectbranch',
            name='answer_since',
            field=models.DateField(blank=True, null=True, verbose_name='答复期限起算日'),
        ),
        migrations.AddField(
            model_name='projectstage',
            name='accept_since',
            field=models.DateField(blank=True, null=True, verbose_name='受理期限起算日'),
        ),
        migrations.AlterField(
            model_name='projectevent',
            name='verb',
            field=models.CharField(choices=[('drafted', '起草'), ('filed', '申报'), ('confirmed', '确认事项清单'), ('dropped', '去掉分项'), ('taken_in', '补列分项'), ('received', '收件'), ('paper_replaced', '更换材料'), ('dispatched', '分发'), ('answered', '部门答复'), ('notice_sent', '一次告知补正'), ('supplemented', '补正'), ('stage_accepted', '阶段受理'), ('stage_deemed', '逾期视为受理'), ('branch_opened', '分项开办'), ('branch_ended', '分项办结'), ('branch_blocked', '分项受阻'), ('branch_reopened', '调整方案重办'), ('branch_withdrawn', '撤回分项'), ('stage_paused', '阶段计时暂停'), ('stage_resumed', '阶段计时恢复'), ('stage_extended', '阶段延期'), ('recomputed', '按新日历重算期限'), ('stage_finished', '阶段办结'), ('stage_ended', '阶段终止'), ('handed_over', '一站出件'), ('project_finished', '项目各阶段办结'), ('project_closed', '项目办结'), ('withdrawn', '撤回项目'), ('convened', '发起会商'), ('time_changed', '改期'), ('called_off', '取消会商'), ('replied', '会商答复'), ('signed', '签署'), ('held', '会商结束'), ('silent', '逾期未答复'), ('chased', '催办')], max_length=20, verbose_name='动作'),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
