/* Options as C initializers. */
#include "db/migrations/writer_int.h"

void nu__write_string(nu__buf *out, const char *text)
{
    nu__buf_char(out, '"');
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;

        if (c == '"' || c == '\\')
            nu__buf_char(out, '\\');
        if (c == '\n')
            nu__buf_lit(out, "\\n");
        else if (c < 32 || c == 127 || c == '?') /* "??=" would be a trigraph */
            nu__buf_fmt(out, "\\{}{}{}", (int64_t)(c >> 6), (int64_t)((c >> 3) & 7),
                        (int64_t)(c & 7));
        else
            nu__buf_char(out, (char)c);
    }
    nu__buf_char(out, '"');
}

void nu__write_text_option(nu__buf *out, const char *name, const char *value)
{
    if (!value)
        return;
    nu__buf_fmt(out, ", .{} = ", name);
    nu__write_string(out, value);
}

void nu__write_flag(nu__buf *out, const char *name, bool value)
{
    if (value)
        nu__buf_fmt(out, ", .{} = true", name);
}

void nu__write_number(nu__buf *out, const char *name, int64_t value)
{
    if (value)
        nu__buf_fmt(out, ", .{} = {}", name, value);
}

/* `{ "a", "b" }` of texts that end with NULL or at `most`. */
void nu__write_names(nu__buf *out, const char *const *items, size_t most)
{
    nu__buf_lit(out, "{ ");
    for (size_t i = 0; i < most && items[i]; i++) {
        if (i)
            nu__buf_lit(out, ", ");
        nu__write_string(out, items[i]);
    }
    nu__buf_lit(out, " }");
}

/* `, .name = { "a", "b" }`; nothing when it is empty. */
void nu__write_name_list(nu__buf *out, const char *option, const char *const *items, size_t most)
{
    if (!items[0])
        return;
    nu__buf_fmt(out, ", .{} = ", option);
    nu__write_names(out, items, most);
}
