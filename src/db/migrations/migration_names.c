/* What new migrations are called. */
#include "db/migrations/operations.h"

#include "core/text.h"
#include "db/migrations/autodetector.h"
#include "utils/dateformat.h"

#include <nuages/timezone.h>

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

int64_t nu__migration_number(const char *name)
{
    const char *squashed = NULL, *at = name;

    while ((at = strstr(at, "_squashed_"))) {
        at += sizeof "_squashed_" - 1;
        if (isdigit((unsigned char)*at))
            squashed = at;
    }
    return strtol(squashed ? squashed : name, NULL, 10);
}

enum { NAME_MAX_LENGTH = 52 };

/* Of letters beyond ASCII, which Python's \w has too, each byte counts as one. */
static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || (c & 0x80);
}

/* Every run of what is no letter, digit or "_" becomes one "_". */
static nu_str file_word(nu_str text)
{
    nu__buf out = { 0 };

    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if (is_word(c))
            nu__buf_char(&out, c);
        else if (!i || is_word(text.ptr[i - 1]))
            nu__buf_char(&out, '_');
    }
    return nu__buf_str(&out);
}

static nu_str timestamp(void)
{
    return nu_fmt("auto_{}", nu__date_format(V(nu_now()), NULL, S("Ymd_Hi")));
}

nu_str nu__migration_words(const nu_operation *operations, bool initial)
{
    nu_str name = { NULL, 0 };

    if (initial)
        return S("initial");
    for (const nu_operation *op = operations; op->kind; op++)
        if (nu_is_null(nu__operation_type_of(op)->fragment(op)))
            return timestamp();
    for (const nu_operation *op = operations; op->kind; op++) {
        nu_str next = file_word(nu__operation_type_of(op)->fragment(op));
        nu_str longer = name.len ? nu_fmt("{}_{}", name, next) : next;

        if (name.len && nu__utf8_count(longer) > NAME_MAX_LENGTH)
            return nu_fmt("{}_and_more", name);
        name = longer;
    }
    return name.len ? name : timestamp();
}
