/* The types that are known, and how their cells come. */
#include "db/backends/postgresql/cells.h"

#include <stdlib.h>

/* Sorted by OID. Numbers without end and JSON come as texts: that is what they become. */
static const nu__pg_type types[] = {
    { 16, 1, NU__PG_READ_BOOL, 0, "boolean" },
    { 17, 1, NU__PG_READ_BYTEA, 0, "bytea" },
    { 20, 1, NU__PG_READ_INT8, 0, "bigint" },
    { 21, 1, NU__PG_READ_INT2, 0, "smallint" },
    { 23, 1, NU__PG_READ_INT4, 0, "integer" },
    { 25, 0, NU__PG_READ_TEXT, 0, "text" },
    { 26, 1, NU__PG_READ_OID, 0, "oid" },
    { 114, 0, NU__PG_READ_TEXT, 0, "json" },
    { 199, 1, NU__PG_READ_ARRAY, 114, "json[]" },
    { 700, 1, NU__PG_READ_FLOAT4, 0, "real" },
    { 701, 1, NU__PG_READ_FLOAT8, 0, "double precision" },
    { 1000, 1, NU__PG_READ_ARRAY, 16, "boolean[]" },
    { 1001, 1, NU__PG_READ_ARRAY, 17, "bytea[]" },
    { 1003, 1, NU__PG_READ_ARRAY, 19, "name[]" },
    { 1005, 1, NU__PG_READ_ARRAY, 21, "smallint[]" },
    { 1007, 1, NU__PG_READ_ARRAY, 23, "integer[]" },
    { 1009, 1, NU__PG_READ_ARRAY, 25, "text[]" },
    { 1014, 1, NU__PG_READ_ARRAY, 1042, "character[]" },
    { 1015, 1, NU__PG_READ_ARRAY, 1043, "character varying[]" },
    { 1016, 1, NU__PG_READ_ARRAY, 20, "bigint[]" },
    { 1021, 1, NU__PG_READ_ARRAY, 700, "real[]" },
    { 1022, 1, NU__PG_READ_ARRAY, 701, "double precision[]" },
    { 1028, 1, NU__PG_READ_ARRAY, 26, "oid[]" },
    { 1042, 0, NU__PG_READ_TEXT, 0, "character" },
    { 1043, 0, NU__PG_READ_TEXT, 0, "character varying" },
    { 1082, 1, NU__PG_READ_DATE, 0, "date" },
    { 1083, 1, NU__PG_READ_TIME, 0, "time without time zone" },
    { 1114, 1, NU__PG_READ_TIMESTAMP, 0, "timestamp without time zone" },
    { 1115, 1, NU__PG_READ_ARRAY, 1114, "timestamp without time zone[]" },
    { 1182, 1, NU__PG_READ_ARRAY, 1082, "date[]" },
    { 1183, 1, NU__PG_READ_ARRAY, 1083, "time without time zone[]" },
    { 1184, 1, NU__PG_READ_TIMESTAMPTZ, 0, "timestamp with time zone" },
    { 1185, 1, NU__PG_READ_ARRAY, 1184, "timestamp with time zone[]" },
    { 1186, 1, NU__PG_READ_INTERVAL, 0, "interval" },
    { 1187, 1, NU__PG_READ_ARRAY, 1186, "interval[]" },
    { 1231, 1, NU__PG_READ_ARRAY, 1700, "numeric[]" },
    { 1700, 0, NU__PG_READ_NUMERIC, 0, "numeric" },
    { 2950, 1, NU__PG_READ_UUID, 0, "uuid" },
    { 2951, 1, NU__PG_READ_ARRAY, 2950, "uuid[]" },
    { 3802, 0, NU__PG_READ_JSONB, 0, "jsonb" },
    { 3807, 1, NU__PG_READ_ARRAY, 3802, "jsonb[]" },
    { 3904, 1, NU__PG_READ_RANGE, 23, "int4range" },
    { 3905, 1, NU__PG_READ_ARRAY, 3904, "int4range[]" },
    { 3906, 1, NU__PG_READ_RANGE, 1700, "numrange" },
    { 3907, 1, NU__PG_READ_ARRAY, 3906, "numrange[]" },
    { 3908, 1, NU__PG_READ_RANGE, 1114, "tsrange" },
    { 3909, 1, NU__PG_READ_ARRAY, 3908, "tsrange[]" },
    { 3910, 1, NU__PG_READ_RANGE, 1184, "tstzrange" },
    { 3911, 1, NU__PG_READ_ARRAY, 3910, "tstzrange[]" },
    { 3912, 1, NU__PG_READ_RANGE, 1082, "daterange" },
    { 3913, 1, NU__PG_READ_ARRAY, 3912, "daterange[]" },
    { 3926, 1, NU__PG_READ_RANGE, 20, "int8range" },
    { 3927, 1, NU__PG_READ_ARRAY, 3926, "int8range[]" },
};

static const nu__pg_type other = { 0, 0, NU__PG_READ_TEXT, 0, "" };

static int by_oid(const void *key, const void *item)
{
    nu__oid a = *(const nu__oid *)key, b = ((const nu__pg_type *)item)->oid;

    return (a > b) - (a < b);
}

const nu__pg_type *nu__pg_type_of(nu__oid oid)
{
    const nu__pg_type *found =
        bsearch(&oid, types, sizeof types / sizeof *types, sizeof *types, by_oid);

    return found ? found : &other;
}
