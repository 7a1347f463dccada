#include "harness.h"

#include "cache/cache.h"
#include "conf/settings.h"

#include <stdlib.h>

static void set_up(nu_settings site)
{
    static nu_settings kept;

    kept = site;
    kept.secret_key = "k";
    nu__conf_setup(&kept);
    nu__cache_setup();
}

static void values_come_back(void)
{
    set_up((nu_settings){ .debug = false });
    nu_cache_set("a", NU_DICT(("n", 1), ("l", NU_LIST("x", true))));
    CHECK_STR(nu_string(nu_cache_get("a")), "{'n': 1, 'l': ['x', True]}");
    CHECK(nu_cache_get("a", .version = 2).kind == NU_KIND_NULL);
    CHECK(!nu_cache_add("a", 2) && nu_cache_add("b", 2));
    CHECK(nu_cache_delete("a") && !nu_cache_delete("a"));
    CHECK_RAISES(NU_TYPE_ERROR, "bytes",
                 nu_cache_set("a", ((nu_bytes){ (const uint8_t *)"x", 1 })));
    nu_cache_set("none", nu_null());
    CHECK(nu_cache_has_key("none") && !nu_cache_has_key("nothing"));
    nu_cache_clear(NULL);
    CHECK(!nu_cache_has_key("none"));
}

static void time_takes_them(void)
{
    nu_cache_set("a", 1, .timeout = -1);
    CHECK(!nu_cache_has_key("a") && !nu_cache_touch("a"));
    nu_cache_set("a", 1, .timeout = NU_CACHE_FOREVER);
    CHECK(nu_cache_touch("a", .timeout = -1));
    CHECK(nu_cache_get("a").kind == NU_KIND_NULL);
}

static void numbers_are_counted(void)
{
    nu_cache_set("n", 1);
    CHECK_INT(nu_cache_incr("n", 4).i, 5);
    CHECK_INT(nu_cache_decr("n", 2).i, 3);
    CHECK_RAISES(NU_VALUE_ERROR, "Key ':1:m' not found", nu_cache_incr("m", 1));
    nu_cache_set("n", "text");
    CHECK_RAISES(NU_TYPE_ERROR, "no number", nu_cache_incr("n", 1));
    nu_cache_set("n", INT64_MAX);
    CHECK_RAISES(NU_OVERFLOW_ERROR, "64 bits", nu_cache_incr("n", 1));
}

static nu_str shouted(nu_str key, nu_str prefix, int64_t version)
{
    return nu_fmt("{}:{}:{}", prefix, version, nu_upper(key));
}

static void a_site_may_make_its_own_keys(void)
{
    set_up((nu_settings){
        .caches = {
            { .alias = "default", .location = "one", .key_prefix = "p" },
            { .alias = "loud", .location = "one", .key_prefix = "p", .key_function = shouted } } });
    nu_cache_set("abc", 1, .using = "loud", .version = 2);
    CHECK_INT(nu_cache_get("ABC", .version = 2).i, 1);
    CHECK(!nu_cache_has_key("abc", .version = 2) && !nu_cache_has_key("ABC"));
    CHECK_INT(nu_cache_get("aBc", .using = "loud", .version = 2).i, 1);
    nu_cache_clear(NULL);
}

static nu_value made(void *arg)
{
    ++*(int *)arg;
    return V("made");
}

static void many_at_once(void)
{
    int times = 0;

    nu_cache_set_many(NU_DICT(("p", 1), ("q", 2)));
    CHECK_STR(nu_string(V(nu_cache_get_many(NU_LIST("p", "r", "q")))), "{'p': 1, 'q': 2}");
    nu_cache_delete_many(NU_LIST("p", "r"));
    CHECK(!nu_cache_has_key("p") && nu_cache_has_key("q"));
    for (int i = 0; i < 2; i++)
        CHECK_STR(nu_cache_get_or_set("s", made, &times).s, "made");
    CHECK_INT(times, 1);
}

static void the_longest_unused_go_first(void)
{
    nu__cache_locmem_release();
    set_up((nu_settings){ .caches = { { .alias = "default", .max_entries = 9 } } });
    for (int i = 0; i < 9; i++)
        nu_cache_set(nu_fmt("k{}", i), i);
    nu_cache_get("k0");
    nu_cache_set("new", 1); /* k1, k2, k3 go */
    CHECK(nu_cache_has_key("k0") && nu_cache_has_key("k4") && nu_cache_has_key("new"));
    CHECK(!nu_cache_has_key("k1") && !nu_cache_has_key("k2") && !nu_cache_has_key("k3"));
}

static void many_keys_are_found_again(void)
{
    set_up((nu_settings){ .caches = { { .alias = "default", .max_entries = 5000 } } });
    for (int i = 0; i < 1000; i++)
        nu_cache_set(nu_fmt("many{}", i), i);
    for (int i = 0; i < 1000; i++)
        CHECK_INT(nu_cache_get(nu_fmt("many{}", i)).i, i);
}

static void settings_name_caches(void)
{
    CHECK_RAISES(
        NU_INVALID_CACHE_BACKEND_ERROR, "Perhaps you meant locmem?",
        set_up((nu_settings){ .caches = { { .alias = "default", .backend = "locmen" } } }));
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "createcachetable",
                 set_up((nu_settings){ .caches = { { .alias = "default", .backend = "db" } } }));
    setenv("CACHE_URL", "dummy://?key_prefix=x&timeout=7", 1);
    set_up((nu_settings){ .caches = { { .alias = "default" }, { .alias = "other" } } });
    CHECK_INT(nu__cache_of(NULL)->timeout, 7);
    CHECK_STR(nu__cache_of(NULL)->key_prefix, "x");
    nu_cache_set("a", 1);
    CHECK(!nu_cache_has_key("a") && nu_cache_add("a", 1));
    CHECK_RAISES(NU_INVALID_CACHE_BACKEND_ERROR, "Perhaps you meant 'other'?",
                 nu_cache_get("a", .using = "othre"));
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "file:///var/cache/mysite",
                 (setenv("CACHE_URL", "file://", 1), set_up((nu_settings){ .debug = false })));
    setenv("CACHE_URL", "file:///var/cache/my%20site/?timeout=none", 1);
    set_up((nu_settings){ .debug = false });
    CHECK_STR(nu__cache_of(NULL)->location, "/var/cache/my site/");
    setenv("CACHE_URL", "locmem://?timout=7", 1);
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "“timout”", set_up((nu_settings){ .debug = false }));
    unsetenv("CACHE_URL");
    set_up((nu_settings){ .debug = false });
    nu__cache_locmem_release();
    nu__conf_release();
}

HARNESS(a_site_may_make_its_own_keys, values_come_back, time_takes_them, numbers_are_counted,
        many_at_once, the_longest_unused_go_first, many_keys_are_found_again, settings_name_caches)
