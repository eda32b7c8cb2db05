"""
PostgreSQL finds bookings by parts of what they are called by: all of it in one text without accents
(`bookings.models.spelling` asks in the same way), and its trigrams in an index. What is new waits
in a list beside the index, so that nobody who books pays for those who search.
"""

from django.db import migrations

# ß, æ and their like are written as two letters, ł and ø as one; a final sigma is a sigma. What is
# plain ASCII, as most is, needs none of that: every row that is found is looked at once more.
FUNCTION = """
CREATE FUNCTION words_of_a_booking(reference text, name text, email text, phone text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN octet_length(name || email) = length(name || email)
    THEN lower(reference || ' ' || name || ' ' || email)
    ELSE replace(replace(replace(replace(translate(
        lower(regexp_replace(
            normalize(reference || ' ' || name || ' ' || email, NFKD), '[\u0300-\u036f]', '', 'g'
        )),
        'øłđðıħŧŋς', 'olddihtnσ'
    ), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th')
END || ' ' || translate(phone, ' +-/().', '')
$$
"""
INDEX = """
CREATE INDEX bookings_by_their_words ON bookings_booking USING gin (
    words_of_a_booking(reference, contact_name, contact_email, contact_phone) gin_trgm_ops
)
"""
DROP = [
    "DROP INDEX bookings_by_their_words",
    "DROP FUNCTION words_of_a_booking(text, text, text, text)",
]


def on_postgresql(statements):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            for statement in statements:
                schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0017_long_lists_are_in_order_of_time"),
        ("movies", "0005_search_with_trigrams"),
    ]
    operations = [migrations.RunPython(on_postgresql([FUNCTION, INDEX]), on_postgresql(DROP))]
