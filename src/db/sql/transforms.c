/* Transforms by name: starts_on__year, created_at__date, title__length, keys of JSON. */
#include "core/object.h"
#include "db/sql/close_matches.h"
#include "db/sql/functions.h"
#include "db/sql/postgres_lookups.h"

#include <string.h>

#define DATES (NU__FAMILY_DATE | NU__FAMILY_DATETIME)
#define TIMES (NU__FAMILY_TIME | NU__FAMILY_DATETIME)

static nu_expr *extract(const nu_expr *lhs, const char *name)
{
    return nu_extract_(name, nu_v_expr(lhs), &(const nu_temporal){ .tzinfo = NULL });
}

static nu_expr *cut(const nu_expr *lhs, const char *name)
{
    return nu_trunc_(name, nu_v_expr(lhs), &(const nu_temporal){ .tzinfo = NULL });
}

static nu_expr *unaccent(const nu_expr *lhs, const char *name)
{
    nu_expr *node = nu__function_new(nu__function_find(S("Unaccent")), 1);

    (void)name;
    node->args[0] = (nu_expr *)lhs;
    return nu__expr_done(node);
}

static const struct transform {
    const char *name;
    uint32_t families;
    nu_expr *(*make)(const nu_expr *lhs, const char *name);
} transforms[] = {
    { "year", DATES, extract },           { "iso_year", DATES, extract },
    { "month", DATES, extract },          { "day", DATES, extract },
    { "week", DATES, extract },           { "week_day", DATES, extract },
    { "iso_week_day", DATES, extract },   { "quarter", DATES, extract },
    { "hour", TIMES, extract },           { "minute", TIMES, extract },
    { "second", TIMES, extract },         { "date", NU__FAMILY_DATETIME, cut },
    { "time", NU__FAMILY_DATETIME, cut }, { "unaccent", NU__FAMILY_TEXT, unaccent },
};
#define N_TRANSFORMS (sizeof(transforms) / sizeof(*transforms))

/* ---- functions as transforms -------------------------------------------------------------- */

/* Registered at start-up, read-only afterwards: the same for all fibers. */
#define MAX_REGISTERED 64
static struct registered {
    nu_field_type type;
    const nu__function *function;
} registered[MAX_REGISTERED];
static size_t n_registered;

/* Django's lookup_name: the class in small letters. */
static bool is_named(const nu__function *function, nu_str name)
{
    return nu_eq(name, nu_lower(nu_s(function->django)));
}

void nu_register_lookup(nu_field_type type, const char *function)
{
    const nu__function *found = nu__function_find(nu_s(function));

    if (!found || found->arity != 1)
        nu_raise(NU_VALUE_ERROR,
                 "no function of one argument is called '{}': it can't be a lookup's name",
                 function);
    for (size_t i = 0; i < n_registered; i++)
        if (registered[i].type == type && registered[i].function == found)
            return;
    if (n_registered == MAX_REGISTERED)
        nu_raise(NU_IMPROPERLY_CONFIGURED, "more than {} functions were registered as lookups",
                 MAX_REGISTERED);
    registered[n_registered++] = (struct registered){ type, found };
}

void nu_unregister_lookup(nu_field_type type, const char *function)
{
    const nu__function *found = nu__function_find(nu_s(function));

    for (size_t i = 0; i < n_registered; i++)
        if (registered[i].type == type && registered[i].function == found) {
            registered[i] = registered[--n_registered];
            return;
        }
    nu_raise(NU_KEY_ERROR, "'{}'", function);
}

static const nu__function *registered_find(const nu__field *type, nu_str name)
{
    for (size_t i = 0; i < n_registered; i++)
        if (nu__field_is_a(type->type->type, registered[i].type) &&
            is_named(registered[i].function, name))
            return registered[i].function;
    return NULL;
}

/* ---- finding ------------------------------------------------------------------------------ */

static const struct transform *transform_find(uint32_t family, nu_str name)
{
    for (size_t i = 0; i < N_TRANSFORMS; i++)
        if (transforms[i].families & family && nu_eq(name, transforms[i].name))
            return &transforms[i];
    return NULL;
}

bool nu__has_transform(const nu__field *type, nu_str name)
{
    nu_expr probe = { .klass = &nu__literal, .output = type };
    uint32_t family = nu__family_of(&probe);

    return family == NU__FAMILY_JSON || transform_find(family, name) ||
           registered_find(type, name) || nu__postgres_has_transform(family, name);
}

nu_list *nu__transform_names(const nu_expr *lhs)
{
    uint32_t family = nu__family_of(lhs);
    const nu__field *type = nu__expr_type(lhs);
    nu_list *names = nu_list_new();

    for (size_t i = 0; i < N_TRANSFORMS; i++)
        if (transforms[i].families & family)
            nu_list_append(names, transforms[i].name);
    for (size_t i = 0; i < n_registered; i++)
        if (nu__field_is_a(type->type->type, registered[i].type))
            nu_list_append(names, nu_lower(nu_s(registered[i].function->django)));
    nu__postgres_transform_names(family, names);
    return names;
}

static NU_NORETURN void no_transform(const nu_expr *lhs, nu_str name, const nu__names *all,
                                     uint32_t at)
{
    nu_list *names = nu__lookup_names(nu__family_of(lhs)), *more = nu__transform_names(lhs), *close;
    nu__buf meant = { 0 };

    for (size_t i = 0; i < nu_list_len(more); i++)
        nu_list_append(names, nu_at(more, i));
    close = nu__close_matches(name, names);
    for (size_t i = 0; i < nu_list_len(close); i++)
        nu__buf_fmt(&meant, "{}{}", i ? " or " : ", perhaps you meant ", nu_at(close, i));
    nu_raise(NU_FIELD_ERROR,
             "Unsupported lookup '{}' for {} or join on the field not permitted{}{}",
             all ? nu__names_join(all, at, all->n) : name, nu__expr_type(lhs)->type->name,
             nu__buf_str(&meant), meant.len ? "?" : ".");
}

static const nu_expr *by_function(const nu__function *function, const nu_expr *lhs)
{
    nu_expr *node = nu__function_new(function, 1);

    node->args[0] = (nu_expr *)lhs;
    return nu__expr_done(node);
}

const nu_expr *nu__bilateral_side(const nu_expr *lhs, nu_value value)
{
    bool text = value.kind == NU_KIND_STR || value.kind == NU_KIND_SAFE;

    if (lhs->klass != &nu__func || !nu__function_is(lhs, NU__BILATERAL) || !text)
        return NULL;
    return by_function(lhs->function, nu__literal_of(value, nu__expr_output(lhs)));
}

const nu_expr *nu__transform_of(const nu_expr *lhs, nu_str name, const nu__names *all, uint32_t at)
{
    uint32_t family = nu__family_of(lhs);
    const struct transform *transform;
    const nu__function *function;
    const nu_expr *own;

    if (family == NU__FAMILY_JSON || family == NU__FAMILY_KEY)
        return nu__json_key_of(lhs, name);
    function = registered_find(nu__expr_type(lhs), name);
    if (function)
        return by_function(function, lhs);
    own = nu__postgres_transform(lhs, name);
    if (own)
        return own;
    transform = transform_find(family, name);
    if (!transform)
        no_transform(lhs, name, all, at);
    return transform->make(lhs, transform->name);
}
