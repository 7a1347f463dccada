#include "harness.h"

#include "db/backends/base.h"
#include "db/backends/statements.h"

/* A script, and its statements joined by "|": on a database that reads back-slashes as signs, and
   on one where they escape. */
static const struct {
    const char *script, *plain, *escaping;
} scripts[] = {
    { "SELECT 1; SELECT 2", "SELECT 1|SELECT 2", "SELECT 1|SELECT 2" },
    { " ; -- nothing; at all\n;", "", "" },
    { "SELECT ';'; SELECT \"a;b\"; SELECT `c;d`", "SELECT ';'|SELECT \"a;b\"|SELECT `c;d`",
      "SELECT ';'|SELECT \"a;b\"|SELECT `c;d`" },
    { "SELECT 'it''s; so'; SELECT 2", "SELECT 'it''s; so'|SELECT 2",
      "SELECT 'it''s; so'|SELECT 2" },
    { "SELECT 'it\\'; SELECT '2'", "SELECT 'it\\'|SELECT '2'", "SELECT 'it\\'; SELECT '2'" },
    { "SELECT 'it\\'s; so'", "SELECT 'it\\'s|so'", "SELECT 'it\\'s; so'" },
    { "SELECT `a\\`; SELECT 2", "SELECT `a\\`|SELECT 2", "SELECT `a\\`|SELECT 2" },
    { "SELECT E'it\\'s; so'; SELECT 2", "SELECT E'it\\'s; so'|SELECT 2",
      "SELECT E'it\\'s; so'|SELECT 2" },
    { "SELECT 1 # a; b\n; SELECT 2", "SELECT 1 # a|b|SELECT 2", "SELECT 1 # a; b|SELECT 2" },
    { "SELECT $x$ ; $x$; SELECT 2", "SELECT $x$ ; $x$|SELECT 2", "SELECT $x$ ; $x$|SELECT 2" },
    { "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END; SELECT 2",
      "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END|SELECT 2",
      "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END|SELECT 2" },
    { "SELECT '", "SELECT '", "SELECT '" },
    { "SELECT '\\", "SELECT '\\", "SELECT '\\" },
};

static nu_str statements(const char *script, bool escaping)
{
    nu__features features = { .has_backslash_escapes = escaping };
    nu__backend backend = { .features = &features };
    nu_str rest = nu_s(script), statement, text = S("");

    for (bool first = true; nu__next_statement(&backend, &rest, &statement); first = false)
        text = nu_fmt("{}{}{}", text, first ? "" : "|", statement);
    return text;
}

static void scripts_are_cut_at_their_semicolons_alone(void)
{
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
        CHECK_STR(statements(scripts[i].script, false), scripts[i].plain);
        CHECK_STR(statements(scripts[i].script, true), scripts[i].escaping);
    }
}

HARNESS(scripts_are_cut_at_their_semicolons_alone)
