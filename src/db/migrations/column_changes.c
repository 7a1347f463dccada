/* How a column changes, as far as its rows and readers feel it. */
#include "db/migrations/linter.h"

#include "db/migrations/writer.h"

static int length_of(const nu_field *field)
{
    const nu__field_type *type = nu__field_type_row(field->type);
    int given = 0;

    switch (type->family) {
    case NU__CHAR_OPTIONS:
        given = ((const nu_char_field *)field)->max_length;
        break;
    case NU__SLUG_OPTIONS:
        given = ((const nu_slug_field *)field)->max_length;
        break;
    case NU__FILE_PATH_OPTIONS:
        given = ((const nu_file_path_field *)field)->max_length;
        break;
    case NU__FILE_OPTIONS:
        given = ((const nu_file_field *)field)->max_length;
        break;
    default:
        break;
    }
    return given ? given : type->max_length;
}

/* Texts that are sorted otherwise are compared anew; digits after the point are written anew. */
static bool is_written_anew(const nu_field *old, const nu_field *field)
{
    const nu__field_type *a = nu__field_type_row(old->type), *b = nu__field_type_row(field->type);
    const nu_decimal_field *x = (const void *)old, *y = (const void *)field;

    if (!nu__same_text(a->internal, b->internal))
        return true;
    if (a->family == NU__CHAR_OPTIONS && b->family == NU__CHAR_OPTIONS)
        return !nu__same_text(((const nu_char_field *)old)->db_collation,
                              ((const nu_char_field *)field)->db_collation);
    return a->family == NU__DECIMAL_OPTIONS &&
           (x->decimal_places != y->decimal_places || x->max_digits > y->max_digits);
}

nu__column_change nu__column_change_of(const nu_field *old, const nu_field *field)
{
    const nu_decimal_field *x = (const void *)old, *y = (const void *)field;
    int before = length_of(old), after = length_of(field);

    if (is_written_anew(old, field))
        return NU__COLUMN_REWRITTEN;
    if (after && (!before || after < before))
        return NU__COLUMN_SHORTER;
    if (before != after || (nu__field_type_row(old->type)->family == NU__DECIMAL_OPTIONS &&
                            x->max_digits < y->max_digits))
        return NU__COLUMN_WIDER;
    return NU__COLUMN_KEPT;
}

bool nu__field_has_index(const nu_field *field)
{
    bool own = field->type == NU_FOREIGN_KEY && !((const nu_relation_field *)field)->no_db_index;

    return (own || field->db_index) && !field->unique;
}

bool nu__field_has_reference(const nu_field *field)
{
    return field->to_name && field->type != NU_MANY_TO_MANY_FIELD &&
           !((const nu_relation_field *)field)->no_db_constraint;
}
