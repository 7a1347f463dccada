/* Model.validate_constraints(): would the row break one? */
#include "core/error.h"
#include "core/object.h"
#include "db/backends/base.h"
#include "db/models/expression_text.h"
#include "db/models/queryset.h"
#include "db/models/router.h"
#include "db/models/validators.h"
#include "db/sql/postgres_lookups.h"

#include <string.h>

/* ---- what a constraint refers to ---------------------------------------------------------- */

/* Whether an expression names a field that is not to be checked. */
static bool names_skipped(const nu__model_info *info, const nu_expr *expr,
                          const nu__field_bits *skip)
{
    nu_list *names = nu__expression_names(expr);

    for (size_t i = 0; i < nu_list_len(names); i++) {
        nu__names parts = nu__names_split(nu_string(nu_at(names, i)));
        const nu__field *field = nu__model_field(info, parts.items[0]);

        if (field && nu__set_has(skip, field->index))
            return true;
    }
    return false;
}

/* ---- conditions on the instance ------------------------------------------------------------ */

static const nu_expr *literal_of(const nu__field *field, const nu_object *object)
{
    nu_value value = nu__instance_value(field, object);

    return value.kind == NU_KIND_EXPR ? value.p : nu__literal_of(value, field);
}

/* Whether a field's expression needs no more than the fields before it, of which the query without
   a table knows the values. */
static bool stands_alone(const nu__field *field, nu_value value)
{
    nu_list *names = nu__expression_names(value.p);

    for (size_t i = 0; i < nu_list_len(names); i++) {
        nu_str name = nu_string(nu_at(names, i));
        const nu__field *other = nu__model_field(field->model, name);

        if (!other || other->index >= field->index || !nu_eq(other->name, name))
            return false;
    }
    return true;
}

/* Whether every expression that was assigned can be known before the row is written. */
static bool is_known(const nu_object *object)
{
    const nu__model_info *info = nu__info_of(object);

    for (size_t i = 0; i < info->n_fields; i++) {
        nu_value value = nu__instance_value(&info->fields[i], object);

        if (value.kind == NU_KIND_EXPR && !stands_alone(&info->fields[i], value))
            return false;
    }
    return true;
}

/* The fields as annotations of a query without a table: their values, and for generated ones what
   makes them of the others. */
static void annotate_fields(nu__tree *tree, const nu_object *object)
{
    nu__model_info *info = nu__info_of(object);

    for (int generated = 0; generated < 2; generated++)
        for (size_t i = 0; i < info->n_fields; i++) {
            const nu__field *field = &info->fields[i];

            if (!field->def->expression != !generated)
                continue;
            nu__tree_annotate(tree, field->name,
                              generated ? nu__text_expression(nu_s(field->def->expression))
                                        : literal_of(field, object),
                              false);
        }
}

/* The condition about values instead of columns: SELECT 1 WHERE COALESCE(…, True). Unknown, as
   SQL's CHECK has it, is no violation. */
static bool holds(const nu_object *object, nu_expr *condition)
{
    const nu_model *model = object->type;
    nu__connection *connection =
        nu__connection_of(nu__row_of(object)->db ? nu__row_of(object)->db : model->database);
    nu__tree *tree = nu__tree_new(nu__info_of(object));
    nu_expr *coalesce = nu_function_(
        "Coalesce",
        (nu_values){
            (nu_value[]){ nu_v_expr(condition),
                          nu_v_expr((nu_expr *)(uintptr_t)nu__literal_of(nu_v_bool(true), NULL)) },
            2 });
    nu_expr *typed = nu__expr_copy(coalesce);
    nu__compiled compiled;
    nu_value one[1];

    tree->no_table = true;
    tree->default_cols = false;
    annotate_fields(tree, object);
    nu__tree_annotate(tree, S("_check"), nu__literal_of(nu_v_int(1), NULL), true);
    typed->output = nu__type_of(NU_BOOLEAN_FIELD);
    nu__tree_filter(tree, nu__expr_done(typed));
    nu__tree_clear_ordering(tree, true);
    compiled = nu__compile_select(tree, connection->backend);
    return nu__select_one(connection, &compiled, one);
}

/* ---- uniqueness --------------------------------------------------------------------------- */

static const nu_expr *value_in(void *arg, nu_str name)
{
    const nu_object *object = arg;
    const nu__field *field = nu__model_field(nu__info_of(object), name);

    if (!field)
        return NULL;
    if (field->def->expression)
        return nu__text_expression_with(nu_s(field->def->expression), value_in, arg);
    return literal_of(field, object);
}

static nu_expr *compared(nu_str lookup, nu_expr *with, nu_value value)
{
    nu_expr *condition = nu__expr_new(&nu__condition_expr, 1);

    condition->name = lookup;
    condition->args[0] = with;
    condition->value = value;
    return condition;
}

/* The rows for which each expression is what it is for this instance. */
static nu_query *same_expressions(const nu_object *object, const nu_constraint *constraint)
{
    nu_query *query = nu__others(object);

    for (int i = 0; i < 4 && constraint->expressions[i]; i++) {
        nu_str text = nu_s(constraint->expressions[i]),
               alias = nu_fmt("_constraint_{}", (int64_t)i);
        nu_expr *column = nu__text_indexed(nu__text_expression(text));
        nu_expr *value =
            nu__text_indexed(nu__text_expression_with(text, value_in, (void *)(uintptr_t)object));

        query = nu_alias_(query, (nu_var[]){ { alias.ptr, nu_v_expr(column) }, { 0 } });
        query = nu__query_meeting(query, compared(nu_fmt("{}__exact", alias), value, nu_null()));
    }
    return query;
}

