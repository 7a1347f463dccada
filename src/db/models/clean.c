/* Model.full_clean(): fields, the model's own check, uniqueness, constraints. */
#include "core/error.h"
#include "core/object.h"
#include "db/models/check_text.h"
#include "db/models/queryset.h"
#include "db/sql/functions.h"
#include "db/sql/lookups.h"

#include <nuages/timezone.h>
#include <string.h>

#define WHOLE "__all__"

/* ---- errors by field ---------------------------------------------------------------------- */

static nu_list *messages_of(nu_dict *errors, nu_str field)
{
    nu_value list;

    if (nu_dict_find(errors, field, &list))
        return list.list;
    list = nu_v_list(nu_list_new());
    nu_dict_set_str(errors, field, list);
    return list.list;
}

static void add_error(nu_dict *errors, nu_str field, nu_str message)
{
    nu_list_append(messages_of(errors, field), message);
}

static bool has_error(const nu_dict *errors, nu_str field)
{
    nu_value list;

    return nu_dict_find(errors, field, &list);
}

/* What a raised ValidationError says; one without fields is about the whole. */
static void take_raised(nu_dict *errors, const nu_error *error)
{
    if (!error->detail) {
        add_error(errors, S(WHOLE), nu_copy(error->message));
        return;
    }
    for (size_t i = 0; i < nu_dict_len(error->detail); i++) {
        nu_list *messages = nu__value_items(nu_dict_value(error->detail, i));

        for (size_t k = 0; messages && k < nu_list_len(messages); k++)
            add_error(errors, nu_dict_key(error->detail, i), nu_string(nu_at(messages, k)));
    }
}

static nu_str capitalized(nu_str text)
{
    nu_str copy = nu_copy(text);
    char *first = (char *)copy.ptr;

    if (copy.len && *first >= 'a' && *first <= 'z')
        *first = (char)(*first - 32);
    return copy;
}

/* ---- fields ------------------------------------------------------------------------------- */

static void check_refers(const nu__field *field, nu_value key, nu_dict *errors)
{
    nu__model_info *to = field->relation->to;

    if (!nu_exists(nu__query_where(nu__query_new(to), S("pk"), key)))
        add_error(errors, field->name,
                  nu_fmt("{} instance with {} {!r} does not exist.", to->verbose_name, to->pk->name,
                         key));
}

static void clean_field(const nu__field *field, nu_object *object, nu_dict *errors)
{
    nu_value value = nu__field_get(field, object), converted;
    nu__invalid why;
    nu_list *messages = nu_list_new();

    if (field->blank && nu__field_value_empty(value))
        return;
    if (!nu__field_to_python(field, value, &converted, &why) ||
        !nu__field_validate(field, converted, &why)) {
        add_error(errors, field->name, why.message);
        return;
    }
    if (field->relation && converted.kind != NU_KIND_NULL) {
        check_refers(field, converted, errors);
        return;
    }
    nu__field_run_validators(field, converted, messages);
    for (size_t i = 0; i < nu_list_len(messages); i++)
        add_error(errors, field->name, nu_at(messages, i).s);
}

void nu__clean_fields(nu_object *object, const nu__field_bits *skip, nu_dict *errors)
{
    nu__model_info *info = nu__info_of(object);

    for (size_t i = 0; i < info->n_fields; i++)
        if (!nu__set_has(skip, (uint32_t)i))
            clean_field(&info->fields[i], object, errors);
}

/* ---- uniqueness --------------------------------------------------------------------------- */

/* Fields that together must be unique; n 0 ends. */
typedef struct unique_check {
    const nu__field *fields[8];
    size_t n;
} unique_check;

/* False where one is skipped. */
static bool take_fields(const nu__model_info *info, const char *const names[8],
                        const nu__field_bits *skip, unique_check *out)
{
    *out = (unique_check){ .n = 0 };
    for (int i = 0; i < 8 && names[i]; i++) {
        const nu__field *field = nu__model_field(info, nu_s(names[i]));

        if (!field || nu__set_has(skip, field->index))
            return false;
        out->fields[out->n++] = field;
    }
    return out->n > 0;
}

static nu_query *others_like(const nu_object *object, const unique_check *check)
{
    nu__model_info *info = nu__info_of(object);
    nu_query *query = nu__query_new(info);
    nu_cond conditions[9] = { { 0 } }, same[2] = { { 0 } };
    bool saved = nu__row_of(object)->db;

    for (size_t i = 0; i < check->n; i++) {
        nu_value value = nu__field_get(check->fields[i], object);

        if (value.kind == NU_KIND_NULL || (check->fields[i]->primary_key && saved))
            return NULL;
        conditions[i].lookup = check->fields[i]->attname.ptr;
        conditions[i].value = value;
    }
    query = nu_filter_(query, conditions);
    if (saved && nu__pk_is_set(object)) {
        same[0] = (nu_cond){ .lookup = "pk", .value = nu__pk_of(object) };
        query = nu_exclude_(query, same);
    }
    return query;
}

