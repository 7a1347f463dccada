#include "db/backends/postgresql/dialect.h"
#include "db/backends/postgresql/postgresql.h"

const nu__backend nu__postgresql_backend = {
    .vendor = "postgresql",
    .display_name = "PostgreSQL",
    .dialect = NU__POSTGRESQL,
    .driver = &nu__pg_driver,
    .features = &nu__pg_features,
    .operations = &nu__pg_operations,
    .schema = &nu__pg_schema,
    .introspection = &nu__pg_introspection,
};
