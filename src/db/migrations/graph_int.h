/**
 * @file
 * What the files of the graph share.
 *
 *   graph.c         nodes, replacements, what is wrong with a graph, building it
 *   graph_edges.c   what each depends on; the last ones of an app
 *   graph_order.c   in which order they run; the models that come of them
 */
#pragma once
#include "db/migrations/graph.h"

/* Two nodes by app label and name; qsort()'s. */
int nu__compare_nodes(const void *a, const void *b);
/* Left out or not; NULL: there is none. */
nu__node *nu__graph_any_node(const nu__graph *graph, const char *app, const char *name);
/* Make the edges to what a node's migration depends on, and to what must come after it. Raises
   NodeNotFoundError. */
void nu__graph_link(const nu__graph *graph, nu__node *node);
/* Does no other migration of its app come after it? */
bool nu__graph_is_leaf(const nu__node *node);
