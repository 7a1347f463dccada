/* {% block %} and {{ block.super }}. */
#include "core/object.h"
#include "template/tags/tags.h"

/* ---- definitions ----------------------------------------------------------------------------- */

static const nu__block *block_of(const nu__template *tpl, const nu__symbol *name)
{
    for (uint32_t i = 0; i < tpl->n_blocks; i++)
        if (tpl->blocks[i]->name == name)
            return tpl->blocks[i];
    return NULL;
}

/* The most derived template that may define the block, those left out whose definitions are being
   rendered: each calls the next by block.super. */
static uint32_t first_level(const nu__frame *frame, const nu__symbol *name)
{
    for (const nu__block_scope *scope = frame->block; scope; scope = scope->outer)
        if (scope->place.block->name == name)
            return scope->level + 1;
    return 0;
}

/* The next definition, and the level of its template; NULL: there is none. */
static const nu__block *definition(const nu__frame *frame, const nu__symbol *name, uint32_t *level)
{
    for (uint32_t i = first_level(frame, name); i < frame->n_chain; i++) {
        const nu__block *block = block_of(frame->chain[i], name);

        if (block) {
            *level = i;
            return block;
        }
    }
    return NULL;
}

/* ---- rendering ------------------------------------------------------------------------------- */

/* The variable `block`, where it is asked for anything. */
typedef struct nu__block_object {
    nu_object object;
    nu__block_place place; /* context NULL: the block is done */
    bool has_ancestors;
    nu__callable super;
} block_object;

static nu_value object_of_scope(const void *self);

/* `block` is a function that makes the object: few blocks are asked for anything. */
static void render_definition(const nu__block *block, uint32_t level, nu_template_context *context)
{
    nu__frame *frame = context->frame;
    nu__block_scope scope = { .variable = { .call = object_of_scope, .self = &scope },
                              .place = { context, frame, block },
                              .level = level,
                              .outer = frame->block };
    uint32_t outer = nu__context_push(context);

    frame->block = &scope;
    nu__context_bind(context, nu__symbol_known(context->engine->symbols, NU__SYM_BLOCK),
                     (nu_value){ .kind = NU_KIND_CALLABLE, .p = &scope.variable });
    nu_nodes_render(&block->nodes, context);
    nu__context_pop(context, outer);
    frame->block = scope.outer;
    if (scope.object)
        scope.object->place.context = NULL;
}

static void render_level(const nu__block *block, uint32_t level, nu_template_context *context)
{
    nu__frame *frame = context->frame;
    uint32_t outer = frame->level;

    frame->level = level;
    render_definition(block, level, context);
    frame->level = outer;
}

static void render_block(const void *data, nu_template_context *context)
{
    const nu__block *block = data, *found;
    const nu__frame *frame = context->frame;
    uint32_t level;

    if (frame->n_chain == 1)
        render_definition(block, 0, context);
    else if ((found = definition(frame, block->name, &level)))
        render_level(found, level, context);
    else /* all are being rendered: what stands here */
        render_definition(block, frame->n_chain - 1, context);
}

/* ---- block.super ----------------------------------------------------------------------------- */

static bool is_being_rendered(const nu__block_place *at)
{
    return at->context && at->context->frame == at->frame;
}

/* The definition that this one replaces, if there is one. Whoever reads {{ block.super }} may go on
   after an error. */
static void render_super(const nu__block_place *at, nu__buf *out)
{
    nu_template_context *context = at->context;
    nu__place place = nu__context_place(context);
    uint32_t level;
    const nu__block *block = definition(at->frame, at->block->name, &level);
    const nu_error *error;

    if (!block)
        return;
    context->out = out;
    error = nu_catch(NU_EXCEPTION, render_level(block, level, context));
    if (error) {
        nu__context_return(context, &place);
        nu_reraise(error);
    }
    context->out = place.out;
}

