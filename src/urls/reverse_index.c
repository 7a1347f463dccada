#include "urls/reverse_index.h"

#include "core/buf.h"

#include <stdlib.h>
#include <string.h>

typedef struct chain {
    const nu__url_pattern *items[20];
    size_t len, own_from;
} chain;

/* Room for one more item of `size` bytes; the old array stays in the arena. */
static void *grown(nu__url_memory *memory, void *items, size_t len, size_t *capacity, size_t size)
{
    void *more;

    if (len < *capacity)
        return items;
    *capacity = *capacity ? 2 * *capacity : 8;
    more = nu__url_alloc(memory, *capacity, size);
    if (len)
        memcpy(more, items, len * size);
    return more;
}

static void way_add(nu__url_memory *memory, nu__url_scope *scope, const chain *way_chain)
{
    const nu_url_entry *entry = way_chain->items[way_chain->len - 1]->entry;
    const nu__url_pattern **items;
    nu__url_way *added;

    if (!entry->name)
        return;
    scope->ways =
        grown(memory, scope->ways, scope->n_ways, &scope->ways_capacity, sizeof(nu__url_way));
    items = nu__url_alloc(memory, way_chain->len, sizeof(*items));
    memcpy(items, way_chain->items, way_chain->len * sizeof(*items));
    added = &scope->ways[scope->n_ways];
    *added = (nu__url_way){ .name = nu_s(entry->name),
                            .order = scope->n_ways,
                            .chain = items,
                            .n_chain = way_chain->len,
                            .own_from = way_chain->own_from,
                            .vouched = true };
    for (size_t i = 0; i < added->n_chain; i++)
        added->vouched &= !items[i]->entry->regex;
    scope->n_ways++;
}

int nu__url_ways_order(const void *a, const void *b)
{
    const nu__url_way *left = a, *right = b;
    size_t n = left->name.len < right->name.len ? left->name.len : right->name.len;
    int order = memcmp(left->name.ptr, right->name.ptr, n);

    if (!order && left->name.len != right->name.len)
        return left->name.len < right->name.len ? -1 : 1;
    if (order)
        return order;
    return left->order < right->order ? -1 : left->order > right->order;
}

static void ways_sort(nu__url_scope *scope)
{
    if (scope->n_ways)
        qsort(scope->ways, scope->n_ways, sizeof(nu__url_way), nu__url_ways_order);
}

static void scope_fill(nu__url_memory *memory, nu__url_scope *scope, const nu__url_level *level,
                       chain way_chain);

static void instance_add(nu__url_memory *memory, nu__url_scope *scope, const nu__url_level *level,
                         chain way_chain)
{
    nu__url_scope *inner = nu__url_alloc(memory, 1, sizeof(*inner));

    way_chain.own_from = way_chain.len;
    scope_fill(memory, inner, level, way_chain);
    ways_sort(inner);
    scope->instances = grown(memory, scope->instances, scope->n_instances,
                             &scope->instances_capacity, sizeof(nu__url_instance));
    scope->instances[scope->n_instances++] =
        (nu__url_instance){ level->namespace, level->app_name, inner };
}

static void scope_fill(nu__url_memory *memory, nu__url_scope *scope, const nu__url_level *level,
                       chain way_chain)
{
    for (size_t i = level->n_items; i-- > 0;) {
        const nu__url_item *item = &level->items[i];
        chain longer = way_chain;

        longer.items[longer.len++] = item->pattern;
        if (!item->level)
            way_add(memory, scope, &longer);
        else if (item->level->app_name.len)
            instance_add(memory, scope, item->level, longer);
        else
            scope_fill(memory, scope, item->level, longer);
    }
}

nu__url_scope *nu__url_root_scope(nu__resolver *resolver)
{
    struct nu__reverse_index *index = resolver->reverse;

    if (!index) {
        index = nu__url_alloc(&resolver->memory, 1, sizeof(*index));
        scope_fill(&resolver->memory, &index->root, &resolver->root, (chain){ .len = 0 });
        ways_sort(&index->root);
        resolver->reverse = index;
    }
    return &index->root;
}

/* ---- the forms of a way ---------------------------------------------------------------------- */

nu_str nu__url_way_text(const nu__url_way *w, bool for_matching)
{
    nu__buf out = { 0 };

    for (size_t i = 0; i < w->n_chain; i++) {
        nu_str text = for_matching ? w->chain[i]->match_text : w->chain[i]->regex_text;

        if (!for_matching && nu_starts_with(text, S("^")))
            text = (nu_str){ text.ptr + 1, text.len - 1 };
        nu__buf_str_add(&out, text);
    }
    return nu__buf_str(&out);
}

/* The one form of a chain of plain routes. */
static nu__url_forms route_form(const nu__url_way *w)
{
    nu__url_form *form = nu_alloc(nu__url_form);
    size_t n = 0;

    for (size_t i = 0; i < w->n_chain; i++)
        n += w->chain[i]->n_parts;
    form->pieces = nu_alloc_array(nu__url_piece, n + 1);
    for (size_t i = 0; i < w->n_chain; i++)
        for (size_t k = 0; k < w->chain[i]->n_parts; k++) {
            const nu__url_part *part = &w->chain[i]->parts[k];
            bool gap = part->converter != NULL;

            form->pieces[form->n_pieces++] =
                (nu__url_piece){ gap ? part->name : part->literal, gap, gap };
        }
    return (nu__url_forms){ form, 1 };
}

/* Copy the forms from the fiber's arena to the resolver's. */
static void forms_keep(nu__url_memory *memory, nu__url_way *w, nu__url_forms forms)
{
    nu__url_form *items = nu__url_alloc(memory, forms.len, sizeof(*items));

    for (size_t i = 0; i < forms.len; i++) {
        const nu__url_form *from = &forms.items[i];

        items[i].n_pieces = from->n_pieces;
        items[i].pieces = nu__url_alloc(memory, from->n_pieces + 1, sizeof(nu__url_piece));
        for (size_t k = 0; k < from->n_pieces; k++) {
            items[i].pieces[k] = from->pieces[k];
            items[i].pieces[k].text = nu__url_copy(memory, from->pieces[k].text);
        }
    }
    w->forms = (nu__url_forms){ items, forms.len };
}

void nu__url_way_prepare(nu__resolver *resolver, nu__url_way *w)
{
    if (!w->forms.len)
        forms_keep(&resolver->memory, w,
                   w->vouched ? route_form(w) : nu__url_normalize(nu__url_way_text(w, false)));
}
