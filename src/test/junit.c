/* Results as JUnit's XML, which CI systems read. */
#include "core/text.h"
#include "test/runner.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Text of an attribute or element: XML takes no control characters but white space, and no bytes
   that are no UTF-8. */
static void escape(nu__buf *out, nu_str text)
{
    for (const char *at = text.ptr, *end = at + text.len; at < end;) {
        uint32_t c = nu__utf8_next(&at, end);

        if (c == '&')
            nu__buf_lit(out, "&amp;");
        else if (c == '<')
            nu__buf_lit(out, "&lt;");
        else if (c == '>')
            nu__buf_lit(out, "&gt;");
        else if (c == '"')
            nu__buf_lit(out, "&quot;");
        else if ((c >= ' ' && c != 0xFFFE && c != 0xFFFF) || c == '\n' || c == '\t')
            nu__buf_utf8(out, c);
    }
}

/* JUnit's XML has no word for a failure that is expected. */
static bool is_skipped(const nu__chosen *test)
{
    return !test->ran || test->outcome == NU__TEST_SKIPPED || test->outcome == NU__TEST_EXPECTED;
}

static void add_outcome(nu__buf *out, const nu__chosen *test)
{
    const char *element = test->outcome == NU__TEST_ERROR ? "error" : "failure";
    nu_list *lines = nu__split(test->told.len ? test->told : S(" "), S("\n"));

    if (is_skipped(test)) {
        nu__buf_lit(out, "<skipped message=\"");
        escape(out, !test->ran                           ? S("it did not run")
                    : test->outcome == NU__TEST_EXPECTED ? S("expected failure")
                                                         : test->told);
        nu__buf_lit(out, "\"/>");
        return;
    }
    nu__buf_fmt(out, "<{} message=\"", element);
    escape(out, nu_at(lines, 0).s);
    nu__buf_lit(out, "\">");
    escape(out, test->told);
    nu__buf_fmt(out, "</{}>", element);
}

static void add_case(nu__buf *out, const nu__chosen *test)
{
    nu__buf_lit(out, "  <testcase classname=\"");
    escape(out, nu_s(test->app->name));
    nu__buf_lit(out, "\" name=\"");
    escape(out, nu_s(test->def->name));
    nu__buf_lit(out, "\" file=\"");
    escape(out, nu__test_path(test->def->file));
    nu__buf_fmt(out, "\" line=\"{}\" time=\"{:.6f}\">", (int64_t)test->def->line, test->seconds);
    if (!test->ran || test->outcome != NU__TEST_PASSED)
        add_outcome(out, test);
    nu__buf_lit(out, "</testcase>\n");
}

void nu__junit_write(const nu__tests *tests, nu_str file, double seconds)
{
    size_t counts[NU__TEST_OUTCOMES] = { 0 };
    nu__buf out = { 0 };
    FILE *to = fopen(file.ptr, "we");

    if (!to)
        nu_raise(NU_COMMAND_ERROR, "{} can't be written: {}", file, (const char *)strerror(errno));
    for (size_t i = 0; i < tests->n; i++)
        counts[is_skipped(&tests->items[i]) ? NU__TEST_SKIPPED : tests->items[i].outcome]++;
    nu__buf_fmt(
        &out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"nuages\" tests=\"{}\" "
        "failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{:.3f}\">\n",
        tests->n, counts[NU__TEST_FAILED] + counts[NU__TEST_UNEXPECTED], counts[NU__TEST_ERROR],
        counts[NU__TEST_SKIPPED], seconds);
    for (size_t i = 0; i < tests->n; i++)
        add_case(&out, &tests->items[i]);
    nu__buf_lit(&out, "</testsuite>\n");
    fwrite(nu__buf_str(&out).ptr, 1, out.len, to);
    if (fclose(to))
        nu_raise(NU_COMMAND_ERROR, "{} can't be written: {}", file, (const char *)strerror(errno));
}
