/* What Model._meta.get_field("…") can do: values made ready, checked and read; of many-to-many
   fields the columns between. */
#include "cli/shell/orm/field_methods.h"
#include "cli/shell/dict.h"
#include "core/error.h"
#include "core/object.h"
#include "db/backends/base.h"
#include "db/models/checks.h"
#include "db/models/field_values.h"
#include "db/models/validators.h"
#include "db/sql/compiler.h"
#include "db/sql/lookups.h"
#include "utils/dateparse.h"
#include "utils/translation.h"

#include <nuages/managers.h>
#include <string.h>

static const nu__field *field_of(nu__py self)
{
    return self.cp;
}

/* ---- names and columns ---------------------------------------------------------------------- */

static nu__py get_internal_type(nu__py self, const nu__py *args)
{
    (void)args;
    return nu__py_str(nu_s(field_of(self)->type->internal));
}

static nu__py has_default(nu__py self, const nu__py *args)
{
    (void)args;
    return nu__py_bool(nu__field_has_default(field_of(self)));
}

/* As an instance that was given nothing has it. */
static nu__py get_default(nu__py self, const nu__py *args)
{
    const nu__field *field = field_of(self);
    nu__py instance = nu__orm_instance(nu_new_by_name(field->model->model, nu_alloc(nu_var)));

    (void)args;
    return nu__py_get(instance, field->attname);
}

static nu__py db_type(nu__py self, const nu__py *args)
{
    const nu__field *field = field_of(self);
    nu__connection *connection = nu__connection_of(args[0].cp);

    if (!field->column.ptr)
        return nu__py_none();
    return nu__py_str(nu__field_db_type(field, connection->backend->dialect));
}

static nu__dialect dialect_of(nu__py connection)
{
    return nu__connection_of(connection.cp)->backend->dialect;
}

static nu__py str_or_none(nu_str text)
{
    return text.ptr ? nu__py_str(text) : nu__py_none();
}

static nu__py db_type_suffix(nu__py self, const nu__py *args)
{
    return str_or_none(nu__field_db_suffix(field_of(self), dialect_of(args[0])));
}

static nu__py has_db_default(nu__py self, const nu__py *args)
{
    (void)args;
    return nu__py_bool(field_of(self)->def->db_default.kind != NU_KIND_NULL);
}

/* The type of a column that refers to it: a key is counted up in its own table only. */
static nu__py rel_db_type(nu__py self, const nu__py *args)
{
    const nu__field *field = field_of(self);
    nu_field_type counted[] = { [NU_AUTO_FIELD] = NU_INTEGER_FIELD,
                                [NU_BIG_AUTO_FIELD] = NU_BIG_INTEGER_FIELD,
                                [NU_SMALL_AUTO_FIELD] = NU_SMALL_INTEGER_FIELD };
    size_t type = field->type->type;

    if (type < sizeof counted / sizeof *counted && counted[type])
        return str_or_none(nu__field_db_type(nu__type_of(counted[type]), dialect_of(args[0])));
    return db_type(self, args);
}

static nu__py db_check(nu__py self, const nu__py *args)
{
    return str_or_none(nu__field_db_check(field_of(self), dialect_of(args[0])));
}

static nu__py db_parameters(nu__py self, const nu__py *args)
{
    nu__py out = nu__py_dict_new(&nu__py_dict_type);

    nu__py_dict_set(out.dict, nu__py_str(S("type")), db_type(self, args));
    nu__py_dict_set(out.dict, nu__py_str(S("check")), db_check(self, args));
    return out;
}

static nu__py get_attname(nu__py self, const nu__py *args)
{
    (void)args;
    return nu__py_str(field_of(self)->attname);
}

static nu__py get_attname_column(nu__py self, const nu__py *args)
{
    (void)args;
    return nu__py_pair(nu__py_str(field_of(self)->attname), str_or_none(field_of(self)->column));
}

static nu__py get_filter_kwargs(nu__py self, const nu__py *args)
{
    nu__py out = nu__py_dict_new(&nu__py_dict_type);

    nu__py_dict_set(out.dict, nu__py_str(field_of(self)->name),
                    nu__py_get(args[0], field_of(self)->attname));
    return out;
}

/* ---- values ------------------------------------------------------------------------------- */

static NU_NORETURN void refuse_with(const char *code, nu_str message, nu_dict *params)
{
    const nu_error error = { .klass = NU_VALIDATION_ERROR,
                             .code = code,
                             .message = message,
                             .params = params,
                             .file = __FILE__,
                             .line = __LINE__ };

    nu__raise_like(&error);
}

