"""What the tables refuse by themselves: a version that was published never changes, nor does any part of it."""

import pgtrigger

REFUSED = "RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = '{name}', MESSAGE = '{name}';"
PUBLISHED = "a_published_version_never_changes"


def only_in_a_draft() -> pgtrigger.Trigger:
    """For a table with `version_id`: rows come, change and go only while their version is being edited."""
    return pgtrigger.Trigger(
        name=PUBLISHED,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            IF EXISTS (
                SELECT 1 FROM workflows_bundleversion
                WHERE id IN (NEW.version_id, OLD.version_id) AND state <> 'draft'
            ) THEN
                {REFUSED.format(name=PUBLISHED)}
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


def only_its_end_is_written() -> pgtrigger.Trigger:
    """For the version itself: once published it can be superseded, on a day, and nothing else."""
    return pgtrigger.Trigger(
        name=PUBLISHED,
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            IF TG_OP = 'UPDATE' AND (
                OLD.state = 'draft'
                OR OLD.state = 'published' AND NEW.state = 'superseded'
                AND to_jsonb(NEW) - '{{state,superseded_on}}'::text[]
                    = to_jsonb(OLD) - '{{state,superseded_on}}'::text[]
            ) THEN
                RETURN NEW;
            END IF;
            {REFUSED.format(name=PUBLISHED)}
        """,
    )
