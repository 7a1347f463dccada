/**
 * @file
 * Names as pointers: every name that a template mentions stands once in its engine's table, so that
 * rendering compares pointers where it would compare texts.
 */
#pragma once
#include <nuages/strings.h>

#include "core/list.h"

/* X(id, "text"): the names that the engine itself knows, numbered in this order. */
#define NU__SYMBOLS(X)                                                                             \
    X(TRUE, "True")                                                                                \
    X(FALSE, "False")                                                                              \
    X(NONE, "None")                                                                                \
    X(FORLOOP, "forloop")                                                                          \
    X(BLOCK, "block")                                                                              \
    X(SUPER, "super")                                                                              \
    X(CSRF_TOKEN, "csrf_token")                                                                    \
    X(VAR, "var")                                                                                  \
    X(COUNTER, "counter")                                                                          \
    X(COUNTER0, "counter0")                                                                        \
    X(REVCOUNTER, "revcounter")                                                                    \
    X(REVCOUNTER0, "revcounter0")                                                                  \
    X(FIRST, "first")                                                                              \
    X(LAST, "last")                                                                                \
    X(PARENTLOOP, "parentloop")

typedef enum nu__symbol_id {
#define NU__SYMBOL_ID(id, text) NU__SYM_##id,
    NU__SYMBOLS(NU__SYMBOL_ID)
#undef NU__SYMBOL_ID
        NU__SYM_KNOWN
} nu__symbol_id;

typedef struct nu__symbol {
    nu_str text; /* NUL-terminated */
    uint32_t id; /* below NU__SYM_KNOWN: one of the above */
    bool is_index;
    int64_t index;            /* the text as a list index: "0", "12" */
    uint32_t place;           /* where a dict last had it: a guess, which rendering renews */
    struct nu__template *tpl; /* the engine's templates of that name, the newest first */
} nu__symbol;

/* The dict's value of that name; NULL: there is none. */
static inline const nu_value *nu__symbol_in(const nu__symbol *name, const nu_dict *dict)
{
    return nu__dict_near(dict, name->text, &((nu__symbol *)name)->place);
}

typedef struct nu__symbols nu__symbols;

/* Malloc'd. Both raise MemoryError; a table holds at most a million names. */
nu__symbols *nu__symbols_new(void);
nu__symbol *nu__symbol_intern(nu__symbols *symbols, nu_str text);
/* NULL when no template mentions it. */
nu__symbol *nu__symbol_find(const nu__symbols *symbols, nu_str text);
const nu__symbol *nu__symbol_known(const nu__symbols *symbols, nu__symbol_id id);
void nu__symbols_free(nu__symbols *symbols);
