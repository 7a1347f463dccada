/* What the linter asks of an operation. */
#include "db/backends/schema.h"
#include "db/backends/tokens.h"
#include "db/migrations/impact.h"
#include "db/migrations/linter_int.h"

#include <string.h>

bool nu__lint_always(const nu__linting *l, const nu_operation *op)
{
    (void)l;
    (void)op;
    return true;
}

/* ---- the model and the column before and after ---------------------------------------------- */

static const nu__model_info *info_of(const nu__linting *l, nu__project_state *state,
                                     const char *name)
{
    return name && nu__state_find(state, l->migration->app_label, name)
               ? nu__state_info(state, l->migration->app_label, name)
               : NULL;
}

static const nu__field *column_in(const nu__linting *l, nu__project_state *state,
                                  const nu_operation *op, const char *name)
{
    const nu__model_info *info = info_of(l, state, op->model_name);

    return info && name ? nu__model_field(info, nu_s(name)) : NULL;
}

static const nu__field *old_of(const nu__linting *l, const nu_operation *op)
{
    return column_in(l, l->before, op, nu__operation_field(op));
}

static const nu__field *new_of(const nu__linting *l, const nu_operation *op)
{
    const char *name = op->kind == NU_RENAME_FIELD ? op->new_name : nu__operation_field(op);

    return column_in(l, l->after, op, name);
}

bool nu__renames_table(const nu__linting *l, const nu_operation *op)
{
    const nu__model_info *old = info_of(l, l->before, op->model_name);
    const nu__model_info *new =
        info_of(l, l->after, op->kind == NU_RENAME_MODEL ? op->new_name : op->model_name);

    return old && new && !nu_eq(old->db_table, new->db_table);
}

bool nu__renames_column(const nu__linting *l, const nu_operation *op)
{
    const nu__field *old = old_of(l, op), *new = new_of(l, op);

    return old && new && !nu_eq(old->column, new->column);
}

bool nu__drops_column(const nu__linting *l, const nu_operation *op)
{
    const nu__field *old = old_of(l, op);

    return old && !nu_is_null(nu__field_db_type(old, NU__SQLITE));
}

bool nu__drops_many(const nu__linting *l, const nu_operation *op)
{
    const nu__model_info *info = info_of(l, l->before, op->model_name);
    const nu__field *field = info ? nu__model_many(info, nu_s(op->name)) : NULL;

    return field && nu__has_automatic_through(field);
}

/* ---- AddField ---------------------------------------------------------------------------------
 */

/* Its column is not null, and the database gives the running code's INSERTs no value. */
bool nu__breaks_inserts(const nu__linting *l, const nu_operation *op)
{
    (void)l;
    return op->field->type != NU_MANY_TO_MANY_FIELD && !op->field->null &&
           !op->field->db_default.kind && !op->field->expression;
}

/* Has each row a value of its own: a random one, a new key? */
static bool varies(nu_str expression)
{
    static const char *const functions[] = { "Random", "RandomUUID", "UUID4", "UUID7" };
    nu__token token;

    while (token = nu__sql_token(&expression), token.kind != NU__TOKEN_END)
        for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
            if (token.kind == NU__TOKEN_WORD && nu_eq(token.text, functions[i]))
                return true;
    return false;
}

bool nu__varies(const nu__linting *l, const nu_operation *op)
{
    (void)l;
    return op->field->db_default.kind == NU_KIND_EXPR && varies(nu_s(op->field->db_default.s));
}

bool nu__is_stored(const nu__linting *l, const nu_operation *op)
{
    (void)l;
    return op->field->expression && op->field->db_persist;
}

/* It is called once, and its value is that of all rows that are there. */
bool nu__calls_default(const nu__linting *l, const nu_operation *op)
{
    nu_value (*call)(void) = op->field->default_call;

    (void)l;
    return call && call != nu_default_dict && call != nu_default_list && call != nu_default_now;
}

bool nu__is_unique(const nu__linting *l, const nu_operation *op)
{
    (void)l;
    return op->field->unique || op->field->type == NU_ONE_TO_ONE_FIELD;
}

bool nu__has_index(const nu__linting *l, const nu_operation *op)
{
    (void)l;
    return nu__field_has_index(op->field);
}

