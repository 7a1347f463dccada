/* Completion: names, attributes, and the lookups of a query's keywords. */
#include "cli/shell/session.h"

#include "cli/shell/orm/orm.h"
#include "core/list.h"
#include "db/sql/lookups.h"

#include <stdlib.h>
#include <string.h>

static bool is_word(char c)
{
    return c == '_' || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') ||
           (unsigned char)c > 127;
}

static size_t word_start(nu_str line, size_t at)
{
    while (at && is_word(line.ptr[at - 1]))
        at--;
    return at;
}

static bool begins_with(nu_str name, nu_str word)
{
    return name.len >= word.len && !memcmp(name.ptr, word.ptr, word.len);
}

/* ---- the chain before a point ---------------------------------------------------------------- */

/* Where the bracket that closes at `at` - 1 was opened, or `at` when it was not. */
static size_t bracket_start(nu_str line, size_t at)
{
    int depth = 0;

    for (size_t i = at; i-- > 0;) {
        char c = line.ptr[i];

        depth += (c == ')' || c == ']' || c == '}') - (c == '(' || c == '[' || c == '{');
        if (!depth)
            return i;
    }
    return at;
}

/* Where "Student.objects.filter(…).first()", which ends at `at`, begins. */
static size_t chain_start(nu_str line, size_t at)
{
    for (;;) {
        size_t before = at;

        if (at && (line.ptr[at - 1] == ')' || line.ptr[at - 1] == ']'))
            at = bracket_start(line, at);
        at = word_start(line, at);
        if (at == before)
            return at;
        if (!at || line.ptr[at - 1] != '.')
            return at;
        at--;
    }
}

typedef struct evaluation {
    const nu__py_scope *scope;
    nu_str chain;
    nu__py value;
    bool called; /* a call stands in the chain: `value` is what the call's method belongs to */
} evaluation;

/* Follows names and points alone: nothing is called, so that Tab changes nothing. */
static void follow(evaluation *e)
{
    size_t at = 0, to;

    while (at < e->chain.len) {
        nu_str name;
        nu__py next;

        for (to = at; to < e->chain.len && is_word(e->chain.ptr[to]);)
            to++;
        name = (nu_str){ e->chain.ptr + at, to - at };
        if (to < e->chain.len && e->chain.ptr[to] != '.') {
            e->called = true;
            return;
        }
        if (!at ? !nu__py_lookup(e->scope, name, &next) : !nu__py_find(e->value, name, &next)) {
            e->value = (nu__py){ 0 };
            return;
        }
        e->value = next;
        at = to + 1;
    }
}

static evaluation evaluate_chain(const nu__py_scope *scope, nu_str chain)
{
    evaluation *e = nu_alloc(evaluation);

    *e = (evaluation){ .scope = scope, .chain = chain };
    if (nu_catch(NU_EXCEPTION, follow(e)))
        e->value = (nu__py){ 0 };
    return *e;
}

/* ---- keywords of queries --------------------------------------------------------------------- */

static nu__model_info *model_of(nu__py value)
{
    nu_query *query;

    if (value.type == &nu__py_type_type)
        return nu__orm_model_of(value.class_);
    if (!nu__py_given(value))
        return NULL;
    query = nu__py_is_a(value.type, &nu__orm_rows_type) ? nu__orm_query_of(value) : NULL;
    return query ? nu__query_model(query) : NULL;
}

/* The open bracket that `at` stands in, or the length of the line. */
static size_t open_call(nu_str line, size_t at)
{
    int depth = 0;

    while (at-- > 0) {
        char c = line.ptr[at];

        depth += (c == ')' || c == ']' || c == '}') - (c == '(' || c == '[' || c == '{');
        if (depth < 0)
            return c == '(' ? at : line.len;
    }
    return line.len;
}

/* The model whose fields may be keywords at `at`: that of the query the call belongs to; through
   Q( to the call around it. */
static nu__model_info *keywords_of(const nu__py_scope *scope, nu_str line, size_t at)
{
    size_t call = open_call(line, at), start;
    nu_str chain;

    if (call == line.len)
        return NULL;
    start = chain_start(line, call);
    chain = (nu_str){ line.ptr + start, call - start };
    if (nu_eq(chain, "Q") || nu_eq(chain, "When"))
        return keywords_of(scope, line, start);
    while (chain.len && is_word(chain.ptr[chain.len - 1]))
        chain.len--;
    if (chain.len)
        return model_of(evaluate_chain(scope, (nu_str){ chain.ptr, chain.len - 1 }).value);
    chain = (nu_str){ line.ptr + start, call - start };
    return model_of(evaluate_chain(scope, chain).value);
}

