/* Documents as JSONB rows of the table document, in the schema of the actor that keeps them. */
#include "documents.h"

#include <assert.h>
#include <string.h>

#include "../lib/json.h"
#include "queries/documents.h"

struct search {
    const char *collection;
    souk_list_t keys;
};
static const souk_record_t search = {
    .name = "document_search",
    .size = sizeof(struct search),
    .fields = {
        FIELD(search, collection),
        FIELD(search, keys),
    },
};

struct page {
    const char *collection;
    const char *after;
    int limit;
};
static const souk_record_t page_record = {
    .name = "document_page",
    .size = sizeof(struct page),
    .fields = {
        FIELD(page, collection),
        FIELD(page, after),
        FIELD(page, limit),
    },
};

struct document {
    const char *collection;
    const char *key;
    const char *body;
};
static const souk_record_t document = {
    .name = "document",
    .size = sizeof(struct document),
    .fields = {
        FIELD(document, collection),
        FIELD(document, key),
        FIELD(document, body),
    },
};
static const souk_record_t found_document = {
    .name = "found_document",
    .size = sizeof(struct document),
    .fields = {
        FIELD(document, body),
    },
};

const souk_query_t souk_documents_find_query = {
    .sql = &sql_find_documents,
    .takes = &search,
    .gives = &found_document,
};
const souk_query_t souk_documents_page_query = {
    .sql = &sql_page_documents,
    .takes = &page_record,
    .gives = &found_document,
};
const souk_query_t souk_documents_put_query = {
    .sql = &sql_put_documents,
    .takes = &document,
    .many = true,
};

/* A document that does not fit its record (any more) is our mistake, not the caller's. */
static bool read_document(souk_call_t *call, const souk_collection_t *collection, const char *body,
    void *value)
{
    souk_flaws_t flaws = { 0 };
    souk_pool_t *pool = souk_call_pool(call);
    json_t *json = souk_json_parse((souk_bytes_t){ body, strlen(body) }, pool, &flaws);
    bool fits = json && souk_json_decode(collection->record, json, value, pool, &flaws);
    json_decref(json);
    return fits ||
        souk_fail(call, &souk_internal, "a document of %s does not fit: %s %s", collection->name,
            flaws.items[0].pointer, flaws.items[0].message);
}

static bool read_documents(souk_call_t *call, const souk_collection_t *collection,
    const souk_list_t *rows, souk_list_t *documents)
{
    const struct document *row = rows->items;
    *documents = (souk_list_t){ 0 };
    for (size_t i = 0; i < rows->count; i++) {
        void *value = souk_list_add(documents, souk_call_pool(call), collection->record->size);
        if (!read_document(call, collection, row[i].body, value))
            return false;
    }
    return true;
}

bool souk_documents_find(souk_call_t *call, const souk_collection_t *collection,
    const souk_list_t *keys, souk_list_t *documents)
{
    souk_list_t rows = { 0 };
    const struct search wanted = { collection->name, *keys };
    return souk_db_all(call, &souk_documents_find_query, &wanted, &rows) &&
        read_documents(call, collection, &rows, documents);
}

bool souk_documents_page(souk_call_t *call, const souk_collection_t *collection, const char *after,
    int limit, souk_list_t *documents)
{
    souk_list_t rows = { 0 };
    const struct page wanted = { collection->name, after ? after : "", limit };
    return souk_db_all(call, &souk_documents_page_query, &wanted, &rows) &&
        read_documents(call, collection, &rows, documents);
}

static const char *key_of(const souk_collection_t *collection, const void *value)
{
    const souk_field_t *field = souk_record_field(collection->record, collection->key);
    assert(field && field->type == SOUK_TEXT);
    return *(const char *const *)((const char *)value + field->offset);
}

bool souk_documents_put(souk_call_t *call, const souk_collection_t *collection,
    const souk_list_t *documents)
{
    souk_list_t rows = { 0 };
    souk_pool_t *pool = souk_call_pool(call);
    for (size_t i = 0; i < documents->count; i++) {
        const char *value = (const char *)documents->items + i * collection->record->size;
        struct document *row = souk_list_add(&rows, pool, sizeof *row);
        row->collection = collection->name;
        row->key = key_of(collection, value);
        row->body = souk_json_encode(collection->record, value, pool).data;
    }
    return souk_db_run(call, &souk_documents_put_query, &rows);
}
