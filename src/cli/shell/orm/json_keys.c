/* KeyTransform and KeyTextTransform of django.db.models.fields.json. PostgreSQL's hstore has a
   KeyTransform too, which is the one that is at hand without an import. */
#include "cli/shell/orm/orm.h"
#include "db/sql/lookups.h"

static nu_expr *key_of(const nu__py *args)
{
    const nu_expr *source = nu__orm_operand(args[1], true);
    nu_str name = nu_copy(nu__py_text(args[0]));

    return (nu_expr *)nu__json_key_of(source, name);
}

static nu__py make_key(nu__py self, const nu__py *args)
{
    return nu__orm_expression(self.class_, key_of(args));
}

static nu__py make_text_key(nu__py self, const nu__py *args)
{
    nu_expr *key = key_of(args);

    key->output = nu__type_of(NU_TEXT_FIELD);
    return nu__orm_expression(self.class_, key);
}

#define KEY(n, m)                                                                                  \
    {                                                                                              \
        .name = (n), .base = &nu__orm_expression_type, .module = "django.db.models.fields.json",   \
        .signature = "key_name, expression", .make = (m)                                           \
    }
static const nu__py_type key_type = KEY("KeyTransform", make_key);
static const nu__py_type text_key_type = KEY("KeyTextTransform", make_text_key);

static bool get(nu_str module, nu_str name, nu__py *out)
{
    const nu__py_type *type = nu__orm_class(name);

    (void)module;
    if (type)
        *out = nu__py_class(type);
    return type;
}

static void names(nu_str module, nu_list *out)
{
    (void)module;
    nu_list_append(out, "JSONField");
    nu_list_append(out, "KT");
}

const nu__py_module_row nu__orm_json_module = {
    .name = "django.db.models.fields.json",
    .types = (const nu__py_type *const[]){ &key_type, &text_key_type, NULL },
    .get = get,
    .names = names,
};
