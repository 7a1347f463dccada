/**
 * @file
 * Running code: scopes, expressions, statements.
 *
 *   session -> globals -> (lambda's parameters, comprehension's variables) -> builtins
 */
#pragma once
#include "cli/shell/syntax.h"

/* Names and their values; a name that is not here is looked for in the outer scope. */
typedef struct nu__py_scope nu__py_scope;
struct nu__py_scope {
    nu__py_scope *outer;
    nu__py_dict *names;
    bool comprehension; /* := binds outside of it */
};

nu__py_scope *nu__py_scope_new(nu__py_scope *outer);
bool nu__py_lookup(const nu__py_scope *scope, nu_str name, nu__py *out);
void nu__py_assign(nu__py_scope *scope, nu_str name, nu__py value);

/* A global scope with the shell's names: builtins, models, query expressions. */
nu__py_scope *nu__py_globals_new(void);
nu__py_scope *nu__py_plain_globals(void); /* without the ORM's */
/* Every name that code can use, for completion and suggestions. */
nu_list *nu__py_names(const nu__py_scope *scope);

/* Run a block. The value of its last statement when that is an expression; else absent. */
nu__py nu__py_run(nu__py_scope *scope, nu_str source);

nu__py nu__py_evaluate(nu__py_scope *scope, const nu__py_node *node);
/* Give each part of a value to its target. */
void nu__py_bind_target(nu__py_scope *scope, const nu__py_node *target, nu__py value);
nu__py nu__py_comprehend(nu__py_scope *scope, const nu__py_node *node);
nu__py nu__py_lambda_new(nu__py_scope *scope, const nu__py_node *node);
nu__py nu__py_call_node(nu__py_scope *scope, const nu__py_node *node);
/* `import a.b`, `from a import b`: what modules.c has. */
nu__py nu__py_module(nu_str name);
/* print(): to standard output. */
void nu__py_print(nu_str text);
bool nu__py_builtin(nu_str name, nu__py *out);
void nu__py_builtin_names(nu_list *out);
