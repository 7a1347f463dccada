#include "db/migrations/writer.h"

#include "db/migrations/operations.h"

#include <ctype.h>
#include <string.h>

void nu__write_string(nu__buf *out, const char *text)
{
    nu__buf_char(out, '"');
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;

        if (c == '"' || c == '\\')
            nu__buf_char(out, '\\');
        if (c == '\n')
            nu__buf_lit(out, "\\n");
        else if (c < 32 || c == 127 || c == '?') /* "??=" would be a trigraph */
            nu__buf_fmt(out, "\\{}{}{}", (int64_t)(c >> 6), (int64_t)((c >> 3) & 7),
                        (int64_t)(c & 7));
        else
            nu__buf_char(out, (char)c);
    }
    nu__buf_char(out, '"');
}

/* ---- fields -------------------------------------------------------------------------------- */

static void text_option(nu__buf *out, const char *name, const char *value)
{
    if (!value)
        return;
    nu__buf_fmt(out, ", .{} = ", name);
    nu__write_string(out, value);
}

static void flag(nu__buf *out, const char *name, bool value)
{
    if (value)
        nu__buf_fmt(out, ", .{} = true", name);
}

static void number(nu__buf *out, const char *name, int64_t value)
{
    if (value)
        nu__buf_fmt(out, ", .{} = {}", name, value);
}

static const struct {
    nu_value (*call)(void);
    const char *name;
} known_calls[] = {
    { nu_default_dict, "nu_default_dict" },
    { nu_default_list, "nu_default_list" },
    { nu_default_uuid4, "nu_default_uuid4" },
    { nu_default_now, "nu_default_now" },
};

static void default_call(nu__buf *out, const nu_field *field)
{
    for (size_t i = 0; i < sizeof known_calls / sizeof *known_calls; i++)
        if (field->default_call == known_calls[i].call)
            nu__buf_fmt(out, ", .default_call = {}", known_calls[i].name);
}

/* `word` is the macro: Default or DbDefault. */
static void default_value(nu__buf *out, const char *word, const nu_default *value)
{
    switch (value->kind) {
    case NU_KIND_NULL:
        return;
    case NU_KIND_BOOL:
        nu__buf_fmt(out, ", {}({}", word, value->i ? "true" : "false");
        break;
    case NU_KIND_FLOAT:
        nu__buf_fmt(out, ", {}({}", word, value->f);
        break;
    case NU_KIND_STR:
    case NU_KIND_EXPR:
        nu__buf_fmt(out, ", {}{}(", word, value->kind == NU_KIND_EXPR ? "Expression" : "");
        nu__write_string(out, value->s);
        break;
    default:
        nu__buf_fmt(out, ", {}({}", word, value->i);
    }
    nu__buf_char(out, ')');
}

static void choices(nu__buf *out, const nu_choices *choices)
{
    if (!choices)
        return;
    nu__buf_lit(out, ", Choices(");
    for (int i = 0; i < choices->len; i++) {
        nu__buf_str_add(out, i ? S(", (") : S("("));
        nu__write_string(out, choices->items[i].value);
        nu__buf_lit(out, ", ");
        nu__write_string(out, choices->items[i].label);
        if (choices->items[i].group) {
            nu__buf_lit(out, ", ");
            nu__write_string(out, choices->items[i].group);
        }
        nu__buf_char(out, ')');
    }
    nu__buf_char(out, ')');
}

static const char *const on_delete_names[] = {
    NULL, "CASCADE", "PROTECT", "RESTRICT", "SET_NULL", "SET_DEFAULT", "DO_NOTHING", "SET_VALUE"
};

typedef enum option_kind { OPTION_TEXT, OPTION_FLAG, OPTION_NUMBER } option_kind;

/* The options that only one family of fields has, in the order in which they are written. */
#define OPTION(F, T, kind, name)                                                                   \
    {                                                                                              \
        NU__##F##_OPTIONS, kind, #name, offsetof(T, name)                                          \
    }
