#include "template/context.h"

#include "core/context.h"
#include "core/list.h"
#include "template/quick.h"

static const nu_value truth[] = {
    [NU__SYM_TRUE] = { .kind = NU_KIND_BOOL, .b = true },
    [NU__SYM_FALSE] = { .kind = NU_KIND_BOOL, .b = false },
    [NU__SYM_NONE] = { .kind = NU_KIND_NULL },
};

/* ---- variables --------------------------------------------------------------------------------
 */

const nu_value *nu__context_find_below(const nu_template_context *context, const nu__symbol *name)
{
    const nu_value *found;

    if (context->dict && (found = nu__symbol_in(name, context->dict)))
        return found;
    if (context->processed && (found = nu__symbol_in(name, context->processed)))
        return found;
    return name->id <= NU__SYM_NONE ? &truth[name->id] : NULL;
}

const nu_value *nu__context_find(const nu_template_context *context, const nu__symbol *name)
{
    return nu__quick_find(context, name);
}

void nu__context_grow(nu_template_context *context)
{
    uint32_t cap = context->cap * 2;
    nu__binding *larger = nu_alloc_array(nu__binding, cap);

    memcpy(larger, context->stack, context->top * sizeof(nu__binding));
    context->stack = larger;
    context->cap = cap;
}

static bool set_existing(nu_template_context *context, const nu__symbol *name, nu_value value,
                         uint32_t lowest)
{
    for (uint32_t i = context->top; i-- > lowest;)
        if (context->stack[i].name == name) {
            context->stack[i].value = value;
            return true;
        }
    return false;
}

void nu__context_set(nu_template_context *context, const nu__symbol *name, nu_value value)
{
    if (!set_existing(context, name, value, context->scope))
        nu__context_bind(context, name, value);
}

void nu__context_set_upward(nu_template_context *context, const nu__symbol *name, nu_value value)
{
    if (set_existing(context, name, value, context->floor))
        return;
    if (!nu_dict_find(context->dict, name->text, NULL)) {
        nu__context_set(context, name, value);
        return;
    }
    if (!context->own_dict) /* the caller's stays as it is */
        context->own_dict = nu__dict_copy(context->dict);
    context->dict = context->own_dict;
    nu_dict_set_str(context->own_dict, name->text, value);
}

nu__hidden nu__context_hide(nu_template_context *context, const nu_dict *dict)
{
    nu__hidden hidden = { context->dict, context->processed, context->own_dict, context->floor,
                          context->scope };

    context->dict = dict;
    context->own_dict = NULL;
    context->processed = NULL;
    context->floor = context->scope = context->top;
    return hidden;
}

void nu__context_show(nu_template_context *context, nu__hidden hidden)
{
    context->top = context->floor;
    context->dict = hidden.dict;
    context->own_dict = hidden.own_dict;
    context->processed = hidden.processed;
    context->floor = hidden.floor;
    context->scope = hidden.scope;
}

void nu__context_flush_now(nu_template_context *context)
{
    context->flush(context->flush_to, (nu_str){ context->out->data, context->out->len });
    context->out->len = 0;
}

nu__place nu__context_place(const nu_template_context *context)
{
    return (nu__place){ context->out,
                        context->frame,
                        context->frame->block,
                        context->frame->level,
                        context->top,
                        context->includes,
                        { context->dict, context->processed, context->own_dict, context->floor,
                          context->scope },
                        context->autoescape };
}

void nu__context_return(nu_template_context *context, const nu__place *place)
{
    context->out = place->out;
    context->frame = place->frame;
    context->frame->block = place->block;
    context->frame->level = place->level;
    context->includes = place->includes;
    context->floor = place->top; /* nu__context_show() gives back all above it */
    context->autoescape = place->autoescape;
    nu__context_show(context, place->variables);
}
