-- Categories that were moved, and how far the products below them have followed, in the order of a shelf.
CREATE TABLE product.category_move (
    slug text COLLATE "C" PRIMARY KEY,
    after_status text COLLATE "C" NOT NULL,
    after_sku text COLLATE "C" NOT NULL,
    touched_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX category_move_age ON product.category_move (touched_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON product.category_move TO souk_product;
