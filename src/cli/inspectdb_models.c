/* Inspected models as C: a struct and a descriptor each. */
#include "cli/inspectdb.h"
#include "core/text.h"
#include "db/migrations/references.h"
#include "db/migrations/writer_int.h"

#include <nuages/postgres.h>
#include <string.h>

/* ---- names --------------------------------------------------------------------------------- */

static bool is_of(const nu__inspected *item, const char *app)
{
    return !item->contrib && item->n_fields && (!app || !strcmp(item->model->app_label, app));
}

static bool is_listed(const nu_list *texts, nu_str text)
{
    for (size_t i = 0; i < nu_list_len(texts); i++)
        if (nu_eq(nu_at(texts, i).s, text))
            return true;
    return false;
}

nu_list *nu__inspected_apps(const nu__inspection *what)
{
    nu_list *labels = nu_list_new();

    for (size_t i = 0; i < what->n; i++)
        if (is_of(&what->items[i], NULL) &&
            !is_listed(labels, nu_s(what->items[i].model->app_label)))
            nu_list_append(labels, what->items[i].model->app_label);
    return labels;
}

static const nu__inspected *by_label(const nu__inspection *what, const char *label)
{
    for (size_t i = 0; i < what->n; i++)
        if (nu__label_is(label, what->items[i].model->app_label, what->items[i].model->name))
            return &what->items[i];
    return NULL;
}

static bool shares_name(const nu__inspection *what, const nu__inspected *item)
{
    for (size_t i = 0; i < what->n; i++)
        if (&what->items[i] != item && !what->items[i].contrib &&
            nu__same_name(what->items[i].model->name, item->model->name))
            return true;
    return false;
}

/* The struct's name; two apps may have models of one name. */
static nu_str type_of(const nu__inspection *what, const nu__inspected *item)
{
    nu_str app;

    if (item->contrib)
        return nu_s(item->contrib);
    if (!shares_name(what, item))
        return nu_s(item->model->name);
    app = nu_s(nu__inspected_model_name(nu_s(item->model->app_label), ""));
    return nu_fmt("{}{}", app, item->model->name);
}

/* ---- members ------------------------------------------------------------------------------- */

/* The C type of a column that is not null, and of one that is. */
static const struct {
    nu__member member;
    const char *type;
} members[] = {
    { NU__MEMBER_STR, "nu_str" },
    { NU__MEMBER_BYTES, "nu_bytes" },
    { NU__MEMBER_INT, "int64_t" },
    { NU__MEMBER_OPT_INT, "nu_opt_int" },
    { NU__MEMBER_FLOAT, "double" },
    { NU__MEMBER_OPT_FLOAT, "nu_opt_float" },
    { NU__MEMBER_BOOL, "bool" },
    { NU__MEMBER_OPT_BOOL, "nu_opt_bool" },
    { NU__MEMBER_DATE, "nu_date" },
    { NU__MEMBER_DATETIME, "nu_datetime" },
    { NU__MEMBER_TIME, "nu_time" },
    { NU__MEMBER_TIMEDELTA, "nu_timedelta" },
    { NU__MEMBER_DECIMAL, "nu_decimal" },
    { NU__MEMBER_UUID, "nu_uuid" },
    { NU__MEMBER_JSON, "nu_json_value" },
    { NU__MEMBER_FILE, "nu_file_ref" },
    { NU__MEMBER_LIST, "nu_list *" },
    { NU__MEMBER_DICT, "nu_dict *" },
    { NU__MEMBER_RANGE, "const nu_range *" },
};

static bool is_counted(const nu_field *field)
{
    return field->type == NU_AUTO_FIELD || field->type == NU_BIG_AUTO_FIELD ||
           field->type == NU_SMALL_AUTO_FIELD;
}

static nu_str plain_type(const nu_field *field)
{
    const nu__field_type *type = nu__field_type_row(field->type);
    nu__member member = field->null ? type->null_member : type->member;

    if (is_counted(field))
        return S("nu_id");
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (members[i].member == member)
            return nu_s(members[i].type);
    return S("nu_str");
}

static const nu_field *key_of(const nu__inspected *item)
{
    for (size_t i = 0; i < item->n_fields; i++)
        if (item->fields[i].def->primary_key)
            return item->fields[i].def;
    return NULL;
}

/* The type of a model's key: of one that is a relation, the key of what that leads to. */
static nu_str key_type(const nu__inspection *what, const nu__inspected *item, int depth)
{
    const nu_field *key = item->contrib ? NULL : key_of(item);
    const nu__inspected *to = key && key->to_name ? by_label(what, key->to_name) : NULL;

    if (!key)
        return S("nu_id");
    if (!key->to_name)
        return plain_type(key);
    return to && depth < 8 ? key_type(what, to, depth + 1) : S("nu_id");
}

