/* {% extends %}, {% block %}, {% include %}. */
#include "core/object.h"
#include "core/text.h"
#include "template/tags/tags.h"

/* ---- names of templates
 * ----------------------------------------------------------------------------- */

static nu_str folder_of(nu_str name)
{
    while (name.len && name.ptr[name.len - 1] != '/')
        name.len--;
    return name;
}

static nu_str without_root(nu_str name)
{
    while (name.len && name.ptr[0] == '/')
        name = nu__sub(name, 1, name.len);
    return name;
}

nu_str nu__relative_name(nu_str current, nu_str name, bool allow_itself)
{
    nu_str plain = nu__strip_chars(name, "'\""), joined, path;
    bool quoted = name.len > 1 && name.ptr[0] != plain.ptr[0] && name.ptr != plain.ptr;

    if (!nu_starts_with(plain, S("./")) && !nu_starts_with(plain, S("../")))
        return name;
    current = without_root(current);
    joined = nu_fmt("{}{}", folder_of(current), plain);
    if (!nu__template_name_normalize(joined, &path))
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR,
                 "The relative path '{}' points outside the file hierarchy that template '{}' is "
                 "in.",
                 name, current);
    if (!allow_itself && nu_eq_(current, path))
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR,
                 "The relative path '{}' was translated to template name '{}', the same template "
                 "in which the tag appears.",
                 name, current);
    return quoted ? nu_fmt("\"{}\"", path) : nu_copy(path);
}

/* The name of the template that a literal names; NULL: it is none, or names a partial. */
static const nu__symbol *literal_name(nu_template_parser *parser,
                                      const nu_template_expression *expression)
{
    nu_str name = expression->variable.literal.s;

    if (!expression->constant || expression->n_filters || expression->variable.translate ||
        !name.len || memchr(name.ptr, '#', name.len))
        return NULL;
    return nu__parser_symbol(parser, name);
}

/* ---- extends
 * ----------------------------------------------------------------------------------------- */

void nu__compile_extends(nu_template_parser *parser)
{
    nu__words words = nu__parser_words(parser);
    nu__template *tpl = parser->tpl;
    nu__open_tag *open;

    if (words.len != 2)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "'{}' takes one argument", words.items[0]);
    if (parser->n_open > 1 || parser->seen_tag)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "{{% {} %}} must be the first tag in {}.",
                 parser->token.contents, tpl->name.len ? nu__quoted(tpl->name) : S("the template"));
    if (tpl->parent)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "'{}' cannot appear more than once in the same template",
                 words.items[0]);
    tpl->parent = nu_parser_expression(parser, nu__relative_name(tpl->name, words.items[1], false));
    tpl->parent_symbol = literal_name(parser, tpl->parent);
    open = &parser->open[0];
    tpl->preamble = open->text;
    open->text = (nu_str){ 0 };
    parser->extends_now = true;
}

/* ---- block
 * --------------------------------------------------------------------------------------------- */

/* The variable `block`. */
typedef struct block_object {
    nu_object object;
    nu_template_context *context; /* NULL: the block is done */
    nu__frame *frame;
    const nu__block *block;
    bool has_ancestors;
    nu__callable super;
} block_object;

static nu__block_depth *depth_of(nu__frame *frame, const nu__symbol *name)
{
    for (nu__block_depth *depth = frame->blocks; depth; depth = depth->next)
        if (depth->name == name)
            return depth;
    nu__block_depth *depth = nu_alloc(nu__block_depth);

    *depth = (nu__block_depth){ .name = name, .next = frame->blocks };
    frame->blocks = depth;
    return depth;
}

static const nu__block *block_of(const nu__template *tpl, const nu__symbol *name)
{
    for (uint32_t i = 0; i < tpl->n_blocks; i++)
        if (tpl->blocks[i]->name == name)
            return tpl->blocks[i];
    return NULL;
}

/* The definition that comes after `depth` others, the most derived first; NULL: there is none. */
static const nu__block *definition(const nu__frame *frame, const nu__symbol *name, uint32_t depth,
                                   uint32_t *level)
{
    for (uint32_t i = 0; i < frame->n_chain; i++) {
        const nu__block *block = block_of(frame->chain[i], name);

        if (block && !depth--) {
            *level = i;
            return block;
        }
    }
    return NULL;
}

