#include "serializers/compressions.h"

#define INSTEAD "built without liblzma; xz -dc FILE | … loaddata - --format json"

const nu__compression nu__xz = { .extension = "xz", .instead = INSTEAD };
const nu__compression nu__lzma = { .extension = "lzma", .instead = INSTEAD };
