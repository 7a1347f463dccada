/**
 * @file
 * The ways that reverse() may take, by scope and name (see reverse.h).
 */
#pragma once
#include "urls/reverse.h"

typedef struct nu__url_way {
    nu_str name;
    size_t order;
    const nu__url_pattern **chain; /* from the outermost include to the endpoint */
    size_t n_chain, own_from;      /* own_from: the first whose arguments of its own count */
    nu__url_forms forms;           /* len 0: not yet worked out */
    const nu__re *regex;
    bool vouched; /* plain routes only: what its converters accept, its expression matches */
} nu__url_way;

typedef struct nu__url_instance {
    nu_str namespace, app_name;
    nu__url_scope *scope;
} nu__url_instance;

struct nu__url_scope {
    nu__url_way *ways; /* by name, then in Django's order */
    size_t n_ways, ways_capacity;
    nu__url_instance
        *instances; /* in order of Django's walk, which goes backwards through a urlconf */
    size_t n_instances, instances_capacity;
};

struct nu__reverse_index {
    nu__url_scope root;
};

/* The root scope of a resolver, made at the first call. */
nu__url_scope *nu__url_root_scope(nu__resolver *resolver);
/* Work out the forms of a way, once. Raises ValueError for an expression that can't be read
   backwards. */
void nu__url_way_prepare(nu__resolver *resolver, nu__url_way *way);
/* The joined expressions of the way: as Django's messages show them, or as they are matched. */
nu_str nu__url_way_text(const nu__url_way *way, bool for_matching);
/* By name, then in Django's order. */
int nu__url_ways_order(const void *a, const void *b);
