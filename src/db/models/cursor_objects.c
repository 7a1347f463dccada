/* Rows as instances: each batch is read at once, and knows what came together. */
#include "db/models/cursor_int.h"

#include "core/object.h"

#include <nuages/signals.h>
#include <string.h>

#define FIRST_BATCH 16
#define MAX_BATCH   128

static nu_object *decode_part(const nu__cursor *cursor, const nu__part *p)
{
    const nu__cell *cells = cursor->rows->cells;
    const nu__class_info *info = p->info;
    nu_object *object;
    nu__row *row;

    if (cells[info->key].kind == NU__CELL_NULL && info->relation)
        return NULL;
    object = nu__instance_new(info->model);
    if (p->heard)
        nu__init_signal(object, NU_PRE_INIT);
    row = object->extra;
    row->db = cursor->db;
    row->deferred = info->deferred;
    for (uint32_t i = 0; i < info->n_fields; i++) {
        const nu__target *to = &info->targets[i];
        const nu__cell *cell = &cells[info->first + i];

        if (!to->unused && !nu__decode_cell(&to->decoder, cell, (char *)object + to->offset))
            nu__assigned_keep(info->fields[i], object, nu__cell_value(cell));
    }
    if (p->heard)
        nu__init_signal(object, NU_POST_INIT);
    return object;
}

/* An attribute of the parent's, where a row meets the condition; what a key of the row's own says
   of its parent holds as well. */
static void link_filtered(const nu__class_info *info, nu_object *parent, nu_object *child)
{
    nu__row *row = parent->extra;

    if (!child)
        return;
    if (!row->annotations)
        row->annotations = nu_dict_new();
    nu_dict_set_str(row->annotations, info->attribute, nu_v_object(child));
    if (info->near && info->reverse && !info->relation->generic)
        *nu__field_cached(info->relation->field, child) = parent;
}

/* Parent and child know each other where the relation leads to one row. */
static void link_parts(const nu__class_info *info, nu_object *parent, nu_object *child)
{
    const nu__relation *relation = info->relation;

    if (info->attribute.ptr) {
        link_filtered(info, parent, child);
        return;
    }
    if (!info->reverse) {
        *nu__field_cached(relation->field, parent) = child;
        if (child && relation->field->unique && relation->accessor.ptr)
            nu__kept_put(child, relation->accessor)->object = parent;
        return;
    }
    nu__kept_put(parent, relation->accessor)->object = child;
    if (child)
        *nu__field_cached(relation->field, child) = parent;
}

static void add_annotations(const nu__cursor *cursor, nu_object *object)
{
    nu__row *row = object->extra;

    if (!cursor->n_extras)
        return;
    if (!row->annotations)
        row->annotations = nu_dict_new();
    for (uint32_t i = 0; i < cursor->n_extras; i++)
        nu_dict_set_str(row->annotations, cursor->extras[i].name,
                        nu__decode_value(&cursor->extras[i].decoder,
                                         &cursor->rows->cells[cursor->extras[i].column]));
}

/* Instances that came together, of one part each: what one lacks, it is read for all. */
static void add_peer(nu__part *p, nu_object *object)
{
    if (p->peers->n == p->cap) {
        size_t cap = p->cap ? 2 * p->cap : FIRST_BATCH;
        nu_object **grown = nu_alloc_array(nu_object *, cap);

        if (p->cap)
            memcpy(grown, p->peers->items, p->cap * sizeof(*grown));
        p->peers->items = grown;
        p->cap = cap;
    }
    ((nu__row *)object->extra)->peers = p->peers;
    p->peers->items[p->peers->n++] = object;
}

static void new_peers(nu__cursor *cursor)
{
    for (uint32_t i = 0; i < cursor->n_parts; i++) {
        cursor->parts[i].peers = nu_alloc(nu__peers);
        cursor->parts[i].peers->mode = cursor->query->fetch_mode;
        cursor->parts[i].cap = 0;
    }
}

static nu_object *decode_object(nu__cursor *cursor)
{
    nu_object *objects[32];
    const nu__known *known = &cursor->query->known;

    if (cursor->n_parts > sizeof(objects) / sizeof(*objects))
        nu_raise(NU_FIELD_ERROR, "select_related() of more than {} relations",
                 sizeof(objects) / sizeof(*objects));
    for (uint32_t i = 0; i < cursor->n_parts; i++) {
        nu__part *p = &cursor->parts[i];

        objects[i] = i && !objects[p->parent] ? NULL : decode_part(cursor, p);
        if (objects[i])
            add_peer(p, objects[i]);
        if (i && objects[p->parent])
            link_parts(p->info, objects[p->parent], objects[i]);
    }
    add_annotations(cursor, objects[0]);
    if (known->field && !*nu__field_cached(known->field, objects[0]))
        *nu__field_cached(known->field, objects[0]) = known->object;
    return objects[0];
}

static bool fill_batch(nu__cursor *cursor)
{
    uint32_t size = cursor->batch_size ? cursor->batch_size : FIRST_BATCH;

    if (!cursor->n_parts)
        return false;
    cursor->batch_size = 2 * size < MAX_BATCH ? 2 * size : MAX_BATCH;
    new_peers(cursor);
    cursor->batch = cursor->parts->peers;
    while ((cursor->whole || cursor->batch->n < size) && nu__cursor_step(cursor))
        decode_object(cursor);
    cursor->at = 0;
    return cursor->batch->n > 0;
}

nu_object *nu__cursor_next(nu__cursor *cursor)
{
    if (cursor->list) {
        nu_value item = nu_at(cursor->list, cursor->at++);

        return item.kind == NU_KIND_OBJECT ? (nu_object *)item.object : NULL;
    }
    if ((!cursor->batch || cursor->at == cursor->batch->n) && !fill_batch(cursor))
        return NULL;
    return cursor->batch->items[cursor->at++];
}
