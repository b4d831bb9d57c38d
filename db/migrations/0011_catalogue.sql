-- What the catalogue keeps beside its documents: the tree of categories, what can be bought, on which shelves products stand,
-- and what is to be told of changes. All but the tree and the outbox is made anew from the document when a product changes.

-- path leads from the top to the category itself, and changes where one above is moved.
CREATE TABLE product.category (
    slug text COLLATE "C" PRIMARY KEY,
    name text NOT NULL,
    parent text COLLATE "C" REFERENCES product.category CHECK (parent <> slug),
    position int NOT NULL,
    path text[] NOT NULL CHECK (path[cardinality(path)] = slug)
);
CREATE INDEX category_children ON product.category (parent, position, slug);

-- Every SKU there ever was, and the product that it belongs to for good. One that is not sold any more stays, so that no other
-- product gets it.
CREATE TABLE product.offer (
    sku text COLLATE "C" PRIMARY KEY,
    product_sku text COLLATE "C" NOT NULL,
    name text NOT NULL,
    price_amount bigint NOT NULL CHECK (price_amount >= 0),
    price_currency text NOT NULL CHECK (price_currency ~ '^[A-Z]{3}$'),
    weight_g int NOT NULL CHECK (weight_g >= 0),
    tax_class text NOT NULL,
    categories text[] NOT NULL DEFAULT '{}', -- of its product, with all above them
    buyable boolean NOT NULL
);
CREATE INDEX offer_product ON product.offer (product_sku);

-- In every currency it has a price in, of what is sold.
CREATE TABLE product.offer_price (
    sku text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    amount bigint NOT NULL CHECK (amount >= 0),
    PRIMARY KEY (sku, currency)
);

-- Every product stands on the shelf of everything (''), on one for each category that it is in or below, and on one for each of
-- its attributes. A shelf is read from any place on, in any order that there is an index for: so a page of a large one
-- costs what a page of a small one does.
CREATE TABLE product.shelf (
    sku text COLLATE "C" NOT NULL,
    shelf text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    id uuid NOT NULL,
    name text COLLATE "C" NOT NULL, -- as it is sorted: the beginning, in small letters
    PRIMARY KEY (sku, shelf)
);
CREATE UNIQUE INDEX shelf_sku ON product.shelf (shelf, status, sku);
CREATE UNIQUE INDEX shelf_name ON product.shelf (shelf, status, name, sku);
CREATE UNIQUE INDEX shelf_newest ON product.shelf (shelf, status, id, sku);

-- The same by price: in each currency the lowest that a product has.
CREATE TABLE product.shelf_price (
    sku text COLLATE "C" NOT NULL,
    shelf text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    amount bigint NOT NULL,
    PRIMARY KEY (sku, shelf, currency)
);
CREATE UNIQUE INDEX shelf_price_amount ON product.shelf_price (shelf, status, currency, amount, sku);

-- Events are rows before they are messages.
CREATE TABLE product.outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic text NOT NULL,
    body jsonb NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);

-- What was in the catalogue before: products without variants, categories and attributes, all of them sold.
INSERT INTO product.offer (sku, product_sku, name, price_amount, price_currency, weight_g, tax_class, buyable)
SELECT key, key, body ->> 'name', (body -> 'price' ->> 'amount')::bigint, body -> 'price' ->> 'currency', 0, 'standard', true
FROM product.document
WHERE collection = 'product';

INSERT INTO product.offer_price (sku, currency, amount)
SELECT sku, price_currency, price_amount
FROM product.offer;

INSERT INTO product.shelf (sku, shelf, status, id, name)
SELECT key, '', 'published', (body ->> 'id')::uuid, lower(left(body ->> 'name', 40))
FROM product.document
WHERE collection = 'product';

INSERT INTO product.shelf_price (sku, shelf, currency, status, amount)
SELECT sku, '', price_currency, 'published', price_amount
FROM product.offer;

GRANT SELECT, INSERT, UPDATE, DELETE ON product.category, product.shelf, product.shelf_price, product.offer_price
    TO souk_product;
GRANT SELECT, INSERT, UPDATE ON product.offer TO souk_product;
GRANT SELECT, INSERT ON product.outbox TO souk_product;
