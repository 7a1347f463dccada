#include "db/sql/compiled_cache.h"

#include "core/context.h"
#include "core/object.h"
#include "db/sql/lookups.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 1024, SEEN_ONCE = 1024 };

typedef struct entry {
    struct entry *next; /* of its bucket */
    uint64_t hash;
    uint32_t n_words;
    uint64_t *words;
    nu__compiled compiled;
    nu__get_by by;
    uint8_t *holes; /* by parameter: which hole it is, from 1; 0: the same each time */
    char *texts;    /* the SQL, the names of columns and the texts of parameters, in one piece */
    size_t texts_len;
} entry;

static nu__arena arena; /* of all entries */
static entry *buckets[BUCKETS];
static uint64_t seen_once[SEEN_ONCE];
nu__compiled_counts nu__compiled_counted;

void nu__compiled_clear(void)
{
    memset(buckets, 0, sizeof buckets);
    memset(seen_once, 0, sizeof seen_once);
    nu__arena_release(&arena);
    nu__arena_init(&arena);
    nu__compiled_counted.entries = 0;
}

/* ---- copies ------------------------------------------------------------------------------- */

static void *bytes_copy(const void *from, size_t n)
{
    void *copy = nu__alloc_raw(n + 1);

    return n ? memcpy(copy, from, n) : copy;
}

static nu__class_info *class_copy(const nu__class_info *from)
{
    nu__class_info *copy = nu__alloc_raw(sizeof *copy), **last = &copy->children;

    *copy = *from;
    copy->fields = bytes_copy(from->fields, from->n_fields * sizeof *copy->fields);
    copy->targets = bytes_copy(from->targets, from->n_fields * sizeof *copy->targets);
    for (const nu__class_info *child = from->children; child; child = child->next) {
        *last = class_copy(child);
        last = &(*last)->next;
    }
    return copy;
}

/* The parts that are arrays and trees; texts still point to where they did. */
static nu__compiled parts_copy(const nu__compiled *from)
{
    nu__compiled copy = *from;

    copy.columns = bytes_copy(from->columns, from->n_columns * sizeof *from->columns);
    copy.params.items = bytes_copy(from->params.items, from->params.len * sizeof(nu_value));
    if (from->base)
        copy.base = class_copy(from->base);
    return copy;
}

static nu_str moved(nu_str text, ptrdiff_t by)
{
    return text.ptr ? (nu_str){ text.ptr + by, text.len } : text;
}

static bool is_text(nu_value value)
{
    return value.kind == NU_KIND_STR || value.kind == NU_KIND_SAFE;
}

static void move_texts(nu__compiled *compiled, ptrdiff_t by)
{
    nu_value *params = (nu_value *)(uintptr_t)compiled->params.items;

    compiled->sql = moved(compiled->sql, by);
    for (uint32_t i = 0; i < compiled->n_columns; i++)
        compiled->columns[i].name = moved(compiled->columns[i].name, by);
    for (size_t i = 0; i < compiled->params.len; i++)
        if (is_text(params[i]))
            params[i].s = moved(params[i].s, by);
}

/* ---- reading ------------------------------------------------------------------------------ */

static entry *find(const nu__query_key *key)
{
    entry *found = buckets[key->hash % BUCKETS];

    while (found && (found->hash != key->hash || found->n_words != key->n_words ||
                     memcmp(found->words, key->words, key->n_words * sizeof *key->words) != 0))
        found = found->next;
    return found;
}

static nu_value value_of(const nu__query_key *key, uint32_t hole, const nu__backend *backend)
{
    const nu_expr *lookup = key->holes[hole];

    return lookup->lookup->param(lookup, backend);
}

bool nu__compiled_find(const nu__query_key *key, const nu__backend *backend, nu__compiled *out)
{
    const entry *found = find(key);
    nu_value *params;

    if (!found)
        return false;
    *out = parts_copy(&found->compiled);
    move_texts(out, (char *)bytes_copy(found->texts, found->texts_len) - found->texts);
    params = (nu_value *)(uintptr_t)out->params.items;
    for (size_t i = 0; i < out->params.len; i++)
        if (found->holes[i])
            params[i] = value_of(key, found->holes[i] - 1u, backend);
    return true;
}

