/* References to rows of any model, and back. */
#include "school_db.h"

#include "core/object.h"
#include "db/models/queryset.h"

#include <nuages/contenttypes.h>
#include <nuages/managers.h>
#include <nuages/timezone.h>

NU_DECLARE_MODEL(Book);
NU_DECLARE_MODEL(Film);
NU_DECLARE_MODEL(Note);

struct Book {
    NU_OBJECT(Book);
    nu_id id;
    nu_str title;
};

struct Film {
    NU_OBJECT(Film);
    nu_id id;
    nu_str title;
};

struct Note {
    NU_OBJECT(Note);
    nu_id id;
    nu_str text;
    nu_content_type_ref content_type;
    nu_opt_int object_id;
};

const nu_model Book_model = {
    MODEL(Book),
    .app_label = "shelf",
    .fields = { CharField(Book, title, .max_length = 20) },
    .generic_relations = { GenericRelation("notes", Note, "content_type", "object_id") },
};
const nu_model Film_model = {
    MODEL(Film),
    .app_label = "shelf",
    .fields = { CharField(Film, title, .max_length = 20) },
};
const nu_model Note_model = {
    MODEL(Note),
    .app_label = "shelf",
    .fields = { CharField(Note, text, .max_length = 20),
                ForeignKey(Note, content_type, nu_content_type, .on_delete = CASCADE, .null = true),
                IntegerField(Note, object_id, .null = true) },
    .generic_keys = { GenericForeignKey("about", "content_type", "object_id") },
};

static nu_query *notes(void)
{
    return nu_order_by(nu_objects(Note), "pk");
}

/* Two books and a film. */
static void start(void)
{
    static const nu_model *const models[] = { &nu_content_type_model, &Book_model, &Film_model,
                                              &Note_model, NULL };

    school_tables_of(models);
    nu_content_types_clear_cache();
    nu_create(Book, .title = S("first"));
    nu_create(Book, .title = S("second"));
    nu_create(Film, .title = S("third"));
    nu_content_type_of(Book);
    nu_content_type_of(Film);
    nu_content_type_of(Book);
    nu_content_type_of(Film);
}

static Book *book_titled(const char *title)
{
    return nu_get(Book, Q("title", title));
}

static Note *note_on(const void *instance, const char *text)
{
    return nu_create_in(Note, notes(), ("text", text), ("about", nu_v_object(instance)));
}

static void a_key_refers_to_a_row_of_any_model(void)
{
    Book *book;
    Film *film;
    Note *note;

    start();
    book = book_titled("first");
    film = nu_get(Film);
    note = note_on(book, "on a book");
    CHECK_INT(note->object_id.value, book->id);
    CHECK_INT(note->content_type.id, nu_content_type_of(Book)->id);
    note = nu_get(Note, Q("pk", note->id));
    CHECK(nu__value_equal(nu_field_get(note, "about"), V(book)));
    CHECK_QUERIES(0, nu_field_get(note, "about"));
    nu_field_set(note, "about", film);
    nu_save(note);
    nu_refresh(note);
    CHECK_STR(nu_object_of(Film, nu_field_get(note, "about"))->title, "third");
    nu_delete(film);
    CHECK(nu_field_get(nu_get(Note), "about").kind == NU_KIND_NULL);
    nu_field_set(note, "about", nu_null());
    CHECK(nu_is_null(note->object_id));
    CHECK_RAISES(NU_VALUE_ERROR, "unsaved related object 'about'.",
                 note_on(nu_new(Film), "on what is not saved"));
    CHECK_RAISES(NU_TYPE_ERROR, "\"Note.about\" must be a model instance.",
                 (nu_field_set(note, "about", 5), 0));
}

