/* django.utils.timezone and django.shortcuts. */
#include "cli/shell/orm/query_methods.h"

static nu__py zone_or_current(nu__py value)
{
    return nu__orm_is_none(value) ? nu__py_zone(nu_timezone_current()) : value;
}

/* ---- django.utils.timezone ----------------------------------------------------------------------
 */

static nu__py now(nu__py self, const nu__py *args)
{
    (void)self, (void)args;
    return nu__py_datetime(nu_now(), nu_utc);
}

static nu__py method_of(nu__py value, const char *name, nu__py argument)
{
    nu__py_call call = { .args = &argument, .n = nu__py_given(argument) };

    return nu__py_invoke(nu__py_get(value, nu_s(name)), &call);
}

static nu__py localtime(nu__py self, const nu__py *args)
{
    nu__py value = nu__orm_is_none(args[0]) ? now(self, args) : args[0];

    return method_of(value, "astimezone", zone_or_current(args[1]));
}

static nu__py localdate(nu__py self, const nu__py *args)
{
    return method_of(localtime(self, args), "date", (nu__py){ 0 });
}

static bool aware(nu__py value)
{
    return !NU__PY_IS(nu__py_get(value, S("tzinfo")), none);
}

static nu__py is_aware(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__py_bool(aware(args[0]));
}

static nu__py is_naive(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__py_bool(!aware(args[0]));
}

static nu__py with_zone(nu__py value, nu__py zone)
{
    nu__py_keyword keyword = { S("tzinfo"), zone };
    nu__py_call call = { .keywords = &keyword, .n_keywords = 1 };

    return nu__py_invoke(nu__py_get(value, S("replace")), &call);
}

static nu__py make_aware(nu__py self, const nu__py *args)
{
    (void)self;
    if (aware(args[0]))
        nu_raise(NU_VALUE_ERROR, "make_aware expects a naive datetime, got {}",
                 nu__py_text(args[0]));
    return with_zone(args[0], zone_or_current(args[1]));
}

static nu__py make_naive(nu__py self, const nu__py *args)
{
    (void)self;
    if (!aware(args[0]))
        nu_raise(NU_VALUE_ERROR, "make_naive() cannot be applied to a naive datetime");
    return with_zone(method_of(args[0], "astimezone", zone_or_current(args[1])), nu__py_none());
}

static nu__py current_timezone(nu__py self, const nu__py *args)
{
    (void)self, (void)args;
    return nu__py_zone(nu_timezone_current());
}

static nu__py default_timezone(nu__py self, const nu__py *args)
{
    (void)self, (void)args;
    return nu__py_zone(nu_timezone_default());
}

static nu__py current_timezone_name(nu__py self, const nu__py *args)
{
    return nu__py_str(nu_copy(nu__py_text(current_timezone(self, args))));
}

static nu__py default_timezone_name(nu__py self, const nu__py *args)
{
    return nu__py_str(nu_copy(nu__py_text(default_timezone(self, args))));
}

/* A zone or its name; None: none. */
static const nu_timezone *zone_argument(nu__py value)
{
    nu__py_call call = { .args = &value, .n = 1 };

    if (nu__orm_is_none(value))
        return NULL;
    if (NU__PY_IS(value, str))
        value = nu__py_invoke(nu__py_class(&nu__py_zone_type), &call);
    if (!NU__PY_IS(value, zone))
        nu_raise(NU_VALUE_ERROR, "Invalid timezone: {}", nu__py_repr(value));
    return value.cp;
}

static void activate_or_not(const nu_timezone *zone)
{
    if (zone)
        nu_timezone_activate(zone);
    else
        nu_timezone_deactivate();
}

static nu__py activate(nu__py self, const nu__py *args)
{
    (void)self;
    activate_or_not(zone_argument(args[0]));
    return nu__py_none();
}

static nu__py deactivate(nu__py self, const nu__py *args)
{
    (void)self, (void)args;
    nu_timezone_deactivate();
    return nu__py_none();
}

/* with timezone.override("Asia/Tokyo"): */
typedef struct override {
    const nu_timezone *zone, *before;
} override;

static nu__py override_enter(nu__py self)
{
    override *o = self.p;

    o->before = nu_timezone_current();
    activate_or_not(o->zone);
    return nu__py_none();
}

static bool override_leave(nu__py self, nu__py error)
{
    (void)error;
    nu_timezone_activate(((const override *)self.cp)->before);
    return false;
}

static const nu__py_type override_type = { .name = "override",
                                           .module = "django.utils.timezone",
                                           .enter = override_enter,
                                           .leave = override_leave };

static nu__py make_override(nu__py self, const nu__py *args)
{
    override *o = nu_alloc(override);

    (void)self;
    o->zone = zone_argument(args[0]);
    return nu__py_pointer(&override_type, o);
}

const nu__py_module_row nu__orm_timezone_module = {
    .name = "django.utils.timezone",
    .functions =
        (const nu__py_method[]){
            { "now", NULL, now },
            { "localtime", "value=, timezone=", localtime },
            { "localdate", "value=, timezone=", localdate },
            { "is_aware", "value", is_aware },
            { "is_naive", "value", is_naive },
            { "make_aware", "value, timezone=", make_aware },
            { "make_naive", "value, timezone=", make_naive },
            { "get_current_timezone", NULL, current_timezone },
            { "get_current_timezone_name", NULL, current_timezone_name },
            { "get_default_timezone", NULL, default_timezone },
            { "get_default_timezone_name", NULL, default_timezone_name },
            { "activate", "timezone", activate },
            { "deactivate", NULL, deactivate },
            { "override", "timezone", make_override },
            { 0 },
        },
    .types = (const nu__py_type *const[]){ &nu__py_timedelta_type, NULL },
};

/* ---- django.shortcuts ---------------------------------------------------------------------------
 */

/* The query of a model, a manager or a query set. */
static nu_query *query_of(nu__py value, const char *function)
{
    nu__model_info *info = value.type == &nu__py_type_type ? nu__orm_model_of(value.class_) : NULL;
    nu_query *query = info ? nu_objects_(info->model) : nu__orm_query_of(value);

    if (!query)
        nu_raise(NU_VALUE_ERROR,
                 "First argument to {} must be a Model, Manager, or QuerySet, not '{}'.", function,
                 value.type->name);
    return query;
}

static nu__py get_object_or_404(nu__py self, const nu__py *args)
{
    nu_query *query = query_of(args[0], "get_object_or_404()");

    (void)self;
    return nu__orm_instance(
        nu_get_or_404_(query, nu__query_model(query)->model, nu__orm_conditions(args[1], args[2])));
}

static nu__py get_list_or_404(nu__py self, const nu__py *args)
{
    nu_query *query = query_of(args[0], "get_list_or_404()");
    nu__py rows =
        nu__orm_rows(nu__orm_queryset(nu_filter_(query, nu__orm_conditions(args[1], args[2]))));

    (void)self;
    if (!rows.list->len)
        nu_raise(NU_HTTP404, "No {} matches the given query.", nu__query_model(query)->name);
    return rows;
}

const nu__py_module_row nu__orm_shortcuts_module = {
    .name = "django.shortcuts",
    .functions =
        (const nu__py_method[]){
            { "get_object_or_404", "klass, /, *args, **kwargs", get_object_or_404 },
            { "get_list_or_404", "klass, /, *args, **kwargs", get_list_or_404 },
            { 0 },
        },
};
