#include "urls/reverse.h"

#include "core/buf.h"
#include "utils/url.h"

#include <stdlib.h>
#include <string.h>

typedef struct way {
    nu_str name;
    size_t order;
    const nu__url_pattern **chain; /* from the outermost include to the endpoint */
    size_t n_chain, own_from;      /* own_from: the first whose arguments of its own count */
    nu__url_forms forms;           /* len 0: not yet worked out */
    const nu__re *regex;
    bool vouched; /* plain routes only: what its converters accept, its expression matches */
} way;

typedef struct instance {
    nu_str namespace, app_name;
    nu__url_scope *scope;
} instance;

struct nu__url_scope {
    way *ways; /* by name, then in Django's order */
    size_t n_ways, ways_capacity;
    instance *instances; /* in order of Django's walk, which goes backwards through a urlconf */
    size_t n_instances, instances_capacity;
};

struct nu__reverse_index {
    nu__url_scope root;
};

/* ---- building ---------------------------------------------------------------------------------
 */

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
    way *added;

    if (!entry->name)
        return;
    scope->ways = grown(memory, scope->ways, scope->n_ways, &scope->ways_capacity, sizeof(way));
    items = nu__url_alloc(memory, way_chain->len, sizeof(*items));
    memcpy(items, way_chain->items, way_chain->len * sizeof(*items));
    added = &scope->ways[scope->n_ways];
    *added = (way){ .name = nu_s(entry->name),
                    .order = scope->n_ways,
                    .chain = items,
                    .n_chain = way_chain->len,
                    .own_from = way_chain->own_from,
                    .vouched = true };
    for (size_t i = 0; i < added->n_chain; i++)
        added->vouched &= !items[i]->entry->regex;
    scope->n_ways++;
}

static int ways_by_name(const void *a, const void *b)
{
    const way *left = a, *right = b;
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
        qsort(scope->ways, scope->n_ways, sizeof(way), ways_by_name);
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
                             &scope->instances_capacity, sizeof(instance));
    scope->instances[scope->n_instances++] = (instance){ level->namespace, level->app_name, inner };
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

static nu__url_scope *root_scope(nu__resolver *resolver)
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

/* ---- the forms of a way ------------------------------------------------------------------------
 */

static nu_str joined_text(const way *w, bool for_matching)
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
static nu__url_forms route_form(const way *w)
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
static void forms_keep(nu__url_memory *memory, way *w, nu__url_forms forms)
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

static void way_prepare(nu__resolver *resolver, way *w)
{
    if (!w->forms.len)
        forms_keep(&resolver->memory, w,
                   w->vouched ? route_form(w) : nu__url_normalize(joined_text(w, false)));
}

/* ---- filling a form ----------------------------------------------------------------------------
 */

typedef struct arguments {
    nu_values args;
    const nu_var *kwargs; /* ends at a NULL key; NULL: none */
} arguments;

static const nu_value *kwarg_find(const nu_var *kwargs, nu_str name)
{
    for (; kwargs && kwargs->key; kwargs++)
        if (nu_eq(name, kwargs->key))
            return &kwargs->value;
    return NULL;
}

static bool form_has(const nu__url_form *form, nu_str name)
{
    for (size_t i = 0; i < form->n_pieces; i++)
        if (form->pieces[i].counts && nu_eq_(form->pieces[i].text, name))
            return true;
    return false;
}

#define N_KWARGS (sizeof(((nu_url_entry *)0)->kwargs) / sizeof(nu_url_kwarg))

/* The argument of its own that a way has under a name; the outermost include's counts. */
static const nu_url_kwarg *own_argument(const way *w, nu_str name)
{
    for (size_t i = w->own_from; i < w->n_chain; i++)
        for (size_t k = 0; k < N_KWARGS && w->chain[i]->entry->kwargs[k].name; k++)
            if (nu_eq(name, w->chain[i]->entry->kwargs[k].name))
                return &w->chain[i]->entry->kwargs[k];
    return NULL;
}

/* Whether the keyword arguments are those of the form: each fills a gap or repeats an argument of
   the pattern's own, and no gap is left over. */
static bool kwargs_fit(const way *w, const nu__url_form *form, const nu_var *kwargs)
{
    for (size_t i = 0; i < form->n_pieces; i++)
        if (form->pieces[i].counts && !kwarg_find(kwargs, form->pieces[i].text))
            return false;
    for (const nu_var *given = kwargs; given && given->key; given++) {
        const nu_url_kwarg *own;

        if (form_has(form, nu_s(given->key)))
            continue;
        own = own_argument(w, nu_s(given->key));
        if (!own || !nu__value_equal(given->value, nu__url_kwarg_value(own)))
            return false;
    }
    return true;
}

