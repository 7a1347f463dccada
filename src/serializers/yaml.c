/* YAML by libyaml, with the implicit types of PyYAML's safe loader: what they are, not how they
   look, decides whether a text is quoted. */
#include "core/object.h"
#include "core/text.h"
#include "serializers/formats.h"
#include "utils/regex.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

enum { MOST_DEPTH = 200 };

/* ---- implicit types -------------------------------------------------------------------------- */

typedef enum type { TEXT, BOOL, FLOAT, INT, NULL_TYPE, OTHER, TYPES } type;

static const struct {
    type type;
    const char *pattern; /* PyYAML's */
} implicit[] = {
    { BOOL, "(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)" },
    { FLOAT, "(?:[-+]?(?:[0-9][0-9_]*)\\.[0-9_]*(?:[eE][-+][0-9]+)?"
             "|\\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?"
             "|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\\.[0-9_]*"
             "|[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN))" },
    { INT, "(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+"
           "|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)" },
    { NULL_TYPE, "(?:~|null|Null|NULL|)" },
    { OTHER, "(?:<<|=)" },
    { OTHER, "(?:[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"
             "|[0-9][0-9][0-9][0-9]-[0-9][0-9]?-[0-9][0-9]?(?:[Tt]|[ \\t]+)[0-9][0-9]?"
             ":[0-9][0-9]:[0-9][0-9](?:\\.[0-9]*)?"
             "(?:[ \\t]*(?:Z|[-+][0-9][0-9]?(?::[0-9][0-9])?))?)" },
};
enum { IMPLICIT = sizeof implicit / sizeof *implicit };

/* Compiled once a thread, and kept. */
static bool matches(size_t i, nu_str text)
{
    static _Thread_local nu__re *compiled[IMPLICIT];
    char why[96];

    if (!compiled[i])
        compiled[i] = nu__re_compile(nu_s(implicit[i].pattern), NU__RE_FULLMATCH, why);
    return compiled[i] && nu__re_test(compiled[i], text);
}

/* Only texts that begin so can be anything but text. */
static bool may_be_implicit(nu_str text)
{
    return !text.len || strchr("-+0123456789.yYnNtTfFoO~<=", text.ptr[0]);
}

static type type_of(nu_str text)
{
    for (size_t i = 0; may_be_implicit(text) && i < IMPLICIT; i++)
        if (matches(i, text))
            return implicit[i].type;
    return TEXT;
}

/* ---- writing --------------------------------------------------------------------------------- */

static int add_bytes(void *self, unsigned char *bytes, size_t len)
{
    nu__buf_add(self, bytes, len);
    return 1;
}

static void emit(yaml_emitter_t *emitter, yaml_event_t *event, int made)
{
    if (!made || !yaml_emitter_emit(emitter, event))
        nu_raise(NU_VALUE_ERROR, "YAML can't be written: {}",
                 emitter->problem ? emitter->problem : "no memory");
}

static void emit_text(yaml_emitter_t *emitter, nu_str text, bool plain)
{
    yaml_event_t event;

    emit(emitter, &event,
         yaml_scalar_event_initialize(
             &event, NULL, (const yaml_char_t *)(plain ? YAML_INT_TAG : YAML_STR_TAG),
             (const yaml_char_t *)(text.ptr ? text.ptr : ""), (int)text.len,
             plain || type_of(text) == TEXT, !plain, YAML_PLAIN_SCALAR_STYLE));
}

static void emit_float(yaml_emitter_t *emitter, nu_value value)
{
    nu_str text = nu_lower(nu_string(nu__value_text(value)));

    if (nu_eq(text, "nan") || nu_eq(text, "inf"))
        text = nu_fmt(".{}", text);
    else if (nu_eq(text, "-inf"))
        text = S("-.inf");
    else if (nu__find(text, S(".")) < 0 && nu__find(text, S("e")) >= 0)
        text = nu__replace(text, S("e"), S(".0e"));
    emit_text(emitter, text, true);
}

static void emit_value(yaml_emitter_t *emitter, nu_value value, int depth);

static void emit_list(yaml_emitter_t *emitter, const nu_list *list, int depth)
{
    yaml_event_t event;

    emit(emitter, &event,
         yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, YAML_BLOCK_SEQUENCE_STYLE));
    for (size_t i = 0; i < nu_list_len(list); i++)
        emit_value(emitter, nu_at(list, i), depth + 1);
    emit(emitter, &event, yaml_sequence_end_event_initialize(&event));
}

