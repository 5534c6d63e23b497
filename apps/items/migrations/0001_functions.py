from django.db import migrations

# Two-character pieces of a text. Trigrams cannot serve two-character words, which most Chinese names and words are,
# and die silently where the database was made with lc_ctype C; this is plain SQL and works in any locale.
CREATE = """
CREATE FUNCTION cjk_grams(s text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT coalesce(array_agg(DISTINCT substr(t, i, 2)), '{}')
  FROM (SELECT lower(regexp_replace(s, '\\s+', '', 'g')) AS t) AS tight,
       generate_series(1, greatest(length(t) - 1, 1)) AS i
$$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(CREATE, "DROP FUNCTION cjk_grams(text);"),
    ]
