/* JSON from outside into structs of the caller's: nu_json_bind(), nu_json_rows(). */
#include "core/error.h"
#include "core/object.h"
#include "db/models/field_values.h"
#include "db/models/rows.h"
#include "db/sql/expression.h"

/* Which field's to_python a member's kind takes. */
static const struct {
    nu_kind kind;
    nu_field_type type;
    bool optional; /* may be missing or null */
} bindings[] = {
    { NU_KIND_BOOL, NU_BOOLEAN_FIELD, false },
    { NU_KIND_I32, NU_BIG_INTEGER_FIELD, false },
    { NU_KIND_INT, NU_BIG_INTEGER_FIELD, false },
    { NU_KIND_FLOAT, NU_FLOAT_FIELD, false },
    { NU_KIND_STR, NU_TEXT_FIELD, false },
    { NU_KIND_DATE, NU_DATE_FIELD, false },
    { NU_KIND_DATETIME, NU_DATETIME_FIELD, false },
    { NU_KIND_TIME, NU_TIME_FIELD, false },
    { NU_KIND_TIMEDELTA, NU_DURATION_FIELD, false },
    { NU_KIND_DECIMAL, NU_DECIMAL_FIELD, false },
    { NU_KIND_UUID, NU_UUID_FIELD, false },
    { NU_KIND_OPT_INT, NU_BIG_INTEGER_FIELD, true },
    { NU_KIND_OPT_FLOAT, NU_FLOAT_FIELD, true },
    { NU_KIND_OPT_BOOL, NU_BOOLEAN_FIELD, true },
    { NU_KIND_JSON, NU_JSON_FIELD, true },
};

static void add_error(nu_dict *errors, const char *name, nu_str message)
{
    nu_dict_set(errors, name, NU_LIST(message));
}

static void bind_member(const nu_column *column, nu_value value, void *row, nu_dict *errors)
{
    nu_value converted;
    nu__invalid why;
    size_t i = 0;

    while (i < sizeof(bindings) / sizeof(*bindings) && bindings[i].kind != column->kind)
        i++;
    if (i == sizeof(bindings) / sizeof(*bindings))
        nu_raise(NU_TYPE_ERROR, "{}: JSON has nothing for a member of its type", column->name);
    if (value.kind == NU_KIND_NULL) {
        if (!bindings[i].optional)
            add_error(errors, column->name, S("This field is required."));
        return;
    }
    if (column->kind == NU_KIND_STR && !nu__is_text(value)) {
        add_error(errors, column->name, S("Not a valid string."));
        return;
    }
    if (!nu__field_to_python(nu__type_of(bindings[i].type), value, &converted, &why)) {
        add_error(errors, column->name, why.message);
        return;
    }
    nu__member_put(column, row, converted);
}

static void raise_errors(nu_dict *errors)
{
    nu_error error = { .klass = NU_VALIDATION_ERROR, .file = __FILE__, .line = __LINE__ };

    if (!nu_dict_len(errors))
        return;
    error.detail = errors;
    error.message = nu_string(nu_v_dict(errors));
    nu__raise_like(&error);
}

static void bind(nu_value value, void *row, const nu_column *columns, nu_dict *errors)
{
    if (value.kind != NU_KIND_DICT) {
        add_error(
            errors, "__all__",
            nu_fmt("Invalid data. Expected a dictionary, but got {}.", nu__kind_name(value.kind)));
        return;
    }
    for (; columns->name; columns++)
        bind_member(columns, nu_item(value.dict, columns->name), row, errors);
}

void nu_json_bind_(nu_value value, void *out, const nu_column *columns)
{
    nu_dict *errors = nu_dict_new();

    bind(value, out, columns, errors);
    raise_errors(errors);
}

void *nu_json_rows_(nu_value value, const char *key, size_t size, const nu_column *columns,
                    size_t *n)
{
    nu_dict *errors = nu_dict_new();
    nu_value list = value.kind == NU_KIND_DICT ? nu_item(value.dict, key) : nu_null();
    char *rows;

    if (list.kind != NU_KIND_LIST) {
        add_error(errors, key,
                  list.kind == NU_KIND_NULL
                      ? S("This field is required.")
                      : nu_fmt("Expected a list of items but got type \"{}\".",
                               nu__kind_name(list.kind)));
        raise_errors(errors);
    }
    *n = nu_list_len(list.list);
    rows = nu_alloc_(*n + 1, size);
    for (size_t i = 0; i < *n; i++)
        bind(nu_at(list.list, i), rows + i * size, columns, errors);
    raise_errors(errors);
    return rows;
}
