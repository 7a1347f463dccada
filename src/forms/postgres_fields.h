/**
 * @file
 * The functions behind the rows of fields.c for PostgreSQL's types: arrays, maps of texts, ranges.
 * Django: contrib.postgres.forms
 *
 * An array cleans its items by `field->base`, each of whose refusals is told with the item's place:
 * "Item 2 in the array did not validate: Enter a whole number.". A range cleans its two ends by
 * `field->base` and tells what is wrong with both once.
 */
#pragma once
#include "forms/fields.h"

/* "a,b" or a list, item by item. */
bool nu__form_simple_array(const nu__form_field *field, nu_value in, nu_value *out,
                           nu_list *errors);
bool nu__form_validate_items(const nu__form_field *field, nu_value value, nu_list *errors);
void nu__form_check_count(const nu__form_field *field, nu_value value, nu_list *errors);
void nu__form_check_items(const nu__form_field *field, nu_value value, nu_list *errors);
bool nu__form_clean_items(const nu__form_field *field, nu_value *out, nu_list *errors);
nu_value nu__form_prepare_array(const nu__form_field *field, nu_value value);

/* A list, one item an input. */
bool nu__form_split_array(const nu__form_field *field, nu_value in, nu_value *out, nu_list *errors);
bool nu__form_clean_split(const nu__form_field *field, nu_value in, nu_value *out, nu_list *errors);

/* A JSON object, whose values become texts. */
bool nu__form_hstore(const nu__form_field *field, nu_value in, nu_value *out, nu_list *errors);
nu_value nu__form_prepare_hstore(const nu__form_field *field, nu_value value);

/* A list of two ends. */
bool nu__form_clean_range(const nu__form_field *field, nu_value in, nu_value *out, nu_list *errors);
bool nu__form_range_changed(const nu__form_field *field, nu_value initial, nu_value data);
nu_value nu__form_prepare_range(const nu__form_field *field, nu_value value);