static bool is_filled(const nu_field *field)
{
    return !field->null || field->default_.kind || field->default_call || field->db_default.kind;
}

bool nu__has_filled_reference(const nu__linting *l, const nu_operation *op)
{
    (void)l;
    return nu__field_has_reference(op->field) && is_filled(op->field);
}

bool nu__has_empty_reference(const nu__linting *l, const nu_operation *op)
{
    (void)l;
    return nu__field_has_reference(op->field) && !is_filled(op->field);
}

static nu_str check_of(const nu__field *field)
{
    nu__field copy = *field;

    copy.column = S("");
    return nu__field_db_check(&copy, NU__POSTGRESQL);
}

bool nu__has_column_check(const nu__linting *l, const nu_operation *op)
{
    const nu__field *new = new_of(l, op);

    return new &&check_of(new).len;
}

/* ---- AlterField -------------------------------------------------------------------------------
 */

bool nu__loses_db_default(const nu__linting *l, const nu_operation *op)
{
    const nu__field *old = old_of(l, op);

    return old && old->def->db_default.kind && !op->field->db_default.kind && !op->field->null;
}

bool nu__becomes_not_null(const nu__linting *l, const nu_operation *op)
{
    const nu__field *old = old_of(l, op), *new = new_of(l, op);

    return old && new && old->null && !new->null;
}

bool nu__becomes_unique(const nu__linting *l, const nu_operation *op)
{
    const nu__field *old = old_of(l, op), *new = new_of(l, op);

    return old && new && !old->unique &&new->unique;
}

bool nu__becomes_indexed(const nu__linting *l, const nu_operation *op)
{
    const nu__field *old = old_of(l, op);

    return old && !nu__field_has_index(old->def) && nu__field_has_index(op->field);
}

static bool refers_elsewhere(const nu__field *old, const nu__field *new)
{
    return old->relation && new &&new->relation &&
           !nu_eq(old->relation->to->db_table, new->relation->to->db_table);
}

bool nu__becomes_reference(const nu__linting *l, const nu_operation *op)
{
    const nu__field *old = old_of(l, op);

    return old && nu__field_has_reference(op->field) &&
           (!nu__field_has_reference(old->def) || refers_elsewhere(old, new_of(l, op)));
}

bool nu__becomes_checked(const nu__linting *l, const nu_operation *op)
{
    const nu__field *old = old_of(l, op), *new = new_of(l, op);

    return old && new &&check_of(new).len && !nu_eq(check_of(old), check_of(new));
}

static bool is_rewritten_on(const nu__linting *l, const nu_operation *op, nu__dialect dialect)
{
    const nu__field *old = old_of(l, op), *new = new_of(l, op);
    nu_str from = old ? nu__field_db_type(old, dialect) : (nu_str){ NULL, 0 };
    nu_str to = new ? nu__field_db_type(new, dialect) : (nu_str){ NULL, 0 };

    return !nu_is_null(from) && !nu_is_null(to) && !nu__keeps_rows(dialect, from, to);
}

bool nu__is_rewritten(const nu__linting *l, const nu_operation *op)
{
    return is_rewritten_on(l, op, NU__POSTGRESQL) && is_rewritten_on(l, op, NU__MYSQL);
}

bool nu__is_rewritten_on_postgresql(const nu__linting *l, const nu_operation *op)
{
    return is_rewritten_on(l, op, NU__POSTGRESQL) && !is_rewritten_on(l, op, NU__MYSQL);
}

bool nu__is_rewritten_on_mariadb(const nu__linting *l, const nu_operation *op)
{
    return is_rewritten_on(l, op, NU__MYSQL) && !is_rewritten_on(l, op, NU__POSTGRESQL);
}

/* An index is in the order of its column's collation. */
bool nu__sorts_index_anew(const nu__linting *l, const nu_operation *op)
{
    const nu__field *old = old_of(l, op), *new = new_of(l, op);

    return old && new && (old->db_index || old->unique) && (new->db_index || new->unique) &&
           !nu__same_text(nu__field_collation(old), nu__field_collation(new));
}

