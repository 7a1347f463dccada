#include "harness.h"

#include "core/suggest.h"

static const char *const fields[] = { "first_name", "last_name", "roll_no", "email", NULL, "gpa" };

static nu_str suggest(const char *name)
{
    return nu_s(nu__suggest(nu_s(name), fields, sizeof(fields) / sizeof(fields[0])));
}

static void a_misspelt_name_finds_the_one_meant(void)
{
    CHECK_STR(suggest("frist_name"), "first_name");
    CHECK_STR(suggest("rollno"), "roll_no");
    CHECK_STR(suggest("roll_nr"), "roll_no");
    CHECK_STR(suggest("Email"), "email");
    CHECK_STR(suggest("emial"), "email");
    CHECK_STR(suggest("gap"), "gpa");
    CHECK_STR(suggest("lastname"), "last_name");
}

static void a_name_far_from_all_finds_none(void)
{
    CHECK(!suggest("department").ptr);
    CHECK(!suggest("x").ptr);
    CHECK(!suggest("").ptr);
    CHECK(!nu__suggest((nu_str){ 0 }, fields, 1));
    CHECK(!nu__suggest(S("a_name_that_is_longer_than_any_name_that_anybody_would_ever_give_to_it"),
                       fields, 4));
}

static void the_suggestion_ends_a_message(void)
{
    CHECK_STR(nu__suggestion(S("emial"), fields, 6), " Did you mean 'email'?");
    CHECK_STR(nu__suggestion(S("qqqqq"), fields, 6), "");
}

HARNESS(a_misspelt_name_finds_the_one_meant, a_name_far_from_all_finds_none,
        the_suggestion_ends_a_message)