static const struct {
    nu__def_family family;
    option_kind kind;
    const char *name;
    size_t offset;
} family_options[] = {
    OPTION(RELATION, nu_relation_field, OPTION_TEXT, related_name),
    OPTION(RELATION, nu_relation_field, OPTION_TEXT, related_query_name),
    OPTION(RELATION, nu_relation_field, OPTION_TEXT, through_name),
    OPTION(RELATION, nu_relation_field, OPTION_TEXT, db_table),
    OPTION(RELATION, nu_relation_field, OPTION_TEXT, to_field),
    OPTION(RELATION, nu_relation_field, OPTION_TEXT, limit_choices_to),
    OPTION(RELATION, nu_relation_field, OPTION_FLAG, symmetrical),
    OPTION(RELATION, nu_relation_field, OPTION_FLAG, no_db_constraint),
    OPTION(RELATION, nu_relation_field, OPTION_FLAG, no_db_index),
    OPTION(RELATION, nu_relation_field, OPTION_FLAG, parent_link),
    OPTION(CHAR, nu_char_field, OPTION_NUMBER, max_length),
    OPTION(CHAR, nu_char_field, OPTION_TEXT, db_collation),
    OPTION(SLUG, nu_slug_field, OPTION_NUMBER, max_length),
    OPTION(SLUG, nu_slug_field, OPTION_FLAG, allow_unicode),
    OPTION(FILE_PATH, nu_file_path_field, OPTION_NUMBER, max_length),
    OPTION(FILE_PATH, nu_file_path_field, OPTION_TEXT, path),
    OPTION(FILE_PATH, nu_file_path_field, OPTION_TEXT, match),
    OPTION(FILE_PATH, nu_file_path_field, OPTION_FLAG, recursive),
    OPTION(FILE_PATH, nu_file_path_field, OPTION_FLAG, no_files),
    OPTION(FILE_PATH, nu_file_path_field, OPTION_FLAG, allow_folders),
    OPTION(FILE, nu_file_field, OPTION_TEXT, upload_to),
    OPTION(FILE, nu_file_field, OPTION_NUMBER, max_length),
    OPTION(FILE, nu_file_field, OPTION_TEXT, width_field),
    OPTION(FILE, nu_file_field, OPTION_TEXT, height_field),
    OPTION(DECIMAL, nu_decimal_field, OPTION_NUMBER, max_digits),
    OPTION(DECIMAL, nu_decimal_field, OPTION_NUMBER, decimal_places),
    OPTION(DATE, nu_date_field, OPTION_FLAG, auto_now),
    OPTION(DATE, nu_date_field, OPTION_FLAG, auto_now_add),
    OPTION(IP, nu_ip_field, OPTION_FLAG, unpack_ipv4),
};

static void write_family_options(nu__buf *out, const nu_field *field)
{
    static const char *const protocols[] = { NULL, "NU_IPV4", "NU_IPV6" };
    nu__def_family family = nu__field_type_row(field->type)->family;
    nu_ip_protocol protocol =
        family == NU__IP_OPTIONS ? ((const nu_ip_field *)field)->protocol : NU_BOTH;

    if (family == NU__RELATION_OPTIONS && ((const nu_relation_field *)field)->on_delete)
        nu__buf_fmt(out, ", .on_delete = {}",
                    on_delete_names[((const nu_relation_field *)field)->on_delete]);
    for (size_t i = 0; i < sizeof family_options / sizeof *family_options; i++) {
        const void *at = (const char *)field + family_options[i].offset;

        if (family_options[i].family != family)
            continue;
        if (family_options[i].kind == OPTION_TEXT)
            text_option(out, family_options[i].name, *(const char *const *)at);
        else if (family_options[i].kind == OPTION_FLAG)
            flag(out, family_options[i].name, *(const bool *)at);
        else
            number(out, family_options[i].name, *(const int *)at);
    }
    if (protocol)
        nu__buf_fmt(out, ", .protocol = {}", protocols[protocol]);
}

static void write_error_messages(nu__buf *out, const nu_field *field)
{
    for (size_t i = 0; i < NU_MAX_VALIDATORS && field->error_messages[i][0]; i++) {
        nu__buf_str_add(out, i ? S(", { ") : S(", .error_messages = { { "));
        nu__write_string(out, field->error_messages[i][0]);
        nu__buf_lit(out, ", ");
        nu__write_string(out, field->error_messages[i][1]);
        nu__buf_lit(out, " }");
    }
    if (field->error_messages[0][0])
        nu__buf_lit(out, " }");
}

