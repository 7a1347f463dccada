/* What `import` finds: one row a module, one row a name. */
#include "cli/shell/modules.h"

#include "cli/shell/evaluator.h"
#include "cli/shell/limits.h"
#include "cli/shell/orm/orm.h"
#include "core/list.h"

static const nu__py_module_row *const modules[] = {
    &nu__py_collections_module,
    &nu__py_copy_module,
    &nu__py_datetime_module,
    &nu__py_decimal_module,
    &nu__py_functools_module,
    &nu__py_itertools_module,
    &nu__py_json_module,
    &nu__py_math_module,
    &nu__py_operator_module,
    &nu__py_re_module,
    &nu__py_uuid_module,
    &nu__py_zoneinfo_module,
    NULL,
};

static const nu__py_module_row *row_of(nu_str name);

/* The module "a.b" is what "a" has as "b". */
static bool inner_module(const nu__py_module_row *module, nu_str name, nu__py *out)
{
    const nu__py_module_row *row = row_of(nu_fmt("{}.{}", module->name, name));

    if (row)
        *out = nu__py_pointer(&nu__py_module_type, row);
    return row;
}

static bool member(const nu__py_module_row *module, nu_str name, nu__py *out)
{
    for (const nu__py_method *f = module->functions; f && f->name; f++)
        if (nu_eq(name, f->name)) {
            *out = nu__py_method_of(nu__py_pointer(&nu__py_module_type, module), f);
            return true;
        }
    for (const nu__py_type *const *t = module->types; t && *t; t++)
        if (nu_eq(name, (*t)->name)) {
            *out = nu__py_class(*t);
            return true;
        }
    for (const nu__py_constant *c = module->constants; c && c->name; c++)
        if (nu_eq(name, c->name)) {
            *out = c->make();
            return true;
        }
    return (module->get && module->get(nu_s(module->name), name, out)) ||
           inner_module(module, name, out);
}

static bool get(nu__py self, nu_str name, nu__py *out)
{
    return member(self.cp, name, out);
}

static void names(nu__py self, nu_list *out)
{
    const nu__py_module_row *module = self.cp;

    for (const nu__py_method *f = module->functions; f && f->name; f++)
        nu_list_append(out, f->name);
    for (const nu__py_type *const *t = module->types; t && *t; t++)
        nu_list_append(out, (*t)->name);
    for (const nu__py_constant *c = module->constants; c && c->name; c++)
        nu_list_append(out, c->name);
    if (module->names)
        module->names(nu_s(module->name), out);
}

static void text(nu__py self, nu__buf *out)
{
    nu__buf_str_add(out, nu_s(((const nu__py_module_row *)self.cp)->name));
}

static void repr(nu__py self, nu__buf *out)
{
    nu__buf_fmt(out, "<module '{}'>", ((const nu__py_module_row *)self.cp)->name);
}

const nu__py_type nu__py_module_type = {
    .name = "module", .get = get, .names = names, .repr = repr, .text = text
};

static const nu__py_module_row *module_named(const nu__py_module_row *const *rows, nu_str name)
{
    for (; *rows; rows++)
        if (nu_eq(name, (*rows)->name))
            return *rows;
    return NULL;
}

static const nu__py_module_row *row_of(nu_str name)
{
    const nu__py_module_row *row = module_named(modules, name);

    return row ? row : nu__orm_module(name);
}

nu__py nu__py_module(nu_str name)
{
    const nu__py_module_row *row = row_of(name);
    nu_list *known = nu_list_new();

    if (row)
        return nu__py_pointer(&nu__py_module_type, row);
    for (size_t i = 0; modules[i]; i++)
        nu_list_append(known, modules[i]->name);
    nu__orm_module_names(known);
    nu__py_raise(&nu__py_module_not_found_error, "No module named '{}'{}", name,
                 nu__py_did_you_mean(name, known));
}
