/**
 * @file
 * From a path to a view: the prefix tree of a urlconf and all it includes.
 *
 *   ''  -+- 'students/' *0 -+- 'new/' *1
 *        |                  +- int -+- '/' *2 -- 'edit/' *3
 *        |                          ...
 *        +- 'courses/' ...                            *n: endpoint, n-th in Django's order of
 * trying
 *        +- regex ^static/(?P<path>.*)$ *9
 *
 * An edge is literal text, a converter (its longest match, see pattern.h) or a regular expression.
 * Among an own node's literal edges no two begin with the same byte, and routes that share a start
 * share its nodes, so the walk reads the path once. Where several branches fit, the endpoint first
 * in order wins, and a branch whose first endpoint comes after the best so far is not entered.
 */
#pragma once
#include "http/message.h"
#include "urls/pattern.h"

typedef struct nu__url_frame {
    const nu__url_pattern *pattern;
    size_t first_capture;
} nu__url_frame;

/* An endpoint with its way through the includes, all that does not depend on the path. */
typedef struct nu__url_leaf {
    uint32_t order;
    const nu_url_entry *entry;
    nu_str route;                /* of the whole way: "api/v1/<int:pk>/" */
    nu_str url_name;             /* {NULL, 0}: no name */
    nu_str view_name;            /* with namespaces */
    nu_str namespace, app_name;  /* joined by ":" */
    const nu__url_frame *frames; /* outermost include first, the endpoint last */
    size_t n_frames;
    const nu__url_capture **captures; /* of all frames */
    size_t n_captures, n_kwargs;      /* n_kwargs: at most */
    bool own_converters;              /* some conversion may refuse */
} nu__url_leaf;

/* What a path resolved to; lives in the arena of the fiber that asked. A template sees it as
   request.resolver_match. */
typedef struct nu__url_match {
    nu_object object;
    const nu__url_leaf *leaf;
    nu__path_value *kwargs;
    nu_value *args;
    size_t n_kwargs, n_args;
    nu_str *captured; /* text by leaf->captures */
} nu__url_match;

extern const nu_class nu__url_match_class;

typedef struct nu__resolver nu__resolver;

/* The first i18n_patterns() of a urlconf; NULL: it has none. */
const nu_url_entry *nu__url_by_language(const nu_urlconf *urlconf);

/* The resolver of a urlconf, made when first asked for and kept; where it has i18n_patterns(), one
   for each language. Raises ImproperlyConfigured. */
nu__resolver *nu__resolver_get(const nu_urlconf *urlconf);
/* Forget all resolvers: for tests, and before a process forks. */
void nu__resolvers_release(void);

/* NULL when nothing matches. `path` is decoded, starts with "/", and must outlive the match. */
const nu__url_match *nu__resolve(const nu__resolver *resolver, nu_str path);
const nu__path_value *nu__url_match_kwarg(const nu__url_match *match, nu_str name);

/* What Django's ResolverMatch keeps apart: the endpoint's own captures, and the patterns' own
   arguments. */
nu_dict *nu__url_match_captured_kwargs(const nu__url_match *match);
nu_dict *nu__url_match_extra_kwargs(const nu__url_match *match);

/* The patterns tried for a path in Django's order up to the one that matches, each a list of
   descriptions from the outermost include in: [["courses/"], ["api/", "v1/"]]. For the debug page.
 */
nu_list *nu__url_tried(const nu__resolver *resolver, nu_str path);

/* ---- the static shape, for reverse() and the checks ------------------------------------------ */

typedef struct nu__url_level nu__url_level;
typedef struct nu__url_node nu__url_node;

/* One entry of a level: an endpoint (level NULL) or an include. */
typedef struct nu__url_item {
    const nu__url_pattern *pattern;
    nu__url_level *level;
} nu__url_item;

/* A urlconf at the place where it is included. */
struct nu__url_level {
    const nu_urlconf *urlconf;
    nu_str app_name, namespace; /* {NULL, 0}: none */
    nu__url_item *items;
    size_t n_items;
};

struct nu__resolver {
    const nu_urlconf *urlconf;
    nu_str language; /* whose prefix i18n_patterns() have in it; {NULL, 0}: there are none */
    nu__url_memory memory;
    nu__url_level root;
    nu__url_node *tree;
    uint32_t n_leaves;
    struct nu__reverse_index *reverse; /* made at the first reverse */
    nu__resolver *next;
};

/* ---- shared by the files of urls/ ------------------------------------------------------------ */

nu__url_node *nu__url_tree_build(nu__resolver *resolver); /* tree.h */
const nu__url_leaf *nu__url_tree_find(const nu__url_node *tree, nu_str path,
                                      nu_str captured[static NU__URL_MAX_CAPTURES]);
/* Match one pattern at the start of `path`: the groups, and what is left. For messages and checks;
   resolving goes through the tree. */
nu_value nu__url_kwarg_value(const nu_url_kwarg *kwarg);
bool nu__url_pattern_match(const nu__url_pattern *pattern, nu_str path, nu_str *rest);
