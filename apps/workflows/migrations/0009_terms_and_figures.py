"""What the figures are read by, and what the migration before has filled in."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workflows', '0008_terms_since_when'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='projectbranch',
            index=models.Index(condition=models.Q(('state__in', ['waiting', 'open', 'blocked'])), fields=['project'], name='branch_unfinished'),
        ),
        migrations.AddIndex(
            model_name='projectbranch',
            index=models.Index(fields=['finished_on'], name='branch_by_end'),
        ),
        migrations.AddIndex(
            model_name='projectevent',
            index=models.Index(condition=models.Q(('verb', 'chased')), fields=['at'], name='event_of_chasing'),
        ),
        migrations.AddConstraint(
            model_name='projectbranch',
            constraint=models.CheckConstraint(condition=models.Q(('answer_by', None), ('answer_since__isnull', False), _connector='OR'), name='a_term_of_an_answer_says_since_when'),
        ),
        migrations.AddConstraint(
            model_name='projectstage',
            constraint=models.CheckConstraint(condition=models.Q(('accept_by', None), ('accept_since__isnull', False), _connector='OR'), name='a_term_of_acceptance_says_since_when'),
        ),
    ]
