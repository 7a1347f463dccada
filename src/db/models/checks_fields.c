/* System checks of fields, under Django's ids: what C can still get wrong. A relation to nothing
   and two fields of one name are raised by the registry instead. */
#include "db/models/checks.h"

#include "core/buf.h"
#include "core/text.h"
#include "db/models/expression_text.h"

#include <string.h>

/* ---- all fields --------------------------------------------------------------------------- */

static void check_name(const nu__field *field, nu_list *out)
{
    if (nu_ends_with(field->name, S("_")))
        nu__check_error(field, out, "fields.E001",
                        S("Field names must not end with an underscore."), NULL);
    if (nu__find(field->name, S("__")) >= 0) /* an array's items have no name */
        nu__check_error(field, out, "fields.E002", S("Field names must not contain \"__\"."), NULL);
    if (nu_eq(field->name, "pk"))
        nu__check_error(field, out, "fields.E003",
                        S("'pk' is a reserved word that cannot be used as a field name."), NULL);
}

static void check_choices(const nu__field *field, nu_list *out)
{
    size_t longest = 0;

    for (int i = 0; field->choices && field->choices->text && i < field->choices->len; i++) {
        size_t len = strlen(field->choices->items[i].value);

        longest = len > longest ? len : longest;
    }
    if (field->max_length && longest > (size_t)field->max_length)
        nu__check_error(
            field, out, "fields.E009",
            nu_fmt("'max_length' is too small to fit the longest value in 'choices' ({} "
                   "characters).",
                   longest),
            NULL);
}

static void check_key(const nu__field *field, nu_list *out)
{
    if (field->primary_key && field->null)
        nu__check_error(field, out, "fields.E007", S("Primary keys must not have null=True."),
                        "Set null=False on the field, or remove primary_key=True argument.");
}

/* A default of the database knows no other column. */
static void check_db_default(const nu__field *field, nu_list *out)
{
    const nu_default *given = &field->def->db_default;

    if (given->kind == NU_KIND_EXPR &&
        nu_list_len(nu__expression_names(nu__text_expression(nu_s(given->s)))))
        nu__check_error(field, out, "fields.E012",
                        nu_fmt("{} cannot be used in db_default.", given->s), NULL);
}

/* ---- by family ---------------------------------------------------------------------------- */

static void check_length(const nu__field *field, nu_list *out)
{
    if (field->type->family == NU__CHAR_OPTIONS && field->max_length < 0)
        nu__check_error(field, out, "fields.E121", S("'max_length' must be a positive integer."),
                        NULL);
}

static void check_decimal(const nu__field *field, nu_list *out)
{
    if (field->type->type != NU_DECIMAL_FIELD)
        return;
    if (field->decimal_places < 0)
        nu__check_error(field, out, "fields.E131",
                        S("'decimal_places' must be a non-negative integer."), NULL);
    if (!field->max_digits)
        nu__check_error(field, out, "fields.E132",
                        S("DecimalFields must define a 'max_digits' attribute."), NULL);
    else if (field->max_digits < 0)
        nu__check_error(field, out, "fields.E133", S("'max_digits' must be a positive integer."),
                        NULL);
    else if (field->max_digits < field->decimal_places)
        nu__check_error(field, out, "fields.E134",
                        S("'max_digits' must be greater or equal to 'decimal_places'."), NULL);
}

static void check_paths(const nu__field *field, nu_list *out)
{
    const nu_file_path_field *def = (const nu_file_path_field *)field->def;

    if (field->type->family == NU__FILE_PATH_OPTIONS && def->no_files && !def->allow_folders)
        nu__check_error(
            field, out, "fields.E140",
            S("FilePathFields must have either 'allow_files' or 'allow_folders' set to True."),
            NULL);
}

static void check_address(const nu__field *field, nu_list *out)
{
    if (field->type->family == NU__IP_OPTIONS && field->blank && !field->null)
        nu__check_error(
            field, out, "fields.E150",
            S("GenericIPAddressFields cannot have blank=True if null=False, as blank values are "
              "stored as nulls."),
            NULL);
}

static void check_dates(const nu__field *field, nu_list *out)
{
    if (field->auto_now + field->auto_now_add + nu__field_has_default(field) > 1)
        nu__check_error(
            field, out, "fields.E160",
            S("The options auto_now, auto_now_add, and default are mutually exclusive. Only one "
              "of these options may be present."),
            NULL);
}

static void check_file(const nu__field *field, nu_list *out)
{
    if (field->type->family != NU__FILE_OPTIONS)
        return;
    if (field->primary_key)
        nu__check_error(
            field, out, "fields.E201",
            nu_fmt("'primary_key' is not a valid argument for a {}.", field->type->name),
            "Remove the 'primary_key' argument.");
    if (field->upload_to && field->upload_to[0] == '/')
        nu__check_error(
            field, out, "fields.E202",
            nu_fmt("{}'s 'upload_to' argument must be a relative path, not an absolute path.",
                   field->type->name),
            "Remove the leading slash.");
}

/* A list or dict that all rows would share. Django: CheckFieldDefaultMixin */
static void check_shared_default(const nu__field *field, nu_list *out)
{
    static const char list[] =
        "Use a callable instead: `.default_call = nu_default_list` for an empty list.";
    static const char dict[] =
        "Use a callable instead: `.default_call = nu_default_dict` for an empty dict.";
    nu_field_type type = field->type->type;

    if (field->def->default_.kind != NU_KIND_NULL &&
        (type == NU_ARRAY_FIELD || type == NU_HSTORE_FIELD || type == NU_JSON_FIELD))
        nu__check_warning(
            field, out, "fields.E010",
            nu_fmt("{} default should be a callable instead of an instance so that it's not "
                   "shared between all field instances.",
                   field->type->name),
            type == NU_ARRAY_FIELD ? list : dict);
}

/* What is found of an array's items, by level, is told of the array. */
static void report_items(const nu__field *field, nu_list *out, const nu_list *found,
                         const char *level, const char *id)
{
    nu_str told = S("");

    for (size_t i = 0; i < nu_list_len(found); i++) {
        nu_dict *one = nu_at(found, i).dict;

        if (nu_eq(nu_string(nu_item(one, "level")), level))
            told = nu_fmt("{}\n    {} ({})", told, nu_item(one, "msg"), nu_item(one, "id"));
    }
    if (told.len)
        nu__check_report(out, id, level, nu__checked_name(field),
                         nu_fmt("Base field for array has {}s:{}", level, told), NULL);
}

static void check_items(const nu__field *field, nu_list *out)
{
    nu_list *found = nu_list_new();

    if (field->type->type != NU_ARRAY_FIELD)
        return;
    nu__check_field(field->base, found);
    report_items(field, out, found, "error", "postgres.E001");
    report_items(field, out, found, "warning", "postgres.W004");
}

/* ---- the rows ----------------------------------------------------------------------------- */

static void (*const checks[])(const nu__field *field, nu_list *out) = {
    check_name,    check_choices,        check_key,          check_db_default, check_length,
    check_decimal, check_paths,          check_address,      check_dates,      check_file,
    check_items,   check_shared_default, nu__check_relation,
};

void nu__check_field(const nu__field *field, nu_list *out)
{
    for (size_t i = 0; !field->origin && i < sizeof checks / sizeof *checks; i++)
        checks[i](field, out);
}