static void emit_dict(yaml_emitter_t *emitter, const nu_dict *dict, int depth)
{
    yaml_event_t event;

    emit(emitter, &event,
         yaml_mapping_start_event_initialize(&event, NULL, NULL, 1, YAML_BLOCK_MAPPING_STYLE));
    for (size_t i = 0; i < nu_dict_len(dict); i++) {
        emit_text(emitter, nu_dict_key(dict, i), false);
        emit_value(emitter, nu_dict_value(dict, i), depth + 1);
    }
    emit(emitter, &event, yaml_mapping_end_event_initialize(&event));
}

static void emit_value(yaml_emitter_t *emitter, nu_value value, int depth)
{
    if (depth > MOST_DEPTH)
        nu_raise(NU_VALUE_ERROR, "a value is nested over {} deep", (int64_t)MOST_DEPTH);
    switch (value.kind) {
    case NU_KIND_LIST:
        emit_list(emitter, value.list, depth);
        return;
    case NU_KIND_DICT:
        emit_dict(emitter, value.dict, depth);
        return;
    case NU_KIND_NULL:
        emit_text(emitter, S("null"), true);
        return;
    case NU_KIND_BOOL:
        emit_text(emitter, value.b ? S("true") : S("false"), true);
        return;
    case NU_KIND_FLOAT:
        emit_float(emitter, value);
        return;
    case NU_KIND_STR:
    case NU_KIND_DECIMAL:
    case NU_KIND_TIME:
        emit_text(emitter, nu_string(nu__value_text(value)), false);
        return;
    default:
        emit_text(emitter, nu_string(nu__value_text(value)), true);
    }
}

static void begin(nu__buf *out, int indent)
{
    (void)out, (void)indent;
}

static void drop_emitter(void *emitter)
{
    yaml_emitter_delete(emitter);
}

/* A list of one item; lists one after the other are one list. */
static void write(nu__buf *out, const nu__record *record, int indent, bool first)
{
    yaml_emitter_t emitter;
    yaml_event_t event;

    (void)first;
    if (!yaml_emitter_initialize(&emitter))
        nu_raise(NU_MEMORY_ERROR, "no memory for writing YAML");
    nu_defer(drop_emitter, &emitter);
    yaml_emitter_set_output(&emitter, add_bytes, out);
    yaml_emitter_set_unicode(&emitter, 1);
    if (indent)
        yaml_emitter_set_indent(&emitter, indent);
    emit(&emitter, &event, yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING));
    emit(&emitter, &event, yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1));
    emit_list(&emitter, NU_LIST(nu__record_dict(record)), 0);
    emit(&emitter, &event, yaml_document_end_event_initialize(&event, 1));
    emit(&emitter, &event, yaml_stream_end_event_initialize(&event));
}

static void end(nu__buf *out, int indent, bool any)
{
    (void)indent;
    if (!any)
        nu__buf_lit(out, "[]\n");
}

/* ---- reading --------------------------------------------------------------------------------- */

static int64_t sexagesimal(const char *text)
{
    int64_t number = 0;

    for (char *end; *text; text = *end == ':' ? end + 1 : end) {
        number = number * 60 + strtoll(text, &end, 10);
        if (end == text)
            break;
    }
    return number;
}

static nu_value int_of(nu_str text)
{
    nu_str bare = nu__replace(text, S("_"), S(""));
    const char *at = bare.ptr;
    bool negative = *at == '-';
    int base = 10;

    at += *at == '-' || *at == '+';
    if (at[0] == '0' && (at[1] == 'x' || at[1] == 'b')) {
        base = at[1] == 'x' ? 16 : 2;
        at += 2;
    } else if (at[0] == '0' && at[1]) {
        base = 8;
    }
    if (strchr(at, ':'))
        return nu_v_int(negative ? -sexagesimal(at) : sexagesimal(at));
    return nu_v_int(negative ? -strtoll(at, NULL, base) : strtoll(at, NULL, base));
}

