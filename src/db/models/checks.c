/* System checks of models, under Django's ids. What would keep start-up from working (a relation
   to nothing, two fields of one name) is raised by the registry instead. */
#include "db/models/checks.h"

#include "db/models/expression_text.h"
#include "db/models/router.h"
#include "db/sql/query.h"

#include <string.h>

void nu__check_report(nu_list *out, const char *id, const char *level, nu_str object,
                      nu_str message, const char *hint)
{
    nu_dict *check = nu_dict_new();

    nu_dict_set(check, "id", id);
    nu_dict_set(check, "level", level);
    nu_dict_set(check, "msg", message);
    if (hint)
        nu_dict_set(check, "hint", hint);
    nu_dict_set(check, "object", object);
    nu_list_append(out, nu_v_dict(check));
}

nu_str nu__checked_name(const nu__field *field)
{
    return nu_fmt("{}.{}", field->model->label, field->name);
}

void nu__check_error(const nu__field *field, nu_list *out, const char *id, nu_str message,
                     const char *hint)
{
    nu__check_report(out, id, "error", nu__checked_name(field), message, hint);
}

void nu__check_warning(const nu__field *field, nu_list *out, const char *id, nu_str message,
                       const char *hint)
{
    nu__check_report(out, id, "warning", nu__checked_name(field), message, hint);
}

static void error(const nu__model_info *info, nu_list *out, const char *id, nu_str message,
                  const char *hint)
{
    nu__check_report(out, id, "error", info->label, message, hint);
}

/* ---- names -------------------------------------------------------------------------------- */

static void check_name(const nu__model_info *info, nu_list *out)
{
    nu_str name = info->name;

    if (info->auto_created)
        return;
    if (nu_starts_with(name, S("_")) || nu_ends_with(name, S("_")))
        error(info, out, "models.E023",
              nu_fmt("The model name '{}' cannot start or end with an underscore as it collides "
                     "with the query lookup syntax.",
                     name),
              NULL);
    else if (memmem(name.ptr, name.len, "__", 2))
        error(info, out, "models.E024",
              nu_fmt("The model name '{}' cannot contain double underscores as it collides with "
                     "the query lookup syntax.",
                     name),
              NULL);
}

static void check_properties(const nu__model_info *info, nu_list *out)
{
    for (size_t i = 0; i < info->n_fields; i++)
        for (int p = 0; p < 16 && info->model->properties[p].name; p++)
            if (info->fields[i].relation &&
                nu_eq(info->fields[i].attname, info->model->properties[p].name))
                error(info, out, "models.E025",
                      nu_fmt("The property '{}' clashes with a related field accessor.",
                             info->fields[i].attname),
                      NULL);
}

/* ---- fields among each other -------------------------------------------------------------- */

static void check_columns(const nu__model_info *info, nu_list *out)
{
    for (size_t i = 0; i < info->n_fields; i++)
        for (size_t k = 0; k < i && !info->fields[i].origin; k++)
            if (!info->fields[k].origin && nu_eq(info->fields[k].column, info->fields[i].column))
                error(info, out, "models.E007",
                      nu_fmt("Field '{}' has column name '{}' that is used by another field.",
                             info->fields[i].name, info->fields[i].column),
                      "Specify a 'db_column' for the field.");
}

static void check_throughs(const nu__model_info *info, nu_list *out)
{
    for (size_t i = 0; i < info->n_many; i++)
        for (size_t k = 0; k < i; k++) {
            const nu__relation *a = info->many[k].relation, *b = info->many[i].relation;

            if (!a->through->auto_created && a->through == b->through && a->to == b->to &&
                a->through_from == b->through_from && a->through_to == b->through_to)
                error(info, out, "models.E003",
                      nu_fmt("The model has two identical many-to-many relations through the "
                             "intermediate model '{}'.",
                             a->through->label),
                      NULL);
        }
}

static void check_proxy(const nu__model_info *info, nu_list *out)
{
    if (info->model->proxy && info->model->fields[0])
        error(info, out, "models.E017",
              nu_fmt("Proxy model '{}' contains model fields.", info->name), NULL);
}

/* ---- what a model says of its fields ------------------------------------------------------ */

