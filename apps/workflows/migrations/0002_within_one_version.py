"""What Django cannot say: a part that points at another part points at one of its own version."""

from django.db import migrations

# name, table, its column, the table pointed at
LINKS = [
    ("a_branch_stands_in_a_stage_of_its_version", "bundlebranch", "stage_id", "bundlestage"),
    ("an_edge_starts_within_its_version", "bundleedge", "branch_id", "bundlebranch"),
    ("an_edge_ends_within_its_version", "bundleedge", "needs_id", "bundlebranch"),
    ("an_answer_is_to_a_question_of_its_version", "bundleanswer", "question_id", "bundlequestion"),
    ("a_condition_is_an_answer_of_its_version", "bundlecondition", "answer_id", "bundleanswer"),
    ("a_condition_is_for_a_branch_of_its_version", "bundlecondition", "branch_id", "bundlebranch"),
    ("a_result_is_of_a_branch_of_its_version", "bundlematerial", "source_id", "bundlebranch"),
    ("a_use_is_of_a_material_of_its_version", "bundlematerialuse", "material_id", "bundlematerial"),
    ("a_use_is_by_a_branch_of_its_version", "bundlematerialuse", "branch_id", "bundlebranch"),
]


def _link(name: str, table: str, column: str, target: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"ALTER TABLE workflows_{table} ADD CONSTRAINT {name} FOREIGN KEY ({column}, version_id) "
        f"REFERENCES workflows_{target} (id, version_id)",
        f"ALTER TABLE workflows_{table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("workflows", "0001_initial")]

    operations = [_link(*link) for link in LINKS]
