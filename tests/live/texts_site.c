/* A site of one app, which lies in the working folder: for the comparison of its texts with those
 * that Django finds. */
#include <nuages/cli.h>
#include <nuages/nuages.h>

static const nu_app texts = { .name = "texts", .path = "." };
static const nu_settings settings = { .secret_key = "k", .installed_apps = { &texts } };

int main(int argc, char **argv)
{
    return nu_main(argc, argv, &settings);
}
