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

static void default_value(nu__buf *out, const nu_default *value)
{
    switch (value->kind) {
    case NU_KIND_NULL:
        break;
    case NU_KIND_BOOL:
        nu__buf_fmt(out, ", Default({})", value->i ? "true" : "false");
        break;
    case NU_KIND_FLOAT:
        nu__buf_fmt(out, ", Default({})", value->f);
        break;
    case NU_KIND_STR:
        nu__buf_lit(out, ", Default(");
        nu__write_string(out, value->s);
        nu__buf_char(out, ')');
        break;
    default:
        nu__buf_fmt(out, ", Default({})", value->i);
    }
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
        nu__buf_char(out, ')');
    }
    nu__buf_char(out, ')');
}

static const char *const on_delete_names[] = {
    NULL, "CASCADE", "PROTECT", "RESTRICT", "SET_NULL", "SET_DEFAULT", "DO_NOTHING", "SET_VALUE"
};

static void relation_options(nu__buf *out, const nu_relation_field *field)
{
    if (field->on_delete)
        nu__buf_fmt(out, ", .on_delete = {}", on_delete_names[field->on_delete]);
    text_option(out, "related_name", field->related_name);
    text_option(out, "related_query_name", field->related_query_name);
    text_option(out, "through_name", field->through_name);
    text_option(out, "db_table", field->db_table);
    flag(out, "symmetrical", field->symmetrical);
}

/* The options of the type's own family. */
static void family_options(nu__buf *out, const nu_field *field)
{
    switch (field->type) {
    case NU_FOREIGN_KEY:
    case NU_ONE_TO_ONE_FIELD:
    case NU_MANY_TO_MANY_FIELD:
        relation_options(out, (const nu_relation_field *)field);
        break;
    case NU_CHAR_FIELD:
    case NU_TEXT_FIELD:
    case NU_EMAIL_FIELD:
    case NU_URL_FIELD:
    case NU_BINARY_FIELD:
        number(out, "max_length", ((const nu_char_field *)field)->max_length);
        break;
    case NU_SLUG_FIELD:
        number(out, "max_length", ((const nu_slug_field *)field)->max_length);
        break;
    case NU_FILE_FIELD:
    case NU_IMAGE_FIELD:
        text_option(out, "upload_to", ((const nu_file_field *)field)->upload_to);
        number(out, "max_length", ((const nu_file_field *)field)->max_length);
        break;
    case NU_DECIMAL_FIELD:
        number(out, "max_digits", ((const nu_decimal_field *)field)->max_digits);
        number(out, "decimal_places", ((const nu_decimal_field *)field)->decimal_places);
        break;
    case NU_DATE_FIELD:
    case NU_DATETIME_FIELD:
    case NU_TIME_FIELD:
        flag(out, "auto_now", ((const nu_date_field *)field)->auto_now);
        flag(out, "auto_now_add", ((const nu_date_field *)field)->auto_now_add);
        break;
    default:
        break;
    }
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
    family_options(out, field);
    flag(out, "primary_key", field->primary_key);
    flag(out, "unique", field->unique);
    flag(out, "null", field->null);
    flag(out, "blank", field->blank);
    flag(out, "db_index", field->db_index);
    flag(out, "read_only", field->read_only);
    choices(out, field->choices);
    default_value(out, &field->default_);
    default_call(out, field);
    text_option(out, "db_column", field->db_column);
    text_option(out, "unique_for_date", field->unique_for_date);
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

void nu__write_index(nu__buf *out, const nu_index *index)
{
    nu__buf_lit(out, "{ .name = ");
    nu__write_string(out, index->name);
    nu__buf_lit(out, ", .fields = ");
    names(out, index->fields, 8);
    nu__buf_lit(out, " }");
}

void nu__write_constraint(nu__buf *out, const nu_constraint *constraint)
{
    nu__buf_lit(out, "{ .name = ");
    nu__write_string(out, constraint->name);
    if (constraint->fields[0]) {
        nu__buf_lit(out, ", .fields = ");
        names(out, constraint->fields, 8);
    }
    text_option(out, "check", constraint->check);
    text_option(out, "condition", constraint->condition);
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

void nu__write_options(nu__buf *out, const nu_model *model, const char *indent)
{
    if (model->ordering[0]) {
        nu__buf_fmt(out, ",\n{}.ordering = ", indent);
        names(out, model->ordering, sizeof model->ordering / sizeof *model->ordering);
    }
    model_text(out, indent, "verbose_name", model->verbose_name);
    model_text(out, indent, "verbose_name_plural", model->verbose_name_plural);
    model_text(out, indent, "default_related_name", model->default_related_name);
    if (model->unmanaged)
        nu__buf_fmt(out, ",\n{}.unmanaged = true", indent);
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
