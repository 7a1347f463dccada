/* Lines at a prompt without an editor: what a build without libedit has. */
#include "cli/shell/line_editor.h"

#include <stdio.h>
#include <stdlib.h>

struct nu__line_editor {
    char *line;
    size_t cap;
};

nu__line_editor *nu__line_editor_open(const nu__py_scope *scope)
{
    (void)scope;
    return nu_alloc(nu__line_editor);
}

void nu__line_editor_close(void *arg)
{
    free(((nu__line_editor *)arg)->line);
}

nu__line_status nu__line_editor_read(nu__line_editor *editor, const char *prompt, nu_str *line)
{
    ssize_t n;

    fputs(prompt, stdout);
    fflush(stdout);
    n = getline(&editor->line, &editor->cap, stdin);
    if (n < 0)
        return NU__LINE_END;
    n -= n && editor->line[n - 1] == '\n';
    *line = nu_copy((nu_str){ editor->line, (size_t)n });
    return NU__LINE_READ;
}

void nu__line_editor_remember(nu__line_editor *editor, nu_str code)
{
    (void)editor, (void)code;
}
