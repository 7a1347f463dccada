/* Lines at a prompt without an editor: what a build without libedit has. */
#include "cli/shell/line_editor.h"

#include "cli/shell/interrupts.h"

#include <stdio.h>

struct nu__line_editor {
    const nu__py_scope *scope;
};

nu__line_editor *nu__line_editor_open(const nu__py_scope *scope)
{
    nu__line_editor *editor = nu_alloc(nu__line_editor);

    editor->scope = scope;
    return editor;
}

void nu__line_editor_close(void *editor)
{
    (void)editor;
}

nu__line_status nu__line_editor_read(nu__line_editor *editor, const char *prompt, nu_str *line)
{
    nu__buf text = { 0 };
    char byte;
    int got;

    (void)editor;
    fputs(prompt, stdout);
    fflush(stdout);
    while ((got = nu__py_read_byte(&byte)) == 1 && byte != '\n')
        nu__buf_char(&text, byte);
    if (got < 0) {
        putchar('\n');
        return NU__LINE_INTERRUPTED;
    }
    *line = nu__buf_str(&text);
    return got || text.len ? NU__LINE_READ : NU__LINE_END;
}

void nu__line_editor_remember(nu__line_editor *editor, nu_str code)
{
    (void)editor, (void)code;
}
