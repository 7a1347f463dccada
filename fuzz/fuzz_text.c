/* Text for people: each function gives valid text of the shape it promises. The last check gives
   them bytes that are no UTF-8 at all: they may answer anything, and read nothing past the end. */
#include "target.h"
#include "utils/text.h"

static size_t visible(nu_str text)
{
    return nu__utf8_count(nu__truncate_chars(text, INT64_MAX, (nu_str){ 0 }));
}

static bool is_slug(nu_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-' && c != '_')
            return false;
    }
    return true;
}

static void check_slugs(nu_str text)
{
    nu_str slug = nu_slugify(text);

    FUZZ_CHECK(is_slug(slug));
    FUZZ_SAME(nu_slugify(slug), slug);
    FUZZ_UTF8(nu__slugify_unicode(text));
}

static void check_file_name(nu_str text)
{
    nu_str *name = nu_alloc(nu_str);

    if (nu_catch(NU_SUSPICIOUS_FILE_OPERATION, *name = nu__get_valid_filename(text)))
        return;
    FUZZ_UTF8(*name);
    FUZZ_CHECK(name->len && !nu_eq(*name, ".") && !nu_eq(*name, ".."));
    FUZZ_CHECK(!memchr(name->ptr, '/', name->len) && !memchr(name->ptr, ' ', name->len));
}

static void check_cut(nu_str text)
{
    static const int64_t lengths[] = { 0, 1, 3, 20 };

    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        nu_str cut = nu__truncate_chars(text, lengths[i], S("."));

        FUZZ_UTF8(cut);
        FUZZ_CHECK(visible(cut) <= visible(text) + 1);
        FUZZ_UTF8(nu__truncate_words(text, lengths[i], S(".")));
        FUZZ_UTF8(nu_truncate_words(text, (int)lengths[i]));
    }
}

static void check_cases(nu_str text)
{
    nu_str lower = nu_lower(text), upper = nu_upper(text);

    FUZZ_UTF8(lower);
    FUZZ_UTF8(upper);
    FUZZ_SAME(nu_upper(upper), upper);
    FUZZ_UTF8(nu__title(text));
    FUZZ_UTF8(nu__capfirst(text));
    FUZZ_SAME(nu__casefold(nu__casefold(text)), nu__casefold(text));
    FUZZ_SAME(nu__normalize_c(nu__normalize_c(text)), nu__normalize_c(text));
    FUZZ_UTF8(nu__normalize_kc(text));
}

static void check_pieces(nu_str text)
{
    nu_list *words = nu__split_space(text), *bits = nu__smart_split(text);
    nu_str literal;

    for (size_t i = 0; i < nu_list_len(words); i++)
        FUZZ_CHECK(nu_at(words, i).s.len > 0);
    for (size_t i = 0; i < nu_list_len(bits); i++)
        FUZZ_CHECK(nu_at(bits, i).s.len > 0);
    if (nu__unescape_string_literal(text, &literal))
        FUZZ_UTF8(literal);
    FUZZ_SAME(nu__join(S("ab"), nu__split(text, S("ab"))), text);
    FUZZ_SAME(nu__replace(nu__replace(text, S("a"), S("a")), S(""), S("")), text);
}

static void check_lines(nu_str text)
{
    nu_str lines = nu__normalize_newlines(text);

    FUZZ_CHECK(!lines.len || !memchr(lines.ptr, '\r', lines.len));
    FUZZ_UTF8(nu__wrap(text, 10));
    FUZZ_UTF8(nu__camel_case_to_spaces(text));
    FUZZ_UTF8(nu__phone2numeric(text));
    FUZZ_UTF8(nu__repr_str(text));
}

static void check_any_bytes(nu_str bytes)
{
    nu_lower(bytes);
    nu_upper(bytes);
    nu_slugify(bytes);
    nu__title(bytes);
    nu__split_space(bytes);
    nu__utf8_slice(bytes, 1, 5);
    nu__utf8_cut(bytes, 5);
    nu__repr_str(bytes);
    nu__normalize_c(bytes);
    FUZZ_CHECK(nu__utf8_valid_prefix(bytes) <= bytes.len);
    FUZZ_CHECK(nu__utf8_valid(bytes) == (nu__utf8_valid_prefix(bytes) == bytes.len));
}

FUZZ_TARGET(text)
{
    nu_str text = fuzz_as_utf8(input);

    check_slugs(text);
    check_file_name(text);
    check_cut(text);
    check_cases(text);
    check_pieces(text);
    check_lines(text);
    check_any_bytes(input);
}
