/* What is asked at the terminal, and read from there. */
#include "cli/questions_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool nu__is_interactive(const nu_command_run *run)
{
    return !nu_command_flag(run, "--noinput") && isatty(STDIN_FILENO);
}

void nu__ask(const nu_command_run *run, nu_str text)
{
    nu_command_run loud = *run;

    loud.verbosity = loud.verbosity < 1 ? 1 : loud.verbosity;
    nu_command_print(&loud, "{}", text);
}

nu_str nu__read_answer(void)
{
    char *line = NULL;
    size_t capacity = 0;
    ssize_t len = getline(&line, &capacity, stdin);
    nu_str copy;

    if (len < 0) {
        free(line);
        nu_raise(NU_COMMAND_ERROR, "Cancelled.");
    }
    while (len && (line[len - 1] == '\n' || line[len - 1] == '\r'))
        len--;
    copy = nu_copy((nu_str){ line, (size_t)len });
    free(line);
    return copy;
}

static bool begins_with_any(nu_str answer, const char *letters)
{
    return answer.len && strchr(letters, answer.ptr[0]);
}

/* Nothing but Enter is no, the first time. */
static bool ask_boolean(const nu_command_run *run, nu_str question)
{
    nu_str answer;

    nu__ask(run, nu_fmt("{} ", question));
    answer = nu__read_answer();
    if (!answer.len)
        return false;
    while (!begins_with_any(answer, "yYnN")) {
        nu__ask(run, S("Please answer yes or no: "));
        answer = nu__read_answer();
    }
    return begins_with_any(answer, "yY");
}

bool nu__ask_yes(const nu_command_run *run, nu_str question, bool without)
{
    return nu__is_interactive(run) ? ask_boolean(run, question) : without;
}

bool nu__ask_yes_in_full(nu_str text)
{
    char answer[16] = "";

    fwrite(text.ptr, 1, text.len, stdout);
    fflush(stdout);
    return fgets(answer, sizeof answer, stdin) &&
           (!strcmp(answer, "yes\n") || !strcmp(answer, "yes"));
}

/* 0: it is none of `n`. */
static size_t choice_of(nu_str answer, size_t n)
{
    char *end;
    long value = strtol(answer.ptr, &end, 10);

    end += strspn(end, " \t");
    return !*end && value > 0 && (size_t)value <= n ? (size_t)value : 0;
}

size_t nu__ask_choice(const nu_command_run *run, nu_str question, const char *const *choices)
{
    size_t n = 0, chosen;

    nu__ask(run, nu_fmt("{}\n", question));
    for (; choices[n]; n++)
        nu__ask(run, nu_fmt(" {}) {}\n", (int64_t)n + 1, choices[n]));
    nu__ask(run, S("Select an option: "));
    while (!(chosen = choice_of(nu__read_answer(), n)))
        nu__ask(run, S("Please select a valid option: "));
    return chosen;
}