/* "Student with this Email already exists.", "… with this Student and Course already exists." */
static nu_str unique_message(const nu__model_info *info, const unique_check *check)
{
    nu__buf labels = { 0 };

    for (size_t i = 0; i < check->n; i++)
        nu__buf_fmt(&labels, "{}{}",
                    !i                  ? ""
                    : i + 1 == check->n ? " and "
                                        : ", ",
                    capitalized(check->fields[i]->verbose_name));
    return nu_fmt("{} with this {} already exists.", capitalized(info->verbose_name),
                  nu__buf_str(&labels));
}

static void run_unique_check(nu_object *object, const unique_check *check, nu_str message,
                             nu_dict *errors)
{
    nu_query *others = others_like(object, check);

    if (others && nu_exists(others))
        add_error(errors, check->n == 1 ? check->fields[0]->name : S(WHOLE),
                  message.ptr ? message : unique_message(nu__info_of(object), check));
}

static void check_for_date(nu_object *object, const nu__field *field, nu_dict *errors)
{
    nu__model_info *info = nu__info_of(object);
    const nu__field *date = nu__model_field(info, nu_s(field->def->unique_for_date));
    nu_value day = date ? nu__field_get(date, object) : nu_null();
    nu_query *query;

    if (day.kind == NU_KIND_NULL)
        return;
    query = nu__query_where(nu__query_new(info), field->name, nu__field_get(field, object));
    query = day.kind == NU_KIND_DATETIME
                ? nu__query_where(
                      query, nu_fmt("{}__date", date->name),
                      nu_v_date(nu_datetime_date((nu_datetime){ day.i }, nu_timezone_current())))
                : nu__query_where(query, date->name, day);
    if (nu__pk_is_set(object) && nu__row_of(object)->db) {
        nu_cond same[] = { { .lookup = "pk", .value = nu__pk_of(object) }, { 0 } };

        query = nu_exclude_(query, same);
    }
    if (nu_exists(query))
        add_error(errors, field->name,
                  nu_fmt("{} must be unique for {} date.", capitalized(field->verbose_name),
                         capitalized(date->verbose_name)));
}

void nu__validate_unique(nu_object *object, const nu__field_bits *skip, nu_dict *errors)
{
    nu__model_info *info = nu__info_of(object);
    unique_check check;

    for (int i = 0; i < 4 && info->model->unique_together[i][0]; i++)
        if (take_fields(info, info->model->unique_together[i], skip, &check))
            run_unique_check(object, &check, (nu_str){ 0 }, errors);
    for (size_t i = 0; i < info->n_fields; i++) {
        const nu__field *field = &info->fields[i];

        if (nu__set_has(skip, (uint32_t)i))
            continue;
        check = (unique_check){ { field }, 1 };
        if (field->unique)
            run_unique_check(object, &check, (nu_str){ 0 }, errors);
        if (field->def->unique_for_date)
            check_for_date(object, field, errors);
    }
}

/* ---- constraints -------------------------------------------------------------------------- */

static nu_expr *q_of_condition(const nu__check_text *condition)
{
    bool leaf = condition->op == NU__CONDITION_LOOKUP;
    nu_expr *node;

    if (leaf) {
        node = nu__expr_new(&nu__condition_expr, 1);
        node->name = condition->lookup;
        if (condition->field.ptr)
            node->args[0] = F(condition->field.ptr);
        else
            node->value = condition->value;
        return node;
    }
    node = nu__expr_new(&nu__q, 0);
    node->connector = condition->op == NU__CONDITION_ANY ? NU__OR : NU__AND;
    node->flags = condition->op == NU__CONDITION_NOT ? NU__NEGATED : 0;
    for (const nu__check_text *part = condition->parts; part; part = part->next) {
        nu__exprs list = { node->args, node->n_args, node->n_args };

        nu__exprs_add(&list, q_of_condition(part));
        node->args = list.items;
        node->n_args = list.n;
    }
    return node;
}

nu_expr *nu__check_text_q(nu_str text)
{
    return q_of_condition(nu__check_text_parse(text));
}

/* The condition about values instead of columns: SELECT 1 WHERE COALESCE(…, True). Unknown, as
   SQL's CHECK has it, is no violation. */
