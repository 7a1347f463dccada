#include "test/runner.h"

#include "conf/settings.h"
#include "core/context.h"
#include "db/connection.h"
#include "handlers/handler.h"
#include "mail/mail.h"

#include <stdio.h>

/* As Django's runner: DEBUG is off, mail stays in memory, and the hosts of test clients and live
   servers are allowed. */
static void set_up(const nu__test_options *options)
{
    nu__conf_list *hosts = &nu__settings.allowed_hosts;
    nu_str *more = nu_alloc_array(nu_str, hosts->len + 3);

    for (size_t i = 0; i < hosts->len; i++)
        more[i] = hosts->items[i];
    more[hosts->len] = S("testserver");
    more[hosts->len + 1] = S("localhost");
    more[hosts->len + 2] = S("127.0.0.1");
    *hosts = (nu__conf_list){ more, hosts->len + 3 };
    nu__settings.debug = options->debug_mode;
    nu__setup_again();
    nu__mail_use_locmem();
}

static void list(const nu__tests *tests)
{
    for (size_t i = 0; i < tests->n; i++)
        printf("%s\n", tests->items[i].label.ptr);
}

static void tell_databases(const nu__test_options *options, const char *verb)
{
    const char *alias;

    for (size_t i = 0; options->verbosity >= 1 && (alias = nu__database_alias(i)); i++)
        fprintf(stderr, "%s test database for alias '%s'...\n", verb, alias);
}

int nu__test_main(const nu__test_options *options)
{
    nu__tests tests = nu__tests_select(options);
    double began = nu_monotonic(), seconds;
    int status;

    if (options->list) {
        list(&tests);
        return 0;
    }
    set_up(options);
    if (options->timing)
        nu__timing_share();
    nu__report_begin(&tests, options);
    if (tests.n)
        tell_databases(options, options->keepdb ? "Using existing" : "Creating");
    if (!options->check(options->self))
        return 1;
    if (tests.n)
        nu__workers_run(&tests, options, nu__report_one);
    seconds = nu_monotonic() - began;
    status = nu__report_end(&tests, seconds);
    if (tests.n)
        tell_databases(options, options->keepdb ? "Preserving" : "Destroying");
    if (options->junit.len)
        nu__junit_write(&tests, options->junit, seconds);
    nu__tests_remember(&tests);
    nu__timing_print(nu_monotonic() - began);
    return status;
}
