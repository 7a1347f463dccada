#include "urls/normalize.h"

#include <nuages/errors.h>
#include <string.h>

/* Forms of one expression; past it there are none. */
#define MAX_FORMS 64

/* ---- characters: an escaped one stands for itself, a class for one of its members ------------ */

typedef struct token {
    nu_str text; /* one character; len 0: the end */
    bool escaped;
} token;

typedef struct reader {
    nu_str regex;
    size_t at;
} reader;

static nu_str character(reader *r)
{
    size_t n = 1;

    if (r->at >= r->regex.len)
        return (nu_str){ 0 };
    while (r->at + n < r->regex.len && ((unsigned char)r->regex.ptr[r->at + n] & 0xC0) == 0x80)
        n++;
    r->at += n;
    return (nu_str){ r->regex.ptr + r->at - n, n };
}

static token token_next(reader *r)
{
    static const struct {
        char escape;
        nu_str text; /* empty: it matches no character */
    } classes[] = {
        { 'A', { "", 0 } },  { 'b', { "", 0 } },  { 'B', { "", 0 } },  { 'd', { "0", 1 } },
        { 'D', { "x", 1 } }, { 's', { " ", 1 } }, { 'S', { "x", 1 } }, { 'w', { "x", 1 } },
        { 'W', { "!", 1 } }, { 'Z', { "", 0 } },
    };

    for (;;) {
        nu_str c = character(r);
        bool stands = true;

        if (!c.len || c.ptr[0] != '\\')
            return (token){ c, false };
        c = character(r);
        for (size_t i = 0; c.len && i < sizeof(classes) / sizeof(classes[0]); i++)
            if (c.ptr[0] == classes[i].escape) {
                c = classes[i].text;
                stands = c.len > 0;
                break;
            }
        if (stands)
            return (token){ c, true };
    }
}

static bool is(token t, char c)
{
    return !t.escaped && t.text.len == 1 && t.text.ptr[0] == c;
}

/* Behind the group that `first` is the first character of. */
static void group_skip(reader *r, token first)
{
    int nesting = is(first, '(');

    for (token t = token_next(r); t.text.len; t = token_next(r)) {
        if (is(t, '('))
            nesting++;
        else if (is(t, ')') && nesting-- == 0)
            return;
    }
}

/* ---- the expression as a list of items ------------------------------------------------------- */

typedef enum item_kind { ITEM_TEXT, ITEM_GAP, ITEM_GROUP } item_kind;

typedef struct item {
    item_kind kind;
    nu__url_piece piece; /* TEXT, GAP */
    struct item *inner;  /* GROUP */
    size_t n_inner;
    bool optional; /* both without and with it */
} item;

typedef struct parser {
    reader in;
    item *items;
    size_t len, capacity;
    size_t *open; /* where groups that don't capture began */
    size_t n_open;
    int n_unnamed;
    bool disjunction;
} parser;

static void item_push(parser *p, item made)
{
    if (p->len == p->capacity) {
        size_t capacity = p->capacity ? 2 * p->capacity : 64;
        item *grown = nu_alloc_array(item, capacity);

        if (p->len)
            memcpy(grown, p->items, p->len * sizeof(*grown));
        p->items = grown;
        p->capacity = capacity;
    }
    p->items[p->len++] = made;
}

static void text_push(parser *p, nu_str text)
{
    item_push(p, (item){ ITEM_TEXT, .piece = { .text = text } });
}

static void gap_push(parser *p, nu_str name, bool counts)
{
    item_push(p, (item){ ITEM_GAP, .piece = { name, .gap = true, .counts = counts } });
}

static bool has_gap(const item *it)
{
    if (it->kind == ITEM_GAP)
        return true;
    for (size_t i = 0; it->kind == ITEM_GROUP && i < it->n_inner; i++)
        if (has_gap(&it->inner[i]))
            return true;
    return false;
}

static NU_NORETURN void not_reversible(nu_str portion)
{
    nu_raise(NU_VALUE_ERROR, "Non-reversible reg-exp portion: '(?{}'", portion);
}

/* (?P<name>…) or (?P=name), behind the P. */
static void named_group(parser *p)
{
    token kind = token_next(&p->in), t;
    const char *start;
    nu_str name;

    if (!is(kind, '<') && !is(kind, '='))
        not_reversible(nu_fmt("P{}", kind.text));
    t = token_next(&p->in);
    start = t.text.ptr;
    while (t.text.len && !is(t, is(kind, '<') ? '>' : ')'))
        t = token_next(&p->in);
    name = (nu_str){ start, t.text.len ? (size_t)(t.text.ptr - start) : 0 };
    gap_push(p, name, is(kind, '<'));
    if (is(kind, '<'))
        group_skip(&p->in, (token){ 0 });
}

static void group_read(parser *p)
{
    token t = token_next(&p->in);

    if (!is(t, '?')) {
        gap_push(p, nu_fmt("_{}", p->n_unnamed++), true);
        if (!is(t, ')'))
            group_skip(&p->in, t);
        return;
    }
    t = token_next(&p->in);
    if (is(t, '!') || is(t, '=') || is(t, '<'))
        group_skip(&p->in, t);
    else if (is(t, ':'))
        p->open[p->n_open++] = p->len;
    else if (is(t, 'P'))
        named_group(p);
    else
        not_reversible(t.text);
}

