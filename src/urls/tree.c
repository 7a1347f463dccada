#include "urls/resolver.h"

#include <string.h>

/* An edge that is no literal. */
typedef struct branch {
    uint32_t first; /* order of the first endpoint behind it */
    const nu__converter *converter;
    const nu__url_pattern *pattern; /* else a regular expression, from `back` bytes before on */
    size_t back;
    struct nu__url_node *node;
} branch;

struct nu__url_node {
    uint32_t first;
    nu_str label; /* of the literal edge that leads here */
    const nu__url_leaf *leaf;
    char *heads; /* the first bytes of the literal edges */
    nu__url_node **literals;
    branch *branches; /* by `first` */
    size_t n_literals, n_branches;
};

/* ---- building -------------------------------------------------------------------------------- */

typedef struct builder {
    nu__resolver *resolver;
    nu__url_memory *memory;
    nu__url_frame frames[16];
    const nu__url_level *levels[16];
    size_t depth, n_captures;
} builder;

static nu__url_node *node_new(builder *b)
{
    nu__url_node *node = nu__url_alloc(b->memory, 1, sizeof(*node));

    node->first = b->resolver->n_leaves;
    return node;
}

static void literal_add(builder *b, nu__url_node *node, nu__url_node *child)
{
    size_t n = node->n_literals;
    char *heads = nu__url_alloc(b->memory, n + 1, 1);
    nu__url_node **literals = nu__url_alloc(b->memory, n + 1, sizeof(*literals));

    if (n) {
        memcpy(heads, node->heads, n);
        memcpy(literals, node->literals, n * sizeof(*literals));
    }
    heads[n] = child->label.ptr[0];
    literals[n] = child;
    node->heads = heads;
    node->literals = literals;
    node->n_literals++;
}

static size_t common_prefix(nu_str a, nu_str b)
{
    size_t n = 0;

    while (n < a.len && n < b.len && a.ptr[n] == b.ptr[n])
        n++;
    return n;
}

static nu_str after(nu_str text, size_t n)
{
    return (nu_str){ text.ptr + n, text.len - n };
}

/* Put a node between `node` and its child `i`, `n` bytes down. The child keeps its address. */
static nu__url_node *literal_split(builder *b, nu__url_node *node, size_t i, size_t n)
{
    nu__url_node *child = node->literals[i], *middle = node_new(b);

    middle->first = child->first;
    middle->label = (nu_str){ child->label.ptr, n };
    child->label = after(child->label, n);
    literal_add(b, middle, child);
    node->literals[i] = middle;
    return middle;
}

/* The node `text` below `node`, made where it is missing. */
static nu__url_node *literal_walk(builder *b, nu__url_node *node, nu_str text)
{
    while (text.len) {
        const char *head =
            node->n_literals ? memchr(node->heads, text.ptr[0], node->n_literals) : NULL;
        nu__url_node *child;
        size_t n;

        if (!head) {
            child = node_new(b);
            child->label = text;
            literal_add(b, node, child);
            return child;
        }
        child = node->literals[head - node->heads];
        n = common_prefix(child->label, text);
        if (n < child->label.len)
            child = literal_split(b, node, (size_t)(head - node->heads), n);
        node = child;
        text = after(text, n);
    }
    return node;
}

static branch *branch_add(builder *b, nu__url_node *node, branch made)
{
    branch *branches = nu__url_alloc(b->memory, node->n_branches + 1, sizeof(*branches));

    if (node->n_branches)
        memcpy(branches, node->branches, node->n_branches * sizeof(*branches));
    made.first = b->resolver->n_leaves;
    made.node = node_new(b);
    branches[node->n_branches] = made;
    node->branches = branches;
    return &branches[node->n_branches++];
}

static nu__url_node *converter_walk(builder *b, nu__url_node *node, const nu__converter *converter)
{
    for (size_t i = 0; i < node->n_branches; i++)
        if (node->branches[i].converter == converter)
            return node->branches[i].node;
    return branch_add(b, node, (branch){ .converter = converter })->node;
}

/* The literal that every match of a regular expression starts with: "^static/(?P<path>.*)$" gives
   "static/". Nothing where it isn't plain to see. */
static nu_str regex_head(nu_str regex)
{
    static const char special[] = ".^$*+?{}[]\\|()";
    nu_str head = after(regex, 1);
    size_t n = 0;

    if (!nu_starts_with(regex, S("^")) || memchr(regex.ptr, '|', regex.len))
        return S("");
    while (n < head.len && !memchr(special, head.ptr[n], sizeof(special) - 1))
        n++;
    if (n && n < head.len && memchr("*?{", head.ptr[n], 3)) /* the last one may be absent */
        do
            n--;
        while (n && ((unsigned char)head.ptr[n] & 0xC0) == 0x80);
    return (nu_str){ head.ptr, n };
}

static nu__url_node *regex_walk(builder *b, nu__url_node *node, const nu__url_pattern *pattern)
{
    nu_str head = S("");

    if (pattern->entry->regex)
        head = regex_head(pattern->route);
    else if (pattern->n_parts && !pattern->parts[0].converter)
        head = pattern->parts[0].literal;
    node = literal_walk(b, node, head);
    return branch_add(b, node, (branch){ .pattern = pattern, .back = head.len })->node;
}

static nu__url_node *pattern_walk(builder *b, nu__url_node *node, const nu__url_pattern *pattern)
{
    if (!pattern->simple)
        return regex_walk(b, node, pattern);
    for (size_t i = 0; i < pattern->n_parts; i++) {
        const nu__url_part *part = &pattern->parts[i];

        node = part->converter ? converter_walk(b, node, part->converter)
                               : literal_walk(b, node, part->literal);
    }
    return node;
}

