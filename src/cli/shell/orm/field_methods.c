/* What Model._meta.get_field("…") can do: values made ready, checked and read; of many-to-many
   fields the columns between. */
#include "cli/shell/orm/orm.h"
#include "core/object.h"
#include "db/backends/base.h"
#include "db/models/field_values.h"
#include "db/models/validators.h"
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

static NU_NORETURN void refuse(const nu__field *field, nu_value value, nu__invalid why)
{
    const nu__message_param params[] = { { "value", value }, { NULL, nu_null() } };

    nu_raise_validation(why.code, "{}", nu__field_error_text(field, why.code, why.message, params));
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

/* A ValidationError of several messages is one of a list. */
static void refuse_all(const nu_list *messages, const nu_list *codes)
{
    nu__py texts = nu__py_of(nu_v_list((nu_list *)(uintptr_t)messages));
    nu__py_call call = { .args = &texts, .n = 1 };

    if (!nu_list_len(messages))
        return;
    if (nu_list_len(messages) == 1)
        nu_raise_validation(nu_string(nu_at(codes, 0)).ptr, "{}", nu_string(nu_at(messages, 0)));
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
        refuse_all(nu_dict_value(errors.messages, 0).list, nu_dict_value(errors.codes, 0).list);
}

static void check(const nu__field *field, nu_value value)
{
    nu__invalid why;

    if (!field->editable)
        return;
    if (!nu__field_validate(field, value, &why))
        nu_raise_validation(why.code, "{}", why.message);
    check_refers(field, value);
}

static void run_validators_of(const nu__field *field, nu_value value)
{
    nu__refusals refused = { nu_list_new(), nu_list_new() };

    if (nu__field_value_empty(value))
        return;
    nu__field_run_validators(field, value, &refused);
    refuse_all(refused.messages, refused.codes);
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

static nu__py value_from_object(nu__py self, const nu__py *args)
{
    return nu__py_get(args[0], field_of(self)->attname);
}

static nu__py value_to_string(nu__py self, const nu__py *args)
{
    return nu__py_str(nu__py_text(value_from_object(self, args)));
}

/* ---- of relations --------------------------------------------------------------------------- */

static nu__py related_query_name(nu__py self, const nu__py *args)
{
    (void)args;
    return nu__py_str(field_of(self)->relation->query_name);
}

static nu__py is_cached(nu__py self, const nu__py *args)
{
    const nu_object *object = nu__orm_object(args[0]);

    if (!object)
        nu_raise(NU_ATTRIBUTE_ERROR, "'{}' object has no attribute '_state'", args[0].type->name);
    return nu__py_bool(*nu__field_cached(field_of(self), object) != NULL);
}

#define OF_MANY(name, expression)                                                                  \
    static nu__py name(nu__py self, const nu__py *args)                                            \
    {                                                                                              \
        const nu__relation *relation = field_of(self)->relation;                                   \
                                                                                                   \
        (void)args;                                                                                \
        return nu__py_str(expression);                                                             \
    }
OF_MANY(m2m_db_table, relation->through->db_table)
OF_MANY(m2m_column_name, relation->through_from->column)
OF_MANY(m2m_reverse_name, relation->through_to->column)
OF_MANY(m2m_field_name, relation->through_from->name)
OF_MANY(m2m_reverse_field_name, relation->through_to->name)
OF_MANY(m2m_target_field_name, relation->through_from->target->name)
OF_MANY(m2m_reverse_target_field_name, relation->through_to->target->name)

/* What only fields of some kind have. */
static const nu__py_method relation_methods[] = {
    { "related_query_name", NULL, related_query_name },
    { "is_cached", "instance", is_cached },
    { 0 },
};

static const nu__py_method many_methods[] = {
    { "related_query_name", NULL, related_query_name },
    { "m2m_db_table", NULL, m2m_db_table },
    { "m2m_column_name", NULL, m2m_column_name },
    { "m2m_reverse_name", NULL, m2m_reverse_name },
    { "m2m_field_name", NULL, m2m_field_name },
    { "m2m_reverse_field_name", NULL, m2m_reverse_field_name },
    { "m2m_target_field_name", NULL, m2m_target_field_name },
    { "m2m_reverse_target_field_name", NULL, m2m_reverse_target_field_name },
    { 0 },
};

static const nu__py_method *methods_of(const nu__field *field)
{
    return !field->relation                ? NULL
           : field->relation->many_to_many ? many_methods
                                           : relation_methods;
}

bool nu__orm_field_get(nu__py self, nu_str name, nu__py *out)
{
    for (const nu__py_method *m = methods_of(field_of(self)); m && m->name; m++)
        if (nu_eq(name, m->name)) {
            *out = nu__py_method_of(self, m);
            return true;
        }
    return false;
}

void nu__orm_field_names(nu__py self, nu_list *out)
{
    for (const nu__py_method *m = methods_of(field_of(self)); m && m->name; m++)
        nu_list_append(out, m->name);
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
    { "pre_save", "model_instance, add", pre_save },
    { "get_filter_kwargs_for_object", "obj", get_filter_kwargs },
    { "value_from_object", "obj", value_from_object },
    { "value_to_string", "obj", value_to_string },
    { 0 },
};
