/**
 * @file
 * The syntax tree that the parser makes and the evaluator walks.
 *
 * One struct for all nodes: what its members mean is said beside each kind. Nodes live in the
 * fiber's arena; lambdas and generators keep theirs as long as they live.
 */
#pragma once
#include "cli/shell/object.h"

typedef enum nu__py_node_kind {
    /* expressions */
    NU__PY_CONSTANT,  /* value */
    NU__PY_VARIABLE,  /* name */
    NU__PY_FORMATTED, /* items: CONSTANT and FIELD */
    NU__PY_FIELD,     /* of an f-string: a; op: conversion 'r', 's', 'a' or 0; b: FORMATTED spec */
    NU__PY_TUPLE,     /* items */
    NU__PY_LIST,
    NU__PY_SET,
    NU__PY_DICT,    /* items: keys and values by turns; a NULL key: **value */
    NU__PY_LIST_OF, /* a: element; items: CLAUSE */
    NU__PY_SET_OF,
    NU__PY_DICT_OF, /* a: key, b: value */
    NU__PY_GENERATOR,
    NU__PY_CLAUSE,    /* for a in b; items: conditions */
    NU__PY_LAMBDA,    /* items: PARAMETER; a: body */
    NU__PY_PARAMETER, /* name; a: default or NULL; op: '*', 'k' for "**", 'o' keyword-only, 0 */
    NU__PY_CALL,      /* a: what; items: arguments, STARRED, ARGUMENT */
    NU__PY_ARGUMENT,  /* name=a; without a name: **a */
    NU__PY_ATTRIBUTE, /* a.name */
    NU__PY_SUBSCRIPT, /* a[b] */
    NU__PY_SLICE,     /* items: three, each may be NULL */
    NU__PY_STARRED,   /* *a */
    NU__PY_UNARY,     /* op a */
    NU__PY_NOT,
    NU__PY_BINARY,    /* a op b */
    NU__PY_BOTH,      /* a and b */
    NU__PY_EITHER,    /* a or b */
    NU__PY_COMPARE,   /* a, then items: COMPARAND */
    NU__PY_COMPARAND, /* name: operator, a */
    NU__PY_TERNARY,   /* a if b else c */
    NU__PY_NAMED,     /* name := a */
    /* statements */
    NU__PY_BLOCK,      /* items */
    NU__PY_EXPRESSION, /* a */
    NU__PY_ASSIGN,     /* items: targets, from the left; a: value */
    NU__PY_AUGMENT,    /* a op= b */
    NU__PY_DELETE,     /* items */
    NU__PY_IF,         /* a: condition; b: then; c: else or NULL */
    NU__PY_WHILE,      /* a, b, c: else */
    NU__PY_FOR,        /* items: target, iterable; b: body; c: else */
    NU__PY_WITH,       /* a: manager; b: body; c: target or NULL */
    NU__PY_TRY,        /* b: body; items: HANDLER; c: else; a: finally */
    NU__PY_HANDLER,    /* except a as name: b; a NULL: everything */
    NU__PY_RAISE,      /* a from b; both may be NULL */
    NU__PY_ASSERT,     /* a, b */
    NU__PY_PASS,
    NU__PY_BREAK,
    NU__PY_CONTINUE,
    NU__PY_IMPORT, /* items: ARGUMENT name (dotted) as `b`'s name */
    NU__PY_FROM,   /* name: module; items: VARIABLE; a VARIABLE "*" */
    NU__PY_ALIAS,  /* name; alias */
} nu__py_node_kind;

typedef struct nu__py_node nu__py_node;
struct nu__py_node {
    nu__py_node_kind kind;
    int op, line;
    nu_str name, alias;
    nu__py value;
    nu__py_node *a, *b, *c;
    nu__py_node **items;
    size_t n;
};

/* A BLOCK. SyntaxError, IndentationError with the line. */
nu__py_node *nu__py_parse(nu_str source);
/* Does the text need more lines before it means something? For the prompt. */
bool nu__py_needs_more(nu_str source);
