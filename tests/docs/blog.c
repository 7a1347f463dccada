#include "docs_runtime.h"

static nu_str blog_str(const void *object)
{
    return ((const Blog *)object)->name;
}

static nu_str author_str(const void *object)
{
    return ((const Author *)object)->name;
}

static nu_str entry_str(const void *object)
{
    return ((const Entry *)object)->headline;
}

/* clang-format off */
const nu_model Blog_model = {
    MODEL(Blog), .app_label = "blog", .str = blog_str,
    .fields = {
        CharField(Blog, name, .max_length = 100),
        TextField(Blog, tagline),
    },
};

const nu_model Author_model = {
    MODEL(Author), .app_label = "blog", .ordering = { "name" }, .str = author_str,
    .fields = {
        CharField (Author, name, .max_length = 200),
        EmailField(Author, email, .unique = true),
    },
};

const nu_model Entry_model = {
    MODEL(Entry), .app_label = "blog", .ordering = { "headline" }, .str = entry_str,
    .fields = {
        ForeignKey     (Entry, blog, Blog, .on_delete = CASCADE),
        CharField      (Entry, headline, .max_length = 255),
        TextField      (Entry, body_text, .blank = true),
        ChoiceField    (Entry, status, EntryStatus, .max_length = 10, Default(ENTRY_DRAFT)),
        DateField      (Entry, pub_date),
        ManyToManyField(Entry, authors, Author),
        IntegerField   (Entry, number_of_comments, Default(0)),
        IntegerField   (Entry, number_of_pingbacks, Default(0)),
        IntegerField   (Entry, rating, .null = true, .blank = true),
    },
};
/* clang-format on */

void doc_seed(void)
{
    Blog *beatles =
        nu_create(Blog, .name = S("Beatles Blog"), .tagline = S("All the latest Beatles news."));
    Blog *cheddar = nu_create(Blog, .name = S("Cheddar Talk"), .tagline = S("Thoughts on cheese."));
    Author *john = nu_create(Author, .name = S("John"), .email = S("john@example.org"));
    Author *paul = nu_create(Author, .name = S("Paul"), .email = S("paul@example.org"));
    Entry *entry;

    entry = nu_create(Entry, .blog = nu_ref_to(beatles), .headline = S("New Lennon Biography"),
                      .body_text = S("A book."), .status = ENTRY_PUBLISHED,
                      .pub_date = nu_date_of(2008, 6, 1), .number_of_comments = 4,
                      .number_of_pingbacks = 1, .rating = nu_some_int(5));
    nu_many_add(entry, authors, john, paul);
    entry = nu_create(Entry, .blog = nu_ref_to(beatles),
                      .headline = S("New Lennon Biography in Paperback"), .status = ENTRY_PUBLISHED,
                      .pub_date = nu_date_of(2009, 6, 1), .number_of_comments = 2,
                      .number_of_pingbacks = 5, .rating = nu_some_int(4));
    nu_many_add(entry, authors, john);
    entry = nu_create(Entry, .blog = nu_ref_to(cheddar), .headline = S("Best Albums of 2008"),
                      .pub_date = nu_date_of(2008, 12, 15));
    nu_many_add(entry, authors, paul);
}
