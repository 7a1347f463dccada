#include "harness.h"

#include "core/context.h"
#include "core/log.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static int ends[2];

static void log_to_pipe(void)
{
    if (pipe(ends) || fcntl(ends[0], F_SETFL, O_NONBLOCK))
        abort();
    nu__log_set_fd(ends[1]);
}

static nu_str logged(void)
{
    char *text = nu_alloc_array(char, 65536);
    ssize_t len = read(ends[0], text, 65536);

    return (nu_str){ text, len < 0 ? 0 : (size_t)len };
}

static void stop(void)
{
    nu__log_set_fd(2);
    close(ends[0]);
    close(ends[1]);
}

static void a_line_has_time_level_work_and_message(void)
{
    nu_str line;

    log_to_pipe();
    nu_warning("{} of {}", 1, "two");
    line = logged();
    CHECK_INT(line.ptr[4], '-');
    CHECK_INT(line.ptr[23], 'Z');
    CHECK_STR(((nu_str){ line.ptr + 24, line.len - 24 }),
              " WARNING a_line_has_time_level_work_and_message: 1 of two\n");
    stop();
}

static void lines_below_the_level_are_dropped(void)
{
    log_to_pipe();
    nu_debug("quiet");
    CHECK_STR(logged(), "");
    nu_log_set_level(NU_LOG_DEBUG);
    nu_debug("loud");
    CHECK(nu_ends_with(logged(), S(": loud\n")));
    nu_log_set_level(NU_LOG_INFO);
    stop();
}

static void no_text_can_begin_a_line_or_move_the_terminal(void)
{
    log_to_pipe();
    nu_info("{}", "a\r\n2026 ERROR forged\t\x1b[2J\x7f\xC2\x85\u2028\xff\U000E0001é \"q\"");
    CHECK(nu_ends_with(logged(), S(": a\\r\\n2026 ERROR forged\\t\\x1b[2J\\x7f\\x85\\u2028\\xff"
                                   "\\U000e0001é \"q\"\n")));
    stop();
}

static void json_lines_are_json(void)
{
    nu_str line;

    log_to_pipe();
    nu_log_set_json(true);
    nu_error_log("{}", "a\n\"q\" \\ \x1b\xff\u2028\U000E0001é");
    nu_log_set_json(false);
    line = logged();
    CHECK(nu_starts_with(line, S("{\"time\": \"20")));
    CHECK(nu_ends_with(line, S("Z\", \"level\": \"ERROR\", \"in\": \"json_lines_are_json\", "
                               "\"message\": \"a\\u000a\\\"q\\\" \\\\ \\u001b\uFFFD\\u2028"
                               "\\udb40\\udc01é\"}\n")));
    stop();
}

static void a_long_line_is_cut_and_stays_one_line(void)
{
    char *text = nu_alloc_array(char, 20001);
    nu_str line;

    log_to_pipe();
    memset(text, '\n', 20000);
    nu_info("{}", text);
    line = logged();
    CHECK(line.len <= 8192 && line.len > 8100);
    CHECK(memchr(line.ptr, '\n', line.len) == line.ptr + line.len - 1);
    stop();
}

static void logging_leaves_the_arena_alone(void)
{
    size_t used;

    log_to_pipe();
    used = nu__arena_used(nu__here->arena);
    for (int i = 0; i < 100; i++)
        nu_info("{} {} {}", i, "text", 1.5);
    CHECK_INT(nu__arena_used(nu__here->arena), used);
    stop();
}

static void a_format_that_does_not_fit_is_logged_as_it_is(void)
{
    log_to_pipe();
    nu_info("{} and {}", 1);
    CHECK(nu_ends_with(logged(), S(": {} and {}\n")));
    stop();
}

static void *log_from_thread(void *unused)
{
    nu_info("from {} {}", "a thread", 1);
    return unused;
}

static void a_thread_without_a_fiber_may_log(void)
{
    pthread_t thread;

    log_to_pipe();
    CHECK_INT(pthread_create(&thread, NULL, log_from_thread, NULL), 0);
    pthread_join(thread, NULL);
    CHECK(nu_ends_with(logged(), S("INFO from a thread 1\n")));
    stop();
}

HARNESS(a_line_has_time_level_work_and_message, lines_below_the_level_are_dropped,
        no_text_can_begin_a_line_or_move_the_terminal, json_lines_are_json,
        a_long_line_is_cut_and_stays_one_line, logging_leaves_the_arena_alone,
        a_format_that_does_not_fit_is_logged_as_it_is, a_thread_without_a_fiber_may_log)