static bool holds(const nu_object *object, const char *text)
{
    nu__model_info *info = nu__info_of(object);
    nu__connection *connection = nu__connection_of(nu__router_db_for_read(info, object));
    nu__tree *tree = nu__tree_new(info);
    nu_expr *coalesce = nu__function_new(nu__function_find(S("Coalesce")), 2);
    nu__compiled compiled;
    nu_value one[1];

    tree->no_table = true;
    tree->default_cols = false;
    for (size_t i = 0; i < info->n_fields; i++)
        nu__tree_annotate(tree, info->fields[i].name,
                          nu__literal_of(nu__field_get(&info->fields[i], object), &info->fields[i]),
                          false);
    nu__tree_annotate(tree, S("_check"), nu__literal_of(nu_v_int(1), NULL), true);
    coalesce->output = nu__type_of(NU_BOOLEAN_FIELD);
    coalesce->args[0] = nu__check_text_q(nu_s(text));
    coalesce->args[1] = (nu_expr *)nu__literal_of(nu_v_bool(true), NULL);
    nu__tree_filter(tree, nu__expr_done(coalesce));
    nu__tree_clear_ordering(tree, true);
    compiled = nu__compile_select(tree, connection->backend);
    return nu__select_one(connection, &compiled, one);
}

static bool names_skipped(const nu__model_info *info, const char *text, const nu__field_bits *skip)
{
    for (size_t i = 0; i < info->n_fields; i++)
        if (nu__set_has(skip, (uint32_t)i) && strstr(text, info->fields[i].name.ptr))
            return true;
    return false;
}

void nu__validate_constraints(nu_object *object, const nu__field_bits *skip, nu_dict *errors)
{
    nu__model_info *info = nu__info_of(object);

    for (int i = 0; i < 16 && info->model->constraints[i].name; i++) {
        const nu_constraint *constraint = &info->model->constraints[i];
        nu_str message = constraint->violation_error_message
                             ? nu_s(constraint->violation_error_message)
                             : (nu_str){ 0 };
        unique_check check;

        if (constraint->check) {
            if (!names_skipped(info, constraint->check, skip) && !holds(object, constraint->check))
                add_error(errors, S(WHOLE),
                          message.ptr ? message
                                      : nu_fmt("Constraint “{}” is violated.", constraint->name));
        } else if (take_fields(info, constraint->fields, skip, &check) &&
                   (!constraint->condition || holds(object, constraint->condition))) {
            run_unique_check(object, &check, message, errors);
        }
    }
}

/* ---- all of it ---------------------------------------------------------------------------- */

static void clean_model(nu_object *object, nu_dict *errors)
{
    const nu_model *model = object->type;
    const nu_error *error;

    if (!model->clean)
        return;
    error = nu_catch(NU_VALIDATION_ERROR, model->clean(object));
    if (error)
        take_raised(errors, error);
}

/* Fields that are wrong already need not be unique too. */
static nu__field_bits with_errors(const nu__model_info *info, const nu__field_bits *skip,
                                  const nu_dict *errors)
{
    nu__field_bits out = *skip;

    for (size_t i = 0; i < info->n_fields; i++)
        if (has_error(errors, info->fields[i].name))
            nu__set_add(&out, (uint32_t)i);
    return out;
}

nu_dict *nu__instance_errors_of(nu_object *object, const nu__field_bits *skip, bool unique,
                                bool constraints)
{
    nu__model_info *info = nu__info_of(object);
    nu_dict *errors = nu_dict_new();
    nu__field_bits wrong;

    nu__clean_fields(object, skip, errors);
    clean_model(object, errors);
    wrong = with_errors(info, skip, errors);
    if (unique)
        nu__validate_unique(object, &wrong, errors);
    wrong = with_errors(info, &wrong, errors);
    if (constraints)
        nu__validate_constraints(object, &wrong, errors);
    return nu_dict_len(errors) ? errors : NULL;
}

nu_dict *nu__instance_errors(nu_object *object, const nu__field_bits *skip)
{
    static const nu__field_bits none;

    return nu__instance_errors_of(object, skip ? skip : &none, true, true);
}

nu_dict *nu_errors_of_(nu_object *object)
{
    return nu__instance_errors(object, NULL);
}

void nu_full_clean_(nu_object *object)
{
    nu_error error = { .klass = NU_VALIDATION_ERROR, .file = __FILE__, .line = __LINE__ };

    error.detail = nu__instance_errors(object, NULL);
    if (!error.detail)
        return;
    error.message = nu_string(nu_v_dict(error.detail));
    nu__raise_like(&error);
}
