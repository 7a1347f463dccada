/* Fields as C text. */
#include "db/migrations/writer_int.h"

#include <math.h>
#include <nuages/postgres.h>
#include <string.h>

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
/* The least number has no literal in C, which negates one that is too large. */
static void write_int(nu__buf *out, int64_t value)
{
    if (value == INT64_MIN)
        nu__buf_lit(out, "INT64_MIN");
    else
        nu__buf_fmt(out, "{}", value);
}

/* INFINITY and NAN are <math.h>'s, which migrations do not include. */
static void write_float(nu__buf *out, double value)
{
    if (isnan(value))
        nu__buf_lit(out, "__builtin_nan(\"\")");
    else if (isinf(value))
        nu__buf_fmt(out, "{}__builtin_inf()", value < 0 ? "-" : "");
    else
        nu__buf_fmt(out, "{}", value);
}

static void default_value(nu__buf *out, const char *word, const nu_default *value)
{
    switch (value->kind) {
    case NU_KIND_NULL:
        return;
    case NU_KIND_BOOL:
        nu__buf_fmt(out, ", {}({}", word, value->i ? "true" : "false");
        break;
    case NU_KIND_FLOAT:
        nu__buf_fmt(out, ", {}(", word);
        write_float(out, value->f);
        break;
    case NU_KIND_STR:
    case NU_KIND_EXPR:
        nu__buf_fmt(out, ", {}{}(", word, value->kind == NU_KIND_EXPR ? "Expression" : "");
        nu__write_string(out, value->s);
        break;
    default:
        nu__buf_fmt(out, ", {}(", word);
        write_int(out, value->i);
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

/* The options that only one family of fields has, in the order in which they are written. */
#define OPTION(F, T, kind, name)                                                                   \
    {                                                                                              \
        NU__##F##_OPTIONS, kind, #name, offsetof(T, name)                                          \
    }
static const struct {
    nu__def_family family;
    nu__option_kind kind;
    const char *name;
    size_t offset;
} family_options[] = {
    OPTION(RELATION, nu_relation_field, NU__OPTION_TEXT, related_name),
    OPTION(RELATION, nu_relation_field, NU__OPTION_TEXT, related_query_name),
    OPTION(RELATION, nu_relation_field, NU__OPTION_TEXT, through_name),
    OPTION(RELATION, nu_relation_field, NU__OPTION_TEXT, db_table),
    OPTION(RELATION, nu_relation_field, NU__OPTION_TEXT, to_field),
    OPTION(RELATION, nu_relation_field, NU__OPTION_TEXT, limit_choices_to),
    OPTION(RELATION, nu_relation_field, NU__OPTION_FLAG, asymmetrical),
    OPTION(RELATION, nu_relation_field, NU__OPTION_FLAG, no_db_constraint),
    OPTION(RELATION, nu_relation_field, NU__OPTION_FLAG, no_db_index),
    OPTION(RELATION, nu_relation_field, NU__OPTION_FLAG, parent_link),
    OPTION(CHAR, nu_char_field, NU__OPTION_NUMBER, max_length),
    OPTION(CHAR, nu_char_field, NU__OPTION_TEXT, db_collation),
    OPTION(SLUG, nu_slug_field, NU__OPTION_NUMBER, max_length),
    OPTION(SLUG, nu_slug_field, NU__OPTION_FLAG, allow_unicode),
    OPTION(FILE_PATH, nu_file_path_field, NU__OPTION_NUMBER, max_length),
    OPTION(FILE_PATH, nu_file_path_field, NU__OPTION_TEXT, path),
    OPTION(FILE_PATH, nu_file_path_field, NU__OPTION_TEXT, match),
    OPTION(FILE_PATH, nu_file_path_field, NU__OPTION_FLAG, recursive),
    OPTION(FILE_PATH, nu_file_path_field, NU__OPTION_FLAG, no_files),
    OPTION(FILE_PATH, nu_file_path_field, NU__OPTION_FLAG, allow_folders),
    OPTION(FILE, nu_file_field, NU__OPTION_TEXT, upload_to),
    OPTION(FILE, nu_file_field, NU__OPTION_NUMBER, max_length),
    OPTION(FILE, nu_file_field, NU__OPTION_TEXT, width_field),
    OPTION(FILE, nu_file_field, NU__OPTION_TEXT, height_field),
    OPTION(DECIMAL, nu_decimal_field, NU__OPTION_NUMBER, max_digits),
    OPTION(DECIMAL, nu_decimal_field, NU__OPTION_NUMBER, decimal_places),
    OPTION(DATE, nu_date_field, NU__OPTION_FLAG, auto_now),
    OPTION(DATE, nu_date_field, NU__OPTION_FLAG, auto_now_add),
    OPTION(IP, nu_ip_field, NU__OPTION_FLAG, unpack_ipv4),
    OPTION(ARRAY, nu_array_field, NU__OPTION_NUMBER, array_size),
    OPTION(RANGE, nu_range_field, NU__OPTION_TEXT, default_bounds),
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
    if (family == NU__RELATION_OPTIONS)
        nu__write_name_list(out, "through_fields",
                            ((const nu_relation_field *)field)->through_fields, 2);
    for (size_t i = 0; i < sizeof family_options / sizeof *family_options; i++) {
        const void *at = (const char *)field + family_options[i].offset;

        if (family_options[i].family != family)
            continue;
        if (family_options[i].kind == NU__OPTION_TEXT)
            nu__write_text_option(out, family_options[i].name, *(const char *const *)at);
        else if (family_options[i].kind == NU__OPTION_FLAG)
            nu__write_flag(out, family_options[i].name, *(const bool *)at);
        else
            nu__write_number(out, family_options[i].name, *(const int *)at);
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

void nu__write_field_options(nu__buf *out, const nu_field *field)
{
    write_family_options(out, field);
    nu__write_flag(out, "primary_key", field->primary_key);
    nu__write_flag(out, "unique", field->unique);
    nu__write_flag(out, "null", field->null);
    nu__write_flag(out, "blank", field->blank);
    nu__write_flag(out, "db_index", field->db_index);
    nu__write_flag(out, "read_only", field->read_only);
    choices(out, field->choices);
    default_value(out, "Default", &field->default_);
    default_call(out, field);
    default_value(out, "DbDefault", &field->db_default);
    nu__write_text_option(out, "expression", field->expression);
    nu__write_flag(out, "db_persist", field->db_persist);
    nu__write_text_option(out, "db_column", field->db_column);
    nu__write_text_option(out, "db_comment", field->db_comment);
    nu__write_text_option(out, "db_tablespace", field->db_tablespace);
    nu__write_text_option(out, "unique_for_date", field->unique_for_date);
    nu__write_text_option(out, "unique_for_month", field->unique_for_month);
    nu__write_text_option(out, "unique_for_year", field->unique_for_year);
    write_error_messages(out, field);
    nu__write_text_option(out, "verbose_name", field->verbose_name);
    nu__write_text_option(out, "help_text", field->help_text);
}

void nu__write_field(nu__buf *out, const nu_field *field)
{
    nu__buf_fmt(out, "models_{}(", nu__field_type_row(field->type)->name);
    if (field->name)
        nu__write_string(out, field->name);
    else
        nu__buf_lit(out, "NULL"); /* the items of an array have none */
    if (field->to_name) {
        nu__buf_lit(out, ", ");
        if (strcmp(field->to_name, NU_AUTH_USER_MODEL))
            nu__write_string(out, field->to_name);
        else
            nu__buf_lit(out, "NU_AUTH_USER_MODEL");
    }
    if (field->type == NU_ARRAY_FIELD) {
        nu__buf_lit(out, ", ");
        nu__write_field(out, ((const nu_array_field *)field)->base_field);
    }
    nu__write_field_options(out, field);
    nu__buf_char(out, ')');
}
