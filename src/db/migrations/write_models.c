/* Indexes, constraints and options of models as C text. */
#include "db/migrations/writer_int.h"

#include <string.h>

static const char *const index_types[] = {
    [NU_BTREE] = "NU_BTREE",   [NU_BLOOM] = "NU_BLOOM",
    [NU_BRIN] = "NU_BRIN",     [NU_GIN] = "NU_GIN",
    [NU_GIST] = "NU_GIST",     [NU_HASH] = "NU_HASH",
    [NU_SPGIST] = "NU_SPGIST", [NU_BTREE_INDEX] = "NU_BTREE_INDEX",
};

static void constant(nu__buf *out, const char *option, const char *name, int value)
{
    if (value)
        nu__buf_fmt(out, ", .{} = {}", option, name);
}

static void write_switch(nu__buf *out, const char *name, nu_switch value)
{
    constant(out, name, value == NU_ON ? "NU_ON" : "NU_OFF", (int)value);
}

static void write_index_options(nu__buf *out, const nu_index *index)
{
    nu__write_number(out, "length", index->length);
    for (size_t i = 0; i < 8 && index->columns[i]; i++)
        nu__buf_fmt(out, "{}{}", i ? ", " : ", .columns = { ", index->columns[i]);
    nu__buf_str_add(out, index->columns[0] ? S(" }") : S(""));
    write_switch(out, "autosummarize", index->autosummarize);
    nu__write_number(out, "pages_per_range", index->pages_per_range);
    nu__write_number(out, "gin_pending_list_limit", index->gin_pending_list_limit);
    write_switch(out, "fastupdate", index->fastupdate);
    write_switch(out, "buffering", index->buffering);
    nu__write_number(out, "fillfactor", index->fillfactor);
    write_switch(out, "deduplicate_items", index->deduplicate_items);
}

void nu__write_index(nu__buf *out, const nu_index *index)
{
    nu__buf_lit(out, "{ .name = ");
    nu__write_string(out, index->name);
    nu__write_name_list(out, "fields", index->fields, 8);
    nu__write_name_list(out, "expressions", index->expressions, 4);
    nu__write_text_option(out, "condition", index->condition);
    nu__write_name_list(out, "include", index->include, 4);
    nu__write_name_list(out, "opclasses", index->opclasses, 4);
    nu__write_text_option(out, "db_tablespace", index->db_tablespace);
    constant(out, "type", index_types[index->type], index->type);
    write_index_options(out, index);
    nu__buf_lit(out, " }");
}

static void excludes(nu__buf *out, const char *const pairs[4][2])
{
    for (size_t i = 0; i < 4 && pairs[i][0]; i++) {
        nu__buf_str_add(out, i ? S(", ") : S(", .excludes = { "));
        nu__write_names(out, pairs[i], 2);
    }
    if (pairs[0][0])
        nu__buf_lit(out, " }");
}

void nu__write_constraint(nu__buf *out, const nu_constraint *constraint)
{
    static const char *const deferrables[] = { NULL, "NU_DEFERRED", "NU_IMMEDIATE" };
    static const char *const nulls[] = { NULL, "NU_NULLS_DISTINCT", "NU_NULLS_NOT_DISTINCT" };

    nu__buf_lit(out, "{ .name = ");
    nu__write_string(out, constraint->name);
    nu__write_name_list(out, "fields", constraint->fields, 8);
    nu__write_text_option(out, "check", constraint->check);
    nu__write_name_list(out, "expressions", constraint->expressions, 4);
    nu__write_text_option(out, "condition", constraint->condition);
    nu__write_name_list(out, "include", constraint->include, 4);
    nu__write_name_list(out, "opclasses", constraint->opclasses, 4);
    excludes(out, constraint->excludes);
    constant(out, "deferrable", deferrables[constraint->deferrable], constraint->deferrable);
    constant(out, "nulls_distinct", nulls[constraint->nulls_distinct], constraint->nulls_distinct);
    constant(out, "index_type", index_types[constraint->index_type], constraint->index_type);
    nu__write_text_option(out, "violation_error_code", constraint->violation_error_code);
    nu__write_text_option(out, "violation_error_message", constraint->violation_error_message);
    nu__buf_lit(out, " }");
}