static nu_value float_of(nu_str text)
{
    nu_str bare = nu_lower(nu__replace(text, S("_"), S("")));

    if (nu_eq(bare, ".nan"))
        return nu_v_float(__builtin_nan(""));
    if (nu_eq(bare, ".inf") || nu_eq(bare, "+.inf"))
        return nu_v_float(__builtin_inf());
    if (nu_eq(bare, "-.inf"))
        return nu_v_float(-__builtin_inf());
    return nu_v_float(strtod(bare.ptr, NULL));
}

static nu_value scalar_of(const yaml_event_t *event)
{
    nu_str text =
        nu_copy((nu_str){ (const char *)event->data.scalar.value, event->data.scalar.length });

    if (!event->data.scalar.plain_implicit || event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
        return V(text);
    switch (type_of(text)) {
    case BOOL:
        return nu_v_bool(strchr("yYtT", text.ptr[0]) || nu_eq(nu_lower(text), "on"));
    case INT:
        return int_of(text);
    case FLOAT:
        return float_of(text);
    case NULL_TYPE:
        return nu_null();
    default:
        return V(text);
    }
}

typedef struct reading {
    yaml_parser_t parser;
    yaml_event_t event;
    bool has_event;
} reading;

static yaml_event_t *next_event(reading *r)
{
    if (r->has_event)
        yaml_event_delete(&r->event);
    r->has_event = false;
    if (!yaml_parser_parse(&r->parser, &r->event))
        nu_raise(NU_DESERIALIZATION_ERROR, "{}: line {}, column {}",
                 r->parser.problem ? r->parser.problem : "the YAML can't be read",
                 r->parser.problem_mark.line + 1, r->parser.problem_mark.column + 1);
    r->has_event = true;
    return &r->event;
}

static nu_value read_value(reading *r, int depth);

static nu_value read_list(reading *r, int depth)
{
    nu_list *list = nu_list_new();

    while (next_event(r)->type != YAML_SEQUENCE_END_EVENT)
        nu_list_append_(list, read_value(r, depth + 1));
    return V(list);
}

static nu_value read_dict(reading *r, int depth)
{
    nu_dict *dict = nu_dict_new();

    while (next_event(r)->type != YAML_MAPPING_END_EVENT) {
        nu_str key;

        if (r->event.type != YAML_SCALAR_EVENT)
            nu_raise(NU_DESERIALIZATION_ERROR, "a key is no text: line {}",
                     r->event.start_mark.line + 1);
        key = nu_copy(
            (nu_str){ (const char *)r->event.data.scalar.value, r->event.data.scalar.length });
        next_event(r);
        nu_dict_set_str(dict, key, read_value(r, depth + 1));
    }
    return V(dict);
}

/* The value that the current event begins. */
static nu_value read_value(reading *r, int depth)
{
    if (depth > MOST_DEPTH)
        nu_raise(NU_DESERIALIZATION_ERROR, "the YAML is nested over {} deep", (int64_t)MOST_DEPTH);
    switch (r->event.type) {
    case YAML_SEQUENCE_START_EVENT:
        return read_list(r, depth);
    case YAML_MAPPING_START_EVENT:
        return read_dict(r, depth);
    case YAML_SCALAR_EVENT:
        return scalar_of(&r->event);
    default:
        nu_raise(NU_DESERIALIZATION_ERROR, "fixtures have no aliases: line {}",
                 r->event.start_mark.line + 1);
    }
}

static void release(void *self)
{
    reading *r = self;

    if (r->has_event)
        yaml_event_delete(&r->event);
    yaml_parser_delete(&r->parser);
}

static void read(nu_str text, void (*take)(void *self, nu_dict *object), void *self)
{
    reading *r = nu_alloc(reading);
    nu_value value = V(nu_list_new());

    if (!yaml_parser_initialize(&r->parser))
        nu_raise(NU_MEMORY_ERROR, "no memory for reading YAML");
    nu_defer(release, r);
    yaml_parser_set_input_string(&r->parser, (const unsigned char *)text.ptr, text.len);
    while (next_event(r)->type != YAML_STREAM_END_EVENT)
        if (r->event.type == YAML_SEQUENCE_START_EVENT ||
            r->event.type == YAML_MAPPING_START_EVENT ||
            (r->event.type == YAML_SCALAR_EVENT && r->event.data.scalar.length))
            value = read_value(r, 0);
    nu__take_objects(value, take, self);
}

const nu__serializer nu__yaml_serializer = { "yaml", begin, write, end, read };
