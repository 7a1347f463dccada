/* Expressions while rendering: lookups, then filters. */
#include "template/expression.h"

#include "core/context.h"
#include "core/list.h"
#include "core/object.h"
#include "core/text.h"
#include "template/context.h"
#include "template/quick.h"
#include "utils/translation.h"

/* ---- lookups ------------------------------------------------------------------------------------
 */

typedef enum found {
    MISSING,
    FOUND,
    SILENT, /* an error that counts as string_if_invalid: the path ends there */
} found;

static nu_value invalid(const nu_template_context *context)
{
    return nu_v_str(context->engine->string_if_invalid);
}

static nu_value call(const nu__callable *callable)
{
    return callable->call(callable->self);
}

/* What a value that may be a function stands for. */
static found call_value(nu_value *value, nu_template_context *context)
{
    const nu__callable *callable = value->p;

    if (value->kind != NU_KIND_CALLABLE || callable->do_not_call)
        return FOUND;
    if (callable->alters_data)
        *value = invalid(context);
    else if (nu_catch(NU_OBJECT_DOES_NOT_EXIST, *value = call(callable))) {
        *value = invalid(context);
        return SILENT;
    }
    return FOUND;
}

static bool get(nu_value value, const nu__symbol *name, nu_value *out)
{
    const nu_object_ops *ops = nu__value_ops(value);

    if (ops->get && ops->get(value.object, name->text, out))
        return true;
    return name->is_index && ops->at && ops->at(value.object, name->index, out);
}

static found get_of_object(nu_value *value, const nu__symbol *name, nu_template_context *context)
{
    nu_value object = *value;
    bool there = false;

    if (object.object->type == &nu__forloop_class)
        return nu__forloop_get((const nu__forloop *)object.object, name, value) ? FOUND : MISSING;
    if (nu_catch(NU_OBJECT_DOES_NOT_EXIST, there = get(object, name, value))) {
        *value = invalid(context);
        return SILENT;
    }
    return there ? FOUND : MISSING;
}

static found look_up(nu_value *value, const nu__symbol *name, nu_template_context *context)
{
    nu_value object = *value;
    const nu_value *item;
    found found;

    if (object.kind == NU_KIND_DICT && object.dict && (item = nu__symbol_in(name, object.dict))) {
        *value = *item;
        found = FOUND;
    } else if (nu__value_ops(object)) {
        found = get_of_object(value, name, context);
    } else {
        found = nu__value_get(object, name->text, value) ? FOUND : MISSING;
    }
    if (found == FOUND && value->kind == NU_KIND_CALLABLE)
        return call_value(value, context);
    return found;
}

static nu_value literal(const nu__variable *variable)
{
    nu_value value = variable->literal;

    if (variable->translate)
        value.s = nu__gettext(value.s);
    return value;
}

bool nu__variable_value(const nu__variable *variable, nu_template_context *context, nu_value *out)
{
    const nu_value *first;
    found found = FOUND;

    if (!variable->n_path) {
        *out = literal(variable);
        return true;
    }
    first = nu__context_find(context, variable->path[0]);
    if (!first)
        return false;
    *out = *first;
    if (out->kind == NU_KIND_CALLABLE)
        found = call_value(out, context);
    for (size_t i = 1; found == FOUND && i < variable->n_path; i++)
        found = look_up(out, variable->path[i], context);
    return found != MISSING;
}

static bool is_scalar(nu_value value)
{
    return value.kind <= NU_KIND_BYTES;
}

/* ---- filters ------------------------------------------------------------------------------------
 */

static nu_value argument(const nu__filter_use *use, nu_template_context *context)
{
    nu_value value;

    if (!use->arg->n_path && !use->arg->translate)
        return use->arg->literal;
    if (!nu__variable_value(use->arg, context, &value))
        nu_raise(NU_VARIABLE_DOES_NOT_EXIST, "Failed lookup for key [{}] in the argument of '{}'.",
                 use->arg->text, use->filter->name);
    return value;
}

static nu_value marked_safe(nu_value value)
{
    if (value.kind != NU_KIND_SAFE) {
        value = value.kind == NU_KIND_STR ? value : nu__value_text(value);
        value.kind = NU_KIND_SAFE;
    }
    return value;
}

nu_value nu__filter_call_fn(const nu__filter *filter, nu__filter_call *call)
{
    nu_value result;
    bool safe;

    call->custom = filter->custom;
    if (!(filter->flags & NU__FILTER_STRING))
        return filter->fn(call);
    if (call->value.kind != NU_KIND_STR && call->value.kind != NU_KIND_SAFE)
        call->value = nu__value_text(call->value);
    safe = call->value.kind == NU_KIND_SAFE;
    result = filter->fn(call);
    return safe && filter->flags & NU__FILTER_SAFE ? marked_safe(result) : result;
}

