/**
 * @file
 * The rule by which a language chooses among its plural forms, as a catalogue's header has it:
 * "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 ? 1 : 2);".
 *
 * The expression is C's, over one variable. It becomes a flat list of nodes; a header comes from a
 * file, so its size and depth are capped. Counterpart: gettext.c2py()
 */
#pragma once
#include <nuages/strings.h>

enum { NU__PLURAL_NODES = 128, NU__PLURAL_DEPTH = 20 };

typedef struct nu__plural_node {
    uint8_t op; /* 'n', '0' (a number), or the operator's character; see plural.c */
    uint8_t a, b, c;
    uint32_t number;
} nu__plural_node;

typedef struct nu__plural_rule {
    nu__plural_node nodes[NU__PLURAL_NODES];
    uint32_t n_nodes, n_forms;
    uint8_t root;
} nu__plural_rule;

/* Two forms, the second for all but 1: what holds where no header says otherwise. */
void nu__plural_rule_default(nu__plural_rule *rule);
/* Read the value of a Plural-Forms header. False: it is malformed or too large. */
bool nu__plural_rule_parse(nu__plural_rule *rule, nu_str header);
/* Which form is for the number, below n_forms. A division by zero gives the first. */
uint32_t nu__plural_form(const nu__plural_rule *rule, int64_t number);
