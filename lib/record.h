/* Records: what a struct looks like to everyone but the compiler. The codecs for MessagePack
   (wire.h), JSON (json.h), SQL rows (database.h), settings and `describe` all walk these tables. */
#ifndef SOUK_RECORD_H
#define SOUK_RECORD_H

#include "pool.h"

typedef enum {
    SOUK_BOOL, /* bool */
    SOUK_INT, /* int */
    SOUK_LONG, /* int64_t */
    SOUK_DOUBLE, /* double */
    SOUK_TEXT, /* const char *, UTF-8 without NUL; NULL is absent */
    SOUK_TIME, /* souk_time_t */
    SOUK_VALUE, /* souk_bytes_t: a map of any form, in MessagePack (value.h); no bytes are absent */
    SOUK_LIST, /* souk_list_t of the record .of, or of const char * where .of is NULL */
    SOUK_RECORD, /* the struct of the record .of, in place */
} souk_type_t;

/* What a text looks like, beyond its length. */
typedef enum {
    SOUK_ANY,
    SOUK_UUID,
    SOUK_EMAIL,
    SOUK_CURRENCY, /* ISO 4217: three capital letters */
    SOUK_COUNTRY, /* ISO 3166-1: two capital letters */
    SOUK_REGION, /* of a country, ISO 3166-2 without it: one to three letters and digits */
    SOUK_URL, /* RFC 3986, of http or https */
    SOUK_PASSWORD, /* a new one: none of the commonest (NIST SP 800-63B) */
    SOUK_NO_CARD, /* anything but the number of a payment card, which no shop may keep */
    SOUK_FORMATS, /* how many there are */
} souk_format_t;

enum {
    SOUK_FIELDS_MAX = 48,
    SOUK_TEXT_MAX = 4096, /* characters of a text whose field names no .max */
    SOUK_LIST_MAX = 1000, /* items of a list whose field names no .max */
    SOUK_DEPTH_MAX = 8, /* records within records, the whole being the first */
    SOUK_FLAWS_MAX = 16, /* flaws told at once */
};

typedef struct souk_record souk_record_t;

/* One field. A record ends at the first field without a name. */
typedef struct {
    const char *name;
    souk_type_t type;
    size_t offset;
    const souk_record_t *of;
    int64_t min; /* smallest number, shortest text (characters), shortest list */
    int64_t max; /* the largest; 0: no bound for numbers, the library's otherwise */
    souk_format_t format;
    const char *const *one_of; /* the only texts allowed; NULL-terminated */
    const char *fallback; /* what an absent field is taken to be, as text */
    const char *env; /* settings only: the environment variable it is read from */
    const char *doc;
    bool optional; /* may be absent: NULL, 0, an empty list, a record of those */
    bool secret; /* reaches no log and no error text */
} souk_field_t;

struct souk_record {
    const char *name;
    size_t size;
    souk_field_t fields[SOUK_FIELDS_MAX];
};

/* An amount in minor units (cents) of a currency, named by its ISO 4217 code; never floating point.
   In SQL a field `total` of this type is two columns, total_amount and total_currency; so it is
   with every record within a record. */
typedef struct {
    int64_t amount;
    const char *currency;
} souk_money_t;
extern const souk_record_t souk_money;
/* The same, never less than nothing nor more than a shop takes; for .of where that is wanted. */
extern const souk_record_t souk_price;

/* For operations that take or give nothing: struct souk_nothing has no fields. */
struct souk_nothing {
    char unused;
};
extern const souk_record_t souk_nothing;

/* The type is taken from the struct, so table and struct agree. A struct within needs .of. */
/* clang-format off */
#define FIELD(record, member, ...)                                                                 \
    {                                                                                              \
        .name = #member, .offset = offsetof(struct record, member),                                \
        .type = _Generic(((struct record *)0)->member,                                             \
            bool: SOUK_BOOL,                                                                       \
            int: SOUK_INT,                                                                         \
            int64_t: SOUK_LONG,                                                                    \
            double: SOUK_DOUBLE,                                                                   \
            const char *: SOUK_TEXT,                                                               \
            souk_time_t: SOUK_TIME,                                                                \
            souk_bytes_t: SOUK_VALUE,                                                              \
            souk_list_t: SOUK_LIST,                                                                \
            default: SOUK_RECORD),                                                                 \
        .of = _Generic(((struct record *)0)->member, souk_money_t: &souk_money, default: NULL),    \
        __VA_ARGS__                                                                                \
    }
