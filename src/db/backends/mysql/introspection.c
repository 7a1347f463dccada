#include "db/backends/mysql/mysql.h"
const nu__introspection nu__mysql_introspection = { 0 };
