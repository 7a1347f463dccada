/**
 * @file
 * The parts of decode.c: cells as what a member of each kind holds. All raise DataError for a cell
 * of another kind.
 */
#pragma once
#include "db/sql/decode.h"

NU_NORETURN void nu__decode_wrong_kind(const nu__decoder *decoder, const nu__cell *cell);

/* decode_times.c: zeros for a text of another form, as to Django. Raise ValueError for what no
   calendar or clock shows. */
nu_date nu__decode_date(const nu__decoder *decoder, const nu__cell *cell);
nu_datetime nu__decode_datetime(const nu__decoder *decoder, const nu__cell *cell);
nu_time nu__decode_time(const nu__decoder *decoder, const nu__cell *cell);

/* decode_postgres.c */
nu_list *nu__decode_list(const nu__decoder *decoder, const nu__cell *cell);
const nu_range *nu__decode_range(const nu__decoder *decoder, const nu__cell *cell);
nu_dict *nu__decode_dict(const nu__decoder *decoder, const nu__cell *cell);
