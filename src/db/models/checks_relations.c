/* System checks of relations, under Django's ids. One that leads to nothing is raised by the
   registry instead. */
#include "db/models/checks.h"

#include <ctype.h>
#include <string.h>

static const nu_relation_field *relation_def(const nu__field *field)
{
    return (const nu_relation_field *)field->def;
}

static bool is_identifier(nu_str text)
{
    if (!text.len || isdigit((unsigned char)text.ptr[0]))
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (!isalnum((unsigned char)text.ptr[i]) && text.ptr[i] != '_' &&
            (unsigned char)text.ptr[i] < 0x80)
            return false;
    return true;
}

/* Of the name once %(class)s is filled in. */
static void check_related_name(const nu__field *field, nu_list *out)
{
    const char *given = relation_def(field)->related_name;
    nu_str name =
        given && strchr(given, '%') ? field->relation->query_name : nu_s(given ? given : "x");

    if (!is_identifier(name) && !nu_ends_with(name, S("+")))
        nu__check_error(field, out, "fields.E306",
                        nu_fmt("The name '{}' is invalid related_name for field {}.{}", name,
                               field->model->name, field->name),
                        "Related name must be a valid Python identifier or end with a '+'");
}

static void check_query_name(const nu__field *field, nu_list *out)
{
    static const char hint[] =
        "Add or change a related_name or related_query_name argument for this field.";
    nu_str name = field->relation->query_name;

    if (field->relation->hidden)
        return;
    if (nu_ends_with(name, S("_")))
        nu__check_error(field, out, "fields.E308",
                        nu_fmt("Reverse query name '{}' must not end with an underscore.", name),
                        hint);
    if (memmem(name.ptr, name.len, "__", 2))
        nu__check_error(field, out, "fields.E309",
                        nu_fmt("Reverse query name '{}' must not contain '__'.", name), hint);
}

static void report_field_of_that_name(const nu__field *field, const nu__field *other, nu_list *out)
{
    const nu__relation *relation = field->relation;

    nu__check_error(
        field, out, "fields.E302",
        nu_fmt("Reverse accessor '{}.{}' for '{}' clashes with field name '{}'.",
               relation->to->name, relation->accessor, nu__checked_name(field),
               nu__checked_name(other)),
        nu_fmt("Rename field '{}', or add/change a related_name argument to the definition for "
               "field '{}'.",
               nu__checked_name(other), nu__checked_name(field))
            .ptr);
}

static void report_accessor_of_that_name(const nu__field *field, const nu__field *other,
                                         nu_list *out)
{
    nu__check_error(
        field, out, "fields.E304",
        nu_fmt("Reverse accessor '{}.{}' for '{}' clashes with reverse accessor for '{}'.",
               field->relation->to->name, field->relation->accessor, nu__checked_name(field),
               nu__checked_name(other)),
        nu_fmt("Add or change a related_name argument to the definition for '{}' or '{}'.",
               nu__checked_name(field), nu__checked_name(other))
            .ptr);
}

/* The way back beside what the other model has of that name. Clashes of names in lookups keep the
   site from starting: nu__names_build(). */
static void check_accessor(const nu__field *field, nu_list *out)
{
    const nu__relation *relation = field->relation;
    const nu__model_info *to = relation->to;

    if (relation->hidden || !relation->accessor.len)
        return;
    for (size_t i = 0; i < to->n_fields; i++)
        if (nu_eq_(to->fields[i].name, relation->accessor))
            report_field_of_that_name(field, &to->fields[i], out);
    for (size_t i = 0; i < to->n_many; i++)
        if (nu_eq_(to->many[i].name, relation->accessor))
            report_field_of_that_name(field, &to->many[i], out);
    for (size_t i = 0; i < to->n_reverse; i++)
        if (to->reverse[i] != relation && !to->reverse[i]->hidden &&
            nu_eq_(to->reverse[i]->accessor, relation->accessor))
            report_accessor_of_that_name(field, to->reverse[i]->field, out);
}

static bool is_unique_alone(const nu__field *field)
{
    const nu_model *model = field->model->model;

    for (int i = 0; i < 16 && model->constraints[i].name; i++) {
        const nu_constraint *c = &model->constraints[i];

        if (!c->check && !c->condition && c->fields[0] && !c->fields[1] &&
            nu_eq(field->name, c->fields[0]))
            return true;
    }
    return field->unique;
}

static void check_foreign_key(const nu__field *field, nu_list *out)
{
    const nu__field *target = field->relation->to_field;

    if (!is_unique_alone(target))
        nu__check_error(
            field, out, "fields.E311",
            nu_fmt("'{}.{}' must be unique because it is referenced by a foreign key.",
                   target->model->name, target->name),
            "Add unique=True to this field or add a UniqueConstraint (without condition) in the "
            "model Meta.constraints.");
    if (field->def->type == NU_FOREIGN_KEY && field->def->unique)
        nu__check_warning(field, out, "fields.W342",
                          S("Setting unique=True on a ForeignKey has the same effect as using a "
                            "OneToOneField."),
                          "ForeignKey(unique=True) is usually better served by a OneToOneField.");
}

static void check_many(const nu__field *field, nu_list *out)
{
    const nu_relation_field *def = relation_def(field);

    if (field->def->unique)
        nu__check_error(field, out, "fields.E330", S("ManyToManyFields cannot be unique."), NULL);
    if (field->def->null)
        nu__check_warning(field, out, "fields.W340", S("null has no effect on ManyToManyField."),
                          NULL);
    if (field->def->db_comment)
        nu__check_warning(field, out, "fields.W346",
                          S("db_comment has no effect on ManyToManyField."), NULL);
    if (field->def->validators[0].check)
        nu__check_warning(field, out, "fields.W341",
                          S("ManyToManyField does not support validators."), NULL);
    if (field->relation && field->relation->symmetrical && def->related_name)
        nu__check_warning(
            field, out, "fields.W345",
            S("related_name has no effect on ManyToManyField with a symmetrical relationship, "
              "e.g. to \"self\"."),
            NULL);
}

void nu__check_relation(const nu__field *field, nu_list *out)
{
    if (!field->relation)
        return;
    check_related_name(field, out);
    check_query_name(field, out);
    check_accessor(field, out);
    if (field->relation->many_to_many)
        check_many(field, out);
    else
        check_foreign_key(field, out);
}
