#include "utils/translation.h"

#include "core/buf.h"
#include "core/text.h"

const nu__translator *nu__translator_installed;

nu_str nu__npgettext(nu_str context, nu_str message, nu_str plural, int64_t count)
{
    if (nu__translator_installed)
        return nu__translator_installed->translate(context, message, plural, count);
    return plural.ptr && count != 1 ? plural : message;
}

nu_str nu__current_language(void)
{
    return nu__translator_installed ? nu__translator_installed->language() : S("en-us");
}

nu_str nu__counted(const char *message, const char *plural, const char *place, int64_t count)
{
    nu_str text = nu__ngettext(nu_s(message), nu_s(plural), count);

    return nu__replace(text, nu_s(place), nu_fmt("{}", count));
}

nu_str nu__trim_message(nu_str text)
{
    nu_list *lines = nu__split(nu_trim(text), S("\n"));
    nu__buf out = { 0 };

    for (size_t i = 0; i < nu_list_len(lines); i++) {
        nu_str line = nu_trim(nu_at(lines, i).s);

        if (!line.len)
            continue;
        if (out.len)
            nu__buf_char(&out, ' ');
        nu__buf_str_add(&out, line);
    }
    return nu__buf_str(&out);
}
