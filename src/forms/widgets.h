/**
 * @file
 * Widgets: how a form field looks in HTML, and how its value is found in what a browser sent.
 *
 * One row for each of Django's widget classes. A widget is a row with attributes; rendering writes
 * the bytes of Django's own widget templates.
 */
#pragma once
#include "core/buf.h"
#include "forms/data.h"

typedef struct nu__widget nu__widget;
typedef struct nu__widget_type nu__widget_type;

typedef enum nu__widget_format {
    NU__FORMAT_NONE,
    NU__FORMAT_DATE,
    NU__FORMAT_TIME,
    NU__FORMAT_DATETIME
} nu__widget_format;

struct nu__widget_type {
    const char *name;       /* Django's class: "TextInput" */
    const char *input_type; /* the type attribute, or "select"; NULL: none */
    void (*render)(const nu__widget *widget, nu__buf *out, nu_str name, nu_value value,
                   const nu_dict *attrs);
    nu_value (*from_data)(const nu__widget *widget, const nu__form_data *data, nu_str name);
    nu_value (*as_choice)(nu_value value); /* the option's value for a value; NULL: itself */
    bool multiple; /* several values: SelectMultiple, CheckboxSelectMultiple */
    bool choices;  /* renders options */
    bool fieldset; /* a group with a legend: RadioSelect */
    bool repeats;  /* another widget several times: RangeWidget, SplitArrayWidget */
    bool file;     /* needs multipart/form-data */
    bool numbered; /* options have ids of their own: id_tags_0 */
    const char *default_attrs[2];
    nu__widget_format format; /* dates and times by the locale's first input format */
    /* The parts or choices that every widget of the class has. */
    void (*init)(nu__widget *widget);
    nu_list *(*decompress)(nu_value value); /* of a widget of parts: a value taken apart */
    bool (*omitted)(const nu__widget *widget, const nu__form_data *data, nu_str name);
};

/* The row of a class name; NULL when there is none. `nu__widget_names` lists them for messages. */
const nu__widget_type *nu__widget_type_find(nu_str name);
const char *const *nu__widget_names(size_t *count);

/* A list of options: [value, label] pairs, or [group label, list of pairs]. Made at the first look,
   since it may ask the database. */
typedef struct nu__choices {
    nu_list *items;
    nu_list *(*make)(const void *self);
    const void *self;
} nu__choices;
nu_list *nu__choices_items(nu__choices *choices);

typedef struct nu__widget_part nu__widget_part;

struct nu__widget {
    const nu__widget_type *type;
    nu_str input_type; /* by default the row's; the attribute "type" overrides it */
    nu_dict *attrs;
    nu__choices *choices;
    bool required;
    bool render_value;      /* PasswordInput shows what was sent */
    bool localized;         /* numbers as the language writes them */
    nu_str date_format;     /* in place of the locale's */
    nu__widget_part *parts; /* of MultiWidget */
    size_t n_parts;
    nu_list *years;         /* of SelectDateWidget; NULL: this one and nine more */
    nu_str empty_labels[3]; /* of its year, month and day; null: "---" */
};

struct nu__widget_part {
    nu_str suffix; /* behind the widget's name: "_0" */
    nu__widget widget;
};

void nu__widget_init(nu__widget *widget, const nu__widget_type *type);
/* The parts of a widget that repeats one: `n` times `base`, named name_0, name_1, … */
void nu__widget_repeat(nu__widget *widget, const nu__widget *base, size_t n);
/* "rows=4" or "autofocus", split into the attributes. The text is borrowed. */
void nu__widget_set_attr(nu__widget *widget, const char *attribute);
/* One attribute; the type of an input is its own. */
void nu__widget_set(nu__widget *widget, nu_str name, nu_value value);
bool nu__widget_is_hidden(const nu__widget *widget);
/* Whether HTML allows `required` on it: not on hidden inputs, not on a select whose first option
   has a value, not on a file input that has a file. */
bool nu__widget_may_require(const nu__widget *widget, nu_value initial);
/* The id that a label points to: the first option's of a radio group; null where there is none. */
nu_str nu__widget_id_for_label(const nu__widget *widget, nu_str id);
bool nu__widget_omitted(const nu__widget *widget, const nu__form_data *data, nu_str name);

/* The widget's HTML. `attrs` are added to the widget's own and win over them. */
void nu__widget_render(const nu__widget *widget, nu__buf *out, nu_str name, nu_value value,
                       const nu_dict *attrs);
/* Each option of a choice widget rendered by itself: a list of dicts {tag, label, value, selected,
   id}. */
nu_list *nu__widget_options(const nu__widget *widget, nu_str name, nu_value value,
                            const nu_dict *attrs);
/* ` name="value"` for each; true is a bare name, false is left out. */
void nu__attrs_render(nu__buf *out, const nu_dict *attrs);
/* A value as the text of an input: dates by the format, others as str(); safe text stays safe.
   Null: no value. */
nu_value nu__widget_format_value(const nu__widget *widget, nu_value value);
