#include "conf/parse.h"

#include "conf/settings.h"
#include "core/buf.h"
#include "utils/regex.h"

#include <string.h>

bool nu__conf_bool(nu_str text, bool *out)
{
    static const struct {
        const char *word;
        bool value;
    } words[] = {
        { "1", true },  { "true", true },   { "yes", true }, { "on", true },
        { "0", false }, { "false", false }, { "no", false }, { "off", false },
    };
    nu_str bare = nu_lower(nu_trim(text));

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (nu_eq(bare, words[i].word)) {
            *out = words[i].value;
            return true;
        }
    return false;
}

bool nu__conf_int(nu_str text, int64_t *out)
{
    nu_str bare = nu_trim(text);
    int64_t number = 0;

    for (size_t i = 0; i < bare.len; i++) {
        char c = bare.ptr[i];

        if (c == '_' && i) /* 2_621_440, as Python writes it */
            continue;
        if (c < '0' || c > '9' || __builtin_mul_overflow(number, 10, &number) ||
            __builtin_add_overflow(number, c - '0', &number))
            return false;
    }
    *out = number;
    return bare.len > 0;
}

static nu_list *split(nu_str text, char by)
{
    nu_list *items = nu_list_new();

    while (text.len) {
        const char *end = memchr(text.ptr, by, text.len);
        size_t n = end ? (size_t)(end - text.ptr) : text.len;
        nu_str item = nu_trim((nu_str){ text.ptr, n });

        if (item.len)
            nu_list_append(items, item);
        n += end != NULL;
        text = (nu_str){ text.ptr + n, text.len - n };
    }
    return items;
}

nu_list *nu__conf_items(nu_str text)
{
    return split(text, ',');
}

static nu_str regex_wrong(nu_str item)
{
    char error[96];
    nu__re *regex = nu__re_compile(item, 0, error);

    if (!regex)
        return nu_fmt("\"{}\" is not a valid regular expression: {}.", item, (const char *)error);
    nu__re_free(regex);
    return (nu_str){ 0 };
}

static nu_str origin_wrong(nu_str item)
{
    if (memmem(item.ptr, item.len, "://", 3))
        return (nu_str){ 0 };
    return nu_fmt("each origin must start with a scheme (usually http:// or https://), but “{}” "
                  "has none.",
                  item);
}

nu_str nu__conf_items_wrong(const nu_list *items, unsigned flags)
{
    for (size_t i = 0; i < nu_list_len(items); i++) {
        nu_str item = nu_at(items, i).s, what = { 0 };

        if (flags & NU__SETTING_REGEX)
            what = regex_wrong(item);
        else if (flags & NU__SETTING_ORIGINS)
            what = origin_wrong(item);
        if (what.len)
            return what;
    }
    return (nu_str){ 0 };
}

static nu_str word_found(nu_str text, const nu_list *words, unsigned flags)
{
    for (size_t i = 0; i < nu_list_len(words); i++) {
        nu_str word = nu_at(words, i).s;

        if (nu_eq_(text, word) ||
            (flags & NU__SETTING_ANY_CASE && nu_eq_(nu_lower(text), nu_lower(word))))
            return word;
    }
    return (nu_str){ 0 };
}

nu_str nu__conf_allowed(nu_str text, nu_str allowed, unsigned flags, nu_str *what)
{
    nu_list *words = split(allowed, '|');
    nu_list *given = flags & NU__SETTING_WORDS ? nu__conf_items(text) : NU_LIST(nu_trim(text));
    nu__buf out = { 0 };

    for (size_t i = 0; i < nu_list_len(given); i++) {
        nu_str word = word_found(nu_at(given, i).s, words, flags);

        if (!word.ptr) {
            nu__buf all = { 0 };

            for (size_t k = 0; k < nu_list_len(words); k++)
                nu__buf_fmt(&all, "{}{}", k ? ", " : "", nu_at(words, k));
            *what = nu_fmt("allowed are {}.", nu__buf_str(&all));
            return text;
        }
        nu__buf_fmt(&out, "{}{}", i ? "," : "", word);
    }
    return nu__buf_str(&out);
}