bool nu__write_super(nu_template_context *context)
{
    const nu_value *block =
        nu__context_find(context, nu__symbol_known(context->engine->symbols, NU__SYM_BLOCK));
    const nu__callable *variable = block ? block->p : NULL;
    const nu__block_scope *scope;
    size_t before = context->out->len;

    if (!block || block->kind != NU_KIND_CALLABLE || variable->call != object_of_scope)
        return false;
    scope = variable->self;
    if (scope->place.frame->n_chain == 1 || !is_being_rendered(&scope->place))
        return false;
    if (!nu_catch(NU_OBJECT_DOES_NOT_EXIST, render_super(&scope->place, context->out)))
        return true;
    if (before < context->out->len) /* else it has been sent */
        context->out->len = before;
    return false;
}

/* ---- the variable as an object --------------------------------------------------------------- */

static nu_value call_super(const void *self)
{
    const block_object *object = self;
    nu__buf captured = { 0 };

    if (!object->has_ancestors)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR,
                 "'BlockNode' object has no attribute 'context'. Did you use {{{{ block.super }}}} "
                 "in a base template?");
    if (is_being_rendered(&object->place))
        render_super(&object->place, &captured);
    return nu_safe(nu__buf_str(&captured));
}

static bool get_of_block(const nu_object *self, nu_str name, nu_value *out)
{
    block_object *object = (block_object *)self;

    if (nu_eq(name, "name")) {
        *out = V(object->place.block->name->text);
        return true;
    }
    object->super = (nu__callable){ .call = call_super, .self = object };
    *out = (nu_value){ .kind = NU_KIND_CALLABLE, .p = &object->super };
    return nu_eq(name, "super");
}

static nu_value text_of_block(const nu_object *self)
{
    return V(nu_fmt("<Block Node: {}>", ((const block_object *)self)->place.block->name->text));
}

static const nu_object_ops block_ops = { .kind = "block",
                                         .get = get_of_block,
                                         .text = text_of_block };
static const nu_class block_class = { &block_ops, "BlockNode" };

static nu_value object_of_scope(const void *self)
{
    nu__block_scope *scope = (nu__block_scope *)self;

    if (!scope->object) {
        scope->object = nu_alloc(block_object);
        *scope->object = (block_object){ .object = { .type = &block_class },
                                         .place = scope->place,
                                         .has_ancestors = scope->place.frame->n_chain > 1 };
    }
    return nu_v_object(scope->object);
}

/* ---- compiling ------------------------------------------------------------------------------- */

static void add_block(nu_template_parser *parser, const nu__block *block)
{
    size_t cap = parser->cap_blocks ? parser->cap_blocks * 2 : 8;

    if (parser->n_blocks == parser->cap_blocks) {
        parser->blocks = nu__grow(parser->blocks, parser->cap_blocks * sizeof(*parser->blocks),
                                  cap * sizeof(*parser->blocks));
        parser->cap_blocks = cap;
    }
    parser->blocks[parser->n_blocks++] = block;
}

void nu__compile_block(nu_template_parser *parser)
{
    nu__words words = nu__split_words(parser->token.contents);
    nu__block *block = nu_alloc(nu__block);
    nu_str name, full;

    if (words.len != 2)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "'{}' tag takes only one argument", words.items[0]);
    name = words.items[1];
    if (nu_dict_find(parser->block_names, name, NULL))
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "'{}' tag with name '{}' appears more than once",
                 words.items[0], name);
    nu_dict_set_str(parser->block_names, name, nu_null());
    block->name = nu__parser_symbol(parser, name);
    block->nodes = nu__parse_until(parser, "endblock");
    full = nu_fmt("endblock {}", name);
    if (!nu_eq(parser->token.contents, "endblock") && !nu_eq_(parser->token.contents, full))
        nu__invalid_tag(parser, S("endblock"), (const char *const[]){ "endblock", full.ptr, NULL });
    add_block(parser, block);
    nu_parser_emit(parser, render_block, block);
}