static bool is_same_type(nu_str a, nu_str b)
{
    bool numbers =
        (nu_eq(a, "int64_t") || nu_eq(a, "nu_id")) && (nu_eq(b, "int64_t") || nu_eq(b, "nu_id"));

    return numbers || nu_eq(a, b);
}

/* The C type of the field that a relation refers to, where that is not the type of the key of `to`;
   else none. */
static nu_str other_key_type(const nu__inspection *what, const nu__inspected *to,
                             const nu_field *field)
{
    const char *name = ((const nu_relation_field *)field)->to_field;

    for (size_t i = 0; name && !to->contrib && i < to->n_fields; i++) {
        const nu_field *target = to->fields[i].def;

        if (!strcmp(target->name, name) && !target->to_name &&
            !is_same_type(plain_type(target), key_type(what, to, 0)))
            return plain_type(target);
    }
    return (nu_str){ NULL, 0 };
}

static nu_str member_type(const nu__inspection *what, const nu_field *field)
{
    const nu__inspected *to = field->to_name ? by_label(what, field->to_name) : NULL;

    if (!to)
        return plain_type(field);
    if (other_key_type(what, to, field).len)
        return nu_fmt("{}_{}_ref", type_of(what, to), ((const nu_relation_field *)field)->to_field);
    return nu_fmt("{}_ref", type_of(what, to));
}

/* A key of another name shares its bytes with `id`. */
static void write_member(nu__buf *out, const nu__inspection *what, const nu__inspected *item,
                         const nu_field *field)
{
    nu_str type = member_type(what, field);

    if (!field->primary_key || !strcmp(field->name, "id"))
        nu__buf_fmt(out, "    {}{}{};\n", type, nu_ends_with(type, S("*")) ? "" : " ", field->name);
    else
        nu__buf_fmt(out, "    union {{\n        {} id;\n        {} {};\n    }};\n",
                    key_type(what, item, 0), type, field->name);
}

static bool needs_postgres(const nu__inspection *what)
{
    for (size_t i = 0; i < what->n; i++)
        for (size_t k = 0; k < what->items[i].n_fields; k++) {
            nu__member member = nu__field_type_row(what->items[i].fields[k].def->type)->member;

            if (member == NU__MEMBER_LIST || member == NU__MEMBER_DICT ||
                member == NU__MEMBER_RANGE)
                return true;
        }
    return false;
}

void nu__write_includes(nu__buf *out, const nu__inspection *what)
{
    nu__buf_lit(out, "#include <nuages/auth.h>\n#include <nuages/contenttypes.h>\n"
                     "#include <nuages/nuages.h>\n");
    if (needs_postgres(what))
        nu__buf_lit(out, "#include <nuages/postgres.h>\n");
    nu__buf_char(out, '\n');
}

/* The types of members that hold another field than the key, each once. */
static void write_references(nu__buf *out, const nu__inspection *what, const nu__inspected *item,
                             nu_list *written)
{
    for (size_t i = 0; i < item->n_fields; i++) {
        const nu_field *field = item->fields[i].def;
        const nu__inspected *to = field->to_name ? by_label(what, field->to_name) : NULL;
        nu_str type = to ? other_key_type(what, to, field) : (nu_str){ NULL, 0 };
        nu_str name = member_type(what, field);

        if (!type.len || is_listed(written, name))
            continue;
        nu_list_append(written, name);
        nu__buf_fmt(out, "NU_DECLARE_REF({}, {}, {});\n", type_of(what, to),
                    ((const nu_relation_field *)field)->to_field, type);
    }
}

void nu__write_structs(nu__buf *out, const nu__inspection *what, const char *app)
{
    nu_list *references = nu_list_new();

    for (size_t i = 0; i < what->n; i++)
        if (is_of(&what->items[i], app)) {
            nu_str key = key_type(what, &what->items[i], 0);
            bool plain = nu_eq(key, "nu_id");

            nu__buf_fmt(out, "NU_DECLARE_MODEL({}{}{});\n", type_of(what, &what->items[i]),
                        plain ? "" : ", ", plain ? S("") : key);
        }
    for (size_t i = 0; i < what->n; i++)
        if (is_of(&what->items[i], app))
            write_references(out, what, &what->items[i], references);
    for (size_t i = 0; i < what->n; i++) {
        const nu__inspected *item = &what->items[i];

        if (!is_of(item, app))
            continue;
        nu__buf_fmt(out, "\nstruct {} {{\n    NU_OBJECT({});\n", type_of(what, item),
                    type_of(what, item));
        for (size_t k = 0; k < item->n_fields; k++)
            write_member(out, what, item, item->fields[k].def);
        nu__buf_lit(out, "};\n");
    }
}

