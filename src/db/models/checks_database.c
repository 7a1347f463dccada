/* What models ask for that a database has not, under Django's ids. */
#include "db/backends/base.h"
#include "db/database.h"
#include "db/driver.h"
#include "db/models/checks.h"
#include "db/models/router.h"

#define NO_CONSTRAINT                                                                              \
    "A constraint won't be created. Silence this warning if you don't care about it."
#define IGNORED " will be ignored. Silence this warning if you don't care about it."

/* ---- what may be missing ----------------------------------------------------------------------
 */

static bool no_conditions(const nu__features *features)
{
    return features->lacks_partial_indexes;
}

static bool no_expressions(const nu__features *features)
{
    return features->lacks_expression_indexes;
}

static bool no_covering(const nu__features *features)
{
    return !features->supports_covering_indexes;
}

static bool no_deferring(const nu__features *features)
{
    return !features->supports_deferrable_unique_constraints;
}

static bool no_nulls_distinct(const nu__features *features)
{
    return !features->supports_nulls_distinct;
}

/* ---- indexes ----------------------------------------------------------------------------------
 */

static bool index_condition(const nu_index *index)
{
    return index->condition != NULL;
}

static bool index_expressions(const nu_index *index)
{
    return index->expressions[0] != NULL;
}

static bool index_include(const nu_index *index)
{
    return index->include[0] != NULL;
}

static const struct index_check {
    const char *id, *what, *hint;
    bool (*asks)(const nu_index *index), (*lacks)(const nu__features *features);
} index_checks[] = {
    { "models.W037", "indexes with conditions", "Conditions" IGNORED, index_condition,
      no_conditions },
    { "models.W040", "indexes with non-key columns", "Non-key columns" IGNORED, index_include,
      no_covering },
    { "models.W043", "indexes on expressions",
      "An index won't be created. Silence this warning if you don't care about it.",
      index_expressions, no_expressions },
};

/* ---- unique constraints ------------------------------------------------------------------------
 */

static bool is_unique(const nu_constraint *constraint)
{
    return !constraint->check && !constraint->excludes[0][0];
}

static bool unique_condition(const nu_constraint *constraint)
{
    return constraint->condition != NULL;
}

static bool unique_deferred(const nu_constraint *constraint)
{
    return constraint->deferrable != NU_NOT_DEFERRABLE;
}

static bool unique_include(const nu_constraint *constraint)
{
    return constraint->include[0] != NULL;
}

static bool unique_expressions(const nu_constraint *constraint)
{
    return constraint->expressions[0] != NULL;
}

static bool unique_nulls(const nu_constraint *constraint)
{
    return constraint->nulls_distinct != NU_NULLS_AS_EVER;
}

static const struct unique_check {
    const char *id, *what;
    bool (*asks)(const nu_constraint *constraint), (*lacks)(const nu__features *features);
} unique_checks[] = {
    { "models.W036", "unique constraints with conditions", unique_condition, no_conditions },
    { "models.W038", "deferrable unique constraints", unique_deferred, no_deferring },
    { "models.W039", "unique constraints with non-key columns", unique_include, no_covering },
    { "models.W044", "unique constraints on expressions", unique_expressions, no_expressions },
    { "models.W047", "unique constraints with nulls distinct", unique_nulls, no_nulls_distinct },
};

/* ---- a model -----------------------------------------------------------------------------------
 */

typedef struct asked {
    const nu__model_info *info;
    const char *database, *alias;
    const nu__features *features;
    nu_list *out;
} asked;

static void report(const asked *a, const char *id, const char *what, const char *hint)
{
    nu__check_report(a->out, id, "warning", a->info->label,
                     nu_fmt("{} does not support {}.", a->database, what), hint);
}

/* Once for a model, however many of its indexes ask for it. */
static void check_indexes(const asked *a, const struct index_check *check)
{
    const nu_index *index = a->info->model->indexes;

    for (int i = 0; i < 16 && nu__index_is_there(&index[i]); i++)
        if (check->asks(&index[i])) {
            report(a, check->id, check->what, check->hint);
            return;
        }
}

static void check_constraints(const asked *a, const struct unique_check *check)
{
    const nu_constraint *constraint = a->info->model->constraints;

    for (int i = 0; i < 16 && constraint[i].name; i++)
        if (is_unique(&constraint[i]) && check->asks(&constraint[i])) {
            report(a, check->id, check->what, NO_CONSTRAINT);
            return;
        }
}

/* A database cuts names that are too long for it, and then finds no column of theirs. */
static bool is_too_long(const asked *a, const nu__field *field)
{
    size_t most = a->features->max_name_length;

    return most && field->column.len > most && !field->def->db_column && !field->origin;
}

static void check_columns(const asked *a)
{
    for (size_t i = 0; i < a->info->n_fields; i++)
        if (is_too_long(a, &a->info->fields[i]))
            nu__check_report(
                a->out, a->info->auto_created ? "models.E019" : "models.E018", "error",
                a->info->auto_created ? a->info->auto_created->from->label : a->info->label,
                nu_fmt("Autogenerated column name too long for {} \"{}\". Maximum "
                       "length is \"{}\" for database \"{}\".",
                       a->info->auto_created ? "M2M field" : "field", a->info->fields[i].column,
                       (int64_t)a->features->max_name_length, a->alias),
                a->info->auto_created
                    ? "Use 'through' to create a separate model for M2M and then set "
                      "column_name using 'db_column'."
                    : "Set the column name manually using 'db_column'.");
}

static void check_lengths(const asked *a)
{
    for (size_t i = 0; i < a->info->n_fields; i++) {
        const nu__field *field = &a->info->fields[i];

        if (a->features->needs_char_lengths && field->type->type == NU_CHAR_FIELD &&
            !field->max_length && !field->origin && !field->relation)
            nu__check_error(field, a->out, "fields.E120",
                            S("CharFields must define a 'max_length' attribute."), NULL);
    }
}

static void check_model(const asked *a)
{
    check_columns(a);
    check_lengths(a);
    for (size_t i = 0; i < sizeof index_checks / sizeof *index_checks; i++)
        if (index_checks[i].lacks(a->features))
            check_indexes(a, &index_checks[i]);
    for (size_t i = 0; i < sizeof unique_checks / sizeof *unique_checks; i++)
        if (unique_checks[i].lacks(a->features))
            check_constraints(a, &unique_checks[i]);
}

nu_list *nu__models_check_database(const nu__registry *registry, const char *alias)
{
    const nu__driver *driver = nu__database_of(alias)->driver;
    asked a = { .database = driver->display_name,
                .alias = alias,
                .features = driver->backend->features,
                .out = nu_list_new() };

    for (size_t m = 0; m < registry->n_models; m++) {
        a.info = registry->models[m];
        if (nu__router_allow_migrate(alias, a.info->model))
            check_model(&a);
    }
    return a.out;
}
