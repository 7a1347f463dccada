#include "db/backends/schema.h"
#include "db/backends/mysql/mysql.h"
const nu__schema_ops nu__mysql_schema = { 0 };
