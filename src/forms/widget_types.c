/* The rows of widgets. */
#include "forms/widget_types.h"

#define INPUT(n, t, ...)                                                                           \
    {                                                                                              \
        .name = n, .input_type = t, .render = nu__render_input, .from_data = nu__text_data,        \
        __VA_ARGS__                                                                                \
    }
#define CHOICES(n, t, draw, ...)                                                                   \
    {                                                                                              \
        .name = n, .input_type = t, .render = draw, .from_data = nu__text_data, .choices = true,   \
        __VA_ARGS__                                                                                \
    }

static const nu__widget_type widget_types[] = {
    INPUT("TextInput", "text"),
    INPUT("NumberInput", "number"),
    INPUT("EmailInput", "email"),
    INPUT("URLInput", "url"),
    INPUT("ColorInput", "color"),
    INPUT("SearchInput", "search"),
    INPUT("TelInput", "tel"),
    INPUT("HiddenInput", "hidden"),
    INPUT("DateInput", "text", .format = NU__FORMAT_DATE),
    INPUT("DateTimeInput", "text", .format = NU__FORMAT_DATETIME),
    INPUT("TimeInput", "text", .format = NU__FORMAT_TIME),
    { .name = "PasswordInput",
      .input_type = "password",
      .render = nu__render_password,
      .from_data = nu__text_data },
    { .name = "Textarea",
      .render = nu__render_textarea,
      .from_data = nu__text_data,
      .default_attrs = { "cols=40", "rows=10" } },
    { .name = "CheckboxInput",
      .input_type = "checkbox",
      .render = nu__render_checkbox,
      .from_data = nu__checkbox_data },
    { .name = "FileInput",
      .input_type = "file",
      .render = nu__render_file,
      .from_data = nu__file_data,
      .file = true },
    { .name = "ClearableFileInput",
      .input_type = "file",
      .render = nu__render_clearable_file,
      .from_data = nu__clearable_file_data,
      .file = true },
    CHOICES("Select", "select", nu__render_select),
    CHOICES("SelectMultiple", "select", nu__render_select, .multiple = true),
    { .name = "NullBooleanSelect",
      .input_type = "select",
      .render = nu__render_select,
      .from_data = nu__null_boolean_data,
      .choices = true,
      .init = nu__null_boolean_init,
      .as_choice = nu__null_boolean_choice },
    { .name = "MultipleHiddenInput",
      .input_type = "hidden",
      .render = nu__render_hidden_list,
      .from_data = nu__text_data,
      .multiple = true },
    { .name = "MultiWidget",
      .render = nu__render_parts,
      .from_data = nu__parts_data,
      .omitted = nu__parts_omitted,
      .fieldset = true },
    { .name = "SplitDateTimeWidget",
      .render = nu__render_parts,
      .from_data = nu__parts_data,
      .omitted = nu__parts_omitted,
      .init = nu__split_init,
      .decompress = nu__split_decompress,
      .fieldset = true },
    { .name = "SplitHiddenDateTimeWidget",
      .render = nu__render_parts,
      .from_data = nu__parts_data,
      .omitted = nu__parts_omitted,
      .init = nu__split_hidden_init,
      .decompress = nu__split_decompress,
      .fieldset = true },
    { .name = "RangeWidget",
      .render = nu__render_parts,
      .from_data = nu__parts_data,
      .omitted = nu__parts_omitted,
      .decompress = nu__range_decompress,
      .repeats = true,
      .fieldset = true },
    { .name = "HiddenRangeWidget",
      .render = nu__render_parts,
      .from_data = nu__parts_data,
      .omitted = nu__parts_omitted,
      .init = nu__hidden_range_init,
      .decompress = nu__range_decompress,
      .fieldset = true },
    { .name = "SplitArrayWidget",
      .render = nu__render_split_array,
      .from_data = nu__parts_data,
      .omitted = nu__parts_omitted,
      .repeats = true },
    { .name = "SelectDateWidget",
      .input_type = "select",
      .render = nu__render_select_date,
      .from_data = nu__select_date_data,
      .omitted = nu__select_date_omitted,
      .fieldset = true },
    CHOICES("RadioSelect", "radio", nu__render_boxes, .fieldset = true, .numbered = true),
    CHOICES("CheckboxSelectMultiple", "checkbox", nu__render_boxes, .multiple = true,
            .fieldset = true, .numbered = true),
};
enum { WIDGET_TYPES = sizeof widget_types / sizeof *widget_types };

const nu__widget_type *nu__widget_type_find(nu_str name)
{
    for (size_t i = 0; i < WIDGET_TYPES; i++)
        if (nu_eq(name, widget_types[i].name))
            return &widget_types[i];
    return NULL;
}

const char *const *nu__widget_names(size_t *count)
{
    static const char *names[WIDGET_TYPES];

    for (size_t i = 0; i < WIDGET_TYPES; i++)
        names[i] = widget_types[i].name;
    *count = WIDGET_TYPES;
    return names;
}