/* ")" of a group that doesn't capture: what stands in it becomes one item. */
static void group_close(parser *p)
{
    size_t start = p->n_open ? p->open[--p->n_open] : 0, n = p->len - start;
    item *inner = nu_alloc_array(item, n + 1);

    if (n)
        memcpy(inner, p->items + start, n * sizeof(*inner));
    p->len = start;
    item_push(p, (item){ ITEM_GROUP, .inner = inner, .n_inner = n });
}

static void class_read(parser *p)
{
    token t = token_next(&p->in);

    text_push(p, t.text);
    t = token_next(&p->in);
    while (t.text.len && !is(t, ']'))
        t = token_next(&p->in);
}

/* The least count of a quantifier that begins with `t`; *next: the token behind it. */
static int64_t quantifier_read(parser *p, token t, token *next)
{
    int64_t least = is(t, '+');

    if (is(t, '{')) {
        bool in_first = true;

        for (t = token_next(&p->in); t.text.len && !is(t, '}'); t = token_next(&p->in)) {
            char c = t.text.ptr[0];

            in_first &= c != ',';
            if (in_first && c >= '0' && c <= '9' && least < 1000)
                least = 10 * least + (c - '0');
        }
    }
    *next = token_next(&p->in);
    if (is(*next, '?'))
        *next = token_next(&p->in);
    return least;
}

static void quantifier_apply(parser *p, int64_t least)
{
    item *last = p->len ? &p->items[p->len - 1] : NULL;

    if (!last)
        return;
    if (!least) {
        if (has_gap(last))
            last->optional = true;
        else
            p->len--;
        return;
    }
    if (least > 64)
        nu_raise(NU_VALUE_ERROR, "a URL's regular expression repeats a part {} times", least);
    for (int64_t i = 1; i < least; i++)
        item_push(p, p->items[p->len - 1]);
}

static void expression_read(parser *p)
{
    token t = token_next(&p->in);

    while (t.text.len && !is(t, '$')) {
        token next = { 0 };
        bool ahead = false;

        if (is(t, '|')) {
            p->disjunction = true;
            return;
        }
        if (is(t, '('))
            group_read(p);
        else if (is(t, ')'))
            group_close(p);
        else if (is(t, '['))
            class_read(p);
        else if (!t.escaped && memchr("*?+{", t.text.ptr[0], 4)) {
            quantifier_apply(p, quantifier_read(p, t, &next));
            ahead = true;
        } else if (!is(t, '^'))
            text_push(p, t.text);
        t = ahead ? next : token_next(&p->in);
    }
}

/* ---- the list flattened into forms ----------------------------------------------------------- */

static void form_append(nu__url_form *form, const nu__url_piece *pieces, size_t n)
{
    nu__url_piece *grown = nu_alloc_array(nu__url_piece, form->n_pieces + n + 1);

    if (form->n_pieces)
        memcpy(grown, form->pieces, form->n_pieces * sizeof(*grown));
    if (n)
        memcpy(grown + form->n_pieces, pieces, n * sizeof(*grown));
    form->pieces = grown;
    form->n_pieces += n;
}

static nu__url_forms flatten(const item *items, size_t n);

/* Every form so far with every form of the item behind it. */
static nu__url_forms product(nu__url_forms left, const item *it)
{
    nu__url_forms right = it->kind == ITEM_GAP ? (nu__url_forms){ nu_alloc(nu__url_form), 1 }
                                               : flatten(it->inner, it->n_inner);
    size_t n_right = right.len + it->optional;
    nu__url_forms out;

    if (it->kind == ITEM_GAP)
        form_append(&right.items[0], &it->piece, 1);
    if (left.len * n_right > MAX_FORMS)
        nu_raise(NU_VALUE_ERROR, "a URL's regular expression has more than {} optional forms",
                 (int)MAX_FORMS);
    out = (nu__url_forms){ nu_alloc_array(nu__url_form, left.len * n_right), 0 };
    for (size_t i = 0; i < left.len; i++)
        for (size_t k = 0; k < n_right; k++) {
            nu__url_form *form = &out.items[out.len++];

            *form = left.items[i];
            if (k >= (size_t)it->optional) {
                const nu__url_form *tail = &right.items[k - it->optional];

                form_append(form, tail->pieces, tail->n_pieces);
            }
        }
    return out;
}

static nu__url_forms flatten(const item *items, size_t n)
{
    nu__url_forms forms = { nu_alloc(nu__url_form), 1 };

    for (size_t i = 0; i < n; i++) {
        if (items[i].kind != ITEM_TEXT) {
            forms = product(forms, &items[i]);
            continue;
        }
        for (size_t k = 0; k < forms.len; k++)
            form_append(&forms.items[k], &items[i].piece, 1);
    }
    return forms;
}

/* Neighbouring literal pieces become one. */
static void form_join(nu__url_form *form)
{
    size_t n = 0;

    for (size_t i = 0; i < form->n_pieces; i++) {
        nu__url_piece *last = n ? &form->pieces[n - 1] : NULL;

        if (last && !last->gap && !form->pieces[i].gap)
            last->text = nu_fmt("{}{}", last->text, form->pieces[i].text);
        else
            form->pieces[n++] = form->pieces[i];
    }
    form->n_pieces = n;
}

nu__url_forms nu__url_normalize(nu_str regex)
{
    parser p = { .in = { regex, 0 } };
    nu__url_forms forms;

    p.open = nu_alloc_array(size_t, regex.len + 1);
    expression_read(&p);
    forms = flatten(p.items, p.disjunction ? 0 : p.len);
    for (size_t i = 0; i < forms.len; i++)
        form_join(&forms.items[i]);
    return forms;
}
