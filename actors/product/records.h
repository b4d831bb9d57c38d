/* The shapes that the catalogue takes and gives. */
#ifndef PRODUCT_RECORDS_H
#define PRODUCT_RECORDS_H

#include "../../lib/souk.h"

enum {
    SKU_MAX = 64,
    TITLE_MAX = 200,
    LINES_MAX = 100,
    QUANTITY_MAX = 999,
    CURRENCIES_MAX = 20,
    OPTIONS_MAX = 3,
    OPTION_VALUES_MAX = 50,
    VARIANTS_MAX = 100,
    ATTRIBUTES_MAX = 50,
    PRODUCT_CATEGORIES_MAX = 20,
    PICTURES_MAX = 20,
    SLUG_MAX = 64,
    LABEL_MAX = 60, /* the name of an option or an attribute */
    WEIGHT_MAX = 1000000,
};
#define TOTAL_MAX INT64_C(1000000000000)

static const char *const statuses[] = { "published", "unpublished", "archived", NULL };

struct option {
    const char *name;
    souk_list_t values; /* const char * */
};
static const souk_record_t option = {
    .name = "option",
    .size = sizeof(struct option),
    .fields = {
        FIELD(option, name, .min = 1, .max = LABEL_MAX, .doc = "such as size"),
        FIELD(option, values, .min = 1, .max = OPTION_VALUES_MAX, .doc = "such as S, M and L"),
    },
};

struct attribute {
    const char *name;
    const char *value;
};
static const souk_record_t attribute = {
    .name = "attribute",
    .size = sizeof(struct attribute),
    .fields = {
        FIELD(attribute, name, .min = 1, .max = LABEL_MAX, .doc = "without a colon"),
        FIELD(attribute, value, .min = 1, .max = TITLE_MAX),
    },
};

struct picture {
    const char *url;
    const char *alt;
    int position;
};
static const souk_record_t picture = {
    .name = "picture",
    .size = sizeof(struct picture),
    .fields = {
        FIELD(picture, url, .format = SOUK_URL, .max = 1000, .doc = "http or https"),
        FIELD(picture, alt, .max = TITLE_MAX, .optional = true,
            .doc = "what it shows, for those who do not see it"),
        FIELD(picture, position, .max = 1000, .fallback = "0", .doc = "the lowest comes first"),
    },
};

/* One of the things that a product is sold as. */
struct variant {
    const char *sku;
    souk_list_t values; /* const char * */
    souk_money_t price;
    souk_list_t prices; /* souk_money_t */
    int weight_g;
};
static const souk_record_t variant = {
    .name = "variant",
    .size = sizeof(struct variant),
    .fields = {
        FIELD(variant, sku),
        FIELD(variant, values, .doc = "one of each option, in the order of the options"),
        FIELD(variant, price, .of = &souk_price, .optional = true,
            .doc = "absent: it costs what the product says, in all currencies"),
        FIELD(variant, prices, .of = &souk_price),
        FIELD(variant, weight_g, .optional = true, .doc = "absent: what the product says"),
    },
};
static const souk_record_t variant_given = {
    .name = "variant_given",
    .size = sizeof(struct variant),
    .fields = {
        FIELD(variant, sku, .min = 1, .max = SKU_MAX, .doc = "of no other product, now or ever"),
        FIELD(variant, values, .min = 1, .max = OPTIONS_MAX,
            .doc = "one of each option, in the order of the options"),
        FIELD(variant, price, .of = &souk_price, .optional = true,
            .doc = "in the product's currency; absent: it costs what the product says"),
        FIELD(variant, prices, .of = &souk_price, .max = CURRENCIES_MAX, .optional = true,
            .doc = "in further currencies; only beside a price of its own"),
        FIELD(variant, weight_g, .max = WEIGHT_MAX, .optional = true,
            .doc = "absent: what the product says"),
    },
};

