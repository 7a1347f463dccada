/* System checks of models' permissions, in Django's words and under its ids. */
#include "auth/checks.h"

#include "auth/management.h"
#include "core/text.h"
#include "db/models/options.h"

enum { NAME_MOST = 255, CODENAME_MOST = 100 }; /* nu_permission's columns */

static void error(nu_check_messages *messages, const nu__model_info *info, const char *id,
                  nu_str message)
{
    nu_check_add(messages, NU_CHECK_ERROR, id, message, (nu_str){ 0 }, info->label);
}

static bool is_builtin(const nu__model_info *info, const char *codename)
{
    const char *const *actions = nu__default_permissions(info->model);

    for (size_t i = 0; i < 8 && actions[i]; i++)
        if (nu_eq(nu_fmt("{}_{}", actions[i], info->model_name), codename))
            return true;
    return false;
}

static bool came_before(const nu_model *model, size_t n, const char *codename)
{
    for (size_t i = 0; i < n; i++)
        if (nu_eq(nu_s(codename), model->permissions[i][0]))
            return true;
    return false;
}

static size_t longest_action(const nu_model *model)
{
    const char *const *actions = nu__default_permissions(model);
    size_t longest = 0;

    for (size_t i = 0; i < 8 && actions[i]; i++) {
        size_t len = nu__utf8_count(nu_s(actions[i]));

        longest = len > longest ? len : longest;
    }
    return longest;
}

/* Names are "Can ACTION VERBOSE_NAME", codenames "ACTION_NAME". */
static void check_builtin(nu_check_messages *messages, const nu__model_info *info)
{
    int64_t action = (int64_t)longest_action(info->model);
    int64_t name_room = NAME_MOST - action - 5, codename_room = CODENAME_MOST - action - 1;

    if (action && (int64_t)nu__utf8_count(info->verbose_name) > name_room)
        error(messages, info, "auth.E007",
              nu_fmt("The verbose_name of model '{}' must be at most {} characters for its builtin "
                     "permission names to be at most {} characters.",
                     info->label, name_room, (int64_t)NAME_MOST));
    if (action && (int64_t)nu__utf8_count(info->model_name) > codename_room)
        error(messages, info, "auth.E011",
              nu_fmt("The name of model '{}' must be at most {} characters for its builtin "
                     "permission codenames to be at most {} characters.",
                     info->label, codename_room, (int64_t)CODENAME_MOST));
}

static void check_own(nu_check_messages *messages, const nu__model_info *info, size_t i)
{
    const char *codename = info->model->permissions[i][0], *name = info->model->permissions[i][1];

    if (nu__utf8_count(nu_s(name)) > NAME_MOST)
        error(messages, info, "auth.E008",
              nu_fmt("The permission named '{}' of model '{}' is longer than {} characters.", name,
                     info->label, (int64_t)NAME_MOST));
    if (nu__utf8_count(nu_s(codename)) > CODENAME_MOST)
        error(messages, info, "auth.E012",
              nu_fmt("The permission codenamed '{}' of model '{}' is longer than {} characters.",
                     codename, info->label, (int64_t)CODENAME_MOST));
    if (is_builtin(info, codename))
        error(messages, info, "auth.E005",
              nu_fmt("The permission codenamed '{}' clashes with a builtin permission for model "
                     "'{}'.",
                     codename, info->label));
    else if (came_before(info->model, i, codename))
        error(messages, info, "auth.E006",
              nu_fmt("The permission codenamed '{}' is duplicated for model '{}'.", codename,
                     info->label));
}

void nu__check_permissions(nu_check_messages *messages)
{
    const nu__registry *registry = nu__models();

    for (size_t i = 0; i < registry->n_models; i++) {
        const nu__model_info *info = registry->models[i];

        if (info->auto_created)
            continue;
        check_builtin(messages, info);
        for (size_t k = 0; k < 8 && info->model->permissions[k][0]; k++)
            check_own(messages, info, k);
    }
}
