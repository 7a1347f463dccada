/* {% lorem %}: text that looks like Latin. */
#include "core/text.h"
#include "template/numbers.h"
#include "template/tags/tags.h"
#include "utils/crypto.h"

enum { MAX_COUNT = 1000000 };

static const char common_paragraph[] =
    "Lorem ipsum dolor sit amet, consectetur adipisicing elit, sed do eiusmod tempor incididunt ut "
    "labore et dolore magna aliqua. Ut enim ad minim veniam, quis nostrud exercitation ullamco "
    "laboris nisi ut aliquip ex ea commodo consequat. Duis aute irure dolor in reprehenderit in "
    "voluptate velit esse cillum dolore eu fugiat nulla pariatur. Excepteur sint occaecat "
    "cupidatat non proident, sunt in culpa qui officia deserunt mollit anim id est laborum.";

/* What begins with the common words, then the rest to choose from. */
enum { COMMON_WORDS = 19 };
static const char *const words[] = {
    "lorem",  "ipsum",    "dolor",    "sit",     "amet",      "consectetur", "adipisicing",
    "elit",   "sed",      "do",       "eiusmod", "tempor",    "incididunt",  "ut",
    "labore", "et",       "dolore",   "magna",   "aliqua",    "amor",        "animus",
    "aqua",   "arbor",    "ars",      "aurum",   "bellum",    "caelum",      "campus",
    "caput",  "carmen",   "causa",    "civitas", "cor",       "cura",        "dies",
    "dux",    "fabula",   "fama",     "fides",   "flumen",    "forma",       "fortuna",
    "gens",   "gloria",   "gratia",   "homo",    "honor",     "hora",        "hortus",
    "ignis",  "imperium", "ingenium", "insula",  "iter",      "ius",         "laetitia",
    "lex",    "liber",    "littera",  "locus",   "luna",      "lux",         "mare",
    "mens",   "modus",    "mons",     "mores",   "mundus",    "natura",      "navis",
    "nomen",  "nox",      "numerus",  "oculus",  "omnis",     "opus",        "oratio",
    "ordo",   "otium",    "pars",     "patria",  "pax",       "populus",     "portus",
    "ratio",  "regnum",   "res",      "rosa",    "sapientia", "schola",      "sermo",
    "silva",  "sol",      "spes",     "stella",  "tempus",    "terra",       "umbra",
    "unda",   "urbs",     "ventus",   "verbum",  "veritas",   "via",         "virtus",
    "vis",    "vita",     "voluntas", "vox",     "vultus",
};
enum { WORDS = sizeof(words) / sizeof(*words) };

static void add_words(nu__buf *out, int64_t count, bool common)
{
    for (int64_t i = 0; i < count; i++) {
        const char *word = words[common && i < COMMON_WORDS ? (size_t)i : nu__random_below(WORDS)];

        if (i)
            nu__buf_char(out, ' ');
        nu__buf_add(out, word, strlen(word));
    }
}

/* One to five groups of words with commas between them, and an end. */
static void add_sentence(nu__buf *out)
{
    size_t start = out->len, groups = 1 + nu__random_below(5);

    for (size_t i = 0; i < groups; i++) {
        if (i)
            nu__buf_lit(out, ", ");
        add_words(out, 3 + (int64_t)nu__random_below(10), false);
    }
    out->data[start] = (char)(out->data[start] - 'a' + 'A');
    nu__buf_char(out, nu__random_below(2) ? '?' : '.');
}

static void add_paragraph(nu__buf *out, bool common)
{
    size_t sentences = 1 + nu__random_below(4);

    if (common) {
        nu__buf_add(out, common_paragraph, sizeof(common_paragraph) - 1);
        return;
    }
    for (size_t i = 0; i < sentences; i++) {
        if (i)
            nu__buf_char(out, ' ');
        add_sentence(out);
    }
}

/* Of a count below nothing, as Python slices: the common words but for so many at the end. */
static int64_t word_count(int64_t count, bool common)
{
    int64_t left = common ? COMMON_WORDS + count : 0;

    return count >= 0 ? count : left > 0 ? left : 0;
}

static int64_t count_of(nu_value value)
{
    nu__integer count;

    if (!nu__cast_int_or_overflow(value, &count))
        return 1;
    if (count > MAX_COUNT)
        nu_raise(NU_VALUE_ERROR, "{{% lorem %}} makes no more than {} words or paragraphs, not {}.",
                 MAX_COUNT, nu__integer_value(count));
    return count < -COMMON_WORDS ? -COMMON_WORDS : (int64_t)count;
}

typedef struct lorem {
    const nu_template_expression *count;
    char method; /* w words, p paragraphs as HTML, b plain blocks */
    bool common;
} lorem;

static void render_lorem(const void *data, nu_template_context *context)
{
    const lorem *tag = data;
    int64_t count = count_of(nu_expression_value(tag->count, context));

    if (tag->method == 'w') {
        add_words(context->out, word_count(count, tag->common), tag->common);
        return;
    }
    for (int64_t i = 0; i < count; i++) {
        nu__buf_str_add(context->out, i ? S("\n\n") : S(""));
        nu__buf_str_add(context->out, tag->method == 'p' ? S("<p>") : S(""));
        add_paragraph(context->out, tag->common && !i);
        nu__buf_str_add(context->out, tag->method == 'p' ? S("</p>") : S(""));
    }
}

static bool is_method(nu_str word)
{
    return word.len == 1 && strchr("wpb", word.ptr[0]);
}

void nu__compile_lorem(nu_template_parser *parser)
{
    nu__words bits = nu__parser_words(parser);
    lorem *tag = nu_alloc(lorem);

    tag->common = !nu_eq(bits.items[bits.len - 1], "random");
    bits.len -= !tag->common;
    tag->method =
        bits.len && is_method(bits.items[bits.len - 1]) ? bits.items[--bits.len].ptr[0] : 'b';
    tag->count = nu_parser_expression(parser, bits.len > 1 ? bits.items[--bits.len] : S("1"));
    if (bits.len != 1)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "Incorrect format for 'lorem' tag");
    nu_parser_emit(parser, render_lorem, tag);
}
