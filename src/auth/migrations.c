/* The history of django.contrib.auth, under Django's names. */
#include "auth/checks.h"

#include <nuages/auth.h>
#include <nuages/conf.h>
#include <nuages/migrations.h>

/* clang-format off */
#define SUPERUSER_HELP "Designates that this user has all permissions without explicitly assigning them."
#define STAFF_HELP     "Designates whether the user can log into this admin site."
#define ACTIVE_HELP    "Designates whether this user should be treated as active. Unselect this instead of deleting accounts."
#define GROUPS_HELP    "The groups this user belongs to. A user will get all permissions granted to each of their groups."
#define USERNAME_HELP(n) "Required. " n " characters or fewer. Letters, digits and @/./+/-/_ only."

static const nu_operation initial_operations[] = {
    CreateModel(.name = "Permission",
                .fields = {
                    models_AutoField("id", .primary_key = true, .verbose_name = "ID"),
                    models_CharField("name", .max_length = 50),
                    models_ForeignKey("content_type", "contenttypes.ContentType", .on_delete = CASCADE, .verbose_name = "content type"),
                    models_CharField("codename", .max_length = 100),
                },
                .ordering = { "content_type__app_label", "content_type__model", "codename" },
                .unique_together = { { "content_type", "codename" } },
                .verbose_name = "permission", .verbose_name_plural = "permissions"),
    CreateModel(.name = "Group",
                .fields = {
                    models_AutoField("id", .primary_key = true, .verbose_name = "ID"),
                    models_CharField("name", .max_length = 80, .unique = true),
                    models_ManyToManyField("permissions", "auth.Permission", .blank = true),
                },
                .verbose_name = "group", .verbose_name_plural = "groups"),
    CreateModel(.name = "User",
                .fields = {
                    models_AutoField("id", .primary_key = true, .verbose_name = "ID"),
                    models_CharField("password", .max_length = 128),
                    models_DateTimeField("last_login", .default_call = nu_default_now, .verbose_name = "last login"),
                    models_BooleanField("is_superuser", Default(false), .verbose_name = "superuser status", .help_text = SUPERUSER_HELP),
                    models_CharField("username", .max_length = 30, .unique = true, .help_text = USERNAME_HELP("30")),
                    models_CharField("first_name", .max_length = 30, .blank = true, .verbose_name = "first name"),
                    models_CharField("last_name", .max_length = 30, .blank = true, .verbose_name = "last name"),
                    models_EmailField("email", .max_length = 75, .blank = true, .verbose_name = "email address"),
                    models_BooleanField("is_staff", Default(false), .verbose_name = "staff status", .help_text = STAFF_HELP),
                    models_BooleanField("is_active", Default(true), .verbose_name = "active", .help_text = ACTIVE_HELP),
                    models_DateTimeField("date_joined", .default_call = nu_default_now, .verbose_name = "date joined"),
                    models_ManyToManyField("groups", "auth.Group", .related_name = "user_set", .related_query_name = "user",
                                           .blank = true, .help_text = GROUPS_HELP),
                    models_ManyToManyField("user_permissions", "auth.Permission", .related_name = "user_set",
                                           .related_query_name = "user", .blank = true, .verbose_name = "user permissions",
                                           .help_text = "Specific permissions for this user."),
                },
                .swappable = "AUTH_USER_MODEL", .verbose_name = "user", .verbose_name_plural = "users"),
    { 0 },
};
static const nu_operation permission_name_operations[] = {
    AlterField("permission", models_CharField("name", .max_length = 255)), { 0 },
};
static const nu_operation user_email_operations[] = {
    AlterField("user", models_EmailField("email", .max_length = 254, .blank = true, .verbose_name = "email address")), { 0 },
};
static const nu_operation username_30_operations[] = {
    AlterField("user", models_CharField("username", .max_length = 30, .unique = true, .help_text = USERNAME_HELP("30"))), { 0 },
};
static const nu_operation last_login_operations[] = {
    AlterField("user", models_DateTimeField("last_login", .null = true, .blank = true, .verbose_name = "last login")), { 0 },
};
static const nu_operation no_operations[] = { { 0 } };
static const nu_operation username_150_operations[] = {
    AlterField("user", models_CharField("username", .max_length = 150, .unique = true, .help_text = USERNAME_HELP("150"))), { 0 },
};
static const nu_operation last_name_operations[] = {
    AlterField("user", models_CharField("last_name", .max_length = 150, .blank = true, .verbose_name = "last name")), { 0 },
};
static const nu_operation group_name_operations[] = {
    AlterField("group", models_CharField("name", .max_length = 150, .unique = true)), { 0 },
};
static const nu_operation first_name_operations[] = {
    AlterField("user", models_CharField("first_name", .max_length = 150, .blank = true, .verbose_name = "first name")), { 0 },
};

#define AFTER(previous) .app_label = "auth", .dependencies = { { "auth", previous } }

static const nu_migration history[] = {
    { .app_label = "auth", .name = "0001_initial", .initial = true, .dependencies = { { "contenttypes", "__first__" } },
      .operations = initial_operations },
    { AFTER("0001_initial"), .name = "0002_alter_permission_name_max_length", .operations = permission_name_operations },
    { AFTER("0002_alter_permission_name_max_length"), .name = "0003_alter_user_email_max_length", .operations = user_email_operations },
    { AFTER("0003_alter_user_email_max_length"), .name = "0004_alter_user_username_opts", .operations = username_30_operations },
    { AFTER("0004_alter_user_username_opts"), .name = "0005_alter_user_last_login_null", .operations = last_login_operations },
    { .app_label = "auth", .name = "0006_require_contenttypes_0002", .operations = no_operations,
      .dependencies = { { "auth", "0005_alter_user_last_login_null" }, { "contenttypes", "0002_remove_content_type_name" } } },
    { AFTER("0006_require_contenttypes_0002"), .name = "0007_alter_validators_add_error_messages", .operations = username_30_operations },
    { AFTER("0007_alter_validators_add_error_messages"), .name = "0008_alter_user_username_max_length", .operations = username_150_operations },
    { AFTER("0008_alter_user_username_max_length"), .name = "0009_alter_user_last_name_max_length", .operations = last_name_operations },
    { AFTER("0009_alter_user_last_name_max_length"), .name = "0010_alter_group_name_max_length", .operations = group_name_operations },
    { .app_label = "auth", .name = "0011_update_proxy_permissions", .operations = no_operations,
      .dependencies = { { "auth", "0010_alter_group_name_max_length" }, { "contenttypes", "0002_remove_content_type_name" } } },
    { AFTER("0011_update_proxy_permissions"), .name = "0012_alter_user_first_name_max_length", .operations = first_name_operations },
};
/* clang-format on */

static const nu_migration *const auth_migrations[] = {
    &history[0], &history[1], &history[2], &history[3],  &history[4],  &history[5], &history[6],
    &history[7], &history[8], &history[9], &history[10], &history[11], NULL,
};

const nu_app auth_app = {
    .name = "nuages.contrib.auth",
    .label = "auth",
    .verbose_name = "Authentication and Authorization",
    .models = { &nu_permission_model, &nu_group_model, &nu_user_model },
    .migrations = auth_migrations,
    .checks = { { nu__check_permissions, .tag = "models" } },
};
