#include "db/backends/sqlite/sqlite.h"
const nu__introspection nu__sqlite_introspection = { 0 };