struct product {
    const char *id;
    const char *sku;
    const char *name;
    const char *description;
    souk_money_t price;
    souk_list_t prices; /* souk_money_t */
    int weight_g;
    const char *tax_class;
    souk_list_t options; /* struct option */
    souk_list_t variants; /* struct variant */
    souk_list_t attributes; /* struct attribute */
    souk_list_t categories; /* const char * */
    souk_list_t pictures; /* struct picture */
    const char *status;
    int version;
};
/* As it is told. */
static const souk_record_t product_record = {
    .name = "product",
    .size = sizeof(struct product),
    .fields = {
        FIELD(product, id, .format = SOUK_UUID, .optional = true),
        FIELD(product, sku, .doc = "what the shop calls it, for ever"),
        FIELD(product, name),
        FIELD(product, description, .optional = true),
        FIELD(product, price, .of = &souk_price),
        FIELD(product, prices, .of = &souk_price, .doc = "in further currencies"),
        FIELD(product, weight_g, .doc = "0: not known"),
        FIELD(product, tax_class),
        FIELD(product, options, .of = &option),
        FIELD(product, variants, .of = &variant,
            .doc = "what can be bought; where there are none, the product itself"),
        FIELD(product, attributes, .of = &attribute),
        FIELD(product, categories, .doc = "their slugs"),
        FIELD(product, pictures, .of = &picture, .doc = "by position"),
        FIELD(product, status, .one_of = statuses),
        FIELD(product, version, .doc = "another after every change"),
    },
};
/* As it is told in a list. */
static const souk_record_t product_summary = {
    .name = "product_summary",
    .size = sizeof(struct product),
    .fields = {
        FIELD(product, id, .format = SOUK_UUID, .optional = true),
        FIELD(product, sku),
        FIELD(product, name),
        FIELD(product, description, .optional = true),
        FIELD(product, price, .of = &souk_price),
        FIELD(product, prices, .of = &souk_price, .doc = "in further currencies"),
        FIELD(product, categories),
        FIELD(product, pictures, .of = &picture, .max = 1, .doc = "the first, if there is any"),
        FIELD(product, status, .one_of = statuses),
        FIELD(product, version),
    },
};
/* What a product is made of, where it may be left out. */
#define PART_FIELDS                                                                                \
    FIELD(product, options, .of = &option, .max = OPTIONS_MAX, .optional = true),                  \
        FIELD(product, variants, .of = &variant_given, .max = VARIANTS_MAX, .optional = true),     \
        FIELD(product, attributes, .of = &attribute, .max = ATTRIBUTES_MAX, .optional = true),     \
        FIELD(product, categories, .max = PRODUCT_CATEGORIES_MAX, .optional = true),               \
        FIELD(product, pictures, .of = &picture, .max = PICTURES_MAX, .optional = true)
/* As staff describes all of it. */
#define DESCRIBED_FIELDS                                                                           \
    FIELD(product, name, .min = 1, .max = TITLE_MAX),                                              \
        FIELD(product, description, .optional = true), FIELD(product, price, .of = &souk_price),   \
        FIELD(product, prices, .of = &souk_price, .max = CURRENCIES_MAX, .optional = true,         \
            .doc = "in further currencies"),                                                       \
        FIELD(product, weight_g, .max = WEIGHT_MAX, .fallback = "0", .doc = "0: not known"),       \
        FIELD(product, tax_class, .min = 1, .max = LABEL_MAX, .fallback = "standard"),             \
        FIELD(product, options, .of = &option, .max = OPTIONS_MAX, .optional = true,               \
            .doc = "in what its variants differ"),                                                 \
        FIELD(product, variants, .of = &variant_given, .max = VARIANTS_MAX, .optional = true,      \
            .doc = "what can be bought; where there are none, the product itself"),                \
        FIELD(product, attributes, .of = &attribute, .max = ATTRIBUTES_MAX, .optional = true,      \
            .doc = "what lists can be filtered by"),                                               \
        FIELD(product, categories, .max = PRODUCT_CATEGORIES_MAX, .optional = true,                \
            .doc = "their slugs"),                                                                 \
        FIELD(product, pictures, .of = &picture, .max = PICTURES_MAX, .optional = true)

