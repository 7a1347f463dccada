/**
 * @file
 * Form fields: what text is accepted, and with which words it is refused.
 *
 * One row for each of Django's form field classes. A field is a row with options;
 * nu__form_field_init gives it the widget, HTML attributes and validators that Django's constructor
 * would.
 *
 *   nu__form_field_clean
 *     -> type->to_python    text or file -> value ("Enter a valid date.")
 *     -> required?          "This field is required."
 *     -> type->validate     choices, finite numbers
 *     -> lengths, ranges, digits, the model's and the user's validators
 */
#pragma once
#include "db/models/validators.h"
#include "forms/widgets.h"

#include <nuages/forms.h>
#include <nuages/models.h>

typedef struct nu__form_field nu__form_field;
typedef struct nu__form_field_type nu__form_field_type;

struct nu__form_field_type {
    const char *name;          /* Django's class: "CharField" */
    const char *widget;        /* its default widget's class */
    const char *hidden_widget; /* missing: HiddenInput */
    const char *invalid;
    /* The value of what the widget found. false: refused, with errors added. */
    bool (*to_python)(const nu__form_field *field, nu_value in, nu_value *out, nu_list *errors);
    bool (*validate)(const nu__form_field *field, nu_value value, nu_list *errors);
    /* The value as the widget shows it again; missing: as it is. */
    nu_value (*prepare)(const nu__form_field *field, nu_value value);
    /* The value that a bound form shows; missing: what was sent. */
    nu_value (*bound)(const nu__form_field *field, nu_value data, nu_value initial);
    /* The class's own validator: an address, a slug. Adds its errors. */
    void (*check)(const nu__form_field *field, nu_value value, nu_list *errors);
    /* After the validators: those of an array's items. */
    void (*check_items)(const nu__form_field *field, nu_value value, nu_list *errors);
    /* The last step, with a valid value in `out`; missing: typed choices are coerced. */
    bool (*settle)(const nu__form_field *field, nu_value *out, nu_list *errors);
    /* All of cleaning, in place of the steps above. */
    bool (*clean)(const nu__form_field *field, nu_value in, nu_value *out, nu_list *errors);
    /* Whether what was sent differs from the first value; missing: their Python values do. */
    bool (*changed)(const nu__form_field *field, nu_value initial, nu_value data);
    const char *base;  /* of a range: the class of its two ends */
    bool text;         /* lengths are checked */
    bool number;       /* ranges are checked, and stand in the widget's attributes */
    bool choices;      /* one or several of field->choices */
    bool keeps_spaces; /* around the text, unless it says otherwise */
    bool file;
    bool tick;             /* false is not filled in */
    bool converts_initial; /* to_python of the first value too, before it is compared */
    bool never_missing;    /* whatever `required` says */
    int max_length;
};

struct nu__form_field {
    const nu__form_field_type *type;
    nu_str name, label, help_text;
    bool has_label; /* else made from the name */
    bool required, disabled, strip, allow_empty_file, empty_null;
    bool localize;              /* numbers as the language writes them, both ways */
    bool allow_unicode;         /* of slugs */
    bool unpack_ipv4;           /* "::ffff:1.2.3.4" is 1.2.3.4 */
    int protocol;               /* of GenericIPAddressField: 4, 6, 0: both */
    const char *assume_scheme;  /* of URLField; NULL: "http" */
    const struct nu__re *regex; /* of RegexField */
    bool show_hidden_initial; /* the first value goes along, hidden: it may differ the next time */
    nu_value initial;
    nu_value (*initial_call)(void);
    int64_t max_length, min_length;                                 /* -1: none */
    int max_digits, decimal_places;                                 /* -1: none */
    nu_value min_value, max_value, step_size;                       /* null: none */
    nu_value (*coerce)(const nu__form_field *field, nu_value text); /* of typed choices */
    nu__choices choices;
    nu_dict *error_messages;        /* code -> text; NULL: Django's own */
    const nu_validator *validators; /* ends with one without a check */
    nu_list *input_formats;         /* of dates and times; NULL: the locale's */
    nu_list *input_time_formats;    /* of SplitDateTimeField's time */
    /* What an array's items or a range's ends are; made for ranges that have none yet. */
    nu__form_field *base;
    nu_str delimiter;           /* between the items of SimpleArrayField; {NULL, 0}: "," */
    size_t size;                /* of SplitArrayField: how many inputs */
    bool remove_trailing_nulls; /* of SplitArrayField: empty inputs at the end are no items */
    const char *default_bounds; /* of a range; NULL: "[)" */
    /* fields made of a model's field */
    const struct nu__field *model_field;
    nu_query *queryset; /* choices that are rows */
    nu_str empty_label; /* of such; {NULL, 0}: no empty choice */
    const nu_form_override *override;
    nu__widget widget;
};

const nu__form_field_type *nu__form_field_type_find(nu_str name);

/* Zero values that mean "none", and the row. */
void nu__form_field_begin(nu__form_field *field, const nu__form_field_type *type, nu_str name);
/* After the options are set: the widget (NULL: the row's own) with its attributes. */
void nu__form_field_finish(nu__form_field *field, const nu__widget_type *widget);

/* Convert and check; `initial` matters for files. false: `errors` has got dicts {message, code}. */
bool nu__form_field_clean(const nu__form_field *field, nu_value in, nu_value initial, nu_value *out,
                          nu_list *errors);
/* Is it filled in, and one of the choices? A part of cleaning, for arrays. */
bool nu__form_field_validate(const nu__form_field *field, nu_value value, nu_list *errors);
bool nu__form_field_has_changed(const nu__form_field *field, nu_value initial, nu_value data);
nu_value nu__form_field_prepare(const nu__form_field *field, nu_value value);

/* Add an error, translated; `code` may have a text of its own in field->error_messages. In both
   %(name)s is one of `params` (NULL: none). */
void nu__form_field_error(const nu__form_field *field, nu_list *errors, const char *code,
                          nu_str message, const nu__message_param *params);
/* The same with a message that is in its final words already. */
void nu__form_field_tell(const nu__form_field *field, nu_list *errors, const char *code,
                         nu_str message, const nu__message_param *params);
/* NU__PARAMS({ "value", V(x) }, …) */
#define NU__PARAMS(...) ((const nu__message_param[]){ __VA_ARGS__, { NULL, { 0 } } })
