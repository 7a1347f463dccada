#include "@NAME@/settings.h"

int main(int argc, char **argv)
{
    return nu_main(argc, argv, &settings);
}
