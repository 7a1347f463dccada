/* Rendering nodes, and templates with their ancestors. */
#include "template/context.h"

#include "core/context.h"
#include "core/error.h"
#include "core/object.h"
#include "core/text.h"
#include "template/parser.h"
#include "template/quick.h"

enum { SLACK = 2 * NU__PADDING }; /* what is asked for beyond the last bytes */

#ifdef NU__ASAN
enum { MAX_STACK = 512 << 10 };
#else
enum { MAX_STACK = 128 << 10 };
#endif

/* ---- nodes -------------------------------------------------------------------------------------
 */

static inline void render_variable(const nu_template_expression *expression,
                                   nu_template_context *context)
{
    nu_value room;
    const nu_value *value =
        expression->n_filters ? NULL : nu__quick_value(&expression->variable, context, &room);

    if (value)
        nu__quick_write(value, context);
    else
        nu__expression_write(expression, context);
}

void nu_nodes_render(const nu_template_nodes *nodes, nu_template_context *context)
{
    const nu__node *node = nodes->items, *outer = context->node;

    for (uint32_t left = nodes->len; left; left--, node++) {
        if (node->text_len)
            nu__buf_add_padded(context->out, node->text, node->text_len);
        if (!node->render)
            continue;
        context->node = node;
        if (node->render == nu__render_variable)
            render_variable(node->data, context);
        else
            node->render(node->data, context);
    }
    context->node = outer;
}

nu_str nu__nodes_capture(const nu_template_nodes *nodes, nu_template_context *context)
{
    nu__buf captured = { 0 }, *outer = context->out;

    context->out = &captured;
    nu_nodes_render(nodes, context);
    context->out = outer;
    return nu__buf_str(&captured);
}

nu_value nu_nodes_text(const nu_template_nodes *nodes, nu_template_context *context)
{
    return nu_safe(nu__nodes_capture(nodes, context));
}

/* ---- a template with its ancestors
 * ---------------------------------------------------------------- */

NU_NORETURN static void bad_parent(const nu_template_expression *parent, nu_value value)
{
    nu__buf message = { 0 };

    nu__buf_lit(&message, "Invalid template name in 'extends' tag: ");
    nu__buf_repr(&message, value);
    nu__buf_lit(&message, ".");
    if (parent->n_filters || !parent->constant)
        nu__buf_fmt(&message, " Got this from the '{}' variable.", parent->text);
    nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "{}", nu__buf_str(&message));
}

static nu_str parent_name(const nu__template *tpl, nu_template_context *context)
{
    nu_value name;

    if (tpl->parent->constant && !tpl->parent->n_filters && tpl->parent->variable.literal.s.len)
        return tpl->parent->variable.literal.s;
    name = nu_expression_value(tpl->parent, context);
    if (!nu__value_truth(name))
        bad_parent(tpl->parent, name);
    return nu_string(name);
}

static const nu__template *find_parent(const nu__template *tpl, nu_template_context *context)
{
    const nu__frame *frame = context->frame;
    const nu__template *known =
        nu__engine_known(context->engine, tpl->parent_symbol, frame->chain, frame->n_chain);

    return known ? known
                 : nu__engine_find(context->engine, parent_name(tpl, context), frame->chain,
                                   frame->n_chain);
}

static void add_ancestor(nu__frame *frame, const nu__template *tpl)
{
    const nu__template **chain;
    uint32_t n = frame->n_chain;

    if (n == NU__MAX_ANCESTORS)
        nu_raise(NU_RUNTIME_ERROR, "'{}' extends more than {} templates, one after the other.",
                 frame->chain[0]->name, NU__MAX_ANCESTORS);
    if (n >= NU__FEW_ANCESTORS && !(n & (n - 1))) { /* full at each power of two */
        chain = nu_alloc_array(const nu__template *, n * 2);
        memcpy(chain, frame->chain, n * sizeof(*chain));
        frame->chain = chain;
    }
    frame->chain[frame->n_chain++] = tpl;
}

static void tell(const nu__template *tpl, const nu_template_context *context)
{
    if (nu__template_rendered)
        nu__template_rendered(tpl, context);
}

/* To the one that extends nothing; what they say before {% extends %} is output. */
__attribute__((noinline)) static const nu__template *find_ancestors(const nu__template *tpl,
                                                                    nu_template_context *context)
{
    nu__frame *frame = context->frame;

    for (; tpl->parent; frame->level = frame->n_chain - 1) {
        nu__buf_str_add(context->out, tpl->preamble);
        tpl = find_parent(tpl, context);
        add_ancestor(frame, tpl);
        tell(tpl, context);
    }
    return tpl;
}