static bool expressions_skipped(const nu__model_info *info, const nu_constraint *constraint,
                                const nu__field_bits *skip)
{
    for (int i = 0; i < 4 && constraint->expressions[i]; i++)
        if (names_skipped(info, nu__text_expression(nu_s(constraint->expressions[i])), skip))
            return true;
    return false;
}

/* The name of a field, or an expression. */
static nu_str excluded_text(const char *what)
{
    return strchr(what, '(') ? nu_s(what) : nu_fmt("F('{}')", what);
}

/* The rows that are to this instance as an exclusion constraint forbids; NULL: a field that it
   names is not looked at. */
static nu_query *excluded(const nu_object *object, const nu_constraint *constraint,
                          const nu__field_bits *skip)
{
    nu_query *query = nu__others(object);

    for (int i = 0; i < 4 && constraint->excludes[i][0]; i++) {
        nu_str text = excluded_text(constraint->excludes[i][0]);
        nu_expr *column = nu__text_indexed(nu__text_expression(text));
        nu_expr *value =
            nu__text_indexed(nu__text_expression_with(text, value_in, (void *)(uintptr_t)object));

        if (names_skipped(nu__info_of(object), column, skip))
            return NULL;
        query = nu__query_meeting(
            query, nu__operator_condition(constraint->excludes[i][1], column, value));
    }
    return query;
}

/* The other rows that a unique constraint would clash with; NULL: none can. */
static nu_query *clashing(const nu_object *object, const nu_constraint *constraint,
                          const nu__field_bits *skip, nu__unique_check *check)
{
    nu__model_info *info = nu__info_of(object);

    *check = (nu__unique_check){ .n = 0 };
    if (!constraint->fields[0])
        return expressions_skipped(info, constraint, skip) ? NULL
                                                           : same_expressions(object, constraint);
    if (!nu__unique_fields(info, constraint->fields, skip, check))
        return NULL;
    return nu__others_like(object, check, constraint->nulls_distinct == NU_NULLS_NOT_DISTINCT);
}

/* ---- messages ----------------------------------------------------------------------------- */

static nu_str violation(const nu_constraint *constraint)
{
    const nu__message_param params[] = { { "name", nu_v_cstr(constraint->name) },
                                         { NULL, nu_null() } };

    return constraint->violation_error_message
               ? nu__message_expand(constraint->violation_error_message, params)
               : nu__message_translated("Constraint “%(name)s” is violated.", params);
}

static void add_violation(nu__errors *errors, const nu_constraint *constraint)
{
    const char *code = constraint->violation_error_code;

    /* Django files a message with the code "unique" under the only field of its constraint. */
    if (code && !strcmp(code, "unique") && constraint->fields[0] && !constraint->fields[1])
        nu__errors_add(errors, nu_s(constraint->fields[0]), code, violation(constraint), NULL);
    else
        nu__errors_add(errors, S(NU__WHOLE), code, violation(constraint), NULL);
}

/* ---- by kind ------------------------------------------------------------------------------ */

static void validate_check(nu_object *object, const nu_constraint *constraint,
                           const nu__field_bits *skip, nu__errors *errors)
{
    nu_expr *condition = nu__text_condition(nu_s(constraint->check));

    if (!names_skipped(nu__info_of(object), condition, skip) && is_known(object) &&
        !holds(object, condition))
        add_violation(errors, constraint);
}

static void validate_conditional(nu_object *object, const nu_constraint *constraint,
                                 nu_query *others, const nu__field_bits *skip, nu__errors *errors)
{
    nu_expr *condition = nu__text_condition(nu_s(constraint->condition));
    const nu_cond both[] = { nu_expr_cond(condition),
                             Exists(nu__query_meeting(others, condition)),
                             { 0 } };

    if (!names_skipped(nu__info_of(object), condition, skip) && is_known(object) &&
        holds(object, nu__q_of(both, NU__AND, false)))
        add_violation(errors, constraint);
}

static void validate_unique_constraint(nu_object *object, const nu_constraint *constraint,
                                       const nu__field_bits *skip, nu__errors *errors)
{
    nu__unique_check check;
    nu_query *others = clashing(object, constraint, skip, &check);

    if (!others)
        return;
    if (constraint->condition)
        validate_conditional(object, constraint, others, skip, errors);
    else if (!nu_exists(others))
        return;
    else if (check.n && !constraint->violation_error_message)
        nu__errors_add_unique(errors, nu__info_of(object), &check);
    else
        add_violation(errors, constraint);
}

static void validate_exclusion(nu_object *object, const nu_constraint *constraint,
                               const nu__field_bits *skip, nu__errors *errors)
{
    nu_query *others = excluded(object, constraint, skip);

    if (!others)
        return;
    if (constraint->condition)
        validate_conditional(object, constraint, others, skip, errors);
    else if (nu_exists(others))
        add_violation(errors, constraint);
}

/* Exclusion constraints are there on PostgreSQL alone. */
static bool has_exclusion(const nu__model_info *info)
{
    const char *alias = nu__router_db_for_read(info, NULL);

    return nu__connection_of(alias)->backend->features->supports_exclusion_constraints;
}

void nu__validate_constraints(nu_object *object, const nu__field_bits *skip, nu__errors *errors)
{
    nu__model_info *info = nu__info_of(object);

    for (int i = 0; i < 16 && info->model->constraints[i].name; i++) {
        const nu_constraint *constraint = &info->model->constraints[i];

        if (constraint->check)
            validate_check(object, constraint, skip, errors);
        else if (constraint->excludes[0][0] && has_exclusion(info))
            validate_exclusion(object, constraint, skip, errors);
        else if (!constraint->excludes[0][0])
            validate_unique_constraint(object, constraint, skip, errors);
    }
}
