/**
 * @file
 * The Range header (RFC 9110 section 14): one range of bytes. Leaf.
 */
#pragma once
#include <nuages/strings.h>

typedef enum nu__range_result {
    NU__RANGE_NONE,          /* absent, malformed or several: the whole is sent */
    NU__RANGE_PART,          /* `length` bytes from `first` */
    NU__RANGE_UNSATISFIABLE, /* 416 */
} nu__range_result;

/* Several ranges are passed over, as the standard allows: what answers them costs a server more
   than the whole file. */
nu__range_result nu__range_parse(nu_str header, int64_t size, int64_t *first, int64_t *length);