static void check_ordering(const nu__model_info *info, nu_list *out)
{
    for (int i = 0; i < 9 && nu__model_ordering(info)[i]; i++) {
        nu_str text = nu_s(nu__model_ordering(info)[i]);
        nu_str name = nu_starts_with(text, S("-")) ? (nu_str){ text.ptr + 1, text.len - 1 } : text;
        nu__tree *tree = nu__tree_new((nu__model_info *)info);
        nu__names names;
        nu__path path;

        if (nu_eq(name, "?"))
            continue;
        names = nu__names_split(name);
        if (nu_catch(NU_FIELD_ERROR,
                     nu__tree_path(tree, &names, (nu__model_info *)info, true, &path)) ||
            path.n_names < names.n)
            nu__check_report(
                out, "models.E015", "error", info->label,
                nu_fmt("'ordering' refers to the nonexistent field, related field, or lookup "
                       "'{}'.",
                       name),
                NULL);
    }
}

static void check_named(const nu__model_info *info, const char *option, nu_str name, nu_list *out)
{
    const nu__field *field = nu__model_field(info, name);

    if (nu__model_many(info, name))
        error(info, out, "models.E013",
              nu_fmt("'{}' refers to a ManyToManyField '{}', but ManyToManyFields are not "
                     "permitted in '{}'.",
                     option, name, option),
              NULL);
    else if (!field)
        error(info, out, "models.E012",
              nu_fmt("'{}' refers to the nonexistent field '{}'.", option, name), NULL);
    else if (field->origin && !info->model->proxy)
        error(info, out, "models.E016",
              nu_fmt("'{}' refers to field '{}' which is not local to model '{}'.", option, name,
                     info->name),
              "This issue may be caused by multi-table inheritance.");
}

static void check_fields(const nu__model_info *info, const char *option, const char *const *names,
                         size_t most, nu_list *out)
{
    for (size_t i = 0; i < most && names[i]; i++)
        check_named(info, option, nu_s(names[i] + (names[i][0] == '-')), out);
}

/* The fields that a condition or an expression names; "pk" and lookups on them are no concern. */
static void check_expression(const nu__model_info *info, const char *option, const nu_expr *expr,
                             nu_list *out)
{
    nu_list *names = nu__expression_names(expr);

    for (size_t i = 0; i < nu_list_len(names); i++)
        check_named(info, option, nu__names_split(nu_string(nu_at(names, i))).items[0], out);
}

static void check_condition(const nu__model_info *info, const char *option, const char *text,
                            nu_list *out)
{
    if (text)
        check_expression(info, option, nu__text_condition(nu_s(text)), out);
}

static void check_expressions(const nu__model_info *info, const char *option,
                              const char *const texts[4], nu_list *out)
{
    for (int i = 0; i < 4 && texts[i]; i++)
        check_expression(info, option, nu__text_expression(nu_s(texts[i])), out);
}

static void check_index_name(const nu__model_info *info, const char *name, nu_list *out)
{
    if (!name)
        return;
    if (name[0] == '_' || (name[0] >= '0' && name[0] <= '9'))
        error(info, out, "models.E033",
              nu_fmt("The index name '{}' cannot start with an underscore or a number.", name),
              NULL);
    if (strlen(name) > 30)
        error(info, out, "models.E034",
              nu_fmt("The index name '{}' cannot be longer than 30 characters.", name), NULL);
}

static void check_indexes(const nu__model_info *info, nu_list *out)
{
    for (int i = 0; i < 16 && nu__index_is_there(&info->model->indexes[i]); i++) {
        const nu_index *index = &info->model->indexes[i];

        check_index_name(info, index->name, out);
        check_fields(info, "indexes", index->fields, 8, out);
        check_fields(info, "indexes", index->include, 4, out);
        check_expressions(info, "indexes", index->expressions, out);
        check_condition(info, "indexes", index->condition, out);
    }
}

static void check_constraints(const nu__model_info *info, nu_list *out)
{
    for (int i = 0; i < 16 && info->model->constraints[i].name; i++) {
        const nu_constraint *constraint = &info->model->constraints[i];

        check_fields(info, "constraints", constraint->fields, 8, out);
        check_fields(info, "constraints", constraint->include, 4, out);
        check_expressions(info, "constraints", constraint->expressions, out);
        check_condition(info, "constraints", constraint->check, out);
        check_condition(info, "constraints", constraint->condition, out);
    }
}

