/* Lines at a prompt: by libedit. */
#include "cli/shell/line_editor.h"

#include "cli/shell/interrupts.h"
#include "cli/shell/session.h"
#include "core/list.h"

#include <histedit.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <wchar.h>

enum { MOST_HISTORY = 1000, INDENT = 4, SHOWN = 60 };

struct nu__line_editor {
    EditLine *edit;
    History *history;
    const nu__py_scope *scope;
    const char *prompt;
    char *path; /* of the history; NULL: none is kept */
    bool interrupted;
};

static nu__line_editor *editor_of(EditLine *edit)
{
    nu__line_editor *editor;

    el_get(edit, EL_CLIENTDATA, &editor);
    return editor;
}

static char *prompt_of(EditLine *edit)
{
    return (char *)editor_of(edit)->prompt;
}

/* One character; bytes that are none are left out. Not 1: the line ends, as it does by Ctrl-C. */
static int read_key(EditLine *edit, wchar_t *key)
{
    mbstate_t state = { 0 };
    size_t n;
    char byte;
    int got;

    do {
        got = nu__py_read_byte(&byte);
        if (got != 1) {
            editor_of(edit)->interrupted = got < 0;
            return got;
        }
        n = mbrtowc(key, &byte, 1, &state);
        if (n == (size_t)-1)
            state = (mbstate_t){ 0 };
    } while (n > 1);
    return 1;
}

/* ---- completion ------------------------------------------------------------------------------ */

static size_t common_length(const nu_list *found)
{
    nu_str first = found->items[0].s;
    size_t n = first.len;

    for (size_t i = 1; i < found->len; i++) {
        nu_str other = found->items[i].s;
        size_t k = 0;

        while (k < n && k < other.len && first.ptr[k] == other.ptr[k])
            k++;
        n = k;
    }
    return n;
}

static void show(const nu_list *found)
{
    fputc('\n', stdout);
    for (size_t i = 0; i < found->len && i < SHOWN; i++)
        printf("%s%s", nu_copy(found->items[i].s).ptr, i + 1 < found->len ? "  " : "");
    if (found->len > SHOWN)
        printf("… %zu more", found->len - SHOWN);
    fputc('\n', stdout);
    fflush(stdout);
}

static unsigned char complete(EditLine *edit, int key)
{
    const LineInfo *info = el_line(edit);
    nu_str line = { info->buffer, (size_t)(info->cursor - info->buffer) };
    size_t from, common;
    nu_list *found;

    (void)key;
    if (!nu_trim(line).len)
        return el_insertstr(edit, "    ") ? CC_ERROR : CC_REFRESH;
    found = nu__py_complete(editor_of(edit)->scope, line, &from);
    if (!found->len)
        return CC_REFRESH_BEEP;
    common = common_length(found);
    if (common > line.len - from) {
        nu_str more = { found->items[0].s.ptr + (line.len - from), common - (line.len - from) };

        return el_insertstr(edit, nu_copy(more).ptr) ? CC_ERROR : CC_REFRESH;
    }
    if (found->len == 1)
        return CC_NORM;
    show(found);
    return CC_REDISPLAY;
}

/* ---- history --------------------------------------------------------------------------------- */

static char *history_path(void)
{
    const char *given = getenv("NUAGES_SHELL_HISTORY"), *home = getenv("HOME");
    char *path = NULL;

    if (given)
        return *given ? strdup(given) : NULL;
    if (home && asprintf(&path, "%s/.nuages_shell_history", home) < 0)
        path = NULL;
    return path;
}

static void load_history(nu__line_editor *editor)
{
    HistEvent event;

    editor->history = history_init();
    if (!editor->history)
        return;
    history(editor->history, &event, H_SETSIZE, MOST_HISTORY);
    history(editor->history, &event, H_SETUNIQUE, 1);
    editor->path = history_path();
    if (editor->path)
        history(editor->history, &event, H_LOAD, editor->path);
    el_set(editor->edit, EL_HIST, history, editor->history);
}

static void save_history(nu__line_editor *editor)
{
    mode_t before = umask(077);
    HistEvent event;

    if (editor->path && history(editor->history, &event, H_SAVE, editor->path) < 0)
        fprintf(stderr, "The history was not kept: %s can't be written.\n", editor->path);
    umask(before);
}

void nu__line_editor_remember(nu__line_editor *editor, nu_str code)
{
    nu_str text = nu_trim(code);
    HistEvent event;

    if (editor->history && !memchr(text.ptr, '\n', text.len))
        history(editor->history, &event, H_ENTER, nu_copy(text).ptr);
}

/* ---- the editor ------------------------------------------------------------------------------ */

nu__line_editor *nu__line_editor_open(const nu__py_scope *scope)
{
    nu__line_editor *editor = nu_alloc(nu__line_editor);

    editor->scope = scope;
    setlocale(LC_CTYPE, "C.UTF-8"); /* libedit reads wide characters */
    editor->edit = el_init("nuages", stdin, stdout, stderr);
    if (!editor->edit)
        nu_raise(NU_OS_ERROR, "the line editor does not start: is TERM set?");
    el_set(editor->edit, EL_CLIENTDATA, editor);
    el_set(editor->edit, EL_PROMPT, prompt_of);
    el_set(editor->edit, EL_EDITOR, "emacs");
    el_set(editor->edit, EL_SETTY, "-d", "quit=", "susp=", NULL); /* of the signals, Ctrl-C alone */
    el_set(editor->edit, EL_GETCFN, read_key);
    /* the wide form: the other one copies its texts and never frees them */
    el_wset(editor->edit, EL_ADDFN, L"nu-complete", L"Complete a name", complete);
    el_set(editor->edit, EL_BIND, "^I", "nu-complete", NULL);
    el_set(editor->edit, EL_BIND, "^R", "em-inc-search-prev", NULL);
    load_history(editor);
    el_source(editor->edit, NULL); /* ~/.editrc */
    return editor;
}

void nu__line_editor_close(void *arg)
{
    nu__line_editor *editor = arg;

    if (editor->history) {
        save_history(editor);
        history_end(editor->history);
    }
    el_end(editor->edit);
    free(editor->path);
}

nu__line_status nu__line_editor_read(nu__line_editor *editor, const char *prompt, nu_str *line)
{
    const char *text;
    int n = 0;

    editor->prompt = prompt;
    editor->interrupted = false;
    el_set(editor->edit, EL_PREP_TERM,
           1); /* before the prompt: the keys after it are the editor's */
    text = el_gets(editor->edit, &n);
    if (editor->interrupted) {
        fputc('\n', stdout);
        return NU__LINE_INTERRUPTED;
    }
    if (!text || n <= 0)
        return NU__LINE_END;
    n -= text[n - 1] == '\n';
    *line = nu_copy((nu_str){ text, (size_t)n });
    return NU__LINE_READ;
}
