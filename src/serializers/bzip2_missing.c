#include "serializers/compressions.h"

const nu__compression nu__bzip2 = {
    .extension = "bz2",
    .instead = "built without libbz2; bunzip2 -c FILE | … loaddata - --format json"
};
