#include "cli/columns.h"

#include "cli/shell/width.h"
#include "core/text.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { NARROWEST = 20 }; /* below that, lines are what they are */

size_t nu__terminal_columns(int fd)
{
    const char *given = getenv("COLUMNS");
    long columns = given ? strtol(given, NULL, 10) : 0;
    struct winsize size;

    if (columns <= 0 && isatty(fd) && ioctl(fd, TIOCGWINSZ, &size) == 0)
        columns = size.ws_col;
    return columns >= NARROWEST ? (size_t)columns : 0;
}

static void blanks(nu__buf *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        nu__buf_char(out, ' ');
}

void nu__wrap_to(nu__buf *out, nu_list *pieces, size_t at, size_t indent, size_t columns)
{
    for (size_t i = 0; i < nu_list_len(pieces); i++) {
        nu_str piece = nu_string(nu_at(pieces, i));
        size_t width = nu__py_width(piece);

        if (i && columns && at + 1 + width >= columns) {
            nu__buf_char(out, '\n');
            blanks(out, indent);
            at = indent;
        } else if (i) {
            nu__buf_char(out, ' ');
            at++;
        }
        nu__buf_str_add(out, piece);
        at += width;
    }
}

/* The right column keeps half of a narrow terminal. */
static size_t indent_in(size_t indent, size_t columns)
{
    if (!columns || indent * 2 <= columns)
        return indent;
    return columns / 4;
}

void nu__wrap_row_to(nu__buf *out, nu_str left, nu_str right, size_t indent, size_t columns)
{
    size_t width = nu__py_width(left), at = indent_in(indent, columns);

    nu__buf_str_add(out, left);
    if (right.len && columns && width + 1 > at) {
        nu__buf_char(out, '\n');
        blanks(out, at);
    } else if (right.len) {
        blanks(out, width + 1 > at ? 1 : at - width);
    }
    if (right.len)
        nu__wrap_to(out, nu__split(right, S(" ")), at, at, columns);
    nu__buf_char(out, '\n');
}