static size_t gaps_of(const nu__url_form *form)
{
    size_t n = 0;

    for (size_t i = 0; i < form->n_pieces; i++)
        n += form->pieces[i].counts;
    return n;
}

/* The value for the gap at piece `at`. Of positional arguments with one name the last counts. */
static const nu_value *gap_value(const nu__url_form *form, size_t at, const arguments *given)
{
    const nu_value *found = NULL;
    size_t n = 0;

    if (!given->args.len)
        return kwarg_find(given->kwargs, form->pieces[at].text);
    for (size_t i = 0; i < form->n_pieces; i++) {
        if (!form->pieces[i].counts)
            continue;
        if (nu_eq_(form->pieces[i].text, form->pieces[at].text))
            found = &given->args.items[n];
        n++;
    }
    return found;
}

/* The converter of a gap; the innermost pattern that has the name says. */
static const nu__converter *gap_converter(const way *w, nu_str name)
{
    for (size_t i = w->n_chain; i-- > 0;)
        for (size_t k = 0; k < w->chain[i]->n_captures; k++)
            if (nu_eq_(w->chain[i]->captures[k].name, name))
                return w->chain[i]->captures[k].converter;
    return NULL;
}

/* Fill the gaps into `out`, not quoted yet. false: a value has no text, or the expression would not
   match what came out. */
static bool form_fill(nu__resolver *resolver, way *w, const nu__url_form *form,
                      const arguments *given, nu__buf *out)
{
    bool vouched = w->vouched;

    for (size_t i = 0; i < form->n_pieces; i++) {
        const nu__url_piece *piece = &form->pieces[i];
        const nu__converter *converter;
        const nu_value *value;
        nu_str text;

        if (!piece->gap) {
            nu__buf_str_add(out, piece->text);
            continue;
        }
        value = gap_value(form, i, given);
        converter = gap_converter(w, piece->text);
        if (!value || !nu__converter_to_url(converter, *value, &text))
            return false;
        vouched = vouched && converter->scan && text.len && converter->scan(text) == text.len;
        nu__buf_str_add(out, text);
    }
    if (vouched)
        return true;
    if (!w->regex)
        w->regex = nu__url_regex(&resolver->memory, joined_text(w, true), NU__RE_MATCH);
    return nu__re_test(w->regex, nu__buf_str(out));
}

static bool way_fill(nu__resolver *resolver, way *w, const arguments *given, nu__buf *out)
{
    way_prepare(resolver, w);
    for (size_t i = 0; i < w->forms.len; i++) {
        const nu__url_form *form = &w->forms.items[i];

        if (given->args.len ? given->args.len != gaps_of(form)
                            : !kwargs_fit(w, form, given->kwargs))
            continue;
        out->len = 0;
        if (form_fill(resolver, w, form, given, out))
            return true;
    }
    return false;
}

/* ---- names -------------------------------------------------------------------------------------
 */

