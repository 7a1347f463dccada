#define PCRE2_CODE_UNIT_WIDTH 8
#include "utils/regex.h"

#include "loop/valgrind.h"

#include <pcre2.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Steps of the matcher a text may cost: about 10 ms. */
#define MATCH_LIMIT 1000000u
/* The JIT's own stack: fibers have no room for it on theirs. */
#define JIT_STACK_MIN (32u << 10)
#define JIT_STACK_MAX (512u << 10)

struct nu__re {
    pcre2_code *code;
    pcre2_match_data *match;
    uint32_t n_groups;
    nu_str *names; /* by group, 1…n_groups; NULL where none has a name */
};

/* Of a thread: the loop's, and those of databases, whose SQL may match patterns. */
static _Thread_local pcre2_match_context *limits;
static _Thread_local pcre2_jit_stack *jit_stack;
static _Thread_local pcre2_compile_context *newlines;
static pthread_key_t at_thread_end;

static void free_contexts(void *unused)
{
    (void)unused;
    pcre2_match_context_free(limits);
    pcre2_jit_stack_free(jit_stack);
    pcre2_compile_context_free(newlines);
    limits = NULL;
    jit_stack = NULL;
    newlines = NULL;
}

static void make_key(void)
{
    pthread_key_create(&at_thread_end, free_contexts);
}

static void make_contexts(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, make_key);
    pthread_setspecific(at_thread_end, &at_thread_end);
    if (!newlines && (newlines = pcre2_compile_context_create(NULL)))
        pcre2_set_newline(newlines, PCRE2_NEWLINE_LF);
    if (!limits && (limits = pcre2_match_context_create(NULL))) {
        jit_stack = pcre2_jit_stack_create(JIT_STACK_MIN, JIT_STACK_MAX, NULL);
        pcre2_set_match_limit(limits, MATCH_LIMIT);
        pcre2_jit_stack_assign(limits, NULL, jit_stack);
    }
}

static bool contexts_ready(void)
{
    if (!limits || !newlines)
        make_contexts();
    return limits && newlines;
}

/* `{,n}` or `{,}` at `at`, which Python takes for {0,n}. */
static bool quantifier_without_minimum(nu_str pattern, size_t at)
{
    size_t i = at + 2;

    if (pattern.len < at + 3 || pattern.ptr[at] != '{' || pattern.ptr[at + 1] != ',')
        return false;
    while (i < pattern.len && pattern.ptr[i] >= '0' && pattern.ptr[i] <= '9')
        i++;
    return i < pattern.len && pattern.ptr[i] == '}';
}

/* Copy `pattern`, spelling what Python spells otherwise: `\Z` becomes `\z`, `{,n}` becomes `{0,n}`.
   NULL when out of memory; malloc'd. */
static char *spelled_for_pcre(nu_str pattern, size_t *len)
{
    char *out = malloc(2 * pattern.len + 1), *o = out;
    bool in_class = false;

    if (!out)
        return NULL;
    for (size_t i = 0; i < pattern.len; i++) {
        char c = pattern.ptr[i];

        *o++ = c;
        if (c == '\\' && i + 1 < pattern.len) {
            c = pattern.ptr[++i];
            *o++ = c == 'Z' ? 'z' : c;
        } else if (c == '[' || c == ']') {
            in_class = c == '[';
        } else if (!in_class && quantifier_without_minimum(pattern, i)) {
            *o++ = '0';
        }
    }
    *o = 0;
    *len = (size_t)(o - out);
    return out;
}

static uint32_t options_of(unsigned flags)
{
    static const struct {
        unsigned flag;
        uint32_t option;
    } rows[] = {
        { NU__RE_IGNORECASE, PCRE2_CASELESS },
        { NU__RE_MULTILINE, PCRE2_MULTILINE },
        { NU__RE_DOTALL, PCRE2_DOTALL },
        { NU__RE_MATCH, PCRE2_ANCHORED },
        { NU__RE_FULLMATCH, PCRE2_ANCHORED | PCRE2_ENDANCHORED },
    };
    uint32_t options = PCRE2_UTF | PCRE2_UCP;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (flags & rows[i].flag)
            options |= rows[i].option;
    return options;
}