static NU_NORETURN void refuse(const nu__field *field, nu_value value, nu__invalid why)
{
    const nu__message_param params[] = { { "value", value }, { NULL, nu_null() } };

    refuse_with(why.code, nu__field_error_text(field, why.code, why.message, params),
                nu__params_of_value(why.code, value));
}

static nu_value python_value(const nu__field *field, nu__py given)
{
    nu_value value = nu__py_to_value(given), out;
    nu__invalid why;

    if (!nu__field_to_python(field, value, &out, &why))
        refuse(field, value, why);
    return out;
}

/* A text without a zone is what a clock shows: the shell has such, the library's instants are
   aware. */
static bool is_wall(const nu__field *field, nu__py given, nu__iso_datetime *out)
{
    return field->type->type == NU_DATETIME_FIELD && NU__PY_IS(given, str) &&
           nu__parse_written_datetime(given.s, out) == NU__PARSED && !out->has_offset;
}

static nu__py shown_value(const nu__field *field, nu__py given, nu_value value)
{
    nu__iso_datetime wall;

    return is_wall(field, given, &wall) ? nu__py_naive(wall.wall_us) : nu__py_of(value);
}

static nu__py to_python(nu__py self, const nu__py *args)
{
    return shown_value(field_of(self), args[0], python_value(field_of(self), args[0]));
}

/* ---- checking ------------------------------------------------------------------------------- */

/* A ValidationError of each, in one of them all. */
static void refuse_all(const nu__refusals *refused)
{
    nu__py errors = nu__py_list_new(&nu__py_list_type, nu_list_len(refused->messages));
    nu__py_call call = { .args = &errors, .n = 1 };

    for (size_t i = 0; i < nu_list_len(refused->messages); i++)
        nu__py_append(errors, nu__py_invalid_told(nu_string(nu_at(refused->messages, i)),
                                                  nu_string(nu_at(refused->codes, i)),
                                                  nu_at(refused->params, i)));
    if (errors.list->len)
        nu__py_throw(nu__py_invoke(nu__py_class(&nu__py_errors[NU_VALIDATION_ERROR]), &call));
}

/* What the other row of a foreign key must be. */
static void check_refers(const nu__field *field, nu_value value)
{
    nu__errors errors = nu__errors_new();

    if (!field->relation || field->parent_link || value.kind == NU_KIND_NULL)
        return;
    nu__check_refers(field, value, &errors);
    if (nu_dict_len(errors.messages))
        refuse_with(nu_string(nu_at(nu_dict_value(errors.codes, 0).list, 0)).ptr,
                    nu_string(nu_at(nu_dict_value(errors.messages, 0).list, 0)),
                    nu__params_at(nu_dict_value(errors.params, 0).list, 0));
}

static void check(const nu__field *field, nu_value value)
{
    nu__invalid why;

    if (!field->editable)
        return;
    if (!nu__field_validate(field, value, &why))
        refuse_with(why.code, why.message, nu__params_of_value(why.code, value));
    check_refers(field, value);
}

static void run_validators_of(const nu__field *field, nu_value value)
{
    nu__refusals refused = nu__refusals_new();

    if (nu__field_value_empty(value))
        return;
    nu__field_run_validators(field, value, &refused);
    refuse_all(&refused);
}

static nu_value given_value(const nu__field *field, nu__py value)
{
    return nu__orm_field_value(field->model, field->name, value);
}

static nu__py validate(nu__py self, const nu__py *args)
{
    check(field_of(self), given_value(field_of(self), args[0]));
    return nu__py_none();
}

static nu__py run_validators(nu__py self, const nu__py *args)
{
    run_validators_of(field_of(self), given_value(field_of(self), args[0]));
    return nu__py_none();
}

static nu__py clean(nu__py self, const nu__py *args)
{
    const nu__field *field = field_of(self);
    nu_value value = python_value(field, args[0]);

    check(field, value);
    run_validators_of(field, value);
    return shown_value(field, args[0], value);
}

/* ---- reading, and making ready to be written ------------------------------------------------ */

static nu__py get_prep_value(nu__py self, const nu__py *args)
{
    const nu__field *field = field_of(self);

    if (NU__PY_IS(args[0], none))
        return args[0];
    return nu__py_of(nu__prepare(field->target, given_value(field, args[0])));
}

/* A JSON field's null is JSON's; a row is saved with the database's. */
static nu__py get_db_prep_value(nu__py self, const nu__py *args)
{
    const nu__field *field = field_of(self);
    const nu__backend *backend = nu__connection_of(args[1].cp)->backend;
    nu_value value = nu__py_to_value(get_prep_value(self, args));

    if (value.kind == NU_KIND_NULL)
        return field->type->type == NU_JSON_FIELD ? nu__py_str(S("null")) : nu__py_none();
    return nu__py_of(nu__param_given(nu__saved_param(field->target, value, backend), backend));
}