void nu__compiled_fill(const nu__query_key *key, const nu__backend *backend, nu_values params)
{
    nu_value *items = (nu_value *)(uintptr_t)params.items;

    for (size_t i = 0; i < params.len; i++)
        if (items[i].kind == NU_KIND_EXPR)
            items[i] = value_of(key, (uint32_t)nu__query_key_hole(key, items[i].p), backend);
}

/* ---- keeping ------------------------------------------------------------------------------ */

bool nu__compiled_comes_again(const nu__query_key *key)
{
    uint64_t *seen = &seen_once[key->hash % SEEN_ONCE];
    bool again = *seen == key->hash;

    *seen = key->hash;
#ifdef NU__ASAN
    again = true;
#endif
    return again;
}

/* Kinds of parameters that are the same each time; EXPR is a hole. */
static bool can_keep(nu_kind kind)
{
    switch (kind) {
    case NU_KIND_NULL:
    case NU_KIND_BOOL:
    case NU_KIND_INT:
    case NU_KIND_UINT:
    case NU_KIND_FLOAT:
    case NU_KIND_STR:
    case NU_KIND_SAFE:
    case NU_KIND_DATE:
    case NU_KIND_DATETIME:
    case NU_KIND_TIME:
    case NU_KIND_TIMEDELTA:
    case NU_KIND_UUID:
    case NU_KIND_EXPR:
        return true;
    default:
        return false;
    }
}

static bool can_keep_all(nu_values params)
{
    for (size_t i = 0; i < params.len; i++)
        if (!can_keep(params.items[i].kind))
            return false;
    return true;
}

static void keep_params(entry *kept, const nu__query_key *key)
{
    nu_value *params = (nu_value *)(uintptr_t)kept->compiled.params.items;

    kept->holes = nu_alloc_array(uint8_t, kept->compiled.params.len + 1);
    for (size_t i = 0; i < kept->compiled.params.len; i++)
        if (params[i].kind == NU_KIND_EXPR)
            kept->holes[i] = (uint8_t)(nu__query_key_hole(key, params[i].p) + 1);
}

static nu_str put_text(char **at, nu_str text)
{
    char *to = *at;

    if (!text.ptr)
        return text;
    memcpy(to, text.ptr, text.len);
    to[text.len] = '\0';
    *at += text.len + 1;
    return (nu_str){ to, text.len };
}

static void keep_texts(entry *kept)
{
    nu__compiled *compiled = &kept->compiled;
    nu_value *params = (nu_value *)(uintptr_t)compiled->params.items;
    char *at;

    kept->texts_len = compiled->sql.len + 1;
    for (uint32_t i = 0; i < compiled->n_columns; i++)
        kept->texts_len += compiled->columns[i].name.len + 1;
    for (size_t i = 0; i < compiled->params.len; i++)
        kept->texts_len += is_text(params[i]) ? params[i].s.len + 1 : 0;
    at = kept->texts = nu__alloc_raw(kept->texts_len);
    memset(at, 0, kept->texts_len);
    compiled->sql = put_text(&at, compiled->sql);
    for (uint32_t i = 0; i < compiled->n_columns; i++)
        compiled->columns[i].name = put_text(&at, compiled->columns[i].name);
    for (size_t i = 0; i < compiled->params.len; i++)
        if (is_text(params[i]))
            params[i].s = put_text(&at, params[i].s);
}

static void restore_arena(void *previous)
{
    nu__arena_use(previous);
}