static void content_types_are_asked_for_once(void)
{
    start();
    CHECK_STR(nu_content_type_of(Book)->model, "book");
    nu_content_types_clear_cache();
    CHECK_QUERIES(1, nu_content_type_of(Book));
    CHECK_QUERIES(0, nu_content_type_of(Book));
    CHECK_QUERIES(0, nu_content_type_by_natural_key(S("shelf"), S("book"), NULL));
    CHECK_QUERIES(0, nu_content_type_for_id(nu_content_type_of(Book)->id, NULL));
    CHECK(nu_content_type_model_class(nu_content_type_of(Book)) == &Book_model);
    CHECK_RAISES(NU_DOES_NOT_EXIST, "ContentType matching query does not exist.",
                 nu_content_type_by_natural_key(S("shelf"), S("nothing"), NULL));
}

static void related_notes_are_written_through_the_relation(void)
{
    Book *book, *other;
    Note *note, *second;
    bool created;

    start();
    book = book_titled("first");
    other = book_titled("second");
    note = nu_related_create(Note, book, "notes", ("text", "first"));
    CHECK_INT(note->object_id.value, book->id);
    second = note_on(other, "second");
    nu_related_add(book, "notes", second);
    CHECK_INT(nu_count(nu_related(book, "notes")), 2);
    nu_related_get_or_create(Note, book, "notes", &created, (("text", "first")));
    CHECK(!created);
    nu_related_set(book, "notes", NU_LIST(second));
    CHECK_INT(nu_count(notes()), 1);
    nu_related_remove(book, "notes", second);
    CHECK_INT(nu_count(notes()), 0);
    CHECK_RAISES(NU_TYPE_ERROR, "'Note' instance expected, got",
                 (nu_related_add(book, "notes", other), 0));
}

static void what_notes_are_about_is_prefetched_by_model(void)
{
    nu_query *all;
    Note **found;
    size_t n;

    start();
    note_on(book_titled("first"), "a");
    note_on(book_titled("second"), "b");
    note_on(nu_get(Film), "c");
    school_log_reset();
    all = nu_prefetch_related(notes(), With("about"));
    found = nu_fetch_all(Note, all, &n);
    CHECK_INT(school_statements.n, 3);
    CHECK_STR(nu_string(nu_field_get(found[2], "about")), "Film object (1)");
    CHECK_INT(school_statements.n, 3);
    found = nu_fetch_all(Note, notes(), &n);
    school_log_reset();
    for (size_t i = 0; i < n; i++)
        nu_field_get(found[i], "about");
    CHECK_INT(school_statements.n, 2);
}

static void notes_are_prefetched_and_go_with_their_row(void)
{
    Book **found;
    nu_deleted deleted;
    size_t n;

    start();
    note_on(book_titled("first"), "a");
    note_on(book_titled("second"), "b");
    note_on(nu_get(Film), "c");
    school_log_reset();
    found = nu_fetch_all(
        Book, nu_prefetch_related(nu_order_by(nu_objects(Book), "pk"), With("notes")), &n);
    CHECK_INT(school_statements.n, 2);
    CHECK_STR(((Note *)nu_first(Note, nu_related(found[1], "notes")))->text, "b");
    CHECK_INT(school_statements.n, 2);
    deleted = nu_delete_counted(found[1]);
    CHECK_INT(nu_int(nu_item(deleted.by_model, "shelf.Note")), 1);
    CHECK_INT(nu_count(notes()), 2);
}

/* ---- lookups across the relation ----------------------------------------------------------- */

#define BOOK "SELECT \"shelf_book\".\"id\", \"shelf_book\".\"title\" FROM \"shelf_book\""
#define ON_NOTE                                                                                    \
    " JOIN \"shelf_note\" ON (\"shelf_book\".\"id\" = \"shelf_note\".\"object_id\" AND "           \
    "(\"shelf_note\".\"content_type_id\" = 1))"
#define BOOKS nu_objects(Book)

static nu_str sql_of(nu_query *query)
{
    return school_plain_quotes(nu__query_sql(query));
}