static void check_unique_together(const nu__model_info *info, nu_list *out)
{
    for (int i = 0; i < 4 && info->model->unique_together[i][0]; i++)
        check_fields(info, "unique_together", info->model->unique_together[i], 8, out);
}

static void (*const checks[])(const nu__model_info *info, nu_list *out) = {
    check_name,     check_properties, check_columns,     check_throughs,        check_proxy,
    check_ordering, check_indexes,    check_constraints, check_unique_together,
};

static void check_model(const nu__model_info *info, nu_list *out)
{
    for (size_t i = 0; i < info->n_fields; i++)
        nu__check_field(&info->fields[i], out);
    for (size_t i = 0; i < info->n_many; i++)
        nu__check_field(&info->many[i], out);
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        checks[i](info, out);
}

/* ---- models among each other -------------------------------------------------------------- */

static bool has_table(const nu__model_info *info)
{
    return !info->model->unmanaged && !info->model->proxy;
}

/* Where routers are, the two may lie in different databases. */
static void report_table(const nu__model_info *a, const nu__model_info *b, nu_list *out)
{
    nu_str message = nu_fmt("db_table '{}' is used by multiple models: {}, {}.", a->db_table,
                            a->label, b->label);

    if (!nu__routers_given()) {
        nu__check_report(out, "models.E028", "error", a->db_table, message, NULL);
        return;
    }
    nu__check_report(out, "models.W035", "warning", a->db_table, message,
                     nu_fmt("You have configured settings.DATABASE_ROUTERS. Verify that {}, {} are "
                            "correctly routed to separate databases.",
                            a->label, b->label)
                         .ptr);
}

static void check_tables(const nu__registry *registry, nu_list *out)
{
    for (size_t i = 0; i < registry->n_models; i++)
        for (size_t k = 0; k < i; k++) {
            const nu__model_info *a = registry->models[k], *b = registry->models[i];

            if (nu_eq(a->db_table, b->db_table) && has_table(a) && has_table(b))
                report_table(a, b, out);
        }
}

/* Names of indexes, or of constraints, that the database would have twice. */
typedef struct named {
    const nu__model_info *info;
    const char *name;
} named;

static size_t index_names(const nu__registry *registry, named *out)
{
    size_t n = 0;

    for (size_t m = 0; m < registry->n_models; m++)
        for (int i = 0; i < 16 && nu__index_is_there(&registry->models[m]->model->indexes[i]); i++)
            if (registry->models[m]->model->indexes[i].name)
                out[n++] =
                    (named){ registry->models[m], registry->models[m]->model->indexes[i].name };
    return n;
}

static size_t constraint_names(const nu__registry *registry, named *out)
{
    size_t n = 0;

    for (size_t m = 0; m < registry->n_models; m++)
        for (int i = 0; i < 16 && registry->models[m]->model->constraints[i].name; i++)
            out[n++] =
                (named){ registry->models[m], registry->models[m]->model->constraints[i].name };
    return n;
}

static void check_twice(const named *names, size_t n, const char *what, const char *alone,
                        const char *among, nu_list *out)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++) {
            bool same = names[k].info == names[i].info;

            if (strcmp(names[k].name, names[i].name) != 0)
                continue;
            nu__check_report(out, same ? alone : among, "error", S("?"),
                             same ? nu_fmt("{} name '{}' is not unique for model {}.", what,
                                           names[i].name, names[i].info->label)
                                  : nu_fmt("{} name '{}' is not unique among models: {}, {}.", what,
                                           names[i].name, names[k].info->label,
                                           names[i].info->label),
                             NULL);
        }
}

static void check_names(const nu__registry *registry, nu_list *out)
{
    named *names = nu_alloc_array(named, registry->n_models * 16 + 1);

    check_twice(names, index_names(registry, names), "index", "models.E029", "models.E030", out);
    check_twice(names, constraint_names(registry, names), "constraint", "models.E031",
                "models.E032", out);
}

nu_list *nu__models_check(const nu__registry *registry)
{
    nu_list *out = nu_list_new();

    for (size_t i = 0; i < registry->n_models; i++)
        check_model(registry->models[i], out);
    check_tables(registry, out);
    check_names(registry, out);
    return out;
}
