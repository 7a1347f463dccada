/**
 * @file
 * The compiled template: arrays of nodes.
 *
 *   nu__template -> nodes: [text | tag][text | tag] … [text | end]
 *                                  |
 *                                 data -> the tag's own: expressions, inner nodes
 *
 * A node is the literal text before a tag and the tag: a function and what it was compiled to.
 * All lies in the template's arena, is immutable, and is found again by nobody but the tag.
 */
#pragma once
#include <nuages/template.h>

#include "template/symbols.h"

typedef struct nu__node {
    const char *text; /* before the tag, as it stands; NU__PADDING bytes behind it may be read */
    uint32_t text_len;
    uint32_t position;     /* of the tag in the template's source, in bytes */
    nu_tag_render *render; /* NULL: there is only text */
    const void *data;
} nu__node;

struct nu_template_nodes {
    const nu__node *items;
    uint32_t len;
};

/* A dotted name or a literal: what stands before the filters, and a filter's argument. */
typedef struct nu__variable {
    const nu__symbol *const *path; /* of n_path names */
    uint16_t n_path;               /* 0: a literal */
    bool translate;                /* _("…") */
    nu_value literal;
    nu_str text; /* as written */
} nu__variable;

typedef struct nu__filter_use {
    const struct nu__filter *filter;
    const nu__variable *arg; /* NULL: none */
    bool constant_arg;       /* a quoted string */
} nu__filter_use;

/* {{ name.attribute|filter:"argument" }} */
struct nu_template_expression {
    nu__variable variable;
    bool constant; /* begins with a quoted string, not with a variable or a number */
    bool passing;  /* all filters give their value or argument, and make nothing: |default */
    bool direct;   /* the last filter writes, those before it make nothing; see expression.c */
    bool pure;     /* all filters and their arguments are; see expression.c */
    uint16_t n_filters;
    const nu__filter_use *filters;
    nu_str text;
};

/* name=value pairs of a tag. */
typedef struct nu__assignment {
    const nu__symbol *name;
    const nu_template_expression *value;
} nu__assignment;

typedef struct nu__assignments {
    const nu__assignment *items;
    size_t len;
} nu__assignments;

typedef struct nu__expressions {
    const nu_template_expression *const *items;
    size_t len;
} nu__expressions;

typedef struct nu__block {
    const nu__symbol *name;
    nu_template_nodes nodes;
} nu__block;

/* A name that a template mentions, and where; the last one first. */
typedef struct nu__mention {
    const nu__symbol *name;
    uint32_t position; /* of the tag in the source, in bytes */
    const struct nu__mention *next;
} nu__mention;

typedef struct nu__template nu__template;
struct nu__template {
    struct nu__template_engine *engine;
    nu_str name;   /* "" for a text */
    nu_str origin; /* the file's path, or "embedded:name"; for messages and loops of extends */
    nu_str source; /* and NU__PADDING bytes behind it */
    nu_template_nodes nodes;
    const nu_template_expression *parent; /* NULL: extends nothing */
    const nu__symbol *parent_symbol;      /* a literal parent's name; NULL: none */
    uint32_t parent_position;             /* of {% extends %} in the source, in bytes */
    nu_str preamble;                      /* the text before {% extends %} */
    const nu__block *const *blocks;
    uint32_t n_blocks;
    uint32_t n_states;            /* tags that count how often they were rendered */
    const nu__template *partials; /* templates of their own, named after this one and theirs */
    uint32_t n_partials;
    /* What ./manage check asks for: variables that are read, those that tags set, templates that
       are included by a literal name. */
    const nu__mention *reads, *sets, *includes;
    bool sets_more;      /* a tag of the site's own may set any */
    size_t expected;     /* bytes of output, as it was last: a guess, which rendering renews */
    bool first;          /* of its name in the order of searching */
    int64_t mtime_ns;    /* the file's; 0: none */
    nu__template *older; /* of the same name: from another folder, or what a reload replaced */
};