static nu_value apply_first(const nu_template_expression *expression, size_t n,
                            nu_template_context *context, nu_value value)
{
    const nu__filter_use *use = expression->filters, *end = use + n;
    nu__filter_call call = {
        .value = value,
        .autoescape = context->autoescape,
        .context = context,
    };

    for (; use < end; use++) {
        bool safe = call.value.kind == NU_KIND_SAFE && use->filter->flags & NU__FILTER_SAFE;
        nu_value result;

        call.has_arg = use->arg;
        call.arg = use->arg ? argument(use, context) : nu_null();
        result = nu__filter_call_fn(use->filter, &call);
        call.value = safe ? marked_safe(result) : result;
    }
    return call.value;
}

static nu_value apply_filters(const nu_template_expression *expression,
                              nu_template_context *context, nu_value value)
{
    return apply_first(expression, expression->n_filters, context, value);
}

static nu_value invalid_text(const nu_template_expression *expression,
                             const nu_template_context *context)
{
    nu_str text = context->engine->string_if_invalid;

    if (nu__find(text, S("%s")) >= 0)
        text = nu__replace(text, S("%s"), expression->variable.text);
    return nu_v_str(text);
}

nu_value nu_expression_value(const nu_template_expression *expression, nu_template_context *context)
{
    nu_value value;
    const nu_value *quick = nu__quick_value(&expression->variable, context, &value);

    if (quick && !expression->n_filters)
        return *quick;
    if (quick)
        return apply_filters(expression, context, *quick);
    if (!nu__variable_value(&expression->variable, context, &value)) {
        value = invalid_text(expression, context);
        if (value.s.len)
            return value;
    }
    return expression->n_filters ? apply_filters(expression, context, value) : value;
}

nu_value nu__expression_or_null(const nu_template_expression *expression,
                                nu_template_context *context)
{
    nu_value room;
    const nu_value *value = nu__quick_value(&expression->variable, context, &room);

    if (!value && !nu__variable_value(&expression->variable, context, &room))
        room = nu_null();
    value = value ? value : &room;
    return expression->n_filters ? apply_filters(expression, context, *value) : *value;
}

/* ---- {{ expression }} --------------------------------------------------------------------------
 */

/* Scalars through pure filters leave nothing behind that anybody keeps: their texts are given back
   at once, so that a long page costs no more memory than its output. Not when the output has grown
   meanwhile, since it then lies above the mark. */
static void write_filtered(const nu_template_expression *expression, nu_template_context *context,
                           const nu_value *value)
{
    nu_value result;
    nu__arena *arena = nu__here->arena;
    nu__arena_mark mark = nu__arena_mark_take(arena);
    const char *data = context->out->data;
    size_t cap = context->out->cap;

    result = apply_filters(expression, context, *value);
    nu__quick_write(&result, context);
    if (expression->pure && is_scalar(*value) && context->out->data == data &&
        context->out->cap == cap)
        nu__arena_mark_release(arena, mark);
}

static void take_argument(nu__filter_call *call, const nu__filter_use *use)
{
    call->has_arg = use->arg;
    if (!use->arg)
        call->arg.kind = NU_KIND_NULL;
    else if (!use->arg->n_path && !use->arg->translate)
        call->arg = use->arg->literal;
    else
        call->arg = argument(use, call->context);
}

/* A last filter that can writes to the output itself. */
static bool write_directly(const nu_template_expression *expression, nu_template_context *context,
                           const nu_value *value)
{
    const nu__filter_use *use = expression->filters, *last = use + expression->n_filters - 1;
    nu__filter_call call;

    if (!expression->direct)
        return false;
    call.value = *value;
    call.autoescape = context->autoescape;
    call.custom = NULL;
    call.context = context;
    for (; use < last; use++) { /* these pass their value on, or their argument */
        take_argument(&call, use);
        call.value = use->filter->fn(&call);
    }
    take_argument(&call, last);
    return last->filter->write(&call);
}

static void write_missing(const nu_template_expression *expression, nu_template_context *context)
{
    nu_value text = invalid_text(expression, context);

    if (text.s.len || !expression->n_filters)
        nu__quick_write(&text, context);
    else
        write_filtered(expression, context, &text);
}

static bool is_super(const nu_template_expression *expression)
{
    const nu__variable *variable = &expression->variable;

    return variable->n_path == 2 && variable->path[0]->id == NU__SYM_BLOCK &&
           variable->path[1]->id == NU__SYM_SUPER && !expression->n_filters;
}

void nu__expression_write(const nu_template_expression *expression, nu_template_context *context)
{
    nu_value room;
    const nu_value *value = nu__quick_value(&expression->variable, context, &room);

    if (!value && is_super(expression) && nu__write_super(context))
        return;
    if (!value && nu__variable_value(&expression->variable, context, &room))
        value = &room;
    if (!value)
        write_missing(expression, context);
    else if (!expression->n_filters)
        nu__quick_write(value, context);
    else if (!write_directly(expression, context, value))
        write_filtered(expression, context, value);
}

void nu__render_variable(const void *data, nu_template_context *context)
{
    nu__expression_write(data, context);
}
