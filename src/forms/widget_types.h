/**
 * @file
 * The functions behind the rows of widget_types.c.
 */
#pragma once
#include "forms/widgets.h"

/* A copy of `own` with `more` over it; each may be NULL. */
nu_dict *nu__attrs_merged(const nu_dict *own, const nu_dict *more);
/* A copy with another id. */
nu_dict *nu__attrs_with_id(const nu_dict *attrs, nu_str id);

/* Null, or no letters. */
bool nu__is_empty_text(nu_value value);

/* <input type= name= value= …>; a null value is left out. */
void nu__input_render(nu__buf *out, nu_str type, nu_str name, nu_value value, const nu_dict *attrs);

typedef void nu__widget_renderer(const nu__widget *widget, nu__buf *out, nu_str name,
                                 nu_value value, const nu_dict *attrs);
typedef nu_value nu__widget_reader(const nu__widget *widget, const nu__form_data *data,
                                   nu_str name);
typedef bool nu__widget_absence(const nu__widget *widget, const nu__form_data *data, nu_str name);

nu__widget_renderer nu__render_input, nu__render_password, nu__render_textarea, nu__render_checkbox,
    nu__render_file, nu__render_clearable_file, nu__render_hidden_list, nu__render_parts,
    nu__render_split_array, nu__render_select_date, nu__render_select, nu__render_boxes;
nu__widget_reader nu__parts_data, nu__select_date_data, nu__text_data, nu__checkbox_data,
    nu__null_boolean_data, nu__file_data, nu__clearable_file_data;
nu__widget_absence nu__parts_omitted, nu__select_date_omitted;
void nu__split_init(nu__widget *widget), nu__split_hidden_init(nu__widget *widget);
void nu__null_boolean_init(nu__widget *widget);
nu_value nu__null_boolean_choice(nu_value value);
nu_list *nu__split_decompress(nu_value value);
void nu__hidden_range_init(nu__widget *widget);
nu_list *nu__range_decompress(nu_value value);
nu_str nu__select_date_id_for_label(nu_str id);