/* ---- descriptors --------------------------------------------------------------------------- */

/* No text ends the comment, or looks like the beginning of another. */
static void write_comment(nu__buf *out, const char *indent, const char *text)
{
    nu_str safe = nu__replace(nu__replace(nu_s(text), S("*/"), S("* /")), S("/*"), S("/ *"));

    nu__buf_fmt(out, "{}/* {} */\n", indent, safe);
}

/* A relation to another field than the key, by the macro that names the field. */
static void write_relation_to(nu__buf *out, const nu__inspection *what, const nu__inspected *item,
                              const nu_field *def)
{
    nu_relation_field relation = *(const nu_relation_field *)def;

    nu__buf_fmt(out, "        {}To({}, {}, {}, {}", nu__field_type_row(def->type)->name,
                type_of(what, item), def->name, type_of(what, by_label(what, def->to_name)),
                relation.to_field);
    relation.to_field = NULL; /* the macro says it */
    nu__write_field_options(out, &relation.base);
    nu__buf_lit(out, "),\n");
}

static void write_field(nu__buf *out, const nu__inspection *what, const nu__inspected *item,
                        const nu__inspected_field *field)
{
    const nu_field *def = field->def;

    if (field->note)
        write_comment(out, "        ", field->note);
    if (def->to_name && other_key_type(what, by_label(what, def->to_name), def).len) {
        write_relation_to(out, what, item, def);
        return;
    }
    nu__buf_fmt(out, "        {}({}, {}", nu__field_type_row(def->type)->name, type_of(what, item),
                def->name);
    if (def->to_name)
        nu__buf_fmt(out, ", {}", type_of(what, by_label(what, def->to_name)));
    if (def->type == NU_ARRAY_FIELD) {
        nu__buf_lit(out, ", ");
        nu__write_field(out, ((const nu_array_field *)def)->base_field);
    }
    nu__write_field_options(out, def);
    nu__buf_lit(out, "),\n");
}

static void write_sets(nu__buf *out, const nu_model *model)
{
    if (model->unique_together[0][0]) {
        nu__buf_lit(out, "    .unique_together = { ");
        nu__write_unique_together(out, model->unique_together);
        nu__buf_lit(out, " },\n");
    }
    if (!nu__index_is_there(&model->indexes[0]))
        return;
    nu__buf_lit(out, "    .indexes = {\n");
    for (size_t i = 0; i < 16 && nu__index_is_there(&model->indexes[i]); i++) {
        nu__buf_lit(out, "        ");
        nu__write_index(out, &model->indexes[i]);
        nu__buf_lit(out, ",\n");
    }
    nu__buf_lit(out, "    },\n");
}

static void write_descriptor(nu__buf *out, const nu__inspection *what, const nu__inspected *item)
{
    nu_str type = type_of(what, item);

    nu__buf_char(out, '\n');
    if (item->note)
        write_comment(out, "", item->note);
    nu__buf_fmt(out, "const nu_model {}_model = {{\n    MODEL_AS({}, ", type, type);
    nu__write_string(out, item->model->name);
    nu__buf_lit(out, "), .app_label = ");
    nu__write_string(out, item->model->app_label);
    nu__write_text_option(out, "db_table", item->model->db_table);
    nu__write_text_option(out, "db_table_comment", item->model->db_table_comment);
    nu__write_flag(out, "unmanaged", item->model->unmanaged);
    nu__write_flag(out, "shared_key", item->model->shared_key);
    nu__buf_lit(out, ",\n    .fields = {\n");
    for (size_t k = 0; k < item->n_fields; k++)
        write_field(out, what, item, &item->fields[k]);
    nu__buf_lit(out, "    },\n");
    write_sets(out, item->model);
    nu__buf_lit(out, "};\n");
}

void nu__write_descriptors(nu__buf *out, const nu__inspection *what, const char *app)
{
    for (size_t i = 0; i < what->n; i++)
        if (is_of(&what->items[i], app))
            write_descriptor(out, what, &what->items[i]);
}

void nu__write_model_list(nu__buf *out, const nu__inspection *what, const char *app)
{
    bool any = false;

    for (size_t i = 0; i < what->n; i++) {
        if (!is_of(&what->items[i], app))
            continue;
        nu__buf_fmt(out, "{} &{}_model", any ? "," : "", type_of(what, &what->items[i]));
        any = true;
    }
}