/* The first way of that name; *n: how many there are. */
static way *ways_find(nu__url_scope *scope, nu_str name, size_t *n)
{
    way key = { .name = name };
    size_t low = 0, high = scope->n_ways;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (ways_by_name(&scope->ways[middle], &key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (*n = 0; low + *n < scope->n_ways && nu_eq_(scope->ways[low + *n].name, name);)
        ++*n;
    return scope->ways ? &scope->ways[low] : NULL;
}

/* Which instance a part of a name means: itself an instance, or an app, whose instance is the
   current one if that is of the app, else the one named as the app, else the first. */
static nu_str instance_name(const nu__url_scope *scope, nu_str part, nu_str current)
{
    const instance *first = NULL;
    bool has_default = false;

    for (size_t i = 0; i < scope->n_instances; i++) {
        const instance *each = &scope->instances[i];

        if (!nu_eq_(each->app_name, part))
            continue;
        if (current.len && nu_eq_(each->namespace, current))
            return current;
        first = first ? first : each;
        has_default |= nu_eq_(each->namespace, part);
    }
    return first && !has_default ? first->namespace : part;
}

static nu__url_scope *instance_scope(const nu__url_scope *scope, nu_str namespace)
{
    for (size_t i = scope->n_instances; i-- > 0;)
        if (nu_eq_(scope->instances[i].namespace, namespace))
            return scope->instances[i].scope;
    return NULL;
}

/* Cut the part before the first ":" off `*names`. */
static nu_str part_cut(nu_str *names)
{
    const char *colon = names->len ? memchr(names->ptr, ':', names->len) : NULL;
    nu_str part = *names;

    if (colon)
        part.len = (size_t)(colon - names->ptr);
    *names = colon ? (nu_str){ colon + 1, names->len - part.len - 1 } : (nu_str){ "", 0 };
    return part;
}

/* Go from scope to scope along "outer:inner:name"; *name is left with the last part. */
static nu__url_scope *scope_find(nu__url_scope *scope, nu_str *name, nu_str current_app)
{
    const char *start = name->ptr;

    while (name->len && memchr(name->ptr, ':', name->len)) {
        size_t done = (size_t)(name->ptr - start);
        nu_str current = part_cut(&current_app), namespace = part_cut(name);
        nu__url_scope *inner;

        namespace = instance_name(scope, namespace, current);
        if (!nu_eq_(namespace, current))
            current_app = (nu_str){ "", 0 };
        inner = instance_scope(scope, namespace);
        if (!inner && done)
            nu_raise(NU_NO_REVERSE_MATCH, "{} is not a registered namespace inside '{}'",
                     nu__url_repr(V(namespace)), ((nu_str){ start, done - 1 }));
        if (!inner)
            nu_raise(NU_NO_REVERSE_MATCH, "{} is not a registered namespace",
                     nu__url_repr(V(namespace)));
        scope = inner;
    }
    return scope;
}

/* ---- messages ----------------------------------------------------------------------------------
 */

static nu_str arguments_text(const arguments *given)
{
    nu_dict *dict = nu_dict_new();
    nu__buf out = { 0 };

    if (given->args.len) {
        nu__buf_char(&out, '(');
        for (size_t i = 0; i < given->args.len; i++) {
            if (i)
                nu__buf_lit(&out, ", ");
            nu__buf_repr(&out, given->args.items[i]);
        }
        return nu_fmt("arguments '{}{})'", nu__buf_str(&out), given->args.len == 1 ? "," : "");
    }
    if (!given->kwargs || !given->kwargs->key)
        return S("no arguments");
    for (const nu_var *each = given->kwargs; each->key; each++)
        nu_dict_set_(dict, each->key, each->value);
    return nu_fmt("keyword arguments '{}'", nu__url_repr(V(dict)));
}

static NU_NORETURN void no_reverse(nu_str name, const way *ways, size_t n, const arguments *given)
{
    nu_list *patterns = nu_list_new();

    if (!n)
        nu_raise(NU_NO_REVERSE_MATCH,
                 "Reverse for '{}' not found. '{}' is not a valid view function or pattern name.",
                 name, name);
    for (size_t i = 0; i < n; i++)
        nu_list_append(patterns, joined_text(&ways[i], false));
    nu_raise(NU_NO_REVERSE_MATCH, "Reverse for '{}' with {} not found. {} pattern(s) tried: {}",
             name, arguments_text(given), (int64_t)n, nu__url_repr(V(patterns)));
}

/* ---- reverse -----------------------------------------------------------------------------------
 */

/* Python's urlencode(query, doseq=True). */
static void query_add(nu__buf *url, const nu_var *query)
{
    nu__buf pairs = { 0 };

    for (; query->key; query++) {
        nu_list *values =
            query->value.kind == NU_KIND_LIST ? nu_as_list(query->value) : NU_LIST(query->value);

        for (size_t i = 0; i < nu_list_len(values); i++)
            nu__urlencode_pair(&pairs, nu_s(query->key), nu_string(nu_at(values, i)));
    }
    if (!pairs.len)
        return;
    nu__buf_char(url, '?');
    nu__buf_str_add(url, nu__buf_str(&pairs));
}

nu_str nu__url_reverse(nu__resolver *resolver, nu_str name, const nu_reverse_options *options)
{
    arguments given = { options->args, options->kwargs };
    nu__url_scope *scope;
    nu__buf plain = { 0 }, url = { 0 };
    size_t n;
    way *ways;

    if (given.args.len && given.kwargs && given.kwargs->key)
        nu_raise(NU_VALUE_ERROR, "Don't mix *args and **kwargs in call to reverse()!");
    scope = scope_find(root_scope(resolver), &name, nu_s(options->current_app));
    ways = ways_find(scope, name, &n);
    for (size_t i = 0; i < n; i++) {
        if (!way_fill(resolver, &ways[i], &given, &plain))
            continue;
        nu__url_quote(&url, nu__url_script_prefix(), nu__buf_str(&plain));
        if (options->query)
            query_add(&url, options->query);
        if (options->fragment)
            nu__buf_fmt(&url, "#{}", options->fragment);
        return nu__buf_str(&url);
    }
    no_reverse(name, ways, n, &given);
}
