/* XML: read by expat. */
#include "core/json.h"
#include "core/object.h"
#include "core/text.h"
#include "serializers/formats.h"

#include <expat.h>
#include <string.h>

/* ---- writing --------------------------------------------------------------------------------- */

static void escape(nu__buf *out, nu_str text, bool attribute)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if ((unsigned char)c < ' ' && c != '\n' && c != '\t' && c != '\r')
            nu_raise(NU_VALUE_ERROR, "Control characters are not supported in XML 1.0");
        if (c == '&')
            nu__buf_lit(out, "&amp;");
        else if (c == '<')
            nu__buf_lit(out, "&lt;");
        else if (c == '>')
            nu__buf_lit(out, "&gt;");
        else if (c == '"' && attribute)
            nu__buf_lit(out, "&quot;");
        else
            nu__buf_char(out, c);
    }
}

static void new_line(nu__buf *out, int indent, int depth)
{
    if (!indent)
        return;
    nu__buf_char(out, '\n');
    nu__buf_fill(out, ' ', (size_t)(indent * depth));
}

/* Field.value_to_string(): date-times with a T. */
static nu_str text_of(nu_value value)
{
    nu_str text = nu_string(nu__value_text(value));

    if (value.kind == NU_KIND_DATETIME)
        text = nu__replace(text, S(" "), S("T"));
    return text;
}

static void write_natural(nu__buf *out, const nu_list *key)
{
    for (size_t i = 0; i < nu_list_len(key); i++) {
        nu__buf_lit(out, "<natural>");
        escape(out, text_of(nu_at(key, i)), false);
        nu__buf_lit(out, "</natural>");
    }
}

static void write_many(nu__buf *out, const nu__record_field *f)
{
    const nu_list *keys = f->value.list;

    for (size_t i = 0; i < nu_list_len(keys); i++) {
        if (f->natural) {
            nu__buf_lit(out, "<object>");
            write_natural(out, nu_at(keys, i).list);
        } else {
            nu__buf_lit(out, "<object pk=\"");
            escape(out, text_of(nu_at(keys, i)), true);
            nu__buf_lit(out, "\">");
        }
        nu__buf_lit(out, "</object>");
    }
}

static void begin_field(nu__buf *out, const nu__record_field *f)
{
    const nu__relation *relation = f->field->relation;

    if (!relation) {
        nu__buf_fmt(out, "<field name=\"{}\" type=\"{}\">", f->field->name,
                    f->field->type->internal);
        return;
    }
    nu__buf_fmt(out, "<field name=\"{}\" rel=\"{}\" to=\"{}.{}\">", f->field->name,
                f->many                ? "ManyToManyRel"
                : relation->one_to_one ? "OneToOneRel"
                                       : "ManyToOneRel",
                relation->to->app_label, relation->to->model_name);
}

static void write_value(nu__buf *out, const nu__record_field *f)
{
    if (f->natural) {
        write_natural(out, f->value.list);
    } else if (f->value.kind == NU_KIND_NULL) {
        nu__buf_lit(out, "<None></None>");
    } else {
        escape(out, nu__field_text(f->field, f->value), false);
    }
}

static void begin(nu__buf *out, int indent)
{
    (void)indent;
    nu__buf_lit(out,
                "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<django-objects version=\"1.0\">");
}

static void write(nu__buf *out, const nu__record *record, int indent, bool first)
{
    (void)first;
    new_line(out, indent, 1);
    nu__buf_fmt(out, "<object model=\"{}.{}\"", record->info->app_label, record->info->model_name);
    if (record->has_pk && record->pk.kind != NU_KIND_NULL) {
        nu__buf_lit(out, " pk=\"");
        escape(out, text_of(record->pk), true);
        nu__buf_char(out, '"');
    }
    nu__buf_char(out, '>');
    for (size_t i = 0; i < record->n_fields; i++) {
        new_line(out, indent, 2);
        begin_field(out, &record->fields[i]);
        if (record->fields[i].many)
            write_many(out, &record->fields[i]);
        else
            write_value(out, &record->fields[i]);
        nu__buf_lit(out, "</field>");
    }
    new_line(out, indent, 1);
    nu__buf_lit(out, "</object>");
}

static void end(nu__buf *out, int indent, bool any)
{
    (void)any;
    new_line(out, indent, 0);
    nu__buf_lit(out, "</django-objects>");
}

/* ---- reading --------------------------------------------------------------------------------- */

typedef struct reading {
    XML_Parser parser;
    nu_dict *object, *fields; /* NULL: outside of one */
    nu_str field;             /* null: outside of one */
    nu_list *many, *natural;  /* NULL: none was there */
    bool is_many, is_null, in_item;
    nu__buf text;
    nu_list *objects;
    bool refused; /* a DTD: entities could grow without bound */
} reading;

