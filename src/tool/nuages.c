/* nuages: the tool outside of any site. It has the commands that need no project. */
#include <nuages/conf.h>

int main(int argc, char **argv)
{
    return nu_main(argc, argv, NULL);
}