static nu__py get_db_prep_save(nu__py self, const nu__py *args)
{
    bool none = NU__PY_IS(args[0], none), empty = NU__PY_IS(args[0], str) && !args[0].s.len;

    return none || (empty && field_of(self)->relation) ? nu__py_none()
                                                       : get_db_prep_value(self, args);
}

/* The system checks of the field alone, each with its id and text. */
static nu__py check_field(nu__py self, const nu__py *args)
{
    nu_list *out = nu_list_new();

    (void)args;
    nu__check_field(field_of(self), out);
    return nu__py_of(nu_v_list(out));
}

/* Now where the field says so; else what the instance has. */
static nu__py pre_save(nu__py self, const nu__py *args)
{
    const nu__field *field = field_of(self);
    nu_object *object = nu__orm_object(args[0]);
    bool adding = nu__py_truth(args[1]);

    if (!object)
        nu_raise(NU_TYPE_ERROR, "pre_save() takes a model instance, not {}", args[0].type->name);
    if (field->auto_now || (field->auto_now_add && adding))
        return nu__py_of(nu__pre_save(field, object, adding));
    return nu__py_get(args[0], field->attname);
}

/* Of many: the rows, none of an instance without a key. */
static nu__py value_from_object(nu__py self, const nu__py *args)
{
    const nu__field *field = field_of(self);
    nu_object *object = nu__orm_object(args[0]);

    if (!field->relation || !field->relation->many_to_many)
        return nu__py_get(args[0], field->attname);
    if (object && !nu__pk_is_set(object))
        return nu__py_list_new(&nu__py_list_type, 0);
    return nu__py_collect(nu__orm_queryset(nu__orm_query_of(nu__py_get(args[0], field->name))),
                          &nu__py_list_type);
}

static bool is_moment(const nu__field *field)
{
    nu_field_type type = field->target->type->type;

    return type == NU_DATE_FIELD || type == NU_DATETIME_FIELD || type == NU_TIME_FIELD;
}

/* As fixtures have it: moments in ISO 8601, JSON as it is. */
static nu__py value_to_string(nu__py self, const nu__py *args)
{
    const nu__field *field = field_of(self);
    nu__py value = value_from_object(self, args);

    if (field->type->type == NU_JSON_FIELD)
        return value;
    if (NU__PY_IS(value, none) && is_moment(field))
        return nu__py_str(S(""));
    if (is_moment(field) && !NU__PY_IS(value, str))
        return nu__py_invoke(nu__py_get(value, S("isoformat")), &(nu__py_call){ 0 });
    return nu__py_str(nu__py_text(value));
}

/* ---- the table ------------------------------------------------------------------------------ */

const nu__py_method nu__orm_field_methods[] = {
    { "get_internal_type", NULL, get_internal_type },
    { "has_default", NULL, has_default },
    { "get_default", NULL, get_default },
    { "db_type", "connection", db_type },
    { "rel_db_type", "connection", rel_db_type },
    { "db_check", "connection", db_check },
    { "db_parameters", "connection", db_parameters },
    { "cast_db_type", "connection", db_type },
    { "get_attname", NULL, get_attname },
    { "get_attname_column", NULL, get_attname_column },
    { "to_python", "value", to_python },
    { "validate", "value, model_instance", validate },
    { "run_validators", "value", run_validators },
    { "clean", "value, model_instance", clean },
    { "get_prep_value", "value", get_prep_value },
    { "get_db_prep_value", "value, connection, prepared=", get_db_prep_value },
    { "get_db_prep_save", "value, connection", get_db_prep_save },
    { "pre_save", "model_instance, add", pre_save },
    { "deconstruct", NULL, nu__orm_field_deconstruct },
    { "check", NULL, check_field },
    { "get_lookup", "lookup_name", nu__orm_field_lookup },
    { "get_transform", "lookup_name", nu__orm_field_transform },
    { "get_lookups", NULL, nu__orm_field_lookups },
    { "get_choices",
      "include_blank=, blank_choice=, limit_choices_to=, ordering=", nu__orm_field_choices },
    { "has_db_default", NULL, has_db_default },
    { "db_type_suffix", "connection", db_type_suffix },
    { "get_filter_kwargs_for_object", "obj", get_filter_kwargs },
    { "value_from_object", "obj", value_from_object },
    { "value_to_string", "obj", value_to_string },
    { 0 },
};