/* What Django 5.2 makes of the same over the same models. */
static void lookups_across_the_relation_are_djangos(void)
{
    start();
    CHECK_STR(sql_of(nu_filter(BOOKS, Q("notes__text", "x"))),
              BOOK " INNER" ON_NOTE " WHERE \"shelf_note\".\"text\" = x");
    CHECK_STR(sql_of(nu_filter(BOOKS, Q("notes", 3))),
              BOOK " INNER" ON_NOTE " WHERE \"shelf_note\".\"id\" = 3");
    CHECK_STR(sql_of(nu_filter(BOOKS, Q("notes__isnull", true))),
              BOOK " LEFT OUTER" ON_NOTE " WHERE \"shelf_note\".\"id\" IS NULL");
    CHECK_STR(sql_of(nu_order_by(BOOKS, "notes__text")),
              BOOK " LEFT OUTER" ON_NOTE " ORDER BY \"shelf_note\".\"text\" ASC");
    CHECK_STR(sql_of(nu_filter(BOOKS, nu_or(Q("notes__text", "x"), Q("title", "y")))),
              BOOK " LEFT OUTER" ON_NOTE
                   " WHERE (\"shelf_note\".\"text\" = x OR \"shelf_book\".\"title\" = y)");
    CHECK_STR(sql_of(nu_filter(nu_filter(BOOKS, Q("notes__text", "x")), Q("notes__text", "y"))),
              BOOK " INNER" ON_NOTE " INNER JOIN \"shelf_note\" T3 ON (\"shelf_book\".\"id\" = "
                   "T3.\"object_id\" AND (T3.\"content_type_id\" = 1)) WHERE "
                   "(\"shelf_note\".\"text\" = x AND T3.\"text\" = y)");
    CHECK_STR(sql_of(nu_exclude(BOOKS, Q("notes__text", "x"))),
              BOOK " WHERE NOT (EXISTS(SELECT 1 AS \"a\" FROM \"shelf_note\" U1 WHERE (U1.\"text\" "
                   "= x AND U1.\"content_type_id\" = 1 AND U1.\"object_id\" = "
                   "(\"shelf_book\".\"id\")) LIMIT 1))");
    CHECK_RAISES(NU_FIELD_ERROR, "Choices are: id, notes, title",
                 nu_count(nu_filter(BOOKS, Q("nothing", 1))));
    CHECK_RAISES(NU_FIELD_ERROR, "Unsupported lookup 'foo' for GenericRel",
                 nu_count(nu_filter(BOOKS, Q("notes__foo", 1))));
}

static void lookups_across_the_relation_find_rows_of_the_model_alone(void)
{
    Book *first;
    Film *film;

    start();
    first = book_titled("first");
    film = nu_get(Film);
    CHECK_INT(film->id, first->id); /* only the content type tells them apart */
    note_on(first, "a");
    note_on(first, "b");
    note_on(film, "c");
    CHECK_INT(nu_count(nu_filter(BOOKS, Q("notes__text", "a"))), 1);
    CHECK_INT(nu_count(nu_filter(BOOKS, Q("notes__text", "c"))), 0);
    CHECK_INT(nu_count(nu_exclude(BOOKS, Q("notes__text", "a"))), 1);
    CHECK_INT(nu_count(nu_filter(BOOKS, Q("notes__isnull", true))), 1);
    CHECK_STR(
        nu_to_json(nu_order_by(
            nu_values_list(nu_annotate(BOOKS, ("n", Count("notes"))), "title", "n"), "title")),
        "[[\"first\", 2], [\"second\", 0]]");
}

HARNESS(a_key_refers_to_a_row_of_any_model, content_types_are_asked_for_once,
        related_notes_are_written_through_the_relation, what_notes_are_about_is_prefetched_by_model,
        notes_are_prefetched_and_go_with_their_row, lookups_across_the_relation_are_djangos,
        lookups_across_the_relation_find_rows_of_the_model_alone)
