#include "conf/settings.h"

#include "conf/dotenv.h"
#include "conf/parse.h"
#include "core/arena.h"
#include "core/buf.h"
#include "core/suggest.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

nu__conf nu__settings;
static nu__arena *owner; /* of the texts and lists of nu__settings */

extern char **environ;

/* ---- the table ------------------------------------------------------------------------------- */

typedef enum kind { BOOL, INT, TEXT, LIST } kind;
typedef enum site_kind { NONE, FLAG, NOT, NUMBER, TEXTS, LISTS } site_kind;

typedef struct row {
    const char *member, *default_text, *allowed, *about;
    kind kind;
    site_kind site;
    size_t offset, site_offset, site_size;
    unsigned flags;
} row;

#define SITE_NONE(m)                        NONE, 0, 0
#define SITE_FLAG(m)                        FLAG, offsetof(nu_settings, m), 0
#define SITE_NOT(m)                         NOT, offsetof(nu_settings, no_##m), 0
#define SITE_NUMBER(m)                      NUMBER, offsetof(nu_settings, m), 0
#define SITE_TEXT(m)                        TEXTS, offsetof(nu_settings, m), 0
#define SITE_LIST(m)                        LISTS, offsetof(nu_settings, m), sizeof(((nu_settings *)0)->m)
#define ROW(k, m, s, fallback, fl, ok, doc) ROW_(k, m, fallback, fl, ok, doc, SITE_##s(m))
#define ROW_(...)                           ROW__(__VA_ARGS__)
#define ROW__(k, m, fallback, fl, ok, doc, from, at, size)                                         \
    { .member = #m,                                                                                \
      .default_text = fallback,                                                                    \
      .allowed = ok,                                                                               \
      .about = doc,                                                                                \
      .kind = k,                                                                                   \
      .site = from,                                                                                \
      .offset = offsetof(nu__conf, m),                                                             \
      .site_offset = at,                                                                           \
      .site_size = size,                                                                           \
      .flags = fl },

static const row rows[] = { NU__SETTINGS(ROW) };
#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

/* Where a value was found, for messages. */
typedef struct found {
    nu_str text;    /* as it would stand in the environment */
    nu_str source;  /* "DEBUG in the environment" */
    nu_list *items; /* of a list that the site gives item by item */
} found;
static const char *sources[N_ROWS];

static nu_str name_of(const row *r)
{
    return nu_upper(nu_s(r->member));
}

/* ---- finding a value ------------------------------------------------------------------------- */

static const char *environment(nu_str prefix, nu_str name)
{
    return getenv(nu_fmt("{}{}", prefix, name).ptr);
}

static bool from_environment(const row *r, const nu_settings *site, found *out)
{
    nu_str name = name_of(r), prefix = nu_s(site->env_prefix ? site->env_prefix : "");
    nu_str names[] = { name, nu_fmt("{}{}", prefix, name), { 0 } };

    if (!strcmp(r->member, "secret_key") && site->secret_key_env)
        names[2] = nu_s(site->secret_key_env);
    if (!strcmp(r->member, "template_dirs"))
        names[2] = nu_fmt("{}TEMPLATE_DIR", prefix);
    for (size_t i = 0; i < 3; i++) {
        const char *text = names[i].len ? environment(S(""), names[i]) : NULL;

        if (text) {
            *out = (found){ nu_s(text), nu_fmt("{} in the environment", names[i]), NULL };
            return true;
        }
    }
    return false;
}

static nu_list *listed(const char *const *texts, size_t n)
{
    nu_list *items = nu_list_new();

    for (size_t i = 0; i < n && texts[i]; i++)
        nu_list_append(items, texts[i]);
    return items;
}

/* The value that the site's struct gives; false when it is left out. */
static bool from_site(const row *r, const nu_settings *site, found *out)
{
    const void *at = (const char *)site + r->site_offset;
    int64_t number;

    switch (r->site) {
    case FLAG:
        out->text = S("true");
        return *(const bool *)at;
    case NOT:
        out->text = S("false");
        return *(const bool *)at;
    case NUMBER:
        number = *(const int64_t *)at;
        out->text = nu_fmt("{}", number < 0 ? 0 : number);
        return number != 0;
    case TEXTS:
        out->text = nu_s(*(const char *const *)at);
        return out->text.ptr != NULL;
    case LISTS:
        out->items = listed(at, r->site_size / sizeof(char *));
        return nu_list_len(out->items) > 0;
    default:
        return false;
    }
}

static found find(const row *r, const nu_settings *site)
{
    found out = { 0 };

    if (from_environment(r, site, &out))
        return out;
    out.source = S("the site's settings");
    if (from_site(r, site, &out))
        return out;
    return (found){ nu_s(r->default_text), S("the default"), NULL };
}

/* ---- storing it ------------------------------------------------------------------------------ */