void nu__write_unique_together(nu__buf *out, const char *const sets[4][8])
{
    for (size_t i = 0; i < 4 && sets[i][0]; i++) {
        if (i)
            nu__buf_lit(out, ", ");
        nu__write_names(out, sets[i], 8);
    }
}

void nu__write_model_text(nu__buf *out, const char *indent, const char *name, const char *value)
{
    if (!value)
        return;
    nu__buf_fmt(out, ",\n{}.{} = ", indent, name);
    nu__write_string(out, value);
}

/* The options of AlterModelOptions, in the order in which they are written; texts and flags. */
#define MODEL_OPTION(kind, name)                                                                   \
    {                                                                                              \
        kind, #name, offsetof(nu_model, name)                                                      \
    }
static const struct {
    nu__option_kind kind;
    const char *name;
    size_t offset;
} model_options[] = {
    MODEL_OPTION(NU__OPTION_TEXT, verbose_name),
    MODEL_OPTION(NU__OPTION_TEXT, verbose_name_plural),
    MODEL_OPTION(NU__OPTION_TEXT, default_related_name),
    MODEL_OPTION(NU__OPTION_TEXT, default_manager_name),
    MODEL_OPTION(NU__OPTION_TEXT, base_manager_name),
    MODEL_OPTION(NU__OPTION_FLAG, unmanaged),
    MODEL_OPTION(NU__OPTION_FLAG, select_on_save),
    MODEL_OPTION(NU__OPTION_FLAG, no_default_permissions),
};

void nu__write_model_names(nu__buf *out, const char *indent, const char *name,
                           const char *const *items, size_t most)
{
    if (!items[0])
        return;
    nu__buf_fmt(out, ",\n{}.{} = ", indent, name);
    nu__write_names(out, items, most);
}

static void permissions(nu__buf *out, const char *indent, const char *const pairs[8][2])
{
    for (size_t i = 0; i < 8 && pairs[i][0]; i++) {
        if (i)
            nu__buf_lit(out, ", ");
        else
            nu__buf_fmt(out, ",\n{}.permissions = {{ ", indent);
        nu__write_names(out, pairs[i], 2);
    }
    if (pairs[0][0])
        nu__buf_lit(out, " }");
}

void nu__write_options(nu__buf *out, const nu_model *model, const char *indent)
{
    nu__write_model_names(out, indent, "ordering", model->ordering, 9);
    for (size_t i = 0; i < sizeof model_options / sizeof *model_options; i++) {
        const void *at = (const char *)model + model_options[i].offset;

        if (model_options[i].kind == NU__OPTION_TEXT)
            nu__write_model_text(out, indent, model_options[i].name, *(const char *const *)at);
        else if (*(const bool *)at)
            nu__buf_fmt(out, ",\n{}.{} = true", indent, model_options[i].name);
    }
    nu__write_model_names(out, indent, "get_latest_by", model->get_latest_by, 4);
    nu__write_model_names(out, indent, "default_permissions", model->default_permissions, 8);
    permissions(out, indent, model->permissions);
}

void nu__copy_options(nu_model *to, const nu_model *from)
{
    for (size_t i = 0; i < sizeof model_options / sizeof *model_options; i++) {
        size_t at = model_options[i].offset;

        memcpy((char *)to + at, (const char *)from + at,
               model_options[i].kind == NU__OPTION_TEXT ? sizeof(char *) : sizeof(bool));
    }
    memcpy(to->ordering, from->ordering, sizeof to->ordering);
    memcpy(to->get_latest_by, from->get_latest_by, sizeof to->get_latest_by);
    memcpy(to->default_permissions, from->default_permissions, sizeof to->default_permissions);
    memcpy(to->permissions, from->permissions, sizeof to->permissions);
}