/* Types whose values another one can't hold. */
static bool is_narrower(const char *from, const char *to)
{
    static const char *const pairs[][2] = {
        { "BigIntegerField", "IntegerField" },
        { "BigIntegerField", "SmallIntegerField" },
        { "IntegerField", "SmallIntegerField" },
        { "IntegerField", "PositiveIntegerField" },
        { "FloatField", "IntegerField" },
        { "FloatField", "BigIntegerField" },
        { "FloatField", "DecimalField" },
        { "DecimalField", "IntegerField" },
        { "DecimalField", "BigIntegerField" },
        { "DecimalField", "FloatField" },
        { "DateTimeField", "DateField" },
        { "DateTimeField", "TimeField" },
        { "TextField", "CharField" },
    };

    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (nu__same_text(from, pairs[i][0]) && nu__same_text(to, pairs[i][1]))
            return true;
    return false;
}

bool nu__loses_values(const nu__linting *l, const nu_operation *op)
{
    const nu__field *old = old_of(l, op), *new = new_of(l, op);

    if (!old || !new)
        return false;
    if (!nu__same_text(old->type->internal, new->type->internal))
        return is_narrower(old->type->internal, new->type->internal);
    return (new->max_length && (!old->max_length || new->max_length < old->max_length)) ||
           new->decimal_places < old->decimal_places ||
           new->max_digits - new->decimal_places < old->max_digits - old->decimal_places;
}

static bool has_choice(const nu_choices *choices, const nu_choice *wanted)
{
    for (int i = 0; i < choices->len; i++)
        if (nu__same_text(choices->items[i].value, wanted->value))
            return true;
    return false;
}

bool nu__loses_choice(const nu__linting *l, const nu_operation *op)
{
    const nu__field *old = old_of(l, op);

    if (!old || !old->def->choices || !op->field->choices)
        return false;
    for (int i = 0; i < old->def->choices->len; i++)
        if (!has_choice(op->field->choices, &old->def->choices->items[i]))
            return true;
    return false;
}

/* ---- order, indexes, constraints --------------------------------------------------------------
 */

/* AlterOrderWithRespectTo makes a column that counts, or drops it. */
bool nu__gets_order(const nu__linting *l, const nu_operation *op)
{
    (void)l;
    return op->name != NULL;
}

bool nu__loses_order(const nu__linting *l, const nu_operation *op)
{
    return !nu__gets_order(l, op);
}

static bool has_tuple(const nu_model *model, const char *const *names)
{
    size_t n = nu__count_names(names);

    for (size_t i = 0; i < 4 && model->unique_together[i][0]; i++) {
        size_t k = 0;

        while (k < n && nu__same_text(model->unique_together[i][k], names[k]))
            k++;
        if (k == n && nu__count_names(model->unique_together[i]) == n)
            return true;
    }
    return false;
}

bool nu__gets_together(const nu__linting *l, const nu_operation *op)
{
    const nu_model *model = nu__state_find(l->before, l->migration->app_label, op->model_name);

    for (size_t i = 0; model && i < 4 && op->unique_together[i][0]; i++)
        if (!has_tuple(model, op->unique_together[i]))
            return true;
    return false;
}

bool nu__is_check(const nu__linting *l, const nu_operation *op)
{
    (void)l;
    return op->constraint.check != NULL;
}

bool nu__is_exclusion(const nu__linting *l, const nu_operation *op)
{
    (void)l;
    return op->constraint.excludes[0][0] != NULL;
}

bool nu__is_unique_constraint(const nu__linting *l, const nu_operation *op)
{
    return !nu__is_check(l, op) && !nu__is_exclusion(l, op);
}

/* ---- code and SQL -----------------------------------------------------------------------------
 */

bool nu__has_no_reverse(const nu__linting *l, const nu_operation *op)
{
    (void)l;
    return !nu__operation_is_reversible(op);
}

/* In one transaction with changes of the schema, whose locks last as long as the code does. */
bool nu__keeps_locks(const nu__linting *l, const nu_operation *op)
{
    if (l->migration->non_atomic)
        return false;
    for (const nu_operation *other = l->migration->operations; other->kind; other++)
        if (other != op && other->kind != NU_RUN_C && other->kind != NU_RUN_SQL)
            return true;
    return false;
}
