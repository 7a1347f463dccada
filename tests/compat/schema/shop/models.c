#include "models.h"

#ifndef SERVER
#define SERVER false /* a server: it has no generated columns that are not stored */
#endif

/* clang-format off */
const nu_model Stamped_model = {
    ABSTRACT_MODEL(Stamped),
    .fields = {
        DateTimeField(Stamped, created, DbDefaultExpression("Now()")),
        CharField    (Stamped, note, .max_length = 20, .blank = true, .db_comment = "Any text."),
    },
};

const nu_model Category_model = {
    MODEL(Category), .app_label = "shop", .bases = { Inherits(Category, Stamped, created, note) },
    .verbose_name_plural = "categories", .ordering = { "name" },
    .fields = {
        CharField (Category, code, .max_length = 5, .unique = true),
        CharField (Category, name, .max_length = 40, .db_collation = "NOCASE", .db_index = true),
        SlugField (Category, slug, .allow_unicode = true),
        ForeignKey(Category, parent, Category, .null = true, .blank = true, .on_delete = CASCADE),
    },
    .constraints = {
        { .name = "category_lower_name", .expressions = { "Lower('name')" } },
        { .name = "category_root", .fields = { "slug" }, .condition = "parent__isnull=True" },
    },
};

const nu_model Product_model = {
    MODEL(Product), .app_label = "shop",
    .fields = {
        CharField      (Product, name, .max_length = 60, DbDefault("thing's")),
        CharField      (Product, status, .max_length = 8, Choices(("new", "New"), ("old", "Old", "Past")), Default("new")),
        DecimalField   (Product, price, .max_digits = 8, .decimal_places = 2, DbDefault(1)),
        IntegerField   (Product, quantity, DbDefaultExpression("1 + 1")),
        GeneratedField (Product, total, IntegerField, .expression = "F('quantity') * 2 + 1", .db_persist = true),
        GeneratedField (Product, label, CharField, .expression = "Upper('name')", .max_length = 60, .db_persist = SERVER),
        IntegerField   (Product, rank, .null = true),
        ManyToManyField(Product, categories, Category, .blank = true),
#if STEP > 1
        DateTimeField  (Product, seen, DbDefaultExpression("Now()")),
        IntegerField   (Product, weight, DbDefault(7)),
        GeneratedField (Product, double_weight, IntegerField, .expression = "F('weight') + F('weight')", .db_persist = true),
#endif
    },
    .indexes = {
        Index("name", "-price"),
        { .name = "product_cheap", .fields = { "price" }, .condition = "price__lt=10,status='new'" },
        { .name = "product_upper", .expressions = { "Upper('name').desc()", "F('price')" } },
#if STEP > 1
        { .name = "product_weight", .expressions = { "F('weight') % 10" } },
#endif
    },
    .constraints = {
        CheckConstraint("product_prices", "price__gt=0|~(quantity__gte=F('rank'))"),
        { .name = "product_once", .fields = { "name", "status" } },
        { .name = "product_late", .fields = { "rank" }, .deferrable = NU_DEFERRED },
#if STEP > 1
        CheckConstraint("product_weighs", "weight__gte=F('quantity') - 100"),
#endif
    },
};

const nu_model Book_model = {
    MODEL(Book), .app_label = "shop", .bases = { Inherits(Book, Product, id, categories) },
    .fields = {
        CharField (Book, isbn, .max_length = 13, .unique = true),
        ForeignKey(Book, shelf, Category, .on_delete = PROTECT, .no_db_constraint = true, .no_db_index = true),
    },
};

const nu_model CheapProduct_model = {
    MODEL(CheapProduct), .app_label = "shop", PROXY_OF(Product), .ordering = { "price" },
};

const nu_model Everything_model = {
    MODEL(Everything), .app_label = "shop", .db_table = "all_of_it",
    .unique_together = { { "big", "small" } },
    .fields = {
        BigIntegerField          (Everything, big),
        SmallIntegerField        (Everything, small),
        PositiveIntegerField     (Everything, pos),
        PositiveBigIntegerField  (Everything, pos_big),
        PositiveSmallIntegerField(Everything, pos_small),
        BinaryField              (Everything, binary, .max_length = 10),
        BooleanField             (Everything, maybe, .null = true),
        BooleanField             (Everything, yes, DbDefault(true)),
        DateField                (Everything, day, .auto_now = true),
        DateField                (Everything, published, .unique_for_year = "day", .db_column = "pub"),
        TimeField                (Everything, hour, .auto_now_add = true),
        DurationField            (Everything, span),
        FloatField               (Everything, ratio, DbDefault(1.5)),
        EmailField               (Everything, email),
        URLField                 (Everything, url),
        GenericIPAddressField    (Everything, ip, .protocol = NU_IPV4),
        FilePathField            (Everything, path, .path = "/tmp"),
        TextField                (Everything, text),
        FileField                (Everything, file, .upload_to = "f/"),
        FileField                (Everything, picture, .upload_to = "p/"),
        JSONField                (Everything, json, .default_call = nu_default_dict),
        UUIDField                (Everything, uuid, .default_call = nu_default_uuid4, .unique = true),
    },
};
/* clang-format on */
