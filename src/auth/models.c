#include <nuages/auth.h>

static nu_str permission_str(const void *object)
{
    const nu_permission *permission = object;
    const nu_content_type *type = nu_follow(permission, content_type);

    if (!type)
        nu_raise(NU_RELATED_OBJECT_DOES_NOT_EXIST, "Permission has no content_type.");
    return nu_fmt("{} | {}", V(type), permission->name);
}

static nu_str group_str(const void *object)
{
    return ((const nu_group *)object)->name;
}

static nu_str user_str(const void *object)
{
    return ((const nu_user *)object)->username;
}

/* Every user model begins with the members of nu_abstract_user. */
static nu_value get_username(const void *object)
{
    return V(((const nu_abstract_user *)object)->username);
}

static nu_value get_full_name(const void *object)
{
    const nu_abstract_user *user = object;

    return V(nu_trim(nu_fmt("{} {}", user->first_name, user->last_name)));
}

static nu_value get_short_name(const void *object)
{
    return V(((const nu_abstract_user *)object)->first_name);
}

/* clang-format off */
const nu_model nu_permission_model = {
    MODEL_AS(nu_permission, "Permission"), .app_label = "auth", .str = permission_str, .natural_key = { "codename", "content_type" },
    .verbose_name = "permission", .verbose_name_plural = "permissions",
    .ordering = { "content_type__app_label", "content_type__model", "codename" },
    .fields = {
        AutoField (nu_permission, id, .primary_key = true, .verbose_name = "ID"),
        CharField (nu_permission, name, .max_length = 255),
        ForeignKey(nu_permission, content_type, nu_content_type, .on_delete = CASCADE, .verbose_name = "content type"),
        CharField (nu_permission, codename, .max_length = 100),
    },
    .unique_together = { { "content_type", "codename" } },
};

const nu_model nu_group_model = {
    MODEL_AS(nu_group, "Group"), .app_label = "auth", .str = group_str, .natural_key = { "name" },
    .verbose_name = "group", .verbose_name_plural = "groups",
    .fields = {
        AutoField      (nu_group, id, .primary_key = true, .verbose_name = "ID"),
        CharField      (nu_group, name, .max_length = 150, .unique = true),
        ManyToManyField(nu_group, permissions, nu_permission, .blank = true),
    },
};

const nu_model nu_abstract_user_model = {
    MODEL_AS(nu_abstract_user, "User"), .app_label = "auth", .swappable = "AUTH_USER_MODEL",
    .fields = { ABSTRACT_USER_FIELDS(nu_abstract_user) },
};

const nu_model nu_user_model = {
    MODEL_AS(nu_user, "User"), .app_label = "auth", .str = user_str, .natural_key = { "username" },
    .verbose_name = "user", .verbose_name_plural = "users",
    .fields = { AutoField(nu_user, id, .primary_key = true, .verbose_name = "ID"), ABSTRACT_USER_FIELDS(nu_user) },
    .properties = {
        Property("get_username", get_username), Property("get_full_name", get_full_name),
        Property("get_short_name", get_short_name),
    },
};
/* clang-format on */