static const nu_class block_class;

static block_object *bind_block(nu_template_context *context, const nu__block *block)
{
    block_object *object = nu_alloc(block_object);

    *object = (block_object){ .object = { .type = &block_class },
                              .context = context,
                              .frame = context->frame,
                              .block = block,
                              .has_ancestors = context->frame->n_chain > 1 };
    nu__context_bind(context, nu__symbol_known(context->engine->symbols, NU__SYM_BLOCK),
                     nu_v_object(object));
    return object;
}

static void render_definition(const nu__block *block, nu_template_context *context)
{
    uint32_t outer = nu__context_push(context);
    block_object *object = bind_block(context, block);

    nu_nodes_render(&block->nodes, context);
    object->context = NULL;
    nu__context_pop(context, outer);
}

static void render_block(const void *data, nu_template_context *context)
{
    const nu__block *block = data, *found;
    nu__frame *frame = context->frame;
    uint32_t level = frame->level;
    nu__block_depth *depth;

    if (frame->n_chain == 1) {
        render_definition(block, context);
        return;
    }
    depth = depth_of(frame, block->name);
    found = definition(frame, block->name, depth->depth, &frame->level);
    depth->depth += found ? 1 : 0;
    render_definition(found ? found : block, context);
    depth->depth -= found ? 1 : 0;
    frame->level = level;
}

/* The definition that this one replaces, if there is one. Whoever reads {{ block.super }} may go on
   after an error. */
static void render_super(const block_object *object, nu__buf *out)
{
    nu_template_context *context = object->context;
    nu__block_depth *depth = depth_of(object->frame, object->block->name);
    uint32_t level, before = depth->depth;
    nu__place place = nu__context_place(context);
    const nu_error *error;

    if (!definition(object->frame, object->block->name, depth->depth, &level))
        return;
    context->out = out;
    error = nu_catch(NU_EXCEPTION, render_block(object->block, context));
    if (error) {
        nu__context_return(context, &place);
        depth->depth = before;
        nu_reraise(error);
    }
    context->out = place.out;
}

static bool is_being_rendered(const block_object *object)
{
    return object->context && object->context->frame == object->frame;
}

static nu_value call_super(const void *self)
{
    const block_object *object = self;
    nu__buf captured = { 0 };

    if (!object->has_ancestors)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR,
                 "'BlockNode' object has no attribute 'context'. Did you use {{{{ block.super }}}} "
                 "in a base template?");
    if (is_being_rendered(object))
        render_super(object, &captured);
    return nu_safe(nu__buf_str(&captured));
}

bool nu__write_super(nu_template_context *context)
{
    const nu_value *block =
        nu__context_find(context, nu__symbol_known(context->engine->symbols, NU__SYM_BLOCK));
    const block_object *object;
    size_t before = context->out->len;

    if (!block || block->kind != NU_KIND_OBJECT || block->object->type != &block_class)
        return false;
    object = (const block_object *)block->object;
    if (!object->has_ancestors || !is_being_rendered(object))
        return false;
    if (!nu_catch(NU_OBJECT_DOES_NOT_EXIST, render_super(object, context->out)))
        return true;
    if (before < context->out->len) /* else it has been sent */
        context->out->len = before;
    return false;
}

static bool get_of_block(const nu_object *self, nu_str name, nu_value *out)
{
    block_object *object = (block_object *)self;

    if (nu_eq(name, "name")) {
        *out = V(object->block->name->text);
        return true;
    }
    object->super = (nu__callable){ .call = call_super, .self = object };
    *out = (nu_value){ .kind = NU_KIND_CALLABLE, .p = &object->super };
    return nu_eq(name, "super");
}

static nu_value text_of_block(const nu_object *self)
{
    return V(nu_fmt("<Block Node: {}>", ((const block_object *)self)->block->name->text));
}

static const nu_object_ops block_ops = { .kind = "block",
                                         .get = get_of_block,
                                         .text = text_of_block };
static const nu_class block_class = { &block_ops, "BlockNode" };

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

/* ---- include
 * ------------------------------------------------------------------------------------------- */

typedef struct include_tag {
    const nu_template_expression *tpl;
    const nu__symbol *name; /* a literal's; NULL: none */
    nu__assignments with;
    bool only;
} include_tag;

