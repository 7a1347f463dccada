#include "db/backends/postgresql/postgresql.h"

const nu__backend nu__postgresql_backend = {
    .vendor = "postgresql",
    .display_name = "PostgreSQL",
    .dialect = NU__POSTGRESQL,
    .driver = &nu__pg_driver,
};