static void keep_entry(const nu__query_key *key, const nu__compiled *compiled)
{
    entry *kept;

    nu_defer(restore_arena, nu__arena_use(&arena));
    kept = nu_alloc(entry);
    kept->hash = key->hash;
    kept->n_words = key->n_words;
    kept->words = bytes_copy(key->words, key->n_words * sizeof *key->words);
    kept->compiled = parts_copy(compiled);
    keep_texts(kept);
    keep_params(kept, key);
    kept->next = buckets[key->hash % BUCKETS];
    buckets[key->hash % BUCKETS] = kept;
    nu__compiled_counted.entries++;
}

bool nu__compiled_put(const nu__query_key *key, const nu__compiled *compiled)
{
    if (!can_keep_all(compiled->params))
        return false;
    if (nu__compiled_counted.entries == NU__COMPILED_MOST ||
        nu__arena_used(&arena) > NU__COMPILED_BYTES)
        nu__compiled_clear();
    if (!arena.cap)
        nu__arena_init(&arena);
    keep_entry(key, compiled);
    return true;
}

bool nu__compiled_keep(const nu__query_key *key, const nu__compiled *compiled)
{
    return nu__compiled_comes_again(key) && nu__compiled_put(key, compiled);
}

const nu__get_by *nu__compiled_get_by(const nu__query_key *key)
{
    const entry *found = find(key);

    return found ? &found->by : NULL;
}

void nu__compiled_put_get_by(const nu__query_key *key, nu__get_by by)
{
    find(key)->by = by;
}

/* ---- is it right? ------------------------------------------------------------------------- */

static bool same_text(nu_str a, nu_str b)
{
    return !a.ptr == !b.ptr && nu_eq(a, b);
}

static bool same_decoder(const nu__decoder *a, const nu__decoder *b)
{
    return a->type == b->type && a->choices == b->choices && a->member == b->member &&
           a->column == b->column && a->zone == b->zone;
}

static bool same_class(const nu__class_info *a, const nu__class_info *b)
{
    bool same = a && b && a->model == b->model && a->n_fields == b->n_fields &&
                a->first == b->first && a->key == b->key && a->join == b->join &&
                a->relation == b->relation && a->reverse == b->reverse &&
                memcmp(&a->deferred, &b->deferred, sizeof a->deferred) == 0;

    for (uint32_t i = 0; same && i < a->n_fields; i++)
        same = a->fields[i] == b->fields[i] && a->targets[i].offset == b->targets[i].offset &&
               a->targets[i].index == b->targets[i].index &&
               same_decoder(&a->targets[i].decoder, &b->targets[i].decoder);
    if (same && (a->children || b->children))
        same = same_class(a->children, b->children);
    if (same && (a->next || b->next))
        same = same_class(a->next, b->next);
    return same;
}

static bool same_columns(const nu__compiled *a, const nu__compiled *b)
{
    bool same = a->n_columns == b->n_columns && !a->base == !b->base;

    for (uint32_t i = 0; same && i < a->n_columns; i++)
        same = same_text(a->columns[i].name, b->columns[i].name) &&
               same_decoder(&a->columns[i].decoder, &b->columns[i].decoder);
    return same && (!a->base || same_class(a->base, b->base));
}

static bool same_params(nu_values a, nu_values b)
{
    bool same = a.len == b.len;

    for (size_t i = 0; same && i < a.len; i++)
        same = a.items[i].kind == b.items[i].kind && nu__value_equal(a.items[i], b.items[i]);
    return same;
}

void nu__compiled_check(const nu__compiled *kept, const nu__compiled *anew)
{
    const char *what = kept->result != anew->result               ? "result"
                       : !nu_eq(kept->sql, anew->sql)             ? "SQL"
                       : !same_params(kept->params, anew->params) ? "parameters"
                       : !same_columns(kept, anew)                ? "columns"
                       : kept->columns_end != anew->columns_end   ? "ends of the columns"
                                                                  : NULL;

    if (!what)
        return;
    fprintf(stderr, "nuages: the %s kept of a query's shape differ:\n  kept %s\n  anew %s\n", what,
            kept->sql.ptr ? kept->sql.ptr : "(none)", anew->sql.ptr ? anew->sql.ptr : "(none)");
    abort();
}