/* As it is kept, and as it is delivered in bulk: what is as usual is left out, since reading it
   costs. */
static const souk_record_t product_document = {
    .name = "product_document",
    .size = sizeof(struct product),
    .fields = {
        FIELD(product, id, .format = SOUK_UUID, .optional = true),
        FIELD(product, sku, .min = 1, .max = SKU_MAX, .doc = "what the shop calls it, for ever"),
        FIELD(product, name, .min = 1, .max = TITLE_MAX),
        FIELD(product, description, .optional = true),
        FIELD(product, price, .of = &souk_price),
        FIELD(product, prices, .of = &souk_price, .max = CURRENCIES_MAX, .optional = true),
        FIELD(product, weight_g, .max = WEIGHT_MAX, .optional = true),
        FIELD(product, tax_class, .min = 1, .max = LABEL_MAX, .optional = true,
            .doc = "absent: standard"),
        PART_FIELDS,
        FIELD(product, status, .one_of = statuses, .optional = true, .doc = "absent: published"),
        FIELD(product, version, .optional = true, .doc = "counted by the shop, whatever is given"),
    },
};
/* As staff describes one that is new. */
static const souk_record_t product_draft = {
    .name = "product_draft",
    .size = sizeof(struct product),
    .fields = {
        FIELD(product, sku, .min = 1, .max = SKU_MAX, .doc = "what the shop calls it, for ever"),
        DESCRIBED_FIELDS,
        FIELD(product, status, .one_of = statuses, .fallback = "unpublished"),
    },
};
/* As staff describes one that is there. */
static const souk_record_t product_revision = {
    .name = "product_revision",
    .size = sizeof(struct product),
    .fields = {
        FIELD(product, sku, .min = 1, .max = SKU_MAX, .doc = "the product's own, not a variant's"),
        DESCRIBED_FIELDS,
        FIELD(product, version, .optional = true),
    },
};

/* What staff changes of it: what is absent stays as it is, and a list takes the place of the whole
   one before. */
static const souk_record_t product_change = {
    .name = "product_change",
    .size = sizeof(struct product),
    .fields = {
        FIELD(product, sku, .min = 1, .max = SKU_MAX, .doc = "the product's own, not a variant's"),
        FIELD(product, name, .min = 1, .max = TITLE_MAX, .optional = true),
        FIELD(product, description, .optional = true),
        FIELD(product, price, .of = &souk_price, .optional = true),
        FIELD(product, prices, .of = &souk_price, .max = CURRENCIES_MAX, .optional = true),
        FIELD(product, weight_g, .max = WEIGHT_MAX, .optional = true),
        FIELD(product, tax_class, .min = 1, .max = LABEL_MAX, .optional = true),
        PART_FIELDS,
        FIELD(product, version, .optional = true),
    },
};

struct product_key {
    const char *sku;
    int version;
};
static const souk_record_t product_key = {
    .name = "product_key",
    .size = sizeof(struct product_key),
    .fields = {
        FIELD(product_key, sku, .min = 1, .max = SKU_MAX, .doc = "a product's or a variant's"),
    },
};
static const souk_record_t product_version = {
    .name = "product_version",
    .size = sizeof(struct product_key),
    .fields = {
        FIELD(product_key, sku, .min = 1, .max = SKU_MAX, .doc = "the product's own"),
        FIELD(product_key, version, .optional = true),
    },
};

struct publication {
    const char *sku;
    int version;
    bool published;
};
static const souk_record_t publication = {
    .name = "publication",
    .size = sizeof(struct publication),
    .fields = {
        FIELD(publication, sku, .min = 1, .max = SKU_MAX, .doc = "the product's own"),
        FIELD(publication, published),
        FIELD(publication, version, .optional = true),
    },
};

#endif
