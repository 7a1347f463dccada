/* The names that the ORM gives to the shell: models, expressions, exceptions, connections. */
#include "cli/shell/orm/fetch_modes.h"
#include "cli/shell/orm/on_delete.h"
#include "core/object.h"

#include <string.h>

/* ---- exceptions --------------------------------------------------------------------------------
 */

const nu_error_class nu__orm_exceptions[] = {
    NU_OBJECT_DOES_NOT_EXIST,
    NU_MULTIPLE_OBJECTS_RETURNED,
    NU_VALIDATION_ERROR,
    NU_FIELD_DOES_NOT_EXIST,
    NU_FIELD_ERROR,
    NU_FIELD_FETCH_BLOCKED,
    NU_EMPTY_RESULT_SET,
    NU_IMPROPERLY_CONFIGURED,
    NU_PERMISSION_DENIED,
    NU_SUSPICIOUS_OPERATION,
    NU_CONNECTION_DOES_NOT_EXIST,
    NU_DATABASE_ERROR_BASE,
    NU_INTERFACE_ERROR,
    NU_DATABASE_ERROR,
    NU_DATA_ERROR,
    NU_OPERATIONAL_ERROR,
    NU_INTEGRITY_ERROR,
    NU_INTERNAL_ERROR,
    NU_PROGRAMMING_ERROR,
    NU_NOT_SUPPORTED_ERROR,
    NU_PROTECTED_ERROR,
    NU_RESTRICTED_ERROR,
    NU_TRANSACTION_MANAGEMENT_ERROR,
    0,
};

/* ---- the rest
 * ------------------------------------------------------------------------------------ */

static const struct {
    const char *name;
    const nu__py_type *type;
} objects[] = {
    { "transaction", &nu__orm_transaction_type },
    { "connection", &nu__orm_connection_type },
};

/* One class under the names that Django has for it. */
static const char *const range_names[] = { "NumericRange", "DateRange", "DateTimeTZRange" };

static const nu__py_type *const classes[] = { &nu__orm_model_type, &nu__orm_queryset_type,
                                              &nu__orm_manager_type };

void nu__orm_globals(nu__py_scope *scope)
{
    const nu__registry *registry = nu__models();
    nu_list *names = nu_list_new();

    nu__orm_class_names(names);
    for (size_t i = 0; i < nu_list_len(names); i++)
        nu__py_assign(scope, nu_at(names, i).s, nu__py_class(nu__orm_class(nu_at(names, i).s)));
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        nu__py_assign(scope, nu_s(classes[i]->name), nu__py_class(classes[i]));
    for (size_t i = 0; i < sizeof range_names / sizeof *range_names; i++)
        nu__py_assign(scope, nu_s(range_names[i]), nu__py_class(&nu__orm_range_type));
    for (const nu_error_class *e = nu__orm_exceptions; *e; e++)
        nu__py_assign(scope, nu_s(nu_error_class_name(*e)), nu__py_class(&nu__py_errors[*e]));
    nu__py_assign(scope, S("prefetch_related_objects"),
                  nu__py_get(nu__py_module(S("django.db.models")), S("prefetch_related_objects")));
    for (const nu__py_constant *what = nu__orm_on_deletes; what->name; what++)
        nu__py_assign(scope, nu_s(what->name), what->make());
    for (const nu__py_constant *mode = nu__orm_fetch_modes; mode->name; mode++)
        nu__py_assign(scope, nu_s(mode->name), mode->make());
    for (size_t i = 0; i < sizeof objects / sizeof *objects; i++)
        nu__py_assign(scope, nu_s(objects[i].name), nu__py_pointer(objects[i].type, NULL));
    for (size_t i = 0; i < registry->n_models; i++)
        if (!registry->models[i]->auto_created)
            nu__py_assign(scope, registry->models[i]->name,
                          nu__py_class(nu__orm_type_of(registry->models[i])));
}
