/* Runs the blocks of one page. Writes to the file page.told, tab-separated, for test_docs.py:
 *
 *     value LINE TEXT        what an example's expression gave
 *     raised LINE TEXT       "Class: message", or "nothing"
 *     sql LINE TEXT          a statement that the block of that line ran
 *     error LINE TEXT        the block itself failed
 *     ran LINE NAME          a test of the page has run
 *
 * What the blocks print themselves goes to standard output, after a line BLOCK_MARK LINE for each.
 */
#include "docs_runtime.h"

#include "apps/registry.h"
#include "conf/settings.h"
#include "core/error.h"
#include "db/backends/base.h"
#include "db/enclosure.h"
#include "db/models/router.h"
#include "loop/loop.h"
#include "test/run.h"

#include <stdio.h>
#include <string.h>

static const nu_model *const *page_models;
static const doc_block *running;
static FILE *told;

#define BLOCK_MARK "\x01"

/* What `t` is in a block: the blocks of a page are one test. */
static const nu_test_def page_def = { .name = "docs" };
static nu_test_run page_run = { .def = &page_def };

static void tell(const char *what, int line, nu_str text)
{
    fprintf(told, "%s\t%d\t", what, line);
    for (size_t i = 0; i < text.len; i++)
        putc(text.ptr[i] == '\n' || text.ptr[i] == '\t' ? ' ' : text.ptr[i], told);
    putc('\n', told);
}

static nu_str error_text(const nu_error *error)
{
    return nu_fmt("{}: {}", nu_error_class_name(error->klass), error->message);
}

void doc_show_(int line, nu_value value)
{
    tell("value", line, nu_fmt("{!r}", value));
}

void doc_raised_(int line, const nu_error *error)
{
    tell("raised", line, error ? error_text(error) : S("nothing"));
}

/* ---- the statements of a block ------------------------------------------------------------ */

static void note_statement(void *arg, const nu__connection *connection, nu_str sql,
                           nu_values params, double seconds)
{
    static const char *const words[] = { "SELECT", "INSERT", "UPDATE", "DELETE", "EXPLAIN" };
    nu__buf out = { 0 };
    size_t next = 0;

    (void)arg, (void)seconds;
    for (size_t i = 0; i < sql.len; i++)
        if (sql.ptr[i] == '?' && next < params.len)
            connection->backend->operations->quote_value(&out, params.items[next++]);
        else
            nu__buf_char(&out, sql.ptr[i]);
    for (size_t i = 0; running && i < sizeof(words) / sizeof(*words); i++)
        if (nu_starts_with(sql, nu_s(words[i])))
            tell("sql", running->line, nu__buf_str(&out));
}

/* ---- a page ------------------------------------------------------------------------------- */

static void make_tables(const char *alias)
{
    const nu__registry *registry = nu__models();
    nu__schema_editor *editor = nu__schema_begin(nu__connection_of(alias), false, true);

    for (size_t i = 0; i < registry->n_models; i++)
        if (!registry->models[i]->auto_created)
            nu__schema_create_model(editor, registry->models[i]);
    nu__schema_end(editor);
}

static size_t count_databases(const nu_settings *site)
{
    size_t n = 0;

    while (n < sizeof(site->databases) / sizeof(*site->databases) && site->databases[n].alias)
        n++;
    return n;
}

static void set_up(void *unused)
{
    const nu_settings *site = doc_site();

    (void)unused;
    nu__conf_setup(site);
    nu__apps_setup(site->installed_apps,
                   sizeof(site->installed_apps) / sizeof(*site->installed_apps));
    nu__models_setup(page_models, site->auth_user_model ? site->auth_user_model : &nu_user_model);
    nu__databases_setup(site->databases, count_databases(site));
    nu__apps_ready();
    for (size_t i = 0; nu__database_alias(i); i++)
        make_tables(nu__database_alias(i));
    doc_seed();
    doc_site_ready();
    nu__routers_setup(site->routers, sizeof(site->routers) / sizeof(*site->routers));
    nu__test_running = &page_run;
    nu__db_listen((nu__query_listener){ note_statement, NULL });
}

static void run_block(void *unused)
{
    (void)unused;
    running->run(&page_run);
}

static void run_test_body(void *arg)
{
    nu_test_run *run = arg;

    if (run->def->fixtures[0])
        nu_load_fixtures_(run->def->fixtures);
    run->def->run(run);
}

/* As `manage test` does, but in this process and fiber. */
static void run_test(void *def)
{
    const nu_test_def *test = def;
    nu_test_run run = { .def = test };
    nu__connection *connection = nu__connection_of("default");
    const nu_error *error;

    nu__test_running = &run;
    nu__enclose(connection);
    error = nu__guard(run_test_body, &run);
    nu__enclosure_end(connection, false);
    nu__surroundings_restore(&run);
    nu__test_running = NULL;
    if (error && error->klass != NU_SKIP_TEST)
        tell("error", test->line,
             nu_fmt("{}: {} {}", test->name, error_text(error), nu__buf_str(&run.report)));
    tell("ran", test->line, nu_s(test->name));
}

static int run_page(void *blocks)
{
    const nu_error *error = nu__guard(set_up, NULL);

    if (error)
        tell("error", 0, error_text(error));
    for (const doc_block *block = blocks; !error && block->run; block++) {
        const nu_error *raised;

        running = block;
        printf(BLOCK_MARK "%d\n", block->line);
        raised = nu__guard(run_block, NULL);
        if (raised)
            tell("error", block->line, error_text(raised));
    }
    running = NULL;
    for (size_t i = 0; !error && doc_tests[i]; i++)
        error = nu__guard(run_test, (void *)doc_tests[i]);
    nu__databases_close();
    return 0;
}

int doc_main(const nu_model *const *models, const doc_block *blocks)
{
    int status;

    page_models = models;
    told = fopen("page.told", "w");
    if (!told)
        return 1;
    setvbuf(stdout, NULL, _IOLBF, 0);
    status = nu__loop_main(run_page, (void *)blocks);
    return fclose(told) ? 1 : status;
}
