#include "books.h"

/* clang-format off */
const nu_model Publisher_model = {
    MODEL(Publisher), .app_label = "bench",
    .fields = { CharField(Publisher, name, .max_length = 100) },
};

const nu_model Author_model = {
    MODEL(Author), .app_label = "bench",
    .fields = {
        CharField(Author, name, .max_length = 100),
        CharField(Author, country, .max_length = 2),
        ForeignKey(Author, publisher, Publisher, .on_delete = CASCADE, .related_name = "authors"),
    },
};

const nu_model Book_model = {
    MODEL(Book), .app_label = "bench",
    .fields = {
        CharField(Book, title, .max_length = 200),
        DecimalField(Book, price, .max_digits = 8, .decimal_places = 2),
        DateField(Book, published),
        DateTimeField(Book, created),
        BooleanField(Book, in_stock),
        IntegerField(Book, pages),
        ForeignKey(Book, author, Author, .on_delete = CASCADE, .related_name = "books"),
    },
};

const nu_model World_model = {
    MODEL(World), .app_label = "bench",
    .fields = { IntegerField(World, random_number) },
};

const nu_model Fortune_model = {
    MODEL(Fortune), .app_label = "bench",
    .fields = { CharField(Fortune, message, .max_length = 2048) },
};

const nu_app bench_app = {
    .name = "bench", .label = "bench",
    .models = { &Publisher_model, &Author_model, &Book_model, &World_model, &Fortune_model },
};
/* clang-format on */
