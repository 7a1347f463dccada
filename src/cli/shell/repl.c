/* The prompt: lines into pieces of code. */
#include "cli/shell/session.h"

#include "cli/shell/interrupts.h"
#include "cli/shell/line_editor.h"
#include "cli/shell/syntax.h"
#include <nuages/version.h>

#include <stdio.h>

/* One piece: lines until it means something. false: the end of input. */
static bool read_piece(nu__line_editor *editor, nu_str *code)
{
    nu__buf text = { 0 };
    nu_str line;

    for (;;) {
        switch (nu__line_editor_read(editor, text.len ? "... " : ">>> ", &line)) {
        case NU__LINE_END:
            *code = nu__buf_str(&text);
            return false;
        case NU__LINE_INTERRUPTED:
            fputs("KeyboardInterrupt\n", stderr);
            text = (nu__buf){ 0 };
            continue;
        case NU__LINE_READ:
            nu__buf_str_add(&text, line);
            nu__buf_char(&text, '\n');
        }
        *code = nu__buf_str(&text);
        if (!nu__py_needs_more(*code))
            return true;
    }
}

static bool is_exit(nu_str code)
{
    nu_str text = nu_trim(code);

    return nu_eq(text, "exit") || nu_eq(text, "quit") || nu_eq(text, "exit()") ||
           nu_eq(text, "quit()");
}

int nu__py_repl(nu__py_session *session)
{
    struct sigaction *before = nu__py_heed_interrupts();
    nu__line_editor *editor;
    nu_str code;

    nu_defer(nu__py_restore_interrupts, before);
    editor = nu__line_editor_open(session->globals);
    nu_defer(nu__line_editor_close, editor);
    printf("Nuages %s. The site's models are at hand; Tab completes, Ctrl-D ends, help tells "
           "more.\n",
           NU_VERSION);
    if (session->rollback)
        puts("What is written is undone after each piece of code.");
    while (read_piece(editor, &code)) {
        if (is_exit(code))
            return 0;
        if (!nu_trim(code).len)
            continue;
        nu__line_editor_remember(editor, code);
        if (nu_eq_(nu_trim(code), S("help"))) /* what a stranger types first */
            code = S("help()");
        (void)nu__py_session_run(session, code);
    }
    puts("");
    return 0;
}