/* ---- leaves ---------------------------------------------------------------------------------- */

static nu_str joined(builder *b, nu_str (*of)(const nu__url_level *))
{
    nu_str all = S("");

    for (size_t i = 0; i < b->depth; i++) {
        nu_str name = b->levels[i] ? of(b->levels[i]) : S("");

        if (name.len)
            all = all.len ? nu_fmt("{}:{}", all, name) : name;
    }
    return nu__url_copy(b->memory, all);
}

static nu_str level_namespace(const nu__url_level *level)
{
    return level->namespace;
}

static nu_str level_app_name(const nu__url_level *level)
{
    return level->app_name;
}

/* Django's joining of routes: a "^" that begins an inner one is dropped. */
static nu_str joined_route(builder *b)
{
    nu_str all = S("");

    for (size_t i = 0; i < b->depth; i++) {
        nu_str route = b->frames[i].pattern->route;

        if (all.len && nu_starts_with(route, S("^")))
            route = after(route, 1);
        all = nu_fmt("{}{}", all, route);
    }
    return nu__url_copy(b->memory, all);
}

/* "ListView(Post, …)" is named ListView. */
static nu_str view_text_name(const nu_url_entry *entry)
{
    nu_str text = nu_s(entry->view_text ? entry->view_text : "");
    const char *open = text.len ? memchr(text.ptr, '(', text.len) : NULL;

    return open ? nu_trim((nu_str){ text.ptr, (size_t)(open - text.ptr) }) : text;
}

static size_t kwargs_of(const nu_url_entry *entry)
{
    size_t n = 0;

    while (n < sizeof(entry->kwargs) / sizeof(entry->kwargs[0]) && entry->kwargs[n].name)
        n++;
    return n;
}

static void leaf_captures(builder *b, nu__url_leaf *leaf)
{
    leaf->captures = nu__url_alloc(b->memory, b->n_captures + 1, sizeof(*leaf->captures));
    for (size_t f = 0; f < b->depth; f++) {
        const nu__url_pattern *pattern = b->frames[f].pattern;

        leaf->n_kwargs += kwargs_of(pattern->entry);
        for (size_t i = 0; i < pattern->n_captures; i++) {
            const nu__url_capture *capture = &pattern->captures[i];

            leaf->captures[leaf->n_captures++] = capture;
            leaf->n_kwargs += capture->name.len > 0;
            leaf->own_converters |= capture->converter && capture->converter->own;
        }
    }
}

static nu__url_leaf *leaf_new(builder *b, const nu_url_entry *entry)
{
    nu__url_leaf *leaf = nu__url_alloc(b->memory, 1, sizeof(*leaf));
    nu__url_frame *frames = nu__url_alloc(b->memory, b->depth, sizeof(*frames));
    nu_str name;

    memcpy(frames, b->frames, b->depth * sizeof(*frames));
    leaf->frames = frames;
    leaf->n_frames = b->depth;
    leaf->entry = entry;
    leaf->order = b->resolver->n_leaves;
    leaf->route = joined_route(b);
    leaf->url_name = nu_s(entry->name);
    leaf->namespace = joined(b, level_namespace);
    leaf->app_name = joined(b, level_app_name);
    name = leaf->url_name.len ? leaf->url_name : view_text_name(entry);
    leaf->view_name = leaf->namespace.len
                          ? nu__url_copy(b->memory, nu_fmt("{}:{}", leaf->namespace, name))
                          : nu__url_copy(b->memory, name);
    leaf_captures(b, leaf);
    return leaf;
}

static void level_insert(builder *b, nu__url_node *node, const nu__url_level *level);

static void item_insert(builder *b, nu__url_node *node, const nu__url_item *item)
{
    nu__url_node *end;

    if (b->depth == sizeof(b->frames) / sizeof(b->frames[0]) ||
        b->n_captures + item->pattern->n_captures > NU__URL_MAX_CAPTURES)
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "URL route \"{}\" lies too deep: at most 16 includes and {} captures.",
                 item->pattern->route, (int)NU__URL_MAX_CAPTURES);
    b->frames[b->depth] = (nu__url_frame){ item->pattern, b->n_captures };
    b->levels[b->depth++] = item->level;
    b->n_captures += item->pattern->n_captures;
    end = pattern_walk(b, node, item->pattern);
    if (item->level) {
        level_insert(b, end, item->level);
    } else {
        if (!end->leaf)
            end->leaf = leaf_new(b, item->pattern->entry);
        b->resolver->n_leaves++;
    }
    b->n_captures -= item->pattern->n_captures;
    b->depth--;
}

static void level_insert(builder *b, nu__url_node *node, const nu__url_level *level)
{
    for (size_t i = 0; i < level->n_items; i++)
        item_insert(b, node, &level->items[i]);
}

nu__url_node *nu__url_tree_build(nu__resolver *resolver)
{
    builder b = { .resolver = resolver, .memory = &resolver->memory };
    nu__url_node *tree = node_new(&b);

    level_insert(&b, tree, &resolver->root);
    return tree;
}

/* ---- finding --------------------------------------------------------------------------------- */

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

static void converter_enter(search *s, const branch *b, size_t at)
{
    nu_str rest = after(s->path, at);
    size_t n = b->converter->scan(rest);

    if (!n)
        return;
    s->way[s->n++] = (nu_str){ rest.ptr, n };
    walk(s, b->node, at + n);
    s->n--;
}

static void regex_enter(search *s, const branch *b, size_t at)
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
