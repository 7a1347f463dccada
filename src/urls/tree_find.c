#include "urls/tree.h"

#include <string.h>

/* The text without its first bytes. */
static nu_str after(nu_str text, size_t n)
{
    return (nu_str){ text.ptr + n, text.len - n };
}

typedef struct search {
    nu_str path;
    const nu__url_leaf *best;
    uint32_t bound; /* only endpoints before this one are of interest */
    size_t n;       /* captures on the way so far */
    nu_str way[NU__URL_MAX_CAPTURES];
    nu_str *captured;
} search;

static bool conversions_hold(const search *s, const nu__url_leaf *leaf)
{
    nu_value value;

    for (size_t i = 0; leaf->own_converters && i < leaf->n_captures; i++)
        if (s->way[i].ptr &&
            !nu__converter_to_value(leaf->captures[i]->converter, s->way[i], &value))
            return false;
    return true;
}

static void leaf_take(search *s, const nu__url_leaf *leaf)
{
    if (leaf->order >= s->bound || !conversions_hold(s, leaf))
        return;
    s->best = leaf;
    s->bound = leaf->order;
    memcpy(s->captured, s->way, s->n * sizeof(s->way[0]));
}

static void walk(search *s, const nu__url_node *node, size_t at);

static void converter_enter(search *s, const nu__url_branch *b, size_t at)
{
    nu_str rest = after(s->path, at);
    size_t n = b->converter->scan(rest);

    if (!n)
        return;
    s->way[s->n++] = (nu_str){ rest.ptr, n };
    walk(s, b->node, at + n);
    s->n--;
}

static void regex_enter(search *s, const nu__url_branch *b, size_t at)
{
    const nu__url_pattern *pattern = b->pattern;
    nu__re_group groups[NU__URL_MAX_CAPTURES + 1];
    nu_str subject = after(s->path, at - b->back);
    size_t end;

    if (!nu__re_match(pattern->regex, subject, groups, nu__re_groups(pattern->regex) + 1))
        return;
    for (size_t i = 0; i < pattern->n_captures; i++)
        s->way[s->n + i] = groups[pattern->captures[i].group];
    s->n += pattern->n_captures;
    end = (size_t)(groups[0].ptr + groups[0].len - s->path.ptr);
    if (pattern->entry->include)
        walk(s, b->node, end);
    else if (b->node->leaf)
        leaf_take(s, b->node->leaf);
    s->n -= pattern->n_captures;
}

/* The literal child that the path goes on with, NULL when there is none. */
static const nu__url_node *literal_child(const search *s, const nu__url_node *node, size_t at)
{
    const nu__url_node *child;
    const char *head;

    if (at == s->path.len || !node->n_literals)
        return NULL;
    head = memchr(node->heads, s->path.ptr[at], node->n_literals);
    if (!head)
        return NULL;
    child = node->literals[head - node->heads];
    if (child->first >= s->bound || s->path.len - at < child->label.len ||
        memcmp(s->path.ptr + at, child->label.ptr, child->label.len))
        return NULL;
    return child;
}

static void walk(search *s, const nu__url_node *node, size_t at)
{
    for (;;) {
        const nu__url_node *child = literal_child(s, node, at);

        if (node->leaf && at == s->path.len)
            leaf_take(s, node->leaf);
        if (child && node->n_branches)
            walk(s, child, at + child->label.len);
        for (size_t i = 0; i < node->n_branches && node->branches[i].first < s->bound; i++)
            (node->branches[i].converter ? converter_enter : regex_enter)(s, &node->branches[i],
                                                                          at);
        if (!child || node->n_branches)
            return;
        node = child;
        at += child->label.len;
    }
}

const nu__url_leaf *nu__url_tree_find(const nu__url_node *tree, nu_str path,
                                      nu_str captured[static NU__URL_MAX_CAPTURES])
{
    search s; /* `way` stays as it is: clearing it would cost more than the walk */

    s.path = path;
    s.best = NULL;
    s.bound = UINT32_MAX;
    s.n = 0;
    s.captured = captured;
    walk(&s, tree, 0);
    return s.best;
}
