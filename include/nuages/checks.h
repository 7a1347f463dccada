/**
 * @file
 * System checks: what is wrong with a project before it runs, told by `manage check`.
 *
 *     static void check_mail(nu_check_messages *messages)
 *     {
 *         if (!getenv("SMTP_HOST"))
 *             nu_check_add(messages, NU_CHECK_WARNING, "shop.W001", S("No mail will be sent."),
 *                          S("Set SMTP_HOST."), S("shop"));
 *     }
 *     const nu_app shop_app = { .name = "shop", .checks = { { check_mail, .tag = "mail" } } };
 *
 * Other commands run them, too, before they begin, and end with status 1 where there are errors:
 * not those with .deploy, nor those with the tag "database", which need tables. --skip-checks, or
 * .no_checks in a command's row, leaves them out.
 *
 * Counterpart: django.core.checks.
 */
#pragma once
#include <nuages/strings.h>

typedef struct nu_check_messages nu_check_messages;

typedef enum nu_check_level {
    NU_CHECK_DEBUG = 10,
    NU_CHECK_INFO = 20,
    NU_CHECK_WARNING = 30,
    NU_CHECK_ERROR = 40, /* the command ends with 1 */
    NU_CHECK_CRITICAL = 50,
} nu_check_level;

/* A row of an app's .checks. */
typedef struct nu_check {
    void (*run)(nu_check_messages *messages); /* may query */
    const char *tag;                          /* for --tag; missing: the app's label */
    bool deploy; /* only with --deploy. Django: register(deploy=True) */
} nu_check;

/**
 * Tell of something. `id`: the app's label, a dot, a letter and three digits; `hint` and `object`
 * may be null. Django: CheckMessage
 */
void nu_check_add(nu_check_messages *messages, nu_check_level level, const char *id, nu_str message,
                  nu_str hint, nu_str object);
