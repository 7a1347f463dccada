/* save(), delete(), full_clean() and the other methods of instances. */
#include "cli/shell/orm/instance_methods.h"
#include "cli/shell/orm/json_members.h"
#include "core/error.h"
#include "core/object.h"

#include <string.h>

static bool is_none(nu__py value)
{
    return !nu__py_given(value) || NU__PY_IS(value, none);
}

/* ---- writing
 * ------------------------------------------------------------------------------------- */

static nu__py save(nu__py self, const nu__py *args)
{
    nu_saving how = { .force_insert = nu__py_true_or(args[0], false),
                      .force_update = nu__py_true_or(args[1], false),
                      .using = nu__orm_cstr(args[2], "using") };

    if (nu__py_given(args[0]) && !NU__PY_IS(args[0], bool) && !NU__PY_IS(args[0], tuple))
        nu_raise(NU_TYPE_ERROR, "force_insert must be a bool or tuple.");
    if (!is_none(args[3]))
        how.update_fields = nu__orm_names_of(args[3], "update_fields");
    nu__orm_json_back(self.p);
    nu_save_with_(self.p, &how);
    return nu__py_none();
}

static nu__py delete_(nu__py self, const nu__py *args)
{
    nu_deleting how = { .using = nu__orm_cstr(args[0], "using"),
                        .keep_parents = nu__py_true_or(args[1], false) };

    nu__orm_json_back(self.p);
    return nu__orm_deleted(nu_delete_with_(self.p, &how));
}

static nu__py refresh(nu__py self, const nu__py *args)
{
    nu_refreshing how = { .using = nu__orm_cstr(args[0], "using"),
                          .from_queryset = is_none(args[2]) ? NULL : nu__orm_query_of(args[2]) };

    if (!is_none(args[1]))
        how.fields = nu__orm_names_of(args[1], "fields");
    nu_refresh_with_(self.p, &how);
    return nu__py_none();
}

/* ---- validation
 * ---------------------------------------------------------------------------------- */

static nu__py clean_parts(nu__py self, unsigned parts, nu__py exclude)
{
    nu__orm_json_back(self.p);
    nu_clean_(self.p, parts, is_none(exclude) ? NULL : nu__orm_names_of(exclude, "exclude"));
    return nu__py_none();
}

static nu__py full_clean(nu__py self, const nu__py *args)
{
    unsigned parts = NU_CLEAN_FIELDS | NU_CLEAN_MODEL;

    parts |= nu__py_true_or(args[1], true) ? NU_CLEAN_UNIQUE : 0;
    parts |= nu__py_true_or(args[2], true) ? NU_CLEAN_CONSTRAINTS : 0;
    return clean_parts(self, parts, args[0]);
}

static nu__py clean_fields(nu__py self, const nu__py *args)
{
    return clean_parts(self, NU_CLEAN_FIELDS, args[0]);
}

static nu__py validate_unique(nu__py self, const nu__py *args)
{
    return clean_parts(self, NU_CLEAN_UNIQUE, args[0]);
}

static nu__py validate_constraints(nu__py self, const nu__py *args)
{
    return clean_parts(self, NU_CLEAN_CONSTRAINTS, args[0]);
}

static nu__py clean(nu__py self, const nu__py *args)
{
    const nu_model *model = nu__info_of(self.p)->model;

    (void)args;
    if (model->clean)
        model->clean(self.p);
    return nu__py_none();
}

/* ---- fields
 * --------------------------------------------------------------------------------------- */

static nu__py get_deferred_fields(nu__py self, const nu__py *args)
{
    nu__py out = nu__py_dict_new(&nu__py_set_type);
    const nu_list *names;

    (void)args;
    nu__orm_json_back(self.p);
    names = nu_deferred_fields_(self.p);
    for (size_t i = 0; i < nu_list_len(names); i++)
        nu__py_dict_set(out.dict, nu__py_of(nu_at(names, i)), nu__py_none());
    return out;
}

static nu__py serializable_value(nu__py self, const nu__py *args)
{
    const nu__field *field =
        nu__model_field(nu__info_of(self.p), nu__py_as_str(args[0], "a field"));

    return nu__py_get(self, field ? field->attname : args[0].s);
}

const nu__py_method nu__orm_instance_methods[] = {
    { "save", "force_insert=, force_update=, using=, update_fields=", save },
    { "save_base", "force_insert=, force_update=, using=, update_fields=", save },
    { "delete", "using=, keep_parents=", delete_ },
    { "refresh_from_db", "using=, fields=, from_queryset=", refresh },
    { "full_clean", "exclude=, validate_unique=, validate_constraints=", full_clean },
    { "clean_fields", "exclude=", clean_fields },
    { "clean", NULL, clean },
    { "validate_unique", "exclude=", validate_unique },
    { "validate_constraints", "exclude=", validate_constraints },
    { "get_deferred_fields", NULL, get_deferred_fields },
    { "serializable_value", "field_name", serializable_value },
    { "unique_error_message", "model_class, unique_check", nu__orm_unique_error_message },
    { "date_error_message", "lookup_type, field_name, unique_for", nu__orm_date_error_message },
    { 0 },
};

/* ---- _state and pk
 * --------------------------------------------------------------------------------- */

static nu__py state_adding(nu__py self)
{
    return nu__py_bool(nu_is_adding_(self.p));
}

static nu__py state_db(nu__py self)
{
    const char *db = nu__row_of(self.p)->db;

    return db ? nu__py_str(nu_s(db)) : nu__py_none();
}

static const nu__py_attribute state_attributes[] = { { "adding", state_adding },
                                                     { "db", state_db },
                                                     { 0 } };
static bool state_set(nu__py self, nu_str name, nu__py value)
{
    if (!nu_eq(name, "adding"))
        return false;
    nu_set_adding_(self.p, nu__py_truth(value));
    return true;
}

static const nu__py_type state_type = { .name = "ModelState",
                                        .module = "django.db.models.base",
                                        .attributes = state_attributes,
                                        .set = state_set };

static nu__py get_state(nu__py self)
{
    return nu__py_pointer(&state_type, self.p);
}

static nu__py get_meta(nu__py self)
{
    return nu__orm_meta(nu__info_of(self.p));
}

const nu__py_attribute nu__orm_instance_attributes[] = { { "_state", get_state },
                                                         { "_meta", get_meta },
                                                         { 0 } };
