/**
 * @file
 * One rendering: the variables, where the output goes, what stands around.
 *
 * Variables are a stack of bindings, innermost last; a scope is where one of Django's dicts begins
 * in it. Below the stack lie the dict that the view gave, then the context processors', then True,
 * False and None. `{% include … only %}` and inclusion tags raise the floor, which hides what lies
 * below.
 *
 *   [a b | forloop x | y y2 | …        bindings; | is a scope
 *    ^floor             ^scope ^top
 *
 * A frame is a template being rendered together with its ancestors: blocks are looked for in it,
 * and tags that count ({% cycle %}) count in it. An include makes a new one.
 *
 * Counterpart: django.template.context.Context and RenderContext.
 */
#pragma once
#include "core/object.h"
#include "template/engine.h"
#include "template/expression.h"

typedef struct nu__binding {
    const nu__symbol *name;
    nu_value value;
} nu__binding;

/* What {% ifchanged %} saw last: of a loop or a frame. */
typedef struct nu__seen {
    const void *tag, *includer; /* includes of one template by several tags are kept apart */
    nu_value value;
    struct nu__seen *next;
} nu__seen;

/* A definition of a block while it is rendered: of which template, and inside of which others. On
   the C stack; what the variable `block` is bound to makes the object only when it is asked for. */
typedef struct nu__block_place {
    struct nu_template_context *context;
    const struct nu__frame *frame;
    const nu__block *block;
} nu__block_place;
typedef struct nu__block_scope {
    nu__callable variable;
    nu__block_place place;
    uint32_t level;                  /* of the template in the frame's chain */
    struct nu__block_object *object; /* NULL: not asked for yet */
    const struct nu__block_scope *outer;
} nu__block_scope;

enum {
    NU__MAX_ANCESTORS = 64,
    NU__FEW_ANCESTORS = 4,
    NU__MAX_INCLUDES = 100,
    NU__INLINE_BINDINGS = 24
};

typedef struct nu__frame {
    const nu__template **chain; /* the template, its parent, …; at first `few` */
    const nu__template *few[NU__FEW_ANCESTORS];
    uint32_t n_chain, level; /* level: whose nodes are being rendered */
    uint32_t **states;       /* a count for each tag that keeps one, by level; made when asked */
    const nu__block_scope *block; /* the innermost one that is being rendered; NULL: none */
    nu__seen *seen;
    const void *includer; /* the tag that includes the template; NULL: none */
} nu__frame;

struct nu_template_context {
    nu__buf *out;
    nu__buf *page; /* where `flush` takes from: the output, when nothing is captured */
    void (*flush)(void *to, nu_str piece);
    void *flush_to;
    nu__template_engine *engine;
    nu_request *request;
    const nu_dict *dict, *processed; /* below the stack; NULL: none */
    nu_dict *own_dict;               /* `dict` once a tag has changed it */
    nu__binding *stack;
    uint32_t top, cap, floor, scope;
    bool autoescape, use_l10n, use_tz;
    nu__frame *frame;
    const nu__node *node; /* being rendered: for error messages */
    uint32_t includes;
    const char *stack_bottom; /* of the C stack, where the rendering began */
    nu__binding inline_bindings[NU__INLINE_BINDINGS];
};

static inline const nu__template *nu__context_template(const nu_template_context *context)
{
    return context->frame->chain[context->frame->level];
}

/* ---- variables --------------------------------------------------------------------------------
 */

/* The innermost of that name; NULL: none. */
const nu_value *nu__context_find(const nu_template_context *context, const nu__symbol *name);
/* The same below the bindings: the view's dict, the context processors', True, False and None. */
const nu_value *nu__context_find_below(const nu_template_context *context, const nu__symbol *name);
/* Room for one more binding. */
void nu__context_grow(nu_template_context *context);
/* In the innermost scope. */
void nu__context_set(nu_template_context *context, const nu__symbol *name, nu_value value);
/* Where a scope has it, else in the innermost scope. */
void nu__context_set_upward(nu_template_context *context, const nu__symbol *name, nu_value value);
/* A new binding, without looking for one of that name; its place in the stack. */
static inline uint32_t nu__context_bind(nu_template_context *context, const nu__symbol *name,
                                        nu_value value)
{
    if (context->top == context->cap)
        nu__context_grow(context);
    context->stack[context->top] = (nu__binding){ name, value };
    return context->top++;
}

/* Open a scope; what to give to pop. */
static inline uint32_t nu__context_push(nu_template_context *context)
{
    uint32_t outer = context->scope;

    context->scope = context->top;
    return outer;
}

static inline void nu__context_pop(nu_template_context *context, uint32_t outer)
{
    context->top = context->scope;
    context->scope = outer;
}

/* Hide all variables below a new, empty scope, over `dict` (may be NULL), and show them again. */
typedef struct nu__hidden {
    const nu_dict *dict, *processed;
    nu_dict *own_dict;
    uint32_t floor, scope;
} nu__hidden;
nu__hidden nu__context_hide(nu_template_context *context, const nu_dict *dict);
void nu__context_show(nu_template_context *context, nu__hidden hidden);

/* ---- rendering --------------------------------------------------------------------------------
 */

/* Hand on what is there of a page that is sent while it is rendered. Tags that may write much call
   it, between two pieces. Yields as `flush` does. */
enum { NU__FLUSH_AT = 16 << 10 }; /* bytes */
void nu__context_flush_now(nu_template_context *context);
static inline void nu__context_flush(nu_template_context *context)
{
    if (context->flush && context->out == context->page && context->out->len >= NU__FLUSH_AT)
        nu__context_flush_now(context);
}

/* Nodes into a text of their own in the arena instead of the output. */
nu_str nu__nodes_capture(const nu_template_nodes *nodes, nu_template_context *context);
/* A template in a frame of its own. Raises RuntimeError past the limits of nesting. */
void nu__template_include(const nu__template *tpl, nu_template_context *context,
                          const void *includer);
/* The count of a tag, 0 at first; `slot` is nu__parser_state()'s. */
uint32_t *nu__context_state_new(nu_template_context *context, uint32_t slot);
static inline uint32_t *nu__context_state(nu_template_context *context, uint32_t slot)
{
    const nu__frame *frame = context->frame;

    return frame->states && frame->states[frame->level] ? &frame->states[frame->level][slot]
                                                        : nu__context_state_new(context, slot);
}
/* Run the context processors and render. */
void nu__render_root(const nu__template *tpl, nu_template_context *context);

/* The name of a template that stands in the one being rendered: "./" and "../" made absolute.
   Raises TemplateSyntaxError when it leads out. */
nu_str nu__relative_name(nu_str current, nu_str name, bool allow_itself);

/* Where a rendering stands, to come back to after an error was caught in it. */
typedef struct nu__place {
    nu__buf *out;
    nu__frame *frame;
    const nu__block_scope *block;
    uint32_t level, top, includes;
    nu__hidden variables;
    bool autoescape;
} nu__place;
nu__place nu__context_place(const nu_template_context *context);
void nu__context_return(nu_template_context *context, const nu__place *place);

/* The token of a request as a variable: worked out when it is looked at. */
nu_value nu__csrf_token_value(nu_request *request);
