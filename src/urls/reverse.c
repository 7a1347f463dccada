#include "urls/reverse_index.h"

#include "core/buf.h"
#include "core/suggest.h"
#include "utils/url.h"

#include <string.h>

/* ---- filling a form -------------------------------------------------------------------------- */

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
static const nu_url_kwarg *own_argument(const nu__url_way *w, nu_str name)
{
    for (size_t i = w->own_from; i < w->n_chain; i++)
        for (size_t k = 0; k < N_KWARGS && w->chain[i]->entry->kwargs[k].name; k++)
            if (nu_eq(name, w->chain[i]->entry->kwargs[k].name))
                return &w->chain[i]->entry->kwargs[k];
    return NULL;
}

/* Whether the keyword arguments are those of the form: each fills a gap or repeats an argument of
   the pattern's own, and no gap is left over. */
static bool kwargs_fit(const nu__url_way *w, const nu__url_form *form, const nu_var *kwargs)
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
static const nu__converter *gap_converter(const nu__url_way *w, nu_str name)
{
    for (size_t i = w->n_chain; i-- > 0;)
        for (size_t k = 0; k < w->chain[i]->n_captures; k++)
            if (nu_eq_(w->chain[i]->captures[k].name, name))
                return w->chain[i]->captures[k].converter;
    return NULL;
}

/* Fill the gaps into `out`, not quoted yet. false: a value has no text, or the expression would not
   match what came out. */
static bool form_fill(nu__resolver *resolver, nu__url_way *w, const nu__url_form *form,
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
        w->regex = nu__url_regex(&resolver->memory, nu__url_way_text(w, true), NU__RE_MATCH);
    return nu__re_test(w->regex, nu__buf_str(out));
}

static bool way_fill(nu__resolver *resolver, nu__url_way *w, const arguments *given, nu__buf *out)
{
    nu__url_way_prepare(resolver, w);
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

/* ---- names ----------------------------------------------------------------------------------- */

/* The first way of that name; *n: how many there are. */
static nu__url_way *ways_find(nu__url_scope *scope, nu_str name, size_t *n)
{
    nu__url_way key = { .name = name };
    size_t low = 0, high = scope->n_ways;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (nu__url_ways_order(&scope->ways[middle], &key) < 0)
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
    const nu__url_instance *first = NULL;
    bool has_default = false;

    for (size_t i = 0; i < scope->n_instances; i++) {
        const nu__url_instance *each = &scope->instances[i];

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

static nu_str near_namespace(const nu__url_scope *scope, nu_str name)
{
    const char **names = nu_alloc_array(const char *, scope->n_instances + 1);

    for (size_t i = 0; i < scope->n_instances; i++)
        names[i] = nu_copy(scope->instances[i].namespace).ptr;
    return nu__suggestion(name, names, scope->n_instances);
}

/* Go from scope to scope along "outer:inner:name"; *name is left with the last part. */
static nu__url_scope *scope_find(nu__url_scope *scope, nu_str *name, nu_str current_app)
{
    const char *start = name->ptr;

    while (name->len && memchr(name->ptr, ':', name->len)) {
        size_t done = (size_t)(name->ptr - start);
        nu_str current = part_cut(&current_app), namespace = part_cut(name), hint;
        nu__url_scope *inner;

        namespace = instance_name(scope, namespace, current);
        if (!nu_eq_(namespace, current))
            current_app = (nu_str){ "", 0 };
        inner = instance_scope(scope, namespace);
        hint = inner ? S("") : near_namespace(scope, namespace);
        if (!inner && done)
            nu_raise(NU_NO_REVERSE_MATCH, "{} is not a registered namespace inside '{}'",
                     nu__url_repr(V(namespace)), ((nu_str){ start, done - 1 }));
        if (!inner)
            nu_raise(NU_NO_REVERSE_MATCH, "{} is not a registered namespace{}{}",
                     nu__url_repr(V(namespace)), hint.len ? S("\n ") : S(""), hint);
        scope = inner;
    }
    return scope;
}

/* ---- messages -------------------------------------------------------------------------------- */

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

static nu_str near_name(const nu__url_scope *scope, nu_str name)
{
    const char **names = nu_alloc_array(const char *, scope->n_ways + 1);

    for (size_t i = 0; i < scope->n_ways; i++)
        names[i] = nu_copy(scope->ways[i].name).ptr;
    return nu__suggestion(name, names, scope->n_ways);
}

/* The same name in a namespace below, which was left out, or a name that is nearly it. */
static nu_str near(const nu__url_scope *scope, nu_str name)
{
    size_t n = 0;

    for (size_t i = 0; i < scope->n_instances; i++)
        if (ways_find(scope->instances[i].scope, name, &n) && n)
            return nu_fmt(" Did you mean '{}:{}'?", scope->instances[i].namespace, name);
    return near_name(scope, name);
}

static NU_NORETURN void no_reverse(const nu__url_scope *scope, nu_str name, const nu__url_way *ways,
                                   size_t n, const arguments *given)
{
    nu_list *patterns = nu_list_new();
    nu_str hint = n ? S("") : near(scope, name);

    if (!n)
        nu_raise(
            NU_NO_REVERSE_MATCH,
            "Reverse for '{}' not found. '{}' is not a valid view function or pattern name.{}{}",
            name, name, hint.len ? S("\n ") : S(""), hint);
    for (size_t i = 0; i < n; i++)
        nu_list_append(patterns, nu__url_way_text(&ways[i], false));
    nu_raise(NU_NO_REVERSE_MATCH, "Reverse for '{}' with {} not found. {} pattern(s) tried: {}",
             name, arguments_text(given), (int64_t)n, nu__url_repr(V(patterns)));
}

/* ---- reverse --------------------------------------------------------------------------------- */

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
    nu__url_way *ways;

    if (given.args.len && given.kwargs && given.kwargs->key)
        nu_raise(NU_VALUE_ERROR, "Don't mix *args and **kwargs in call to reverse()!");
    scope = scope_find(nu__url_root_scope(resolver), &name, nu_s(options->current_app));
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
    no_reverse(scope, name, ways, n, &given);
}
