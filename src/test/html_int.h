/**
 * @file
 * A node of the tree, and its attributes.
 */
#pragma once
#include "test/html.h"

typedef struct nu__html_attribute {
    nu_str name, value; /* a null value: it has none */
} nu__html_attribute;

struct nu__html_node {
    nu_str name; /* null: a text, or with `root` the whole */
    nu_str text;
    bool root;
    nu__html_attribute *attributes;
    size_t n_attributes;
    nu__html_node **children;
    size_t n_children;
};

/* Those of a tag's text behind its name, sorted, in their normal form. */
void nu__html_attributes_read(nu__html_node *node, nu_str raw, size_t from);
bool nu__html_is_one_of(nu_str name, const char *const *words); /* which end with NULL */
bool nu__html_is_blank(char c);