/* clang-format on */

/* What is wrong with data from outside, and where: an RFC 6901 pointer such as /lines/0/quantity
   ("" is the whole) and a sentence for people. Both live in the pool given to the decoder. */
typedef struct {
    const char *pointer;
    const char *message;
} souk_flaw_t;

typedef struct {
    souk_flaw_t items[SOUK_FLAWS_MAX];
    size_t count; /* more than SOUK_FLAWS_MAX are counted no further */
} souk_flaws_t;

/* Where a decoder stands: the chain of parents up to the whole. Lives on the decoder's stack. */
typedef struct souk_place {
    const struct souk_place *parent;
    const char *name; /* NULL: an item of a list, at index */
    size_t index;
} souk_place_t;

void souk_flaw(souk_flaws_t *flaws, souk_pool_t *pool, const souk_place_t *place,
    const char *format, ...) __attribute__((format(printf, 4, 5)));

/* For decoders: a text that came as bytes, copied into pool and held against its field, which is a
   text or a list of them (then the item is meant). NULL where it is not even UTF-8 without NUL. */
const char *souk_field_text(const souk_field_t *field, souk_bytes_t bytes, souk_flaws_t *flaws,
    souk_pool_t *pool, const souk_place_t *place);

/* For decoders: a whole number for a field that is SOUK_INT, SOUK_LONG or SOUK_TIME (ms), stored if
   it fits and held against its field. */
void souk_field_number(const souk_field_t *field, int64_t number, void *value, souk_flaws_t *flaws,
    souk_pool_t *pool, const souk_place_t *place);

/* For decoders: value (the field's own memory, decoded) is held against .min, .max, .format and
   .one_of; of a list, only how many items there are. The type was checked by the decoder. */
void souk_field_check(const souk_field_t *field, const void *value, souk_flaws_t *flaws,
    souk_pool_t *pool, const souk_place_t *place);

/* For decoders: the field is missing. Puts its fallback, or nothing where it is optional, or adds a
   flaw. */
void souk_field_absent(const souk_field_t *field, void *value, souk_flaws_t *flaws,
    souk_pool_t *pool, const souk_place_t *place);

/* For encoders: whether value is told as absent: NULL, no moment, or, where the field is optional
   and has no fallback, a zero number, an empty list, a record of nothing else. */
bool souk_field_is_absent(const souk_field_t *field, const void *value);

/* Reads a value of a simple type (not a list, not a record) from text, as settings, path and query
   parameters have it; false where the text is not of that type. Texts are borrowed, not copied. */
must_check bool souk_field_parse(const souk_field_t *field, const char *text, void *value);

/* The size of the field's own memory in its struct, and of one item where it is a list. */
size_t souk_field_size(const souk_field_t *field);
size_t souk_item_size(const souk_field_t *list);

/* Whether it is one value that a text can say: no list, no record, no map of any form. */
bool souk_field_is_simple(const souk_field_t *field);

const souk_field_t *souk_record_field(const souk_record_t *record, const char *name);
/* Whether it has a whole number of this name. */
bool souk_record_has_number(const souk_record_t *record, const char *name);
/* How many fields there are. */
size_t souk_record_count(const souk_record_t *record);

/* "text", "integer", ...: for messages, `describe` and OpenAPI. */
const char *souk_type_name(souk_type_t type);
must_check bool souk_type_named(const char *name, souk_type_t *type);
const char *souk_format_name(souk_format_t format);
must_check bool souk_format_named(const char *name, souk_format_t *format);
/* "must be a whole number", ...: what is said of a value of another type. */
const char *souk_type_demand(souk_type_t type);

/* Whether bytes are UTF-8 (RFC 3629) without NUL, and how many characters. */
must_check bool souk_text_measure(souk_bytes_t bytes, size_t *characters);
must_check bool souk_format_fits(souk_format_t format, const char *text);

/* The table itself: names there, types, sizes, .of where needed, bounds that make sense, depth.
   NULL where all is well, else one line that names the record and the field; in pool. */
const char *souk_record_check(const souk_record_t *record, souk_pool_t *pool);

#endif
