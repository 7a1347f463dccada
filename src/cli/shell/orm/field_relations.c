/* What only fields of some kind have: foreign keys what they led to, many-to-many fields the
   columns between, files their folder. */
#include "cli/shell/dict.h"
#include "cli/shell/orm/field_methods.h"

#include <nuages/managers.h>

static const nu__field *field_of(nu__py self)
{
    return self.cp;
}

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

/* What the relation led to; KeyError where it was not followed, unless there is a `default`. */
static nu__py get_cached_value(nu__py self, const nu__py *args)
{
    const nu__field *field = field_of(self);

    if (nu__py_truth(is_cached(self, args)))
        return nu__orm_instance(*nu__field_cached(field, nu__orm_object(args[0])));
    if (!nu__py_given(args[1]))
        nu__py_raise_key(nu__py_str(field->name));
    return args[1];
}

static nu__py one_tuple(nu__py value)
{
    nu__py out = nu__py_list_new(&nu__py_tuple_type, 1);

    nu__py_append(out, value);
    return out;
}

static nu__py get_local_related_value(nu__py self, const nu__py *args)
{
    return one_tuple(nu__py_get(args[0], field_of(self)->attname));
}

static nu__py get_foreign_related_value(nu__py self, const nu__py *args)
{
    return one_tuple(nu__py_get(args[0], field_of(self)->target->attname));
}

static nu__py get_joining_columns(nu__py self, const nu__py *args)
{
    (void)args;
    return one_tuple(nu__py_pair(nu__py_str(field_of(self)->column),
                                 nu__py_str(field_of(self)->target->column)));
}

static nu__py get_limit_choices_to(nu__py self, const nu__py *args)
{
    (void)args;
    return nu__orm_limit_choices(field_of(self));
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
    { "get_cached_value", "instance, default=", get_cached_value },
    { "get_local_related_value", "instance", get_local_related_value },
    { "get_foreign_related_value", "instance", get_foreign_related_value },
    { "get_joining_columns", "reverse_join=", get_joining_columns },
    { "get_limit_choices_to", NULL, get_limit_choices_to },
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

/* What only files or relations have. */
static bool attribute_of_kind(const nu__field *field, nu_str name, nu__py *out)
{
    if (field->type->family == NU__FILE_OPTIONS && nu_eq(name, "upload_to"))
        *out = nu__py_str(nu_s(field->upload_to ? field->upload_to : ""));
    else if (field->relation && nu_eq(name, "db_constraint"))
        *out = nu__py_bool(!((const nu_relation_field *)field->def)->no_db_constraint);
    else if (field->relation && nu_eq(name, "cache_name"))
        *out = nu__py_str(field->name);
    else
        return false;
    return true;
}

bool nu__orm_field_get(nu__py self, nu_str name, nu__py *out)
{
    for (const nu__py_method *m = methods_of(field_of(self)); m && m->name; m++)
        if (nu_eq(name, m->name)) {
            *out = nu__py_method_of(self, m);
            return true;
        }
    return attribute_of_kind(field_of(self), name, out);
}

void nu__orm_field_names(nu__py self, nu_list *out)
{
    for (const nu__py_method *m = methods_of(field_of(self)); m && m->name; m++)
        nu_list_append(out, m->name);
}
