/**
 * @file
 * The inner parts of the render loop, inline: variables for which nothing has to be asked (dicts,
 * loops, plain values), and the kinds that most outputs are. All else goes the long way through
 * expression.c and write.c, with the same result.
 */
#pragma once
#include "core/object.h"
#include "template/context.h"
#include "template/tags/for.h"
#include "utils/html.h"
#include "utils/numberformat.h"

/* The innermost of that name; NULL: none. */
static inline const nu_value *nu__quick_find(const nu_template_context *context,
                                             const nu__symbol *name)
{
    const nu__binding *floor = context->stack + context->floor;

    for (const nu__binding *binding = context->stack + context->top; binding != floor;)
        if ((--binding)->name == name)
            return &binding->value;
    return nu__context_find_below(context, name);
}

static inline const nu_value *nu__quick_forloop(const nu__forloop *loop, const nu__symbol *name,
                                                nu_value *room)
{
    if (name->id == NU__SYM_COUNTER) {
        room->kind = NU_KIND_INT;
        room->i = loop->index + 1;
        return room;
    }
    return nu__forloop_get(loop, name, room) ? room : NULL;
}

/* The value of what stands behind the first dots, from the `i`th name on. */
static inline const nu_value *nu__quick_rest(const nu__variable *variable, size_t i,
                                             const nu_value *found, nu_value *room)
{
    for (; found && i < variable->n_path; i++) {
        if (found->kind == NU_KIND_DICT && found->dict)
            found = nu__symbol_in(variable->path[i], found->dict);
        else if (found->kind == NU_KIND_OBJECT && found->object->type == &nu__forloop_class &&
                 i + 1 == variable->n_path)
            return nu__quick_forloop((const nu__forloop *)found->object, variable->path[i], room);
        else
            return NULL;
    }
    return found;
}

/* A variable's value, which may lie in `room`. NULL where an object, a query or a function has to
   be asked, or it does not exist. Never raises, never yields. Most are a name, or one of a dict. */
static inline const nu_value *nu__quick_value(const nu__variable *variable,
                                              const nu_template_context *context, nu_value *room)
{
    const nu_value *found;

    if (!variable->n_path)
        return variable->translate ? NULL : &variable->literal;
    found = nu__quick_find(context, variable->path[0]);
    if (variable->n_path == 2 && found && found->kind == NU_KIND_DICT && found->dict)
        found = nu__symbol_in(variable->path[1], found->dict);
    else if (variable->n_path > 1)
        found = nu__quick_rest(variable, 1, found, room);
    return found && found->kind != NU_KIND_CALLABLE ? found : NULL;
}

/* The truth of the kinds that conditions ask for most. */
static inline bool nu__quick_truth(const nu_value *value)
{
    switch (value->kind) {
    case NU_KIND_NULL:
        return false;
    case NU_KIND_BOOL:
        return value->b;
    case NU_KIND_INT:
        return value->i != 0;
    case NU_KIND_STR:
    case NU_KIND_SAFE:
        return value->s.len;
    default:
        return nu__value_truth(*value);
    }
}

/* Text as {{ }} writes it: escaped unless it is safe. */
static inline void nu__quick_text(const nu_value *text, const nu_template_context *context)
{
    if (text->kind == NU_KIND_STR && context->autoescape)
        nu__escape_to(context->out, text->s);
    else
        nu__buf_add_short(context->out, text->s.ptr, text->s.len);
}

/* A value as {{ }} writes it. */
static inline void nu__quick_write(const nu_value *value, nu_template_context *context)
{
    if (value->kind == NU_KIND_STR && context->autoescape)
        nu__escape_to(context->out, value->s);
    else if (value->kind == NU_KIND_STR || value->kind == NU_KIND_SAFE)
        nu__buf_add_short(context->out, value->s.ptr, value->s.len);
    else if (value->kind == NU_KIND_INT && !nu__use_thousand_separator())
        nu__buf_int(context->out, value->i);
    else if (value->kind == NU_KIND_NULL)
        nu__buf_lit(context->out, "None");
    else
        nu__value_write(*value, context);
}