static nu_str attribute(const char **attributes, const char *name)
{
    for (; attributes[0]; attributes += 2)
        if (!strcmp(attributes[0], name))
            return nu_copy_cstr(attributes[1]);
    return (nu_str){ 0 };
}

static void start_object(reading *r, const char **attributes)
{
    nu_str pk = attribute(attributes, "pk");

    if (r->field.ptr) {
        r->in_item = true;
        if (pk.ptr)
            nu_list_append(r->many, pk);
        return;
    }
    r->object = nu_dict_new();
    r->fields = nu_dict_new();
    nu_dict_set(r->object, "model", attribute(attributes, "model"));
    if (pk.ptr)
        nu_dict_set(r->object, "pk", pk);
    nu_dict_set(r->object, "fields", r->fields);
}

static void on_start(void *self, const char *name, const char **attributes)
{
    reading *r = self;

    r->text.len = 0;
    if (!strcmp(name, "object")) {
        start_object(r, attributes);
    } else if (!strcmp(name, "field")) {
        r->field = attribute(attributes, "name");
        r->is_many = nu_eq(attribute(attributes, "rel"), "ManyToManyRel");
        r->many = nu_list_new();
        r->natural = NULL;
        r->is_null = false;
    } else if (!strcmp(name, "None")) {
        r->is_null = true;
    }
}

/* What a JSONField holds is JSON in the text. */
static nu_value field_value(const reading *r, nu_str text)
{
    nu__model_info *info = nu__registry_find(nu__models(), nu_string(nu_item(r->object, "model")));
    const nu__field *field = info ? nu__model_field(info, r->field) : NULL;
    nu__json_error error;
    nu_value value;

    if (field && field->type->type == NU_JSON_FIELD && nu__json_try_loads(text, &value, &error))
        return value;
    return V(text);
}

static void end_field(reading *r)
{
    nu_value value = nu_null();

    if (r->is_many)
        value = V(r->many);
    else if (r->natural)
        value = V(r->natural);
    else if (!r->is_null)
        value = field_value(r, nu_copy(nu__buf_str(&r->text)));
    if (r->fields)
        nu_dict_set_str(r->fields, r->field, value);
    r->field = (nu_str){ 0 };
    r->natural = NULL;
}

static void on_end(void *self, const char *name)
{
    reading *r = self;

    if (!strcmp(name, "natural")) {
        r->natural = r->natural ? r->natural : nu_list_new();
        nu_list_append(r->natural, nu_copy(nu__buf_str(&r->text)));
        r->text.len = 0;
    } else if (!strcmp(name, "object") && r->field.ptr) {
        if (r->natural)
            nu_list_append(r->many, r->natural);
        r->natural = NULL;
    } else if (!strcmp(name, "object") && r->object) {
        nu_list_append(r->objects, r->object);
        r->object = r->fields = NULL;
    } else if (!strcmp(name, "field") && r->field.ptr) {
        end_field(r);
    }
}

static void on_text(void *self, const char *text, int len)
{
    reading *r = self;

    nu__buf_str_add(&r->text, (nu_str){ text, (size_t)len });
}

static void on_doctype(void *self, const char *name, const char *system, const char *public,
                       int own)
{
    reading *r = self;

    (void)name, (void)system, (void)public, (void)own;
    r->refused = true;
    XML_StopParser(r->parser, XML_FALSE);
}

static void free_parser(void *parser)
{
    XML_ParserFree(parser);
}

/* The handlers only allocate: what they raise for want of memory is raised through expat, whose
   memory the clean-up gives back. */
static void read(nu_str text, void (*take)(void *self, nu_dict *object), void *self)
{
    reading *r = nu_alloc(reading);
    enum XML_Status status;

    r->objects = nu_list_new();
    r->parser = XML_ParserCreate(NULL);
    if (!r->parser)
        nu_raise(NU_MEMORY_ERROR, "no memory for reading XML");
    nu_defer(free_parser, r->parser);
    XML_SetUserData(r->parser, r);
    XML_SetElementHandler(r->parser, on_start, on_end);
    XML_SetCharacterDataHandler(r->parser, on_text);
    XML_SetStartDoctypeDeclHandler(r->parser, on_doctype);
    status = XML_Parse(r->parser, text.ptr, (int)text.len, 1);
    if (r->refused)
        nu_raise(NU_DESERIALIZATION_ERROR, "DTDForbidden: a fixture may have no <!DOCTYPE>");
    if (status != XML_STATUS_OK)
        nu_raise(NU_DESERIALIZATION_ERROR, "{}: line {}, column {}",
                 (const char *)XML_ErrorString(XML_GetErrorCode(r->parser)),
                 (int64_t)XML_GetCurrentLineNumber(r->parser),
                 (int64_t)XML_GetCurrentColumnNumber(r->parser));
    for (size_t i = 0; i < nu_list_len(r->objects); i++)
        take(self, nu_at(r->objects, i).dict);
}

const nu__serializer nu__xml_serializer = { "xml", begin, write, end, read };