void nu__write_field(nu__buf *out, const nu_field *field)
{
    nu__buf_fmt(out, "models_{}(", nu__field_type_row(field->type)->name);
    nu__write_string(out, field->name);
    if (field->to_name) {
        nu__buf_lit(out, ", ");
        if (strcmp(field->to_name, NU_AUTH_USER_MODEL))
            nu__write_string(out, field->to_name);
        else
            nu__buf_lit(out, "NU_AUTH_USER_MODEL");
    }
    write_family_options(out, field);
    flag(out, "primary_key", field->primary_key);
    flag(out, "unique", field->unique);
    flag(out, "null", field->null);
    flag(out, "blank", field->blank);
    flag(out, "db_index", field->db_index);
    flag(out, "read_only", field->read_only);
    choices(out, field->choices);
    default_value(out, "Default", &field->default_);
    default_call(out, field);
    default_value(out, "DbDefault", &field->db_default);
    text_option(out, "expression", field->expression);
    flag(out, "db_persist", field->db_persist);
    text_option(out, "db_column", field->db_column);
    text_option(out, "db_comment", field->db_comment);
    text_option(out, "db_tablespace", field->db_tablespace);
    text_option(out, "unique_for_date", field->unique_for_date);
    text_option(out, "unique_for_month", field->unique_for_month);
    text_option(out, "unique_for_year", field->unique_for_year);
    write_error_messages(out, field);
    text_option(out, "verbose_name", field->verbose_name);
    text_option(out, "help_text", field->help_text);
    nu__buf_char(out, ')');
}

/* ---- options of models --------------------------------------------------------------------- */

/* `{ "a", "b" }` of texts that end with NULL or at `most`. */
static void names(nu__buf *out, const char *const *items, size_t most)
{
    nu__buf_lit(out, "{ ");
    for (size_t i = 0; i < most && items[i]; i++) {
        if (i)
            nu__buf_lit(out, ", ");
        nu__write_string(out, items[i]);
    }
    nu__buf_lit(out, " }");
}

/* `, .name = { "a", "b" }`; nothing when it is empty. */
static void name_list(nu__buf *out, const char *option, const char *const *items, size_t most)
{
    if (!items[0])
        return;
    nu__buf_fmt(out, ", .{} = ", option);
    names(out, items, most);
}

static const char *const index_types[] = {
    [NU_BTREE] = "NU_BTREE",   [NU_BLOOM] = "NU_BLOOM", [NU_BRIN] = "NU_BRIN",
    [NU_GIN] = "NU_GIN",       [NU_GIST] = "NU_GIST",   [NU_HASH] = "NU_HASH",
    [NU_SPGIST] = "NU_SPGIST",
};

static void constant(nu__buf *out, const char *option, const char *name, int value)
{
    if (value)
        nu__buf_fmt(out, ", .{} = {}", option, name);
}

void nu__write_index(nu__buf *out, const nu_index *index)
{
    nu__buf_lit(out, "{ .name = ");
    nu__write_string(out, index->name);
    name_list(out, "fields", index->fields, 8);
    name_list(out, "expressions", index->expressions, 4);
    text_option(out, "condition", index->condition);
    name_list(out, "include", index->include, 4);
    name_list(out, "opclasses", index->opclasses, 4);
    text_option(out, "db_tablespace", index->db_tablespace);
    constant(out, "type", index_types[index->type], index->type);
    nu__buf_lit(out, " }");
}

static void excludes(nu__buf *out, const char *const pairs[4][2])
{
    for (size_t i = 0; i < 4 && pairs[i][0]; i++) {
        nu__buf_str_add(out, i ? S(", ") : S(", .excludes = { "));
        names(out, pairs[i], 2);
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
    name_list(out, "fields", constraint->fields, 8);
    text_option(out, "check", constraint->check);
    name_list(out, "expressions", constraint->expressions, 4);
    text_option(out, "condition", constraint->condition);
    name_list(out, "include", constraint->include, 4);
    name_list(out, "opclasses", constraint->opclasses, 4);
    excludes(out, constraint->excludes);
    constant(out, "deferrable", deferrables[constraint->deferrable], constraint->deferrable);
    constant(out, "nulls_distinct", nulls[constraint->nulls_distinct], constraint->nulls_distinct);
    constant(out, "index_type", index_types[constraint->index_type], constraint->index_type);
    text_option(out, "violation_error_code", constraint->violation_error_code);
    text_option(out, "violation_error_message", constraint->violation_error_message);
    nu__buf_lit(out, " }");
}

void nu__write_unique_together(nu__buf *out, const char *const sets[4][8])
{
    for (size_t i = 0; i < 4 && sets[i][0]; i++) {
        if (i)
            nu__buf_lit(out, ", ");
        names(out, sets[i], 8);
    }
}

static void model_text(nu__buf *out, const char *indent, const char *name, const char *value)
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
    option_kind kind;
    const char *name;
    size_t offset;
} model_options[] = {
    MODEL_OPTION(OPTION_TEXT, verbose_name),
    MODEL_OPTION(OPTION_TEXT, verbose_name_plural),
    MODEL_OPTION(OPTION_TEXT, default_related_name),
    MODEL_OPTION(OPTION_TEXT, default_manager_name),
    MODEL_OPTION(OPTION_TEXT, base_manager_name),
    MODEL_OPTION(OPTION_TEXT, required_db_vendor),
    MODEL_OPTION(OPTION_FLAG, unmanaged),
    MODEL_OPTION(OPTION_FLAG, select_on_save),
    MODEL_OPTION(OPTION_FLAG, no_default_permissions),
};