static const nu__name *name_in(const nu__model_info *info, nu_str name)
{
    for (size_t i = 0; i < info->n_names; i++)
        if (nu_eq(info->names[i].name, name))
            return &info->names[i];
    return NULL;
}

static void add(nu_list *out, nu_str head, nu_str name, nu_str word)
{
    nu_str whole = nu_fmt("{}{}", head, name);

    if (begins_with(whole, word))
        nu_list_append(out, whole);
}

static void add_texts(nu_list *out, nu_str head, const nu_list *names, nu_str word)
{
    for (size_t i = 0; i < names->len; i++)
        add(out, head, names->items[i].s, word);
}

static void add_lookups(nu_list *out, const nu__field *field, nu_str head, nu_str word)
{
    const nu_expr *column = nu__col_of(0, field, field);

    add_texts(out, head, nu__lookup_names(nu__family_of(column)), word);
    add_texts(out, head, nu__transform_names(column), word);
}

/* "department__co": over relations by names, then what the last one may be asked. */
static void add_paths(nu_list *out, nu__model_info *info, nu_str word)
{
    size_t at = 0;
    nu_str head = S("");

    for (size_t i = 0; i + 1 < word.len; i++) {
        const nu__name *name;
        nu_str part = { word.ptr + at, i - at };

        if (word.ptr[i] != '_' || word.ptr[i + 1] != '_' || !part.len)
            continue;
        name = name_in(info, part);
        head = (nu_str){ word.ptr, i + 2 };
        if (!name)
            return;
        if (!name->relation) {
            add_lookups(out, name->field, head, word);
            return;
        }
        info = name->kind == NU__NAME_REVERSE ? name->relation->from : name->relation->to;
        at = i + 2;
        i++;
    }
    for (size_t i = 0; i < info->n_names; i++)
        add(out, head, info->names[i].name, word);
    add(out, head, S("pk"), word);
}

/* ---- all of it ------------------------------------------------------------------------------- */

static int by_text(const void *a, const void *b)
{
    nu_str x = ((const nu_value *)a)->s, y = ((const nu_value *)b)->s;
    size_t n = x.len < y.len ? x.len : y.len;
    int order = memcmp(x.ptr, y.ptr, n);

    return order ? order : (x.len > y.len) - (x.len < y.len);
}

static nu_list *sorted_once(nu_list *all)
{
    nu_list *out = nu_list_new();

    if (all->len)
        qsort(all->items, all->len, sizeof *all->items, by_text);
    for (size_t i = 0; i < all->len; i++)
        if (!i || !nu_eq(all->items[i].s, all->items[i - 1].s))
            nu_list_append(out, all->items[i].s);
    return out;
}

static void add_attributes(nu_list *out, const nu__py_scope *scope, nu_str chain, nu_str word)
{
    evaluation e = evaluate_chain(scope, chain);
    nu_list *names;

    if (!nu__py_given(e.value))
        return;
    if (e.called && !nu__py_is_a(e.value.type, &nu__orm_rows_type))
        return; /* what a call gives is not known before it is made */
    names =
        e.called ? nu__py_dir(nu__orm_queryset(nu__orm_query_of(e.value))) : nu__py_dir(e.value);
    for (size_t i = 0; i < names->len; i++)
        if (word.len || names->items[i].s.ptr[0] != '_')
            add(out, S(""), names->items[i].s, word);
}

nu_list *nu__py_complete(const nu__py_scope *scope, nu_str line, size_t *from)
{
    nu_list *out = nu_list_new();
    nu__model_info *info;
    nu_str word;
    size_t start;

    *from = word_start(line, line.len);
    word = (nu_str){ line.ptr + *from, line.len - *from };
    if (*from && line.ptr[*from - 1] == '.') {
        start = chain_start(line, *from - 1);
        add_attributes(out, scope, (nu_str){ line.ptr + start, *from - 1 - start }, word);
        return sorted_once(out);
    }
    info = keywords_of(scope, line, *from);
    if (info)
        add_paths(out, info, word);
    if (!info || word.len)
        add_texts(out, S(""), nu__py_names(scope), word);
    return sorted_once(out);
}
