/* System checks of models, under Django's ids. What would keep start-up from working (a relation
   to nothing, two fields of one name) is raised by the registry instead. */
#include "db/models/options.h"
#include "db/sql/query.h"

#include <string.h>

static void report(nu_list *out, const char *id, const char *level, nu_str object, nu_str message,
                   const char *hint)
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

static nu_str name_of(const nu__field *field)
{
    return nu_fmt("{}.{}", field->model->label, field->name);
}

/* ---- fields ------------------------------------------------------------------------------- */

static void check_name(const nu__field *field, nu_list *out)
{
    if (nu_ends_with(field->name, S("_")))
        report(out, "fields.E001", "error", name_of(field),
               S("Field names must not end with an underscore."), NULL);
    if (memmem(field->name.ptr, field->name.len, "__", 2))
        report(out, "fields.E002", "error", name_of(field),
               S("Field names must not contain \"__\"."), NULL);
    if (nu_eq(field->name, "pk"))
        report(out, "fields.E003", "error", name_of(field),
               S("'pk' is a reserved word that cannot be used as a field name."), NULL);
}

static void check_decimal(const nu__field *field, nu_list *out)
{
    if (field->type->type != NU_DECIMAL_FIELD)
        return;
    if (field->max_digits < 1)
        report(out, "fields.E132", "error", name_of(field),
               S("DecimalFields must define a 'max_digits' attribute."), NULL);
    else if (field->max_digits < field->decimal_places)
        report(out, "fields.E134", "error", name_of(field),
               S("'max_digits' must be greater or equal to 'decimal_places'."), NULL);
}

static void check_choices(const nu__field *field, nu_list *out)
{
    size_t longest = 0;

    for (int i = 0; field->choices && field->choices->text && i < field->choices->len; i++) {
        size_t len = strlen(field->choices->items[i].value);

        longest = len > longest ? len : longest;
    }
    if (field->max_length && longest > (size_t)field->max_length)
        report(out, "fields.E009", "error", name_of(field),
               nu_fmt("'max_length' is too small to fit the longest value in 'choices' ({} "
                      "characters).",
                      longest),
               NULL);
}

static void check_dates(const nu__field *field, nu_list *out)
{
    if (field->auto_now + field->auto_now_add + nu__field_has_default(field) > 1)
        report(out, "fields.E160", "error", name_of(field),
               S("The options auto_now, auto_now_add, and default are mutually exclusive. Only one "
                 "of these options may be present."),
               NULL);
}

static void check_relation(const nu__field *field, nu_list *out)
{
    if (field->def->type == NU_FOREIGN_KEY && field->def->unique)
        report(out, "fields.W342", "warning", name_of(field),
               S("Setting unique=True on a ForeignKey has the same effect as using a "
                 "OneToOneField."),
               "ForeignKey(unique=True) is usually better served by a OneToOneField.");
}

static void check_field(const nu__field *field, nu_list *out)
{
    check_name(field, out);
    check_decimal(field, out);
    check_choices(field, out);
    check_dates(field, out);
    check_relation(field, out);
    if (field->primary_key && field->null)
        report(out, "fields.E007", "error", name_of(field),
               S("Primary keys must not have null=True."),
               "Set null=False on the field, or remove primary_key=True argument.");
}

/* ---- what a model says of its fields ------------------------------------------------------ */

static void check_ordering(const nu__model_info *info, nu_list *out)
{
    for (int i = 0; i < 9 && info->model->ordering[i]; i++) {
        nu_str text = nu_s(info->model->ordering[i]);
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
            report(out, "models.E015", "error", info->label,
                   nu_fmt("'ordering' refers to the nonexistent field, related field, or lookup "
                          "'{}'.",
                          name),
                   NULL);
    }
}

static void check_fields(const nu__model_info *info, const char *option, const char *const names[8],
                         nu_list *out)
{
    for (int i = 0; i < 8 && names[i]; i++) {
        nu_str name = nu_s(names[i] + (names[i][0] == '-'));

        if (nu__model_many(info, name))
            report(out, "models.E013", "error", info->label,
                   nu_fmt("'{}' refers to a ManyToManyField '{}', but ManyToManyFields are not "
                          "permitted in '{}'.",
                          option, name, option),
                   NULL);
        else if (!nu__model_field(info, name))
            report(out, "models.E012", "error", info->label,
                   nu_fmt("'{}' refers to the nonexistent field '{}'.", option, name), NULL);
    }
}

static void check_model(const nu__model_info *info, nu_list *out)
{
    const nu_model *model = info->model;

    for (size_t i = 0; i < info->n_fields; i++)
        check_field(&info->fields[i], out);
    for (size_t i = 0; i < info->n_many; i++)
        check_name(&info->many[i], out);
    check_ordering(info, out);
    for (int i = 0; i < 16 && nu__index_is_there(&model->indexes[i]); i++)
        check_fields(info, "indexes", model->indexes[i].fields, out);
    for (int i = 0; i < 16 && model->constraints[i].name; i++)
        check_fields(info, "constraints", model->constraints[i].fields, out);
    for (int i = 0; i < 4 && model->unique_together[i][0]; i++)
        check_fields(info, "unique_together", model->unique_together[i], out);
}

static void check_tables(const nu__registry *registry, nu_list *out)
{
    for (size_t i = 0; i < registry->n_models; i++)
        for (size_t k = 0; k < i; k++) {
            const nu__model_info *a = registry->models[k], *b = registry->models[i];

            if (nu_eq(a->db_table, b->db_table) && !a->model->unmanaged && !b->model->unmanaged)
                report(out, "models.E028", "error", a->db_table,
                       nu_fmt("db_table '{}' is used by multiple models: {}, {}.", a->db_table,
                              a->label, b->label),
                       NULL);
        }
}

nu_list *nu__models_check(const nu__registry *registry)
{
    nu_list *out = nu_list_new();

    for (size_t i = 0; i < registry->n_models; i++)
        check_model(registry->models[i], out);
    check_tables(registry, out);
    return out;
}
