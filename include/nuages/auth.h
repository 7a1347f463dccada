/**
 * @file
 * The tables of django.contrib.auth, contenttypes and sessions: users, groups, permissions, content
 * types, sessions; and password hashes. The same rows serve Django beside us.
 *
 * A site with a user model of its own begins its struct with NU_ABSTRACT_USER(T), its descriptor
 * with MODEL(T) and ABSTRACT_USER_FIELDS(T), and names it in settings.auth_user_model. A reusable
 * app refers to whatever that is by a foreign key to nu_abstract_user.
 */
#pragma once
#include <nuages/models.h>

NU_DECLARE_MODEL(nu_content_type);
NU_DECLARE_MODEL(nu_permission);
NU_DECLARE_MODEL(nu_group);
NU_DECLARE_MODEL(nu_abstract_user);
NU_DECLARE_MODEL(nu_user);
NU_DECLARE_MODEL(nu_session, nu_str);

/* Django: contenttypes.ContentType. A row a model; permissions and generic relations refer to it.
 */
struct nu_content_type {
    NU_OBJECT(nu_content_type);
    nu_id id;
    nu_str app_label;
    nu_str model;
};

/* Django: auth.Permission. Four a model: add_, change_, delete_, view_. */
struct nu_permission {
    NU_OBJECT(nu_permission);
    nu_id id;
    nu_str name;
    nu_content_type_ref content_type;
    nu_str codename;
};

/* Django: auth.Group. */
struct nu_group {
    NU_OBJECT(nu_group);
    nu_id id;
    nu_str name;
    nu_many permissions;
};

/* clang-format off */
/* The first members of every user model's struct. */
#define NU_ABSTRACT_USER(T)                                                                        \
    NU_OBJECT(T);                                                                                  \
    nu_id       id;                                                                                \
    nu_str      password;                                                                          \
    nu_datetime last_login;                                                                        \
    bool        is_superuser;                                                                      \
    nu_many     groups, user_permissions;                                                          \
    nu_str      username, first_name, last_name, email;                                            \
    bool        is_staff, is_active;                                                               \
    nu_datetime date_joined

/* Their fields, first in the descriptor's .fields. */
#define ABSTRACT_USER_FIELDS(T)                                                                    \
    CharField(T, password, .max_length = 128),                                                     \
    DateTimeField(T, last_login, .verbose_name = "last login", .null = true, .blank = true),       \
    BooleanField(T, is_superuser, .verbose_name = "superuser status", Default(false),              \
                 .help_text = "Designates that this user has all permissions without explicitly assigning them."), \
    ManyToManyField(T, groups, nu_group, .blank = true, .related_name = "user_set", .related_query_name = "user", \
                    .help_text = "The groups this user belongs to. A user will get all permissions granted to each of their groups."), \
    ManyToManyField(T, user_permissions, nu_permission, .verbose_name = "user permissions", .blank = true, \
                    .related_name = "user_set", .related_query_name = "user",                      \
                    .help_text = "Specific permissions for this user."),                           \
    CharField(T, username, .max_length = 150, .unique = true, .validators = { nu_username_validator }, \
              .help_text = "Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only."), \
    CharField(T, first_name, .verbose_name = "first name", .max_length = 150, .blank = true),      \
    CharField(T, last_name, .verbose_name = "last name", .max_length = 150, .blank = true),        \
    EmailField(T, email, .verbose_name = "email address", .max_length = 254, .blank = true),       \
    BooleanField(T, is_staff, .verbose_name = "staff status", Default(false),                      \
                 .help_text = "Designates whether the user can log into this admin site."),        \
    BooleanField(T, is_active, .verbose_name = "active", Default(true),                            \
                 .help_text = "Designates whether this user should be treated as active. Unselect this instead of deleting accounts."), \
    DateTimeField(T, date_joined, .verbose_name = "date joined", .default_call = nu_default_now)
/* Django: UnicodeUsernameValidator. */
#define nu_username_validator                                                                      \
    Regex("^[\\w.@+-]+\\Z",                                                                        \
          .message = "Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.", \
          .code = "invalid")
/* clang-format on */

/* Stands for the model that settings.auth_user_model names. */
struct nu_abstract_user {
    NU_ABSTRACT_USER(nu_abstract_user);
};

/* Django: auth.User, the user model of sites without one of their own. */
struct nu_user {
    NU_ABSTRACT_USER(nu_user);
};

/* Django: sessions.Session. */
struct nu_session {
    NU_OBJECT(nu_session);
    union {
        nu_str id;
        nu_str session_key;
    };
    nu_str session_data;
    nu_datetime expire_date;
};

/**
 * The encoded hash of a password: pbkdf2_sha256 with Django's work factor, byte for byte what
 * Django's make_password() gives for the same salt.
 *
 * @param password  the raw text; null makes an unusable password
 * @param salt      at least 128 bits of letters and digits; null makes a random one
 * @return          in the fiber's arena
 * @raises          ValueError when the salt has a "$"
 * Yields: while it is worked out on the pool.   Django: hashers.make_password()
 */
nu_str nu_make_password(nu_str password, nu_str salt);

typedef struct nu_app nu_app;
/* For settings.installed_apps. */
extern const nu_app contenttypes_app, auth_app, sessions_app;
