/* Field.get_lookup(), get_transform(), get_lookups(): the classes behind the names of lookups. */
#include "cli/shell/orm/field_methods.h"
#include "core/object.h"
#include "db/backends/base.h"
#include "db/sql/lookups.h"

#include <string.h>

static uint32_t family_of(const nu__field *field)
{
    nu_expr probe = { .klass = &nu__literal, .output = field };

    return nu__family_of(&probe);
}

/* ---- names of classes ------------------------------------------------------------------------ */

/* Django has a class of its own for a lookup of some types. The first row that fits counts. */
static const struct {
    uint32_t families;
    const char *lookup, *prefix, *name; /* name NULL: the plain class, after the prefix */
} of_types[] = {
    { NU__FAMILY_INTEGER, "exact", "IntegerField", NULL },
    { NU__FAMILY_INTEGER, "gt", "Integer", NULL },
    { NU__FAMILY_INTEGER, "gte", "Integer", NULL },
    { NU__FAMILY_INTEGER, "lt", "Integer", NULL },
    { NU__FAMILY_INTEGER, "lte", "Integer", NULL },
    { NU__FAMILY_RELATION, "exact", "Related", NULL },
    { NU__FAMILY_RELATION, "in", "Related", NULL },
    { NU__FAMILY_RELATION, "isnull", "Related", NULL },
    { NU__FAMILY_RELATION, "gt", "Related", NULL },
    { NU__FAMILY_RELATION, "gte", "Related", NULL },
    { NU__FAMILY_RELATION, "lt", "Related", NULL },
    { NU__FAMILY_RELATION, "lte", "Related", NULL },
    { NU__FAMILY_JSON, "exact", "JSON", NULL },
    { NU__FAMILY_JSON, "icontains", "JSON", NULL },
    { NU__FAMILY_JSON, "contains", "", "DataContains" },
    { NU__FAMILY_JSON, "contained_by", "", "ContainedBy" },
    { NU__FAMILY_JSON, "has_key", "", "HasKey" },
    { NU__FAMILY_JSON, "has_keys", "", "HasKeys" },
    { NU__FAMILY_JSON, "has_any_keys", "", "HasAnyKeys" },
    { NU__FAMILY_UUID, "iexact", "UUID", NULL },
    { NU__FAMILY_UUID, "contains", "UUID", NULL },
    { NU__FAMILY_UUID, "icontains", "UUID", NULL },
    { NU__FAMILY_UUID, "startswith", "UUID", NULL },
    { NU__FAMILY_UUID, "istartswith", "UUID", NULL },
    { NU__FAMILY_UUID, "endswith", "UUID", NULL },
    { NU__FAMILY_UUID, "iendswith", "UUID", NULL },
};

static nu__py lookup_name(const nu__py_type *type)
{
    return nu__py_str(nu_s(type->of));
}

static bool get_static(const nu__py_type *type, nu_str name, nu__py *out)
{
    if (!nu_eq(name, "lookup_name"))
        return false;
    *out = lookup_name(type);
    return true;
}

static nu__py class_of_lookup(uint32_t family, const nu__lookup *lookup)
{
    const nu__py_type *plain = nu__orm_lookup_class(nu_s(lookup->name));
    nu__py_type like = { .base = plain ? plain : &nu__orm_expression_type,
                         .module = "django.db.models.lookups",
                         .get_static = get_static,
                         .of = lookup->name };
    const char *name = plain ? plain->name : lookup->name;

    for (size_t i = 0; i < sizeof of_types / sizeof *of_types; i++)
        if (of_types[i].families & family && !strcmp(of_types[i].lookup, lookup->name)) {
            name =
                nu_fmt("{}{}", of_types[i].prefix, of_types[i].name ? of_types[i].name : name).ptr;
            break;
        }
    return nu__py_class(nu__orm_type_kept(&like, name));
}

/* "iso_year" as "IsoYear" */
static nu_str in_capitals(nu_str name)
{
    nu__buf out = { 0 };
    bool start = true;

    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];

        if (c != '_')
            nu__buf_char(&out, start && c >= 'a' && c <= 'z' ? (char)(c - 32) : c);
        start = c == '_';
    }
    return nu__buf_str(&out);
}

static nu_str name_of_transform(nu_str name)
{
    bool cut = nu_eq(name, "date") || nu_eq(name, "time");

    return nu_fmt("{}{}", cut ? "Trunc" : "Extract", in_capitals(name));
}

static nu__py class_of_transform(nu_str name)
{
    const nu__py_type *found = nu__orm_class(name_of_transform(name));
    nu_list *known = nu_list_new();

    if (found)
        return nu__py_class(found);
    nu__orm_class_names(known);
    for (size_t i = 0; i < nu_list_len(known); i++)
        if (nu_eq(nu_lower(nu_string(nu_at(known, i))), nu_copy(name)))
            return nu__py_class(nu__orm_class(nu_string(nu_at(known, i))));
    return nu__py_none();
}

/* ---- the methods ----------------------------------------------------------------------------- */

/* What only PostgreSQL can do is no lookup elsewhere. */
static bool is_there(uint32_t family, nu_str name)
{
    static const char *const postgres[] = { "search", "trigram_similar", "trigram_word_similar",
                                            "trigram_strict_word_similar", "unaccent" };
    const nu__backend *backend = nu__connection_of(NULL)->backend;
    bool own = nu_eq(name, "contained_by") && !(family & NU__FAMILY_JSON);

    for (size_t i = 0; i < sizeof postgres / sizeof *postgres; i++)
        own |= nu_eq(name, postgres[i]);
    return !own || backend->dialect == NU__POSTGRESQL;
}

nu__py nu__orm_field_lookup(nu__py self, const nu__py *args)
{
    uint32_t family = family_of(self.cp);
    nu_str name = nu__py_as_str(args[0], "lookup_name");
    const nu__lookup *found = is_there(family, name) ? nu__lookup_find(family, name) : NULL;

    return found ? class_of_lookup(family, found) : nu__py_none();
}

nu__py nu__orm_field_transform(nu__py self, const nu__py *args)
{
    nu_str name = nu__py_as_str(args[0], "lookup_name");

    if (family_of(self.cp) == NU__FAMILY_JSON)
        return nu__py_class(nu__orm_class(S("KT")));
    return nu__has_transform(self.cp, name) && is_there(0, name) ? class_of_transform(name)
                                                                 : nu__py_none();
}

nu__py nu__orm_field_lookups(nu__py self, const nu__py *args)
{
    nu_expr probe = { .klass = &nu__literal, .output = self.cp };
    uint32_t family = nu__family_of(&probe);
    nu_list *lookups = nu__lookup_names(family), *transforms = nu__transform_names(&probe);
    nu__py out = nu__py_dict_new(&nu__py_dict_type);

    (void)args;
    for (size_t i = 0; i < nu_list_len(lookups); i++) {
        nu_str name = nu_string(nu_at(lookups, i));

        if (is_there(family, name))
            nu__py_dict_set(out.dict, nu__py_str(name),
                            class_of_lookup(family, nu__lookup_find(family, name)));
    }
    for (size_t i = 0; i < nu_list_len(transforms); i++) {
        nu_str name = nu_string(nu_at(transforms, i));

        if (is_there(family, name))
            nu__py_dict_set(out.dict, nu__py_str(name), class_of_transform(name));
    }
    return out;
}