static nu_str kept(nu_str text)
{
    char *bytes = nu__arena_try_alloc(owner, text.len + 1, 1);

    if (!bytes)
        nu_raise(NU_MEMORY_ERROR, "out of memory while reading the settings");
    memcpy(bytes, text.ptr, text.len);
    return (nu_str){ bytes, text.len };
}

static nu__conf_list kept_list(nu_list *texts)
{
    size_t n = nu_list_len(texts);
    nu_str *items = nu__arena_try_alloc(owner, n + 1, sizeof(*items));

    if (!items)
        nu_raise(NU_MEMORY_ERROR, "out of memory while reading the settings");
    for (size_t i = 0; i < n; i++)
        items[i] = kept(nu_at(texts, i).s);
    return (nu__conf_list){ items, n };
}

static NU_NORETURN void refuse(const row *r, const found *f, nu_str what)
{
    if (r->flags & NU__SETTING_SECRET)
        nu_raise(NU_IMPROPERLY_CONFIGURED, "{} (from {}) is wrong: {}", name_of(r), f->source,
                 what);
    nu_raise(NU_IMPROPERLY_CONFIGURED, "{} is “{}” (from {}), which is wrong: {}", name_of(r),
             f->text, f->source, what);
}

static void store_text(const row *r, const found *f, nu_str *member)
{
    nu_str what = { 0 }, text = f->text;

    if (r->allowed && text.len)
        text = nu__conf_allowed(text, nu_s(r->allowed), r->flags, &what);
    if (r->flags & NU__SETTING_URL && text.len && !nu_ends_with(text, S("/")))
        what = S("it must end with a slash.");
    if ((r->flags & NU__SETTING_BROKER) == NU__SETTING_BROKER && text.len)
        what = nu__conf_broker_wrong(text);
    if (what.len)
        refuse(r, f, what);
    *member = kept(text);
}

static void store(const row *r, const found *f)
{
    void *at = (char *)&nu__settings + r->offset;
    nu_str what = { 0 };
    nu_list *items;

    switch (r->kind) {
    case BOOL:
        if (!nu__conf_bool(f->text, at))
            refuse(r, f, S("write 1, true, yes or on; or 0, false, no or off."));
        return;
    case INT:
        if (!nu__conf_int(f->text, at))
            refuse(r, f, S("it must be a whole number from 0 on."));
        return;
    case TEXT:
        store_text(r, f, at);
        return;
    case LIST:
        items = f->items ? f->items : nu__conf_items(f->text);
        what = nu__conf_items_wrong(items, r->flags);
        if (what.len)
            refuse(r, f, what);
        *(nu__conf_list *)at = kept_list(items);
        return;
    }
}

/* ---- what must hold together ----------------------------------------------------------------- */

static nu_str random_key(void)
{
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz0123456789!@#$%^&*(-_=+)";
    unsigned char bytes[50];
    nu__buf out = { 0 };

    if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
        nu_raise(NU_OS_ERROR, "the system gives no random bytes for a SECRET_KEY");
    for (size_t i = 0; i < sizeof(bytes); i++)
        nu__buf_char(&out, alphabet[bytes[i] % (sizeof(alphabet) - 1)]);
    return nu__buf_str(&out);
}

static void secret_key_required(const nu_settings *site)
{
    nu_str prefix = nu_s(site->env_prefix ? site->env_prefix : "");

    if (nu__settings.secret_key.len)
        return;
    if (!nu__settings.debug)
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "The SECRET_KEY setting must not be empty. Make a key once with\n"
                 "    head -c 48 /dev/urandom | base64\n"
                 "keep it out of the repository, and start the site with {}SECRET_KEY set to it.",
                 prefix);
    nu__settings.secret_key = kept(random_key());
    nu__settings.secret_key_made_up = true;
}

/* "static/" lies below the script prefix, as in Django; a path or an address stays. */
static void url_rooted(nu_str *url)
{
    nu_str prefix = nu__settings.force_script_name;

    if (!url->len || nu_starts_with(*url, S("/")) || memmem(url->ptr, url->len, "://", 3))
        return;
    *url = kept(nu_fmt("{}{}{}", prefix, nu_ends_with(prefix, S("/")) ? "" : "/", *url));
}

void nu__conf_setup(const nu_settings *site)
{
    nu__conf_release();
    owner = nu__arena_new();
    if (!owner)
        nu_raise(NU_MEMORY_ERROR, "out of memory while reading the settings");
    nu__settings.site = site;
    for (size_t i = 0; i < N_ROWS; i++) {
        found f = find(&rows[i], site);

        store(&rows[i], &f);
        sources[i] = kept(f.source).ptr;
    }
    secret_key_required(site);
    url_rooted(&nu__settings.static_url);
    url_rooted(&nu__settings.media_url);
}

