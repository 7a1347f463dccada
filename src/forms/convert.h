/**
 * @file
 * The conversions behind the rows of fields.c: text of a form to a value, and the validators that
 * some field classes bring along. Those that convert return false for text that is none.
 */
#pragma once
#include "core/decimal.h"
#include "forms/fields.h"

bool nu__form_integer(const nu__form_field *field, nu_value in, nu_value *out);
bool nu__form_float(const nu__form_field *field, nu_value in, nu_value *out);
/* As nu__decimal_parse(); what is not finite is no number. */
nu__decimal_status nu__form_decimal(const nu__form_field *field, nu_value in, nu_decimal *out);
bool nu__form_date(const nu__form_field *field, nu_value in, nu_value *out);
bool nu__form_time(const nu__form_field *field, nu_value in, nu_value *out);
/* In the current time zone. On false, `wall` has what is there not or twice in it, or null. */
bool nu__form_datetime(const nu__form_field *field, nu_value in, nu_value *out, nu_value *wall);
bool nu__form_local_instant(nu_date date, nu_time time, nu_value *out, nu_value *wall);
nu_str nu__form_ambiguous_text(nu_value wall);
bool nu__form_uuid(const nu__form_field *field, nu_value in, nu_value *out);
bool nu__form_json(const nu__form_field *field, nu_value in, nu_value *out);
bool nu__form_duration(nu_value in, nu_value *out, bool *overflow);
nu_str nu__form_url(const nu__form_field *field, nu_str text); /* "example.com" gets a scheme */
bool nu__form_ipv6_address(const nu__form_field *field, nu_str text,
                           nu_value *out); /* in its short form */

/* A row, or rows, by their keys among field->queryset. Yield. */
bool nu__form_row(const nu__form_field *field, nu_value in, nu_value *out, nu_list *errors);
bool nu__form_rows(const nu__form_field *field, nu_value in, nu_value *out, nu_list *errors);
/* The options of such a field: the empty label, then each row's key and text. Yields. */
nu_list *nu__form_row_choices(const void *field);
/* A text through field->coerce; false where that refuses it. */
bool nu__form_coerce(const nu__form_field *field, nu_value value, nu_value *out);

nu_str nu__form_json_text(nu_value value);
nu_value nu__form_duration_text(const nu__form_field *field, nu_value value);
/* The instant as text of the current time zone, as inputs show it: "2025-06-01 12:00:00". */
nu_value nu__form_local_datetime(nu_value value);
int64_t nu__form_length(nu_str text); /* in characters */

void nu__form_check_email(const nu__form_field *field, nu_value value, nu_list *errors);
void nu__form_check_slug(const nu__form_field *field, nu_value value, nu_list *errors);
void nu__form_check_url(const nu__form_field *field, nu_value value, nu_list *errors);
/* The name of a picture ends as one. */
void nu__form_check_extension(const nu__form_field *field, nu_value value, nu_list *errors);
void nu__form_check_ip_address(const nu__form_field *field, nu_value value, nu_list *errors);
void nu__form_check_step(const nu__form_field *field, nu_value value, nu_list *errors);
/* More than `most` digits of the sort that the code says: "max_digits". */
void nu__form_no_more(const nu__form_field *field, nu_list *errors, const char *code, int most);
/* max_digits and decimal_places, in Django's words. */
void nu__form_check_digits(const nu__form_field *field, nu_decimal value, nu_list *errors);

/* ---- for the rows (field_clean.c) -------------------------------------------------------------
 */

/* Add an error without parameters. Returns false. */
bool nu__form_refuse(const nu__form_field *field, nu_list *errors, const char *code,
                     nu_str message);
bool nu__form_invalid_choice(const nu__form_field *field, nu_value value, nu_list *errors);
/* All that is checked of a value that is not empty: the class's own, lengths, ranges, the user's.
 */
void nu__form_run_validators(const nu__form_field *field, nu_value value, nu_list *errors);
