#include "db/models/router.h"

#include "db/database.h"

#include <string.h>

static const nu_db_router *routers[sizeof(((nu_settings *)0)->routers) / sizeof(nu_db_router *)];
static size_t n_routers;

void nu__routers_setup(const nu_db_router *const *given, size_t n)
{
    for (n_routers = 0; n_routers < n && given[n_routers]; n_routers++)
        routers[n_routers] = given[n_routers];
}

bool nu__routers_given(void)
{
    return n_routers > 0;
}

/* What no router has a word on stays with the row at hand. */
static const char *by_default(const nu__model_info *info, const nu_object *instance)
{
    const nu__row *row = instance && instance->type ? instance->extra : NULL;

    if (row && row->db)
        return row->db;
    return info && info->model->database ? info->model->database : "default";
}

const char *nu__router_db_for_read(const nu__model_info *info, const nu_object *instance)
{
    for (size_t i = 0; i < n_routers && info; i++) {
        const char *alias =
            routers[i]->db_for_read ? routers[i]->db_for_read(info->model, instance) : NULL;

        if (alias)
            return alias;
    }
    return nu__replica_for_read(by_default(info, instance));
}

static const char *written(const char *alias)
{
    nu__replica_written(alias);
    return alias;
}

static const char *place_to_write(const nu__model_info *info, const nu_object *instance)
{
    const char *alias = by_default(info, instance), *primary = nu__primary_of(alias);

    for (size_t i = 0; i < n_routers && info; i++) {
        const char *named =
            routers[i]->db_for_write ? routers[i]->db_for_write(info->model, instance) : NULL;

        if (named)
            return named;
    }
    return primary;
}

const char *nu__router_db_for_write(const nu__model_info *info, const nu_object *instance)
{
    return written(place_to_write(info, instance));
}

static const char *place_beside(const nu_object *object, const nu_object *other)
{
    const nu__row *row = nu__row_of(object);

    return row->db ? nu__primary_of(row->db) : place_to_write(nu__info_of(object), other);
}

bool nu__router_allow_relation(const nu_object *a, const nu_object *b)
{
    const char *first = place_beside(a, b), *second = place_beside(b, a);

    for (size_t i = 0; i < n_routers; i++) {
        int word = routers[i]->allow_relation ? routers[i]->allow_relation(a, b) : -1;

        if (word >= 0)
            return word;
    }
    return strcmp(first, second) == 0;
}

bool nu__router_allow_migrate(const char *alias, const nu_model *model)
{
    for (size_t i = 0; i < n_routers; i++) {
        int word = routers[i]->allow_migrate ? routers[i]->allow_migrate(alias, model) : -1;

        if (word >= 0)
            return word;
    }
    return true;
}
