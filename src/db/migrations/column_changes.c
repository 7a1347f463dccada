/* What a column has beside its values. */
#include "db/migrations/linter.h"

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
