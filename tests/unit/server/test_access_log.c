#include "harness_loop.h"

#include "server/access_log.h"

#include <fcntl.h>
#include <nuages/strings.h>
#include <regex.h>
#include <string.h>
#include <unistd.h>

static int fds[2];

static void open_pipe(void)
{
    CHECK(pipe(fds) == 0);
    fcntl(fds[0], F_SETFL, O_NONBLOCK);
    nu__access_log_open(fds[1]);
}

/* What has been written so far. */
static nu_str written(void)
{
    static char bytes[8192];
    ssize_t n = read(fds[0], bytes, sizeof(bytes) - 1);

    bytes[n > 0 ? n : 0] = 0;
    return nu_s(bytes);
}

static void close_pipe(void)
{
    nu__access_log_open(-1);
    close(fds[0]);
    close(fds[1]);
}

static const nu__access_entry plain = { .remote_addr = { "10.0.0.7", 8 },
                                        .method = { "GET", 3 },
                                        .target = { "/a?b=c", 6 },
                                        .protocol = { "HTTP/1.1", 8 },
                                        .user_agent = { "curl/7.88", 9 },
                                        .status = 200,
                                        .bytes = 512,
                                        .seconds = 0.0002144 };

static bool matches(nu_str text, const char *pattern)
{
    regex_t regex;
    bool ok;

    CHECK_INT(regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB), 0);
    ok = regexec(&regex, text.ptr, 0, NULL, 0) == 0;
    regfree(&regex);
    return ok;
}

static void a_line_is_the_combined_format_and_the_time_taken(void)
{
    nu_str line;

    open_pipe();
    nu__access_log(&plain);
    nu_sleep(0);
    line = written();
    CHECK(matches(line, "^10\\.0\\.0\\.7 - - \\[[0-9]{2}/[A-Z][a-z]{2}/[0-9]{4}:[0-9]{2}:[0-9]{2}:"
                        "[0-9]{2} [+-][0-9]{4}\\] \"GET /a\\?b=c HTTP/1\\.1\" 200 512 \"-\" "
                        "\"curl/7\\.88\" 0\\.000214\n$"));
    close_pipe();
}

static void the_lines_of_a_turn_are_written_together(void)
{
    nu_str lines;
    int n = 0;

    open_pipe();
    for (int i = 0; i < 10; i++)
        nu__access_log(&plain);
    CHECK_STR(written(), "");
    nu_sleep(0);
    lines = written();
    for (size_t i = 0; i < lines.len; i++)
        n += lines.ptr[i] == '\n';
    CHECK_INT(n, 10);
    close_pipe();
}

static void what_the_client_sends_cannot_forge_lines(void)
{
    nu__access_entry entry = plain;

    open_pipe();
    entry.user_agent = S("a\"\n127.0.0.1 \\ \x1b[31m\xc3\xa9");
    nu__access_log(&entry);
    nu_sleep(0);
    CHECK(strstr(written().ptr, " \"a\\x22\\x0A127.0.0.1 \\x5C \\x1B[31m\\xC3\\xA9\" 0.000214\n"));
    close_pipe();
}

static void endless_texts_are_cut(void)
{
    nu__access_entry entry = plain;
    char *text = nu_alloc_array(char, 100000);

    memset(text, 'x', 100000);
    entry.target = (nu_str){ text, 100000 };
    open_pipe();
    nu__access_log(&entry);
    nu_sleep(0);
    CHECK_INT(strspn(strchr(written().ptr, 'x'), "x"), 2048);
    close_pipe();
}

/* And the line that was being written is finished before the next one. */
static void a_full_pipe_loses_lines_and_does_not_block(void)
{
    nu_str text;
    char last = 0;

    open_pipe();
    fcntl(fds[1], F_SETFL, O_NONBLOCK);
    fcntl(fds[1], F_SETPIPE_SZ, 8192);
    for (int i = 0; i < 2000; i++)
        nu__access_log(&plain);
    nu_sleep(0);
    for (nu_str text = written(); text.len; text = written())
        last = text.ptr[text.len - 1];
    CHECK(last != '\n'); /* a line was cut */
    nu__access_log(&plain);
    nu_sleep(0);
    text = written();
    CHECK(matches(text, "^[^\n]*0\\.000214\n10\\.0[^\n]*0\\.000214\n$"));
    close_pipe();
}

static void switched_off_it_writes_nothing(void)
{
    CHECK(!nu__access_log_enabled());
    nu__access_log(&plain);
}

HARNESS_IN_FIBER(a_line_is_the_combined_format_and_the_time_taken,
                 the_lines_of_a_turn_are_written_together, what_the_client_sends_cannot_forge_lines,
                 endless_texts_are_cut, a_full_pipe_loses_lines_and_does_not_block,
                 switched_off_it_writes_nothing)
