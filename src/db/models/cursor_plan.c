/* What the columns of a cursor become: members of objects, or values beside them. */
#include "db/models/cursor_int.h"

#include "core/object.h"

#include <nuages/signals.h>

static void add_part(nu__cursor *cursor, const nu__class_info *info, uint32_t parent)
{
    uint32_t own = cursor->n_parts++;

    cursor->parts[own] =
        (nu__part){ .info = info,
                    .heard = nu_signal_has_listeners(NU_PRE_INIT, info->model->model) ||
                             nu_signal_has_listeners(NU_POST_INIT, info->model->model),
                    .parent = parent };
    for (const nu__class_info *child = info->children; child; child = child->next)
        add_part(cursor, child, own);
}

static uint32_t count_parts(const nu__class_info *info)
{
    uint32_t n = 1;

    for (const nu__class_info *child = info->children; child; child = child->next)
        n += count_parts(child);
    return n;
}

/* Columns that no object takes. Of related models', which have no name, none is left over. */
static void add_extras(nu__cursor *cursor, const nu__compiled *compiled)
{
    cursor->extras = nu_alloc_array(nu__beside, compiled->n_columns + 1);
    for (uint32_t i = 0; i < compiled->n_columns; i++) {
        const nu__out_column *column = &compiled->columns[i];

        if (column->name.ptr)
            cursor->extras[cursor->n_extras++] = (nu__beside){ column->name, column->decoder, i };
    }
}

void nu__cursor_plan(nu__cursor *cursor, const nu__compiled *compiled)
{
    if (compiled->base && cursor->query->shape == NU__SHAPE_OBJECTS) {
        cursor->parts = nu_alloc_array(nu__part, count_parts(compiled->base));
        add_part(cursor, compiled->base, 0);
    }
    add_extras(cursor, compiled);
}

/* A column of raw SQL by the name of the field that it was said to be. */
static nu_str raw_name(const nu__cursor *cursor, uint32_t i)
{
    nu_str name = nu__rows_name(cursor->rows, i);
    nu_value field;

    if (cursor->query->raw_names && nu_dict_find(cursor->query->raw_names, name, &field))
        return nu_string(field);
    return name;
}

static void add_raw_extra(nu__cursor *cursor, nu_str name, uint32_t column)
{
    cursor->extras[cursor->n_extras++] =
        (nu__beside){ nu_copy(name), { .member = NU__MEMBER_NONE }, column };
}

/* The field whose column a name is; NULL: none is. */
static const nu__field *field_of_column(const nu__model_info *info, nu_str name)
{
    for (size_t i = 0; i < info->n_fields; i++)
        if (nu_eq(info->fields[i].column, name))
            return &info->fields[i];
    return NULL;
}

/* Raw SQL: the columns that are fields make objects, the others go beside them. */
static void plan_raw_objects(nu__cursor *cursor, nu__model_info *model)
{
    uint32_t n = cursor->rows->n_columns;
    nu__class_info *info = nu_alloc(nu__class_info);
    const nu__backend *backend = nu__connection_of(cursor->db)->backend;

    info->model = model;
    nu__class_targets(info, backend);
    info->fields = nu_alloc_array(const nu__field *, n + 1);
    info->targets = nu_alloc_array(nu__target, n + 1);
    info->n_fields = n;
    info->key = UINT32_MAX;
    for (uint32_t i = 0; i < n; i++) {
        nu_str name = raw_name(cursor, i);
        const nu__field *field = info->fields[i] = field_of_column(model, name);

        info->targets[i].unused = !field;
        if (!field) {
            add_raw_extra(cursor, name, i);
            continue;
        }
        info->targets[i] = nu__target_of(field, backend);
        nu__set_drop(&info->deferred, field->index);
        if (field->primary_key)
            info->key = i;
    }
    if (info->key == UINT32_MAX)
        nu_raise(NU_FIELD_DOES_NOT_EXIST, "Raw query must include the primary key");
    cursor->parts = nu_alloc_array(nu__part, 1);
    add_part(cursor, info, 0);
}

/* Raw SQL: columns by their names. */
void nu__cursor_plan_raw(nu__cursor *cursor)
{
    uint32_t n = cursor->rows->n_columns;

    cursor->extras = nu_alloc_array(nu__beside, n + 1);
    if (cursor->query->raw_model) {
        plan_raw_objects(cursor, cursor->query->raw_model);
        return;
    }
    for (uint32_t i = 0; i < n; i++)
        add_raw_extra(cursor, nu__rows_name(cursor->rows, i), i);
}