static void model_names(nu__buf *out, const char *indent, const char *name,
                        const char *const *items, size_t most)
{
    if (!items[0])
        return;
    nu__buf_fmt(out, ",\n{}.{} = ", indent, name);
    names(out, items, most);
}

static void permissions(nu__buf *out, const char *indent, const char *const pairs[8][2])
{
    for (size_t i = 0; i < 8 && pairs[i][0]; i++) {
        if (i)
            nu__buf_lit(out, ", ");
        else
            nu__buf_fmt(out, ",\n{}.permissions = {{ ", indent);
        names(out, pairs[i], 2);
    }
    if (pairs[0][0])
        nu__buf_lit(out, " }");
}

void nu__write_options(nu__buf *out, const nu_model *model, const char *indent)
{
    model_names(out, indent, "ordering", model->ordering, 9);
    for (size_t i = 0; i < sizeof model_options / sizeof *model_options; i++) {
        const void *at = (const char *)model + model_options[i].offset;

        if (model_options[i].kind == OPTION_TEXT)
            model_text(out, indent, model_options[i].name, *(const char *const *)at);
        else if (*(const bool *)at)
            nu__buf_fmt(out, ",\n{}.{} = true", indent, model_options[i].name);
    }
    model_names(out, indent, "get_latest_by", model->get_latest_by, 4);
    model_names(out, indent, "default_permissions", model->default_permissions, 8);
    model_names(out, indent, "required_db_features", model->required_db_features, 8);
    permissions(out, indent, model->permissions);
}

void nu__copy_options(nu_model *to, const nu_model *from)
{
    for (size_t i = 0; i < sizeof model_options / sizeof *model_options; i++) {
        size_t at = model_options[i].offset;

        memcpy((char *)to + at, (const char *)from + at,
               model_options[i].kind == OPTION_TEXT ? sizeof(char *) : sizeof(bool));
    }
    memcpy(to->ordering, from->ordering, sizeof to->ordering);
    memcpy(to->get_latest_by, from->get_latest_by, sizeof to->get_latest_by);
    memcpy(to->default_permissions, from->default_permissions, sizeof to->default_permissions);
    memcpy(to->required_db_features, from->required_db_features, sizeof to->required_db_features);
    memcpy(to->permissions, from->permissions, sizeof to->permissions);
}

/* ---- operations ---------------------------------------------------------------------------- */

static void write_create(nu__buf *out, const nu_model *model)
{
    static const char indent[] = "                ";

    nu__buf_lit(out, "CreateModel(.name = ");
    nu__write_string(out, model->name);
    nu__buf_fmt(out, ",\n{}.fields = {{\n", indent);
    for (size_t i = 0; i < nu__model_field_count(model); i++) {
        nu__buf_fmt(out, "{}    ", indent);
        nu__write_field(out, model->fields[i]);
        nu__buf_lit(out, ",\n");
    }
    nu__buf_fmt(out, "{}}}", indent);
    model_text(out, indent, "db_table", model->db_table);
    model_text(out, indent, "db_table_comment", model->db_table_comment);
    model_names(out, indent, "bases_by_name", model->bases_by_name, 4);
    if (model->proxy)
        nu__buf_fmt(out, ",\n{}.proxy = true", indent);
    nu__write_options(out, model, indent);
    if (model->unique_together[0][0]) {
        nu__buf_fmt(out, ",\n{}.unique_together = {{ ", indent);
        nu__write_unique_together(out, model->unique_together);
        nu__buf_lit(out, " }");
    }
    nu__buf_char(out, ')');
}

