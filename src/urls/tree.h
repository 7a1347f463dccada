/**
 * @file
 * The nodes of the prefix tree (see resolver.h): built by tree_build.c, walked by tree_find.c.
 */
#pragma once
#include "urls/resolver.h"

/* An edge that is no literal. */
typedef struct nu__url_branch {
    uint32_t first; /* order of the first endpoint behind it */
    const nu__converter *converter;
    const nu__url_pattern *pattern; /* else a regular expression, from `back` bytes before on */
    size_t back;
    struct nu__url_node *node;
} nu__url_branch;

struct nu__url_node {
    uint32_t first;
    nu_str label; /* of the literal edge that leads here */
    const nu__url_leaf *leaf;
    char *heads; /* the first bytes of the literal edges */
    nu__url_node **literals;
    nu__url_branch *branches; /* by `first` */
    size_t n_literals, n_branches;
};
