#include "db/backends/sqlite/sqlite.h"
struct nu__schema_ops {
    int x;
};
const nu__schema_ops nu__sqlite_schema = { 0 };
