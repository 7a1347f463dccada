#include "urls/tree.h"

#include <string.h>

/* The text without its first bytes. */
static nu_str after(nu_str text, size_t n)
{
    return (nu_str){ text.ptr + n, text.len - n };
}

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

static nu__url_branch *branch_add(builder *b, nu__url_node *node, nu__url_branch made)
{
    nu__url_branch *branches = nu__url_alloc(b->memory, node->n_branches + 1, sizeof(*branches));

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
    return branch_add(b, node, (nu__url_branch){ .converter = converter })->node;
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
    return branch_add(b, node, (nu__url_branch){ .pattern = pattern, .back = head.len })->node;
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