/* Fill regex->names from PCRE2's table: each entry is the number, big-endian, and the name. */
static bool names_read(nu__re *regex)
{
    uint32_t n_names, size;
    PCRE2_SPTR table;

    pcre2_pattern_info(regex->code, PCRE2_INFO_NAMECOUNT, &n_names);
    pcre2_pattern_info(regex->code, PCRE2_INFO_NAMEENTRYSIZE, &size);
    pcre2_pattern_info(regex->code, PCRE2_INFO_NAMETABLE, &table);
    if (!n_names)
        return true;
    regex->names = calloc(regex->n_groups + 1, sizeof(nu_str));
    for (; regex->names && n_names; n_names--, table += size)
        regex->names[table[0] << 8 | table[1]] = nu_s((const char *)table + 2);
    return regex->names != NULL;
}

static void error_text(char error[static 96], int code, size_t offset)
{
    PCRE2_UCHAR message[72];

    if (pcre2_get_error_message(code, message, sizeof(message)) < 0)
        memcpy(message, "it is wrong", sizeof("it is wrong"));
    snprintf(error, 96, "%s at position %zu", (char *)message, offset);
}

nu__re *nu__re_compile(nu_str pattern, unsigned flags, char error[static 96])
{
    nu__re *regex = calloc(1, sizeof(*regex));
    size_t len = 0, offset = 0;
    int code = PCRE2_ERROR_NOMEMORY;
    char *text = spelled_for_pcre(pattern, &len);

    if (regex && text && contexts_ready())
        regex->code =
            pcre2_compile((PCRE2_SPTR)text, len, options_of(flags), &code, &offset, newlines);
    free(text);
    if (!regex || !regex->code)
        goto wrong;
    if (!RUNNING_ON_VALGRIND) /* code made at run time reads whole words past what is set */
        pcre2_jit_compile(regex->code, PCRE2_JIT_COMPLETE);
    pcre2_pattern_info(regex->code, PCRE2_INFO_CAPTURECOUNT, &regex->n_groups);
    regex->match = pcre2_match_data_create_from_pattern(regex->code, NULL);
    if (regex->match && names_read(regex))
        return regex;
    code = PCRE2_ERROR_NOMEMORY;
wrong:
    error_text(error, code, offset);
    nu__re_free(regex);
    return NULL;
}

void nu__re_free(nu__re *regex)
{
    if (!regex)
        return;
    pcre2_match_data_free(regex->match);
    pcre2_code_free(regex->code);
    free(regex->names);
    free(regex);
}

int nu__re_groups(const nu__re *regex)
{
    return (int)regex->n_groups;
}

nu_str nu__re_group_name(const nu__re *regex, int group)
{
    return regex->names ? regex->names[group] : (nu_str){ 0 };
}

static int run(const nu__re *regex, nu_str text, size_t from)
{
    if (!contexts_ready())
        return PCRE2_ERROR_NOMEMORY;
    return pcre2_match(regex->code, (PCRE2_SPTR)(text.ptr ? text.ptr : ""), text.len, from, 0,
                       regex->match, limits);
}

bool nu__re_match(const nu__re *regex, nu_str text, nu__re_group *groups, int n_groups)
{
    return nu__re_match_from(regex, text, 0, groups, n_groups);
}

bool nu__re_match_from(const nu__re *regex, nu_str text, size_t from, nu__re_group *groups,
                       int n_groups)
{
    int found = run(regex, text, from);
    const size_t *spans = pcre2_get_ovector_pointer(regex->match);

    if (found < 0)
        return false;
    for (int i = 0; i < n_groups; i++) {
        bool took = i < found && spans[2 * i] != PCRE2_UNSET;

        groups[i] = took ? (nu_str){ text.ptr + spans[2 * i], spans[2 * i + 1] - spans[2 * i] }
                         : (nu_str){ 0 };
    }
    return true;
}

bool nu__re_test(const nu__re *regex, nu_str text)
{
    return run(regex, text, 0) >= 0;
}
