/* {% load tz %}: {% timezone %}, {% localtime on|off %}, |localtime, |utc, |timezone. */
#include "core/context.h"
#include "core/object.h"
#include "core/time.h"
#include "template/formats.h"
#include "template/tags/libraries.h"

/* ---- localtime
 * ------------------------------------------------------------------------------------ */

typedef struct localtime_tag {
    bool on;
    nu_template_nodes nodes;
} localtime_tag;

static void render_localtime(const void *data, nu_template_context *context)
{
    const localtime_tag *tag = data;
    bool outer = context->use_tz;

    context->use_tz = tag->on;
    nu_nodes_render(&tag->nodes, context);
    context->use_tz = outer;
}

static void compile_localtime(nu_template_parser *parser)
{
    localtime_tag *tag = nu_alloc(localtime_tag);

    tag->on = nu__parser_on_off(parser);
    tag->nodes = nu__parse_until(parser, "endlocaltime");
    nu_parser_emit(parser, render_localtime, tag);
}

/* ---- timezone
 * ------------------------------------------------------------------------------------- */

typedef struct timezone_tag {
    const nu_template_expression *zone;
    nu_template_nodes nodes;
} timezone_tag;

/* Back to the zone that was active before, or to none. */
static void activate(void *zone)
{
    if (zone)
        nu_timezone_activate(zone);
    else
        nu_timezone_deactivate();
}

static void render_timezone(const void *data, nu_template_context *context)
{
    const timezone_tag *tag = data;
    nu_value zone = nu_expression_value(tag->zone, context);
    const nu_timezone *active =
        zone.kind == NU_KIND_NULL ? NULL : nu_timezone_get(nu_copy(nu_string(zone)).ptr);

    nu_defer(activate, nu__here->locals[NU__LOCAL_TIMEZONE]);
    activate((void *)active);
    nu_nodes_render(&tag->nodes, context);
}

static void compile_timezone(nu_template_parser *parser)
{
    timezone_tag *tag = nu_alloc(timezone_tag);
    nu__words words = nu__parser_words(parser);

    if (words.len != 2)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "'{}' takes one argument (timezone)", words.items[0]);
    tag->zone = nu_parser_expression(parser, words.items[1]);
    tag->nodes = nu__parse_until(parser, "endtimezone");
    nu_parser_emit(parser, render_timezone, tag);
}

static void render_current_timezone(const void *data, nu_template_context *context)
{
    nu__context_set(context, data, V(nu_timezone_name(nu_timezone_current())));
}

static void compile_get_current_timezone(nu_template_parser *parser)
{
    nu_parser_emit(parser, render_current_timezone,
                   nu__parser_as_variable(parser, "get_current_timezone"));
}

/* ---- filters
 * --------------------------------------------------------------------------------------- */

static nu_value in_zone(nu_value value, const nu_timezone *zone)
{
    nu_datetime instant;

    return zone && nu__is_datetime(value, &instant) ? nu__zoned_datetime(instant, zone) : V("");
}

static nu_value localtime_filter(const nu__filter_call *call)
{
    return in_zone(call->value, nu_timezone_current());
}

static nu_value utc(const nu__filter_call *call)
{
    return in_zone(call->value, nu_utc);
}

static nu_value timezone_filter(const nu__filter_call *call)
{
    bool missing;

    if (call->arg.kind != NU_KIND_STR && call->arg.kind != NU_KIND_SAFE)
        return V("");
    return in_zone(call->value, nu__timezone_find(call->arg.s, &missing));
}

static const nu__tag tags[] = {
    { "localtime", compile_localtime, NULL },
    { "timezone", compile_timezone, NULL },
    { "get_current_timezone", compile_get_current_timezone, NULL },
    { 0 },
};
static const nu__filter filters[] = {
    { "localtime", localtime_filter, NU__ARG_NONE, 0, NULL },
    { "utc", utc, NU__ARG_NONE, 0, NULL },
    { "timezone", timezone_filter, NU__ARG_NEEDED, 0, NULL },
    { 0 },
};

const nu__library nu__tz_library = { "tz", tags, filters };