static const nu__template *template_of(nu_value name, nu_template_context *context)
{
    nu_str current = nu__context_template(context)->name;
    const nu_list *list;
    nu_str *names;

    if (name.kind == NU_KIND_STR || name.kind == NU_KIND_SAFE) {
        nu_str single = nu__relative_name(current, name.s, true);

        return nu__engine_select(context->engine, &single, single.len ? 1 : 0);
    }
    list = nu__value_truth(name) ? nu__value_items(name) : nu_list_new();
    names = nu_alloc_array(nu_str, nu_list_len(list));
    if (!list)
        nu_raise(NU_TYPE_ERROR, "'{}' object is not iterable", nu__kind_name(name.kind));
    for (size_t i = 0; i < nu_list_len(list); i++)
        names[i] = nu_string(nu_at(list, i));
    return nu__engine_select(context->engine, names, nu_list_len(list));
}

void nu__bind_assignments(nu_template_context *context, nu__assignments assignments,
                          uint32_t *outer)
{
    uint32_t scope = context->scope, first = context->top;

    *outer = scope;
    for (size_t i = 0; i < assignments.len; i++) /* nameless until all are resolved */
        nu__context_bind(context, NULL, nu_null());
    for (size_t i = 0; i < assignments.len; i++)
        context->stack[first + i].value = nu_expression_value(assignments.items[i].value, context);
    for (size_t i = 0; i < assignments.len; i++)
        context->stack[first + i].name = assignments.items[i].name;
    context->scope = first;
}

static void render_only(const include_tag *tag, const nu__template *tpl,
                        nu_template_context *context)
{
    nu_value *values = nu_alloc_array(nu_value, tag->with.len);
    nu__hidden hidden;

    for (size_t i = 0; i < tag->with.len; i++)
        values[i] = nu_expression_value(tag->with.items[i].value, context);
    hidden = nu__context_hide(context, NULL);
    for (size_t i = 0; i < tag->with.len; i++)
        nu__context_bind(context, tag->with.items[i].name, values[i]);
    nu__template_include(tpl, context, tag);
    nu__context_show(context, hidden);
}

static void render_include(const void *data, nu_template_context *context)
{
    const include_tag *tag = data;
    const nu__template *tpl = nu__engine_known(context->engine, tag->name, NULL, 0);
    uint32_t outer;

    if (!tpl)
        tpl = template_of(nu_expression_value(tag->tpl, context), context);
    if (tag->only) {
        render_only(tag, tpl, context);
        return;
    }
    nu__bind_assignments(context, tag->with, &outer);
    nu__template_include(tpl, context, tag);
    nu__context_pop(context, outer);
}

static void parse_with(nu_template_parser *parser, nu_str tag_name, nu__words *words,
                       include_tag *tag)
{
    tag->with = nu__parser_assignments(parser, words, false);
    if (!tag->with.len)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR,
                 "\"with\" in {} tag needs at least one keyword argument.", nu__quoted(tag_name));
}

void nu__compile_include(nu_template_parser *parser)
{
    nu__words words = nu__parser_words(parser), rest = nu__words_from(words, 2);
    include_tag *tag = nu_alloc(include_tag);

    if (words.len < 2)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR,
                 "{} tag takes at least one argument: the name of the template to be included.",
                 nu__quoted(words.items[0]));
    while (rest.len) {
        nu_str option = rest.items[0];

        rest = nu__words_from(rest, 1);
        if ((nu_eq(option, "with") && tag->with.len) || (nu_eq(option, "only") && tag->only))
            nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "The {} option was specified more than once.",
                     nu__quoted(option));
        if (nu_eq(option, "with"))
            parse_with(parser, words.items[0], &rest, tag);
        else if (nu_eq(option, "only"))
            tag->only = true;
        else
            nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "Unknown argument for {} tag: {}.",
                     nu__quoted(words.items[0]), nu__quoted(option));
    }
    tag->tpl =
        nu_parser_expression(parser, nu__relative_name(parser->tpl->name, words.items[1], true));
    tag->name = literal_name(parser, tag->tpl);
    if (tag->name)
        nu__parser_includes(parser, tag->name->text);
    nu_parser_emit(parser, render_include, tag);
}