static void render_frame(const nu__template *tpl, nu_template_context *context)
{
    tell(tpl, context);
    if (tpl->parent)
        tpl = find_ancestors(tpl, context);
    nu_nodes_render(&tpl->nodes, context);
}

/* The tag that was being rendered; before the first one, the one that names the parent. */
static nu_str place_in(const nu__frame *frame, const nu__node *node)
{
    const nu__template *tpl = frame->chain[frame->level];

    return nu__template_place(tpl, node ? node->position : tpl->parent_position);
}

/* Under DEBUG an error keeps where it came up: the innermost frame notes it first. */
static void render_frame_noting(const nu__template *tpl, nu_template_context *context)
{
    const nu__frame *frame = context->frame;
    const nu__node *outer = context->node;
    const nu_error *error;

    context->node = NULL;
    error = nu_catch(NU_EXCEPTION, render_frame(tpl, context));
    if (error) {
        nu__error_note_place(error, place_in(frame, context->node));
        nu_reraise(error);
    }
    context->node = outer;
}

static void render_in_frame(const nu__template *tpl, nu_template_context *context,
                            const void *includer)
{
    nu__frame frame, *outer = context->frame;

    frame.few[0] = tpl;
    frame.chain = frame.few;
    frame.n_chain = 1;
    frame.level = 0;
    frame.states = NULL;
    frame.block = NULL;
    frame.seen = NULL;
    frame.includer = includer;
    context->frame = &frame;
    if (context->engine->debug)
        render_frame_noting(tpl, context);
    else
        render_frame(tpl, context);
    context->frame = outer;
}

void nu__template_include(const nu__template *tpl, nu_template_context *context,
                          const void *includer)
{
    const char *here = __builtin_frame_address(0);
    size_t used = (size_t)(context->stack_bottom - here);

    if (context->includes == NU__MAX_INCLUDES || (here < context->stack_bottom && used > MAX_STACK))
        nu_raise(NU_RUNTIME_ERROR,
                 "maximum recursion depth exceeded: '{}' is included {} templates deep.", tpl->name,
                 (int64_t)context->includes);
    context->includes++;
    render_in_frame(tpl, context, includer);
    context->includes--;
}

static uint32_t *new_states(const nu__template *tpl)
{
    return nu_alloc_array(uint32_t, tpl->n_states);
}

uint32_t *nu__context_state_new(nu_template_context *context, uint32_t slot)
{
    nu__frame *frame = context->frame;

    if (!frame->states)
        frame->states = nu_alloc_array(uint32_t *, frame->n_chain);
    if (!frame->states[frame->level])
        frame->states[frame->level] = new_states(frame->chain[frame->level]);
    return &frame->states[frame->level][slot];
}

/* ---- the whole
 * ------------------------------------------------------------------------------------ */

static const nu_dict *run_processors(nu_template_context *context)
{
    nu_dict *variables = nu_dict_new();

    if (nu__template_csrf_token)
        nu_dict_set(variables, "csrf_token", nu__csrf_token_value(context->request));
    for (nu_context_processor **processor = context->engine->context_processors;
         processor && *processor; processor++)
        (*processor)(context->request, variables);
    return variables;
}

/* Exactly so much, where nothing has been written yet. */
static void begin_output(nu__buf *out, size_t expected)
{
    if (out->cap || !expected)
        return;
    out->data = nu__alloc_raw(expected);
    out->cap = expected;
}

/* Room for as much as the template made last, so that the output need not move as it grows. */
static void render_root(const nu__template *tpl, nu_template_context *context)
{
    size_t before = context->out->len;

    if (context->request)
        context->processed = run_processors(context);
    if (context->flush) {
        render_in_frame(tpl, context, NULL);
        return;
    }
    begin_output(context->out, tpl->expected);
    render_in_frame(tpl, context, NULL);
    ((nu__template *)tpl)->expected = context->out->len - before + SLACK;
}

void nu__template_render_with(const nu__template *tpl, const nu__render_options *options,
                              nu__buf *out)
{
    nu_template_context context = {
        .out = out,
        .page = out,
        .flush = options->flush,
        .flush_to = options->flush_to,
        .engine = tpl->engine,
        .request = options->request,
        .dict = options->dict,
        .cap = NU__INLINE_BINDINGS,
        .autoescape = tpl->engine->autoescape && !options->autoescape_off,
        .use_l10n = !options->l10n_off,
        .use_tz = tpl->engine->use_tz && !options->tz_off,
        .stack_bottom = __builtin_frame_address(0),
    };

    context.stack = context.inline_bindings;
    render_root(tpl, &context);
}

void nu__template_render(const nu__template *tpl, nu_dict *context, nu_request *request,
                         nu__buf *out)
{
    nu__template_render_with(tpl, &(nu__render_options){ .dict = context, .request = request },
                             out);
}