void nu__conf_release(void)
{
    if (owner)
        nu__arena_free(owner);
    owner = NULL;
    nu__settings = (nu__conf){ 0 };
    memset(sources, 0, sizeof(sources));
}

/* ---- other values for a while ---------------------------------------------------------------- */

static nu__conf before_overrides;
static bool overridden;

static size_t row_named(nu_str name)
{
    const char *members[N_ROWS], *near;

    for (size_t i = 0; i < N_ROWS; i++) {
        if (nu_eq_(name, name_of(&rows[i])))
            return i;
        members[i] = rows[i].member;
    }
    near = nu__suggest(nu_lower(name), members, N_ROWS);
    nu_raise(NU_IMPROPERLY_CONFIGURED, "{} names no setting.{}", name,
             near ? nu_fmt(" Perhaps you meant {}?", nu_upper(nu_s(near))) : S(""));
}

void nu__conf_override(nu_str name, nu_str text)
{
    const row *r = &rows[row_named(name)];
    found f = { text, S("an override"), NULL };

    if (!overridden)
        before_overrides = nu__settings;
    overridden = true;
    store(r, &f);
    url_rooted(&nu__settings.static_url);
    url_rooted(&nu__settings.media_url);
}

void nu__conf_override_end(void)
{
    if (overridden)
        nu__settings = before_overrides;
    overridden = false;
}

/* ---- looking at them ------------------------------------------------------------------------- */

static nu_value value_of(const row *r)
{
    const void *at = (const char *)&nu__settings + r->offset;
    const nu__conf_list *list = at;
    nu_list *items;

    switch (r->kind) {
    case BOOL:
        return nu_v_bool(*(const bool *)at);
    case INT:
        return nu_v_int(*(const int64_t *)at);
    case TEXT:
        return nu_v_str(*(const nu_str *)at);
    default:
        items = nu_list_new();
        for (size_t i = 0; i < list->len; i++)
            nu_list_append(items, list->items[i]);
        return V(items);
    }
}

bool nu__conf_setting(size_t i, nu__setting *setting)
{
    const row *r = &rows[i];

    if (i >= N_ROWS)
        return false;
    *setting = (nu__setting){ .name = name_of(r),
                              .about = r->about,
                              .default_text = r->default_text,
                              .allowed = r->allowed,
                              .secret = r->flags & NU__SETTING_SECRET,
                              .source = nu_s(sources[i]) };
    setting->value = setting->secret ? V("********************") : value_of(r);
    return true;
}

/* ---- misspelt names -------------------------------------------------------------------------- */

static bool is_setting(nu_str name)
{
    for (size_t i = 0; i < N_ROWS; i++)
        if (nu_eq_(name, name_of(&rows[i])))
            return true;
    return nu_eq(name, "TEMPLATE_DIR");
}

/* "SCHOOL_DEBGU names no setting…", null when the variable is a setting or is near none. */
static nu_str suspect(nu_str variable, nu_str prefix)
{
    const char *members[N_ROWS], *near;
    nu_str bare = { variable.ptr + prefix.len, variable.len - prefix.len };

    if (is_setting(bare) || nu_eq(variable, nu_s(nu__settings.site->secret_key_env)))
        return (nu_str){ 0 };
    for (size_t i = 0; i < N_ROWS; i++)
        members[i] = rows[i].member;
    near = nu__suggest(bare, members, N_ROWS);
    return near ? nu_fmt("{} names no setting. Perhaps you meant {}{}?", variable, prefix,
                         nu_upper(nu_s(near)))
                : (nu_str){ 0 };
}

static bool is_address_of_database(nu_str name)
{
    for (size_t i = 0; i < 8 && nu__settings.site->databases[i].alias; i++)
        if (nu_eq(name, nu_s(nu__settings.site->databases[i].url_env)))
            return true;
    return false;
}

/* Without a prefix the environment is everyone's, but .env is the site's own. */
static void look_into_dotenv(nu_list *suspects)
{
    size_t n;
    char *const *names = nu__dotenv_names(&n);

    for (size_t i = 0; i < n; i++) {
        nu_str name = nu_s(names[i]);
        nu_str text = is_address_of_database(name) ? S("") : suspect(name, S(""));

        if (text.len)
            nu_list_append(suspects, text);
    }
}

nu_list *nu__conf_suspects(void)
{
    nu_list *suspects = nu_list_new();
    nu_str prefix = nu_s(nu__settings.site ? nu__settings.site->env_prefix : NULL);

    if (nu__settings.site && !prefix.len)
        look_into_dotenv(suspects);

    for (char **each = environ; prefix.len && *each; each++) {
        const char *equals = strchr(*each, '=');
        nu_str name = { *each, equals ? (size_t)(equals - *each) : 0 }, text;

        if (name.len <= prefix.len || !nu_starts_with(name, prefix))
            continue;
        text = suspect(name, prefix);
        if (text.len)
            nu_list_append(suspects, text);
    }
    return suspects;
}