static void open_call(nu__buf *out, const nu_operation *op)
{
    nu__buf_fmt(out, "{}(", nu__operation_type_of(op)->name);
    nu__write_string(out, op->model_name);
}

static void write_rest(nu__buf *out, const nu_operation *op)
{
    open_call(out, op);
    if (op->kind == NU_ALTER_MODEL_OPTIONS) {
        nu__write_options(out, op->model, "                  ");
    } else if (op->kind != NU_DELETE_MODEL) {
        nu__buf_lit(out, ", ");
        if (op->kind == NU_ADD_FIELD || op->kind == NU_ALTER_FIELD)
            nu__write_field(out, op->field);
        else if (op->kind == NU_ADD_INDEX)
            nu__write_index(out, &op->index);
        else if (op->kind == NU_ADD_CONSTRAINT)
            nu__write_constraint(out, &op->constraint);
        else if (op->kind == NU_ALTER_UNIQUE_TOGETHER)
            nu__write_unique_together(out, op->unique_together);
        else if (op->name)
            nu__write_string(out, op->name);
        else
            nu__buf_lit(out, "NULL");
    }
    nu__buf_char(out, ')');
}

void nu__write_operation(nu__buf *out, const nu_operation *op)
{
    if (op->kind == NU_CREATE_MODEL)
        write_create(out, op->model);
    else
        write_rest(out, op);
}

/* ---- files --------------------------------------------------------------------------------- */

nu_str nu__migration_symbol(nu_str app, nu_str name)
{
    nu_str symbol = nu_fmt("{}_{}", app, name);

    for (size_t i = 0; i < symbol.len; i++)
        if (!isalnum((unsigned char)symbol.ptr[i]))
            ((char *)symbol.ptr)[i] = '_'; /* fresh memory of nu_fmt */
    return symbol;
}

nu_str nu__write_migration(const nu_migration *migration)
{
    nu__buf out = { 0 };
    nu_str symbol = nu__migration_symbol(nu_s(migration->app_label), nu_s(migration->name));

    nu__buf_lit(&out, "/* Written by makemigrations. all.c takes it in. */\n/* clang-format off "
                      "*/\n#include <nuages/migrations.h>\n\n");
    nu__buf_fmt(&out, "static const nu_operation {}_operations[] = {{\n", symbol);
    for (const nu_operation *op = migration->operations; op->kind; op++) {
        nu__buf_lit(&out, "    ");
        nu__write_operation(&out, op);
        nu__buf_lit(&out, ",\n");
    }
    nu__buf_fmt(
        &out, "    {{ 0 }},\n}};\n\nstatic const nu_migration {} = {{\n    .app_label = ", symbol);
    nu__write_string(&out, migration->app_label);
    nu__buf_lit(&out, ", .name = ");
    nu__write_string(&out, migration->name);
    nu__buf_str_add(&out, migration->initial ? S(", .initial = true,\n") : S(",\n"));
    if (migration->dependencies[0][0]) {
        nu__buf_lit(&out, "    .dependencies = { ");
        for (size_t i = 0; i < 16 && migration->dependencies[i][0]; i++) {
            if (i)
                nu__buf_lit(&out, ", ");
            names(&out, migration->dependencies[i], 2);
        }
        nu__buf_lit(&out, " },\n");
    }
    nu__buf_fmt(&out, "    .operations = {}_operations,\n}};\n/* clang-format on */\n", symbol);
    return nu__buf_str(&out);
}

nu_str nu__write_all(nu_str app, const nu_list *files)
{
    nu__buf out = { 0 };

    nu__buf_lit(&out, "/* Written by makemigrations: all migrations of the app. Not to be edited. "
                      "*/\n#include <nuages/migrations.h>\n\n");
    for (size_t i = 0; i < nu_list_len(files); i++)
        nu__buf_fmt(&out, "#include \"{}.c\"\n", nu_at(files, i));
    nu__buf_fmt(&out, "\nextern const nu_migration *const {}_migrations[];\n", app);
    nu__buf_fmt(&out, "const nu_migration *const {}_migrations[] = {{\n", app);
    for (size_t i = 0; i < nu_list_len(files); i++)
        nu__buf_fmt(&out, "    &{},\n", nu__migration_symbol(app, nu_string(nu_at(files, i))));
    nu__buf_lit(&out, "    NULL,\n};\n");
    return nu__buf_str(&out);
}
