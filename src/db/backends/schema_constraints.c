/* Constraints of a model's Meta. */
#include "db/backends/schema.h"

#include <string.h>

bool nu__constraint_is_index(const nu_constraint *constraint)
{
    return !constraint->check && !constraint->excludes[0][0] &&
           (constraint->condition || constraint->expressions[0] || constraint->include[0] ||
            constraint->opclasses[0]);
}

bool nu__constraint_is_supported(const nu__backend *backend, const nu_constraint *constraint)
{
    const nu__features *features = backend->features;

    if (constraint->check)
        return true;
    return (!constraint->condition || !features->lacks_partial_indexes) &&
           (!constraint->expressions[0] || !features->lacks_expression_indexes) &&
           (!constraint->excludes[0][0] || features->supports_exclusion_constraints) &&
           (!constraint->deferrable || features->supports_deferrable_unique_constraints) &&
           (!constraint->include[0] || features->supports_covering_indexes) &&
           (!constraint->nulls_distinct || features->supports_nulls_distinct);
}

/* ---- exclusion ---------------------------------------------------------------------------- */

/* The name of a field, and no expression. */
static bool is_word(const char *text)
{
    return text[strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")] ==
           '\0';
}

/* "\"room\" WITH =" */
static nu_str excluded_sql(const nu__editor *editor, const nu__table_def *def,
                           const char *const exclude[2])
{
    nu_str what = is_word(exclude[0])
                      ? nu__editor_quote(editor, nu__table_def_field(def, nu_s(exclude[0]))->column)
                      : nu__index_expression_sql(editor->editor.backend, def, exclude[0]);

    return nu_fmt("{} WITH {}", what, exclude[1]);
}

static nu_str exclusion_sql(const nu__editor *editor, const nu__table_def *def,
                            const nu_constraint *constraint)
{
    nu__deferred options = nu__unique_constraint(editor, def, constraint);
    nu__buf out = { 0 };

    nu__buf_fmt(&out, "CONSTRAINT {} EXCLUDE USING {} (",
                nu__editor_quote(editor, nu_s(constraint->name)),
                constraint->index_type == NU_SPGIST ? "SPGIST" : "GIST");
    for (size_t i = 0; i < 4 && constraint->excludes[i][0]; i++)
        nu__buf_fmt(&out, "{}{}", i ? ", " : "",
                    excluded_sql(editor, def, constraint->excludes[i]));
    nu__buf_char(&out, ')');
    if (options.n_include)
        nu__buf_fmt(&out, " INCLUDE ({})",
                    nu__editor_list(editor, options.include, NULL, options.n_include));
    if (options.condition.len)
        nu__buf_fmt(&out, " WHERE ({})", options.condition);
    nu__buf_str_add(&out, nu__deferrable_sql(constraint->deferrable));
    return nu__buf_str(&out);
}

/* ---- of a table --------------------------------------------------------------------------- */

/* A constraint's part of CREATE TABLE; null for one that is an index, which is put off. */
nu_str nu__constraint_sql(nu__editor *editor, const nu__table_def *def,
                          const nu_constraint *constraint)
{
    nu_str name = nu__editor_quote(editor, nu_s(constraint->name));
    nu__deferred unique;

    if (!nu__constraint_is_supported(editor->editor.backend, constraint))
        return (nu_str){ 0 };
    if (constraint->check)
        return nu_fmt("CONSTRAINT {} CHECK ({})", name,
                      nu__condition_sql(editor->editor.backend, def, constraint->check));
    if (constraint->excludes[0][0])
        return exclusion_sql(editor, def, constraint);
    unique = nu__unique_constraint(editor, def, constraint);
    if (unique.kind == NU__UNIQUE && !unique.nulls_distinct)
        return nu_fmt("CONSTRAINT {} UNIQUE ({}){}", name,
                      nu__editor_list(editor, unique.columns, NULL, unique.n_columns),
                      nu__deferrable_sql(constraint->deferrable));
    nu__editor_defer(editor, unique);
    return (nu_str){ 0 };
}
