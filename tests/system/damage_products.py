"""What breaks offers, shelves and categories, by the check that finds it and no other."""

DAMAGES = {
    "offers_priced": {
        "one has no price": "DELETE FROM product.offer_price WHERE sku = 'MUG-BLUE'",
        "one has another": "UPDATE product.offer_price SET amount = amount + 1 WHERE sku = 'MUG-BLUE'",
        "one that is not sold has another": """
            UPDATE product.offer SET buyable = false WHERE sku = 'MUG-BLUE';
            UPDATE product.offer_price SET amount = amount + 1 WHERE sku = 'MUG-BLUE'""",
    },
    "offers_belong": {
        "one is of no product": "UPDATE product.offer SET product_sku = 'NOBODY' WHERE sku = 'SHIRT-BLUE-S'",
        "a product has none": "DELETE FROM product.offer WHERE sku = 'SOAP-OLIVE'",
    },
    "offers_published": {
        "one is of a product that is archived": """
            UPDATE product.document SET body = jsonb_set(body, '{status}', '"archived"') WHERE key = 'SOAP-OLIVE';
            UPDATE product.shelf SET status = 'archived' WHERE sku = 'SOAP-OLIVE'""",
    },
    "shelves_filled": {
        "a product is not where it should be": """
            DELETE FROM product.shelf WHERE sku = 'MUG-BLUE' AND shelf = 'category:home'""",
        "a product is where it should not be": """
            UPDATE product.shelf SET shelf = 'category:paper'
            WHERE sku = 'MUG-BLUE' AND shelf = 'category:home'""",
        "a product is shown as what it is not": """
            UPDATE product.shelf SET status = 'archived' WHERE sku = 'MUG-BLUE' AND shelf = ''""",
    },
    "moves_end": {
        "nobody goes on with one": """
            INSERT INTO product.category_move (slug, after_status, after_sku, touched_at)
            VALUES ('paper', '', '', now() - interval '121 seconds')""",
    },
    "categories_rooted": {
        "one does not know that it was moved":
            "UPDATE product.category SET parent = 'clothing' WHERE slug = 'paper'",
    },
}
