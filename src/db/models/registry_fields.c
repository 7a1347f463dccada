/* From a row of a descriptor to a field. */
#include "db/models/registry.h"

#include "db/sql/expression.h"

#include <nuages/postgres.h>

nu_str nu__spaced(nu_str name)
{
    char *text = nu_alloc_array(char, name.len + 1);

    for (size_t i = 0; i < name.len; i++)
        text[i] = name.ptr[i] == '_' ? ' ' : name.ptr[i];
    return (nu_str){ text, name.len };
}

/* The options that only some families of fields have. */
static void take_options(nu__field *field)
{
    const void *def = field->def;

    switch (nu__field_type_row(field->def->type)->family) {
    case NU__CHAR_OPTIONS:
        field->max_length = ((const nu_char_field *)def)->max_length;
        break;
    case NU__SLUG_OPTIONS:
        field->max_length = ((const nu_slug_field *)def)->max_length;
        field->populate_from = ((const nu_slug_field *)def)->populate_from;
        break;
    case NU__FILE_PATH_OPTIONS:
        field->max_length = ((const nu_file_path_field *)def)->max_length;
        break;
    case NU__DECIMAL_OPTIONS:
        field->max_digits = ((const nu_decimal_field *)def)->max_digits;
        field->decimal_places = ((const nu_decimal_field *)def)->decimal_places;
        break;
    case NU__DATE_OPTIONS:
        field->auto_now = ((const nu_date_field *)def)->auto_now;
        field->auto_now_add = ((const nu_date_field *)def)->auto_now_add;
        break;
    case NU__ARRAY_OPTIONS:
        field->array_size = ((const nu_array_field *)def)->array_size;
        break;
    case NU__FILE_OPTIONS:
        field->max_length = ((const nu_file_field *)def)->max_length;
        field->upload_to = ((const nu_file_field *)def)->upload_to;
        break;
    default:
        break;
    }
    if (!field->max_length)
        field->max_length = field->type->max_length;
}

/* The members of plain numbers are known by their size: nu_opt_int has 16 bytes, int64_t has 8. */
static nu__member member_of(const nu__field *field)
{
    const nu__field_type *type = nu__field_type_row(field->def->type);
    size_t size = field->def->size;

    if (size && type->null_member != type->member)
        return size == nu__member_size(type->member) ? type->member : type->null_member;
    return field->null ? type->null_member : type->member;
}

static const nu__field_type *type_of(const nu_field *def)
{
    if (def->type != NU_CHOICE_FIELD)
        return nu__field_type_row(def->type);
    return nu__field_type_row(def->choices->text ? NU_CHAR_FIELD : NU_INTEGER_FIELD);
}

static void init_field(nu__field *field, nu__model_info *info, const nu_field *def);

/* What an array's items are: a field of the array's own name. Django: ArrayField.base_field */
static const nu__field *items_of(const nu__field *array)
{
    const nu_field *def = ((const nu_array_field *)array->def)->base_field;
    nu__field *items = nu_alloc(nu__field);

    if (!def || !nu__field_type_row(def->type))
        nu_raise(NU_IMPROPERLY_CONFIGURED, "{}.{}: the array's items have no type",
                 array->model->label, array->name);
    if (def->to || def->to_name)
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "(postgres.E002) {}.{}: Base field for array cannot be a related field.",
                 array->model->label, array->name);
    init_field(items, array->model, def);
    items->name = items->attname = items->column = array->name;
    return items;
}

static const nu__field *base_of(const nu__field *field)
{
    if (field->type->type == NU_ARRAY_FIELD)
        return items_of(field);
    return field->type->base ? nu__type_of(field->type->base) : NULL;
}

static void init_field(nu__field *field, nu__model_info *info, const nu_field *def)
{
    *field = (nu__field){ .def = def,
                          .type = type_of(def),
                          .model = info,
                          .target = field,
                          .name = nu_s(def->name),
                          .help_text = nu_s(def->help_text ? def->help_text : ""),
                          .offset = def->offset,
                          .choices = def->choices,
                          .blank = def->blank,
                          .unique = def->unique || (def->primary_key && !info->model->shared_key) ||
                                    def->type == NU_ONE_TO_ONE_FIELD,
                          .primary_key = def->primary_key,
                          .db_index = def->db_index || def->type == NU_SLUG_FIELD ||
                                      (def->type == NU_FOREIGN_KEY &&
                                       !((const nu_relation_field *)def)->no_db_index),
                          .null = def->null,
                          .editable = !def->read_only && def->type != NU_BINARY_FIELD };
    field->auto_key = def->type == NU_AUTO_FIELD || def->type == NU_BIG_AUTO_FIELD ||
                      def->type == NU_SMALL_AUTO_FIELD;
    if (field->auto_key) {
        field->primary_key = field->blank = true;
        field->unique |= !info->model->shared_key;
    }
    take_options(field);
    if (field->auto_now || field->auto_now_add) {
        field->editable = false;
        field->blank = true;
    }
    field->member = member_of(field);
    field->base = base_of(field);
    field->attname = field->name;
    if (def->type == NU_FOREIGN_KEY || def->type == NU_ONE_TO_ONE_FIELD)
        field->attname = nu_fmt("{}_id", field->name);
    field->column = def->db_column ? nu_s(def->db_column) : field->attname;
    field->verbose_name = def->verbose_name ? nu_s(def->verbose_name) : nu__spaced(field->name);
}

nu__field *nu__registry_add_field(nu__model_info *info, const nu_field *def, ptrdiff_t shift)
{
    bool many = def->type == NU_MANY_TO_MANY_FIELD;
    nu__field *field = many ? &info->many[info->n_many] : &info->fields[info->n_fields];

    if (!nu__field_type_row(def->type))
        nu_raise(NU_IMPROPERLY_CONFIGURED, "{}.{}: field {} has no type", info->app_label,
                 info->name, def->name);
    init_field(field, info, def);
    field->offset = (size_t)((ptrdiff_t)field->offset + shift);
    field->index = (uint32_t)(many ? info->n_many++ : info->n_fields++);
    if (field->primary_key) {
        if (info->pk)
            nu_raise(NU_IMPROPERLY_CONFIGURED,
                     "(models.E026) {}: the model cannot have more than one field with "
                     "'primary_key=True': {} and {}.",
                     info->label, info->pk->name, field->name);
        info->pk = field;
    }
    return field;
}
