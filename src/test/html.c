#include "test/html_int.h"

#include "core/text.h"
#include "utils/html_parser.h"

#include <nuages/errors.h>
#include <string.h>

enum { MOST_DEPTH = 500 };

typedef struct tree {
    nu__html_node *open[MOST_DEPTH]; /* from the root */
    size_t depth;
} tree;

/* ---- words ----------------------------------------------------------------------------------- */

static bool is_void(nu_str name)
{
    static const char *const words[] = { "area",  "base",   "br",    "col",  "embed",
                                         "hr",    "img",    "input", "link", "meta",
                                         "param", "source", "track", "wbr",  NULL };

    return nu__html_is_one_of(name, words);
}

static nu_str one_blank(nu_str text)
{
    nu__buf out = { 0 };

    for (size_t i = 0; i < text.len; i++)
        if (!nu__html_is_blank(text.ptr[i]))
            nu__buf_char(&out, text.ptr[i]);
        else if (!i || !nu__html_is_blank(text.ptr[i - 1]))
            nu__buf_char(&out, ' ');
    return nu__buf_str(&out);
}

/* ---- building -------------------------------------------------------------------------------- */

static nu__html_node *last_text(nu__html_node *parent)
{
    nu__html_node *last = parent->n_children ? parent->children[parent->n_children - 1] : NULL;

    return last && !last->name.ptr ? last : NULL;
}

static void append(nu__html_node *parent, nu__html_node *child)
{
    size_t n = parent->n_children;

    if (!(n & (n - 1))) { /* full at each power of two */
        nu__html_node **more = nu_alloc_array(nu__html_node *, n ? n * 2 : 1);

        if (n)
            memcpy(more, parent->children, n * sizeof *more);
        parent->children = more;
    }
    parent->children[parent->n_children++] = child;
}

static bool on_text(void *self, nu_str text)
{
    tree *t = self;
    nu__html_node *parent = t->open[t->depth - 1], *last = last_text(parent), *made;

    if (last) {
        last->text = one_blank(nu_fmt("{}{}", last->text, text));
        return true;
    }
    made = nu_alloc(nu__html_node);
    made->text = one_blank(text);
    if (made->text.len)
        append(parent, made);
    return true;
}

static bool on_start(void *self, nu_str name, nu_str raw, bool closed)
{
    tree *t = self;
    nu__html_node *parent = t->open[t->depth - 1], *last = last_text(parent),
                  *made = nu_alloc(nu__html_node);

    if (last && !nu_trim(last->text).len)
        parent->n_children--;
    made->name = nu_lower(name);
    nu__html_attributes_read(made, raw, 1 + name.len);
    append(parent, made);
    if (closed || is_void(made->name))
        return true;
    if (t->depth == MOST_DEPTH)
        nu_raise(NU_VALUE_ERROR, "the HTML is nested more than {} deep", (int64_t)MOST_DEPTH);
    t->open[t->depth++] = made;
    return true;
}

static bool on_end(void *self, nu_str name)
{
    tree *t = self;

    while (t->depth > 1)
        if (nu_eq_(t->open[--t->depth]->name, nu_lower(name)))
            return true;
    nu_raise(NU_VALUE_ERROR, "Unexpected end tag `{}`", name);
}

static void finalize(nu__html_node *node)
{
    nu__html_node *last = last_text(node);

    for (; last && !nu_trim(last->text).len; last = last_text(node))
        node->n_children--;
    for (size_t i = 0; i < node->n_children; i++)
        if (node->children[i]->name.ptr)
            finalize(node->children[i]);
        else
            node->children[i]->text = nu_trim(node->children[i]->text);
}

nu__html_node *nu__html_tree(nu_str html)
{
    static const nu__html_events events = { .start_tag = on_start,
                                            .end_tag = on_end,
                                            .text = on_text };
    tree *t = nu_alloc(tree);
    nu__html_parser parser = { .events = &events, .self = t, .unescape = true, .html = html };
    nu__html_node *root = nu_alloc(nu__html_node);

    root->root = true;
    t->open[t->depth++] = root;
    nu__html_feed(&parser);
    nu__html_close(&parser);
    finalize(root);
    return root->n_children == 1 && root->children[0]->name.ptr ? root->children[0] : root;
}

/* ---- comparing ------------------------------------------------------------------------------- */

static bool same_children(const nu__html_node *a, const nu__html_node *b)
{
    for (size_t i = 0; a->n_children == b->n_children && i < a->n_children; i++)
        if (!nu__html_same(a->children[i], b->children[i]))
            return false;
    return a->n_children == b->n_children;
}

static bool same_attributes(const nu__html_node *a, const nu__html_node *b)
{
    for (size_t i = 0; a->n_attributes == b->n_attributes && i < a->n_attributes; i++)
        if (!nu_eq_(a->attributes[i].name, b->attributes[i].name) ||
            !a->attributes[i].value.ptr != !b->attributes[i].value.ptr ||
            !nu_eq_(a->attributes[i].value, b->attributes[i].value))
            return false;
    return a->n_attributes == b->n_attributes;
}

bool nu__html_same(const nu__html_node *a, const nu__html_node *b)
{
    return a->root == b->root && !a->name.ptr == !b->name.ptr && nu_eq_(a->name, b->name) &&
           nu_eq_(a->text, b->text) && same_attributes(a, b) && same_children(a, b);
}

int nu__html_count(const nu__html_node *in, const nu__html_node *what)
{
    size_t matched = 0;
    int n = 0;

    if (nu__html_same(in, what) || (what->root && same_children(in, what)))
        return 1;
    for (size_t i = 0; i < in->n_children; i++) {
        const nu__html_node *child = in->children[i];

        if (!child->name.ptr)
            continue;
        n += nu__html_count(child, what);
        if (!what->root || !what->n_children)
            continue;
        matched = nu__html_same(what->children[matched], child) ? matched + 1 : 0;
        if (matched == what->n_children) {
            n++;
            matched = 0;
        }
    }
    return n;
}

/* ---- showing --------------------------------------------------------------------------------- */

static void show(nu__buf *out, const nu__html_node *node, size_t depth)
{
    nu__buf_fill(out, ' ', depth * 2);
    if (!node->name.ptr) {
        nu__buf_fmt(out, "{}\n", node->text);
        return;
    }
    nu__buf_fmt(out, "<{}", node->name);
    for (size_t i = 0; i < node->n_attributes; i++)
        if (node->attributes[i].value.ptr)
            nu__buf_fmt(out, " {}=\"{}\"", node->attributes[i].name, node->attributes[i].value);
        else
            nu__buf_fmt(out, " {}", node->attributes[i].name);
    nu__buf_lit(out, ">\n");
    for (size_t i = 0; i < node->n_children; i++)
        show(out, node->children[i], depth + 1);
}

nu_str nu__html_shown(const nu__html_node *node)
{
    nu__buf out = { 0 };

    if (!node->root)
        show(&out, node, 0);
    for (size_t i = 0; node->root && i < node->n_children; i++)
        show(&out, node->children[i], 0);
    return nu__buf_str(&out);
}
