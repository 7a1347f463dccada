/**
 * @file
 * HTML as a tree that compares by what it means, as django.test.html.
 *
 * White space is one blank and nothing at an element's ends; attributes are sorted, and so are the
 * names in `class`; `checked` is `checked="checked"`; void elements have no end.
 */
#pragma once
#include "core/buf.h"

typedef struct nu__html_node nu__html_node;

/* The tree in the arena. Raises ValueError for an end tag without its start, and past a depth of
   500. */
nu__html_node *nu__html_tree(nu_str html);
bool nu__html_same(const nu__html_node *a, const nu__html_node *b);
/* How often the second stands in the first. */
int nu__html_count(const nu__html_node *in, const nu__html_node *what);
/* The normal form, a line an element, for failures. */
nu_str nu__html_shown(const nu__html_node *node);
